"""Reasons of days: statutory holiday, moved rest day, make-up working day, weekend, local day.

A notice of China lists a run of days off as a whole.  Which of them are statutory days, which are ordinary weekends,
and which are rest days moved there in exchange for a worked weekend follows from the text on statutory days in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.calendars.facts import LOCAL
from zhengxie_flow.calendars.nominal import festivals, statutory_text, weekday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhengxie_flow.calendars.facts import Facts, Notice

__all__ = ["reasons_of"]

_MOVED = "substituted from"
_IN_LIEU = ("observed", "in lieu", "substitute")


def reasons_of(notice: Notice, facts: Facts) -> dict[int, str]:
    """The reason of each day that a notice names, as a code of the catalogue.

    Args:
        notice: The notice.
        facts: The facts of its calendar.
    """
    off = [day for low, high in notice.off for day in range(low, high + 1)]
    if notice.level in LOCAL:
        return dict.fromkeys(off, "local_holiday") | dict.fromkeys(notice.work, "local_make_up")
    if notice.level == "library":
        return {day: _public(notice, day) for day in off} | dict.fromkeys(notice.work, "public_make_up")
    if notice.level != "country":
        return dict.fromkeys(off, notice.level)
    return dict(_announced(notice, off, facts)) | dict.fromkeys(notice.work, "make_up")


def _public(notice: Notice, day: int) -> str:
    """A day off as a library names it."""
    name = (notice.names or {}).get(day, "").lower()
    if _MOVED in name:
        return "public_moved_rest"
    return "public_in_lieu" if any(word in name for word in _IN_LIEU) else "public_holiday"


def _announced(notice: Notice, off: list[int], facts: Facts) -> Iterator[tuple[int, str]]:
    """The days off of a country's notice, each told apart."""
    text = statutory_text(facts, notice.year)
    statutory = None if text is None else {day for days in festivals(facts, text, notice.year).values() for day in days}
    weekdays = [day for day in off if weekday(day) not in facts.rest_days and day not in (statutory or ())]
    extra = _extra_days(notice, weekdays)
    for day in notice.clears:
        yield day, "cleared"
    for day in off:
        if day in notice.clears:
            continue
        if statutory is None or day in statutory:
            yield day, "holiday"
        elif weekday(day) in facts.rest_days:
            yield day, "weekend"
        else:
            yield day, "extra_day_off" if day in extra else "moved_rest"


def _extra_days(notice: Notice, weekdays: list[int]) -> set[int]:
    """The days off that an amendment adds for an occasion: those no worked weekend day pays for, from the first."""
    if notice.occasion is None:
        return set()
    return set(sorted(weekdays)[: max(len(weekdays) - len(notice.work), 0)])
