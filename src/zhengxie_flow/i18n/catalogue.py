"""The catalogue of texts: every message and label, complete in Chinese and English, with named placeholders."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; ``fix`` says how to mend, for errors."""

    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""

    def say(self, lang: str) -> str:
        """The text in a language."""
        return self.zh if lang == "zh" else self.en

    def mend(self, lang: str) -> str:
        """How to mend, in a language."""
        return self.fix_zh if lang == "zh" else self.fix_en


@lru_cache(maxsize=1)
def texts() -> dict[str, Text]:
    """Every text by id.  Raises `ValueError` when two modules define the same id."""
    from zhengxie_flow.i18n import messages

    found: dict[str, Text] = {}
    for module in pkgutil.iter_modules(messages.__path__):
        for key, text in import_module(f"{messages.__name__}.{module.name}").TEXTS.items():
            if key in found:
                raise ValueError(f"the text {key} is written twice, again in {module.name}")
            found[key] = text
    return found
