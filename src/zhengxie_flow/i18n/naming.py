"""Synonyms: the ids of the language by label and by term of the field (``synonyms.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.spelling import normal

SYNONYMS = Path(__file__).parent / "synonyms.json"
LABELLED = ("verdict", "force", "anchor", "calendar.unit")
"""Families of labels whose keys end in a word of the language."""


@lru_cache(maxsize=1)
def language_names() -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the language by their labels and synonyms in either language."""
    names: dict[str, list[str]] = {}
    for ident, words in synonyms().items():
        for word in words:
            names.setdefault(normal(word), []).append(ident)
    for key, text in texts().items():
        family, _, ident = key.rpartition(".")
        for label in (text.zh, text.en) if family in LABELLED else ():
            names.setdefault(normal(label), []).append(ident)
    return {word: tuple(dict.fromkeys(ids)) for word, ids in names.items()}


def synonyms() -> dict[str, list[str]]:
    """Load the terms of the field by the id of the language that they are synonyms of."""
    table: dict[str, list[str]] = json.loads(SYNONYMS.read_bytes())
    return table
