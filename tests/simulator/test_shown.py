"""What the engine shows of a clock, walked day by day: the days counted, passed over and held, and how long it has run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from tests.simulator.asking import told
from tests.simulator.calendar import ONE, Calendar, OfficeDays
from tests.simulator.comparing import SETTLED_TO, WORDS
from tests.simulator.histories import Story, draw
from tests.simulator.walk import simulate
from tests.simulator.writing import DUTY

from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.model.working import CountedLimit

SHUT = frozenset(WORDS) - {"occurrence"}
"""Conventions have proofs of their own."""
PARTS, STORIES = 12, 25


def days(after: date, through: date) -> Iterator[date]:
    """The days after one, up to and including another."""
    while after < through:
        after += ONE
        yield after


@cache
def rounds_of(part: int) -> tuple[tuple[Story, OfficeDays, ResolvedLimit], ...]:
    """The resolved rounds of some stories, each with the days of its calendar."""
    found = []
    for number in range(part * STORIES, (part + 1) * STORIES):
        story = draw(number, SHUT)
        office = (story.calendar.shown, story.calendar.fewest, story.calendar.most)[number % 3]
        derived, _ = told(story, office)
        view = derived.view
        duty = derived.compiled.process.obligations[DUTY]
        items = view.case.items["matter"].values() if duty.for_ else (None,)
        for item in items:
            rounds = resolve_rounds(view, owed_limit(view, DUTY, duty, item))
            assert [part.limit.number for part in rounds] == list(range(1, len(rounds) + 1))
            found += [(story, office, part.limit) for part in rounds]
    return tuple(found)


def held(limit: ResolvedLimit, day: date) -> bool:
    return limit.clock is not None and any(stop.begin[0] < day <= stop.end[0] for stop in limit.clock.stops)


def united(limit: ResolvedLimit) -> list[tuple[date, date]]:
    """The days on which a clock stood, overlaps united: each once."""
    found: list[tuple[date, date]] = []
    for stop in sorted(limit.clock.stops if limit.clock is not None else (), key=lambda stop: stop.begin):
        begin, end = stop.begin[0], stop.end[0]
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def working(limit: ResolvedLimit) -> bool:
    return limit.part is not None and limit.part.unit == "working_day"


@pytest.mark.parametrize("part", range(PARTS))
def test_how_long_a_clock_has_run(part: int) -> None:
    for story, office, limit in rounds_of(part):
        if limit.day is not None and limit.day < SETTLED_TO:
            for gap in (1, 9):
                late = limit.day + gap * ONE
                number = sum(office.works(day) or not working(limit) for day in days(limit.day, late))
                assert limit.days_after(limit.day, late) == (
                    number,
                    "working_day" if working(limit) else "calendar_day",
                )
        if limit.direction != "forward" or not limit.anchor.actual:
            assert (limit.running_since, limit.consumed) == (None, 0)
            continue
        assert limit.anchor.day is not None
        if limit.clock is None or not limit.clock.stops:
            assert (limit.running_since, limit.consumed, limit.suspended) == (limit.anchor.day, 0, False)
            continue
        *_, (begin, end) = united(limit)
        is_open = end == date.max
        assert (limit.running_since is None) == is_open, story.number
        run = [day for day in days(limit.anchor.day, begin) if not held(limit, day)]
        if len(limit.clock.stops) == 1:
            assert limit.consumed == sum(office.works(day) or not working(limit) for day in run), story.number
        assert limit.suspended == is_open
        assert not limit.stopped or is_open or end >= story.question.today, story.number
        for stop in limit.clock.stops:
            assert limit.stands_still(stop.end)
        if limit.stopped and not limit.suspended:
            assert limit.projected


@pytest.mark.parametrize("part", range(PARTS))
def test_the_proof_lists_every_day_once(part: int) -> None:
    kinds: Counter[str] = Counter()
    for story, office, limit in rounds_of(part):
        proof = limit.working()
        if limit.day is None or limit.part is None:
            assert proof is None or limit.beyond is not None
            continue
        assert isinstance(proof, CountedLimit)
        assert (proof.direction, proof.start, proof.date) == (limit.direction, limit.anchor.day, limit.day)
        assert (proof.amount, proof.unit) == (limit.part.amount, limit.part.unit)
        assert proof.convention == story.limit.convention
        assert proof.edition == limit.snapshot.calendar_hash
        assert proof.moment is None
        assert proof.possible is None or not limit.firm
        stood = {day for begin, end in united(limit) for day in days(begin, min(end, story.question.today))}
        shown = {
            day
            for begin, end in proof.suspended or ()
            for day in days(begin, min(end or date.max, story.question.today))
        }
        assert shown == stood, story.number
        changes = limit.clock.changes if limit.clock is not None else ()
        assert [(effect.event, effect.date, effect.units, effect.verdict) for effect in proof.extensions or ()] == [
            (change.act.sequence, change.act.day, change.units, change.verdict.value) for change in changes
        ]
        assert limit.changes == changes
        if limit.count is None or limit.direction != "forward" or proof.counted is None:
            assert (limit.count is None) == (proof.counted is None)
            continue
        kinds[limit.part.unit] += 1
        count = limit.count
        walked = list(days(limit.anchor.day, limit.day))
        if working(limit):
            counted = [day for day in walked if office.works(day) and not held(limit, day)]
            skipped = [day for day in walked if not office.works(day)]
        else:
            counted = [day for day in walked if (count.raw is None or day <= count.raw) and not held(limit, day)]
            skipped = [day for day in walked if count.raw is not None and day > count.raw]
        assert list(proof.counted) == counted, story.number
        assert [entry.date for entry in proof.skipped or ()] == skipped, story.number
        for entry in proof.skipped or ():
            told_of: Any = limit.snapshot.explain(entry.date)
            assert (entry.reason, entry.instrument) == (told_of.reason, told_of.instrument)
        if (
            story.limit.convention == "event_excluded"
            and limit.part.unit in ("working_day", "calendar_day")
            and all(c.act.action == "prolong" for c in changes)
        ):
            assert len(counted) == (limit.part.amount or 0) + sum(change.units for change in changes), story.number
            kinds["whole"] += 1
    assert kinds["working_day"] and kinds["whole"]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_round_names_what_repeated_its_anchor(part: int) -> None:
    """Each occurrence while a round ran, by the walk; and the place at which a later round was opened."""
    repeated = 0
    for number in range(part * STORIES, (part + 1) * STORIES):
        story = draw(number, SHUT)
        office = story.calendar.shown
        walked = simulate(story.limit, story.question, Calendar(office, office, office))
        beyond = any(line.high is not None and line.high > SETTLED_TO for line in walked)
        if beyond or (story.limit.convention == "clear_days" and story.limit.direction == "within_after"):
            continue
        derived, numbers = told(story, office)
        duty = derived.compiled.process.obligations[DUTY]
        for item in derived.view.case.items["matter"].values() if duty.for_ else (None,):
            lines = {line.number: line for line in walked if line.item == (item.id if item is not None else None)}
            for part_ in resolve_rounds(derived.view, owed_limit(derived.view, DUTY, duty, item)):
                limit = part_.limit
                assert limit.began == (limit.first if limit.first is not None else limit.anchor)
                assert limit.number > 1 or limit.opened_at is None
                if limit.direction == "forward":
                    assert limit.number == 1 or limit.opened_at is not None
                    assert [numbers[event] for event in limit.repeated] == [
                        place[1] for place in lines[limit.number].repeated
                    ], story.number
                    repeated += len(limit.repeated)
