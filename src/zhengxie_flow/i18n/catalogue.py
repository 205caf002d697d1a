"""The catalogue of texts: every message and label, complete in Chinese and English, with named placeholders.

The texts are data: ``messages/*.json``, one file an area (docs/decisions/0801-texts-as-json.md says why).  An entry is

- ``["zh", "en"]``, a label, or ``["zh", "en", "how to mend, zh", "how to mend, en"]``, a message;
- ``"ZX4031"``, the text of another code: two codes for one fault, raised by different rooms;
- ``{"unknown": "role", "name": "role"}``, the text of ``unknown`` about a concept of the glossary, where the parameter
  ``role`` holds the name that was not found (``name``, where nothing is said); ``also`` adds to how to mend it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent / "messages"
GLOSSARY = Path(__file__).parent / "glossary.json"


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


def _text(entry: Any, written: dict[str, Any]) -> Text:
    if isinstance(entry, str):
        return _text(written[entry], written)
    if isinstance(entry, dict):
        return _unknown(entry, written)
    return Text(*entry)


def _unknown(entry: dict[str, Any], written: dict[str, Any]) -> Text:
    """Build the message of an unknown name for one concept."""
    template = Text(*written["unknown"])
    term = written[f"term.{entry['unknown']}"]
    name = "{" + entry.get("name", "name") + "}"
    zh, en = (
        text.replace("{kind}", word).replace("{name}", name) for text, word in zip(template[:2], term, strict=True)
    )
    more_zh, more_en = entry.get("also", ("", ""))
    return Text(zh, en, template.fix_zh + more_zh, f"{template.fix_en} {more_en}".rstrip())
