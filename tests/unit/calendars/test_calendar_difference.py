"""Differences of two snapshots, and limits counted again, against a walk over every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.difference import Difference, RecountedLimit, compare, reckon, reproject
from zhengxie_flow.calendars.facts import Layer, Notice
from zhengxie_flow.calendars.proof import LimitCount
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import CalendarFiles

ONE = timedelta(days=1)


def each_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE


@pytest.fixture(scope="module")
def pairs() -> dict[str, tuple[Snapshot, Snapshot]]:
    calendars = CalendarFiles()
    newest = calendars.snapshot("cn", date(2026, 11, 22))
    facts = newest.timeline.facts
    later = tuple(notice for notice in facts.notices if notice.year >= 2009)
    feast = Notice(
        "示例〔2026〕3号",
        2026,
        date(2026, 5, 1),
        ((date(2026, 7, 1).toordinal(), date(2026, 7, 2).toordinal()),),
        level="province",
    )
    silent = Notice(
        "示例〔2026〕4号",
        2026,
        date(2026, 5, 1),
        ((date(2026, 7, 4).toordinal(), date(2026, 7, 5).toordinal()),),
        level="province",
    )
    return {
        "a notice": (calendars.snapshot("cn", date(2025, 1, 1)), newest),
        "an amendment": (calendars.snapshot("cn", date(2020, 1, 26)), calendars.snapshot("cn", date(2020, 1, 28))),
        "the way back": (newest, calendars.snapshot("cn", date(2024, 1, 1))),
        "a later beginning": (newest, Snapshot(compose(replace(facts, first=date(2009, 1, 1), notices=later)))),
        "an earlier beginning": (Snapshot(compose(replace(facts, first=date(2009, 1, 1), notices=later))), newest),
        "a layer": (newest, Snapshot(compose(facts, overlays=(Layer("town", "province", (feast,)),)))),
        "a layer that changes no day": (newest, Snapshot(compose(facts, overlays=(Layer("town", "province", (silent,)),)))),
        "nothing": (newest, newest),
    }  # fmt: skip


NAMES = (
    "a notice", "an amendment", "the way back", "a later beginning", "an earlier beginning", "a layer", "a layer that changes no day",
    "nothing",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_changed_days_are_those_that_differ(pairs: dict[str, tuple[Snapshot, Snapshot]], name: str) -> None:
    old, new = pairs[name]
    difference = compare(old, new)
    both = each_day(max(old.first, new.first), min(old.last, new.last))
    changed = [day for day in both if old.is_working_day(day) != new.is_working_day(day)]
    assert list(difference.dates) == changed
    assert [(change.was, change.now) for change in difference.changes] == [
        (old.explain(day), new.explain(day)) for day in changed
    ]
    known = {(notice.level, notice.number) for notice in old.timeline.notices}
    added = [n.number for n in new.timeline.notices if (n.level, n.number) not in known]
    assert list(difference.instruments) == list(dict.fromkeys(added))
    assert (difference.calendar, difference.old_firm_through, difference.new_firm_through) == (
        new.name, old.firm_through, new.firm_through,
    )  # fmt: skip
    assert (difference.old_edition, difference.new_edition) == (old.calendar_hash, new.calendar_hash)
    for day in changed:
        assert difference.touches(day, day)
        assert difference.touches(day - ONE, day) and difference.touches(day, day + ONE)
        for first, last in ((day + ONE, day + ONE), (day - ONE, day - ONE)):
            assert difference.touches(first, last) == (first in changed)


def counted(snapshot: Snapshot, limit: RecountedLimit) -> LimitCount | None:
    """Counted by the method of its direction, with every argument."""
    try:
        if limit.direction == "forward":
            return snapshot.within(limit.anchor, limit.n, limit.unit)
        method = snapshot.before if limit.direction == "backward" else snapshot.minimum
        return method(limit.anchor, limit.n, unit=limit.unit, count=limit.count)
    except CalendarError:
        return None


def expected(difference: Difference, limit: RecountedLimit, today: date) -> tuple[object, ...] | None:
    """The move of a limit, worked out day by day."""
    old, new = counted(difference.old, limit), counted(difference.new, limit)
    if new is None or (old is not None and moved_to(old) == moved_to(new)):
        return None
    window = [limit.anchor, new.date, *([] if old is None else [old.date])]
    walked = list(each_day(min(window), max(window)))
    named = [change.now.instrument for change in difference.changes if change.date in walked and change.now.instrument]
    warnings = []
    if limit.direction != "minimum":
        warnings += ["earlier"] if old is not None and (new.date - old.date).days < 0 else []
        warnings += ["past"] if (new.earliest - today).days < 0 else []
    instruments = tuple(dict.fromkeys(named)) or difference.instruments
    return None if old is None else moved_to(old), moved_to(new), instruments, tuple(warnings)


def moved_to(count: LimitCount) -> tuple[object, ...]:
    return count.date, count.status, count.earliest, count.latest


@pytest.mark.parametrize(("name", "begin"), [
    ("a notice", date(2025, 12, 1)), ("a notice", date(2026, 9, 1)), ("a notice", date(2027, 11, 20)),
    ("an amendment", date(2020, 1, 10)), ("the way back", date(2025, 9, 20)), ("a layer", date(2026, 6, 25)),
    ("a later beginning", date(2008, 12, 20)), ("an earlier beginning", date(2008, 12, 20)),
])  # fmt: skip
def test_what_a_move_says(pairs: dict[str, tuple[Snapshot, Snapshot]], name: str, begin: date) -> None:
    difference = compare(*pairs[name])
    limits = [
        RecountedLimit((i, n), direction, begin + i * ONE, n, unit, count)
        for i, n in product(range(0, 30, 2), (1, 7))
        for direction in ("forward", "backward", "minimum")
        for unit in ("working_day", "calendar_day")
        for count in ("event_excluded", "clear_days")
    ]
    for today in (begin, begin + 12 * ONE):
        moves = {
            id(move.limit): (None if move.old is None else moved_to(move.old), moved_to(move.new), move.instruments, move.warnings)
            for move in reproject(limits, difference, today)
        }  # fmt: skip
        for limit in limits:
            assert moves.get(id(limit)) == expected(difference, limit, today), (limit, today)


def test_a_count_reaches_the_same_day_by_any_door(pairs: dict[str, tuple[Snapshot, Snapshot]]) -> None:
    """Each direction, unit and convention comes from the method it names, on both sides of a feast."""
    (_, new) = pairs["a notice"]
    for direction, unit, count, i in product(
        ("forward", "backward", "minimum"), ("working_day", "calendar_day", "month", "year"), ("event_excluded", "clear_days"), range(20)
    ):  # fmt: skip
        limit = RecountedLimit(i, direction, date(2026, 2, 10) + i * ONE, 1 + i % 3, unit, count)
        wanted = counted(new, limit)
        if wanted is not None:
            again = reckon(new, limit)
            assert (again.date, again.direction, again.unit) == (wanted.date, direction, unit)
            assert (again.n, again.anchor, again.calendar) == (limit.n, limit.anchor, "cn")
            assert again.count == ("event_excluded" if direction == "forward" else count)


def test_only_a_day_outside_the_data_is_passed_over(pairs: dict[str, tuple[Snapshot, Snapshot]]) -> None:
    difference = compare(*pairs["a notice"])
    beyond = RecountedLimit("beyond", "forward", date(2040, 1, 1), 5)
    assert list(reproject([beyond], difference, date(2026, 1, 1))) == []
    for wrong in (
        RecountedLimit("nought", "forward", date(2026, 1, 1), 0),
        RecountedLimit("half", "backward", date(2026, 1, 1), 0.5),
    ):  # type: ignore[arg-type]
        with pytest.raises(CalendarError):
            list(reproject([wrong], difference, date(2026, 1, 1)))
