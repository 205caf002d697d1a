"""Index of ids by label: a label written in place of an id is understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhengxie_flow.spelling import normal


def ids_by_label(values: Any) -> dict[str, list[str]]:
    """Return the ids of all labelled entries of plain values, by label as it is compared.

    Example:
        >>> ids_by_label({"roles": {"office": {"zh": "办公室", "en": "General Office"}}})
        {'办公室': ['office'], 'general_office': ['office']}
    """
    ids: dict[str, list[str]] = {}
    for label, ident in _labels(values):
        ids.setdefault(label, []).append(ident)
    return ids


def _labels(values: Any) -> Iterator[tuple[str, str]]:
    for ident, entry in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(entry, dict) and isinstance(ident, str):
            yield from ((normal(entry[lang]), ident) for lang in ("zh", "en") if isinstance(entry.get(lang), str))
        if isinstance(entry, dict | list):
            yield from _labels(entry)
