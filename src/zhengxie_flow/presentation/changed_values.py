"""Values before and after a change of the record, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from zhengxie_flow.engine.events.value_changes import WITHDRAWN
from zhengxie_flow.i18n import label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.findings import ValueChange
from zhengxie_flow.model.personal import withheld
from zhengxie_flow.presentation.amounts import day_text

NameOf = Callable[[str], str]
"""The label of a name of any family."""


def change_text(change: ValueChange, name_of: NameOf, lang: str) -> str:
    """Return a change in words: the name of the value, what it was and what it is; a personal value is not shown.

    Args:
        change: The change.
        name_of: The labels of names.
        lang: The language asked for.
    """
    key = f"change.{change.name}"
    name = label(key, lang) if key in texts() else name_of(change.name)
    if change.old is None and change.new is None:
        return label("change.unshown", lang, name=name)
    if change.name == WITHDRAWN:
        return label("change.withdrawn" if change.new else "change.restored", lang)
    old, new = _text(change.old, name_of, lang), _text(change.new, name_of, lang)
    if old == new:  # on one day at two times
        old, new = str(change.old), str(change.new)
    return label("change.stated" if change.old is None else "change.replaced", lang, name=name, old=old, new=new)


def _text(value: Any, name_of: NameOf, lang: str) -> str:
    match value:
        case None:
            return label("change.nothing", lang)
        case bool():
            return label("cli.yes" if value else "cli.no", lang)
        case list() | tuple():
            return ", ".join(_text(entry, name_of, lang) for entry in value)
        case str():
            day = _day(value)
            return name_of(value) if day is None else day_text(day, lang)
        case _:
            return label("cli.erased", lang) if withheld(value) else str(value)


def _day(text: str) -> date | None:
    """The civil day of a day or an instant; None for any other text."""
    try:
        return date.fromisoformat(text if len(text) == len("2026-01-01") else text.partition("T")[0])
    except ValueError:
        return None
