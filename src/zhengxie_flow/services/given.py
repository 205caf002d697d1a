"""What a program hands to the engine: days, instants and names, refused with a code where they are of another kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhengxie_flow.errors import UsageError

Moment = date | datetime


def moment(given: Any) -> Moment:
    """A civil day, or an instant with its offset.  Raises `UsageError` ZX4015 and ZX4013."""
    if isinstance(given, datetime):
        return _aware(given)
    if isinstance(given, date):
        return given
    raise UsageError("ZX4015", given=str(given))


def moment_or_now(at: Any) -> Moment | None:
    """The same, where nothing given means now."""
    return None if at is None else moment(at)


def day(given: Any) -> date | None:
    """A civil day, or nothing; an instant is none, for it lies on different days in different zones.

    Raises `UsageError` ZX6014.
    """
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    raise UsageError("ZX6014", given=str(given))


def instant(given: Any) -> datetime | None:
    """An instant with its offset, or nothing.  Raises `UsageError` ZX4015 and ZX4013."""
    if given is None:
        return None
    if isinstance(given, datetime):
        return _aware(given)
    raise UsageError("ZX4015", given=str(given))


def _aware(given: datetime) -> datetime:
    if given.tzinfo is None:
        raise UsageError("ZX4013", given=given.isoformat())
    return given


def names(evidence: Sequence[str]) -> tuple[str, ...]:
    """Evidence by name; a single text is one name, not its letters."""
    return (evidence,) if isinstance(evidence, str) else tuple(evidence)
