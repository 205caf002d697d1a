"""The entries of public lists of days off: those that were read, and those that were not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["ListedDay", "UnmappedEntry"]


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of a list, whether it is off, and the name given to it."""

    date: date
    off: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnmappedEntry:
    """An entry of a list that no notice has a place for, or that cannot be read, with the reason.

    ``reason`` is a code with texts in the catalogue (``calendar.unmapped.<code>``): key, entry, date, state, twice,
    ordinary, name, timed, repeated.
    """

    place: str
    text: str
    reason: str
