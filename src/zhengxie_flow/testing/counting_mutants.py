"""Mutants of the words by which a limit says how it is counted: roll, month's end, growth, calendars, periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from zhengxie_flow.model.counting import MONTHS, Period
from zhengxie_flow.model.recurrence import Recurrence
from zhengxie_flow.testing.mutant import DROP, Mutant, Path

__all__ = ["counting_mutants"]

KIND: Final = "counting"
_OTHER: Final[Mapping[str, Mapping[str, str]]] = {
    "roll": {"next": "none", "previous": "next", "none": "next"},
    "month_end": {"keep": "off", "off": "keep"},
    "early": {"counts": "out_of_order", "out_of_order": "counts"},
    "occurrence": {"each": "first", "first": "each"},
}
"""For each word the one most easily confused with it."""
_PERIODS: Final[Mapping[Period, Period]] = {
    "month": "quarter", "quarter": "half_year", "half_year": "year", "year": "half_year",
}  # fmt: skip
_LONGEST_MONTH: Final = 31


def counting_mutants(limit: Mapping[str, Any], at: Path) -> Iterator[Mutant]:
    """Turn in turn each word of a limit, or of a part of one, that says how it is counted.

    Args:
        limit: The plain values of the limit.
        at: Its path.
    """
    if limit.get("count") is not None:
        other = "event_excluded" if limit["count"] != "event_excluded" else "clear_days"
        yield Mutant("unit", (*at, "count"), f"{limit['count']} -> {other}", other)
    for key, others in _OTHER.items():
        if limit.get(key) in others:
            yield Mutant(KIND, (*at, key), f"{limit[key]} -> {others[limit[key]]}", others[limit[key]])
    for key in ("grow", "convention", "kind"):
        if limit.get(key) is not None:
            yield Mutant(KIND, (*at, key), f"{key} dropped", DROP)
    if isinstance(limit.get("grow"), dict):
        yield from _numbers(limit["grow"], (*at, "grow"), "run")
    yield from _calendar(limit.get("calendar"), (*at, "calendar"))
    if limit.get("every") is not None:
        yield from _recurring(limit["every"], (*at, "every"))


def _calendar(calendar: Any, at: Path) -> Iterator[Mutant]:
    """Count by the calendar of the process, or where a fact chooses, for each value by that of another."""
    if isinstance(calendar, str):
        yield Mutant(KIND, at, f"{calendar} dropped", DROP)
    if isinstance(calendar, dict):
        names = calendar.get("of", {})
        for value, name in names.items():
            other = next((other for other in names.values() if other != name), None)
            if other is not None:
                yield Mutant(KIND, (*at, "of", value), f"{name} -> {other}", other)


def _recurring(every: Any, at: Path) -> Iterator[Mutant]:
    """Turn the words of a recurring duty; one in a short form is written out and turned as a whole."""
    full = Recurrence.model_validate(every).model_dump(mode="json", exclude_none=True)
    if isinstance(every, dict) and full == {"by": "last", **every}:
        yield from _every(every, at)
        return
    for mutant in _every(full, ()):
        change = f"{'.'.join(map(str, mutant.path))} {mutant.change}"
        yield Mutant(mutant.kind, at, change, mutant.apply(full))


def _every(every: Mapping[str, Any], at: Path) -> Iterator[Mutant]:
    """Turn the period of a recurring duty, the day in it, and the way acts name one."""
    period, by = every["period"], every.get("by", "last")
    other, month = _PERIODS[period], by.get("month", 1) if isinstance(by, dict) else 1
    if month <= MONTHS[other]:
        yield Mutant(KIND, (*at, "period"), f"{period} -> {other}", other)
    if isinstance(by, dict):
        yield from _numbers(by, (*at, "by"), "day", _LONGEST_MONTH)
        yield from _numbers(by, (*at, "by"), "month", MONTHS[period])
    else:
        yield Mutant(KIND, (*at, "by"), "last -> day 1", {"day": 1})
    if every.get("named_by") is not None:
        yield Mutant(KIND, (*at, "named_by"), f"{every['named_by']} dropped", DROP)


def _numbers(node: Mapping[str, Any], at: Path, key: str, greatest: int | None = None) -> Iterator[Mutant]:
    """One more and one less, as far as it can be written."""
    number = node.get(key)
    for other in () if number is None else (number + 1, number - 1):
        if other >= 1 and (greatest is None or other <= greatest):
            yield Mutant("number", (*at, key), f"{number} -> {other}", other)
