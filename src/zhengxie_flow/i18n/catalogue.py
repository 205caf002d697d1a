"""The catalogue of texts: every message and label, complete in Chinese and English, with named placeholders.

The texts are data: ``messages/*.json``, one file an area (docs/decisions/0801-texts-as-json.md says why).  An entry is

- ``["zh", "en"]``, a label, or ``["zh", "en", "how to mend, zh", "how to mend, en"]``, a message;
- ``{"unknown": "process", "name": "process", "also": ["zh", "en"]}``, the text of ZX1201 about one concept of the
  glossary, where the parameter ``process`` holds the name that was not found (``name``, where nothing is said);
  ``also`` adds to how to mend it.

``former_codes.json`` keeps the codes that were merged into others: a published code is never forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent / "messages"
GLOSSARY = Path(__file__).parent / "glossary.json"
FORMER = Path(__file__).parent / "former_codes.json"
UNKNOWN = "ZX1201"
"""The code of an unknown name of any kind; its parameter ``kind`` is the concept."""


class Text(NamedTuple):
    """A text in both languages; ``fix`` is the remedy of an error."""

    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""

    def say(self, lang: str) -> str:
        """Return the text in a language."""
        return self.zh if lang == "zh" else self.en

    def remedy(self, lang: str) -> str:
        """Return the remedy in a language; empty for a label."""
        return self.fix_zh if lang == "zh" else self.fix_en


@lru_cache(maxsize=1)
def texts() -> dict[str, Text]:
    """Load every text by id, the words of the glossary as ``term.CONCEPT``.

    Raises:
        ValueError: Two files hold the same id.
    """
    written: dict[str, Any] = {f"term.{name}": (term["zh"], term["en"]) for name, term in glossary().items()}
    for path in sorted(FOLDER.glob("*.json")):
        for key, entry in area(path.stem).items():
            if key in written:
                raise ValueError(f"the text {key} is written twice, again in {path.name}")
            written[key] = entry
    return {key: _text(entry, written) for key, entry in written.items()}


def area(name: str) -> dict[str, Any]:
    """Load the entries of one file as they are written."""
    entries: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return entries


def glossary() -> dict[str, dict[str, Any]]:
    """Load the glossary: each concept with its word in both languages, and the words not to be used for it."""
    concepts: dict[str, dict[str, Any]] = json.loads(GLOSSARY.read_bytes())
    return concepts


class FormerCode(NamedTuple):
    """A code of an earlier release that was merged into another, which says the same of the same mistake."""

    now: str
    kind: str | None = None
    """The concept that the former code was about, where the code that took its place is about several."""
    renamed: Mapping[str, str] = MappingProxyType({})
    """Parameters that are called otherwise now, with their former names."""

    def current(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters of the former code as parameters of the present one."""
        kind = {} if self.kind is None else {"kind": self.kind}
        return kind | dict(params) | {name: params[old] for name, old in self.renamed.items() if old in params}


@lru_cache(maxsize=1)
def former_codes() -> dict[str, FormerCode]:
    """Load the codes of earlier releases that were merged into others."""
    rows: dict[str, dict[str, Any]] = json.loads(FORMER.read_bytes())
    return {code: FormerCode(row["now"], row.get("kind"), row.get("params", {})) for code, row in rows.items()}


def _text(entry: Any, written: dict[str, Any]) -> Text:
    if isinstance(entry, dict):
        return _unknown(entry, written)
    return Text(*entry)


def _unknown(entry: dict[str, Any], written: dict[str, Any]) -> Text:
    """Build the message of an unknown name for one concept."""
    template = Text(*written[UNKNOWN])
    term = written[f"term.{entry['unknown']}"]
    name = "{" + entry.get("name", "name") + "}"
    zh, en = (
        text.replace("{kind:term}", word).replace("{name}", name) for text, word in zip(template[:2], term, strict=True)
    )
    more_zh, more_en = entry.get("also", ("", ""))
    return Text(zh, en, template.fix_zh + more_zh, f"{template.fix_en} {more_en}".rstrip())
