"""Reminder ladders against a brute-force oracle, and against whatever days somebody ticks on."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import given, strategies as st
from tests.property.worlds import START, Hand, _Definitions, _Ids
from tests.support import cn

from zhengxie_flow.engine import Command, CompiledProcess, compile_process
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.judging.deadlines import work_of_case
from zhengxie_flow.engine.judging.reminders import reminders
from zhengxie_flow.errors import Conflict, Refused
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.services.commands import acts, opening, urging
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import Submission
from zhengxie_flow.testing.memory import MemoryJournal

CALENDARS = CalendarFiles()
DAY = timedelta(days=1)
AMOUNT = 8


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days of a kind."""

    working: bool
    number: int

    def written(self) -> dict[str, int]:
        return {"working_days" if self.working else "calendar_days": self.number}

    def from_(self, day: date, step: int = 1) -> date:
        """The day that many days away, found by walking."""
        left, calendar = self.number, cn(START)
        while left:
            day += DAY * step
            left -= not self.working or calendar.is_working_day(day)
        return day


@dataclass(frozen=True, slots=True)
class Step:
    """One rung, drawn at random."""

    side: str  # before, after, on
    days: Days
    every: Days | None
    times: int | None
    head: bool
    target: bool

    def written(self, place: int) -> dict[str, Any]:
        rung: dict[str, Any] = {"id": f"r{place}", "of": "target" if self.target else "due"}
        if self.side != "on":
            rung[self.side] = self.days.written()
        if self.every is not None:
            rung["every"] = self.every.written()
            if self.times is not None:
                rung["times"] = self.times
        return rung | ({"to": "head"} if self.head else {})


def spans(least: int, most: int) -> st.SearchStrategy[Days]:
    return st.builds(Days, st.booleans(), st.integers(least, most))


STEPS = st.builds(
    Step,
    side=st.sampled_from(("before", "after", "on")),
    days=spans(0, 6),
    every=st.none() | spans(1, 4),
    times=st.none() | st.integers(2, 4),
    head=st.booleans(),
    target=st.booleans(),
)
LADDERS = st.tuples(
    st.tuples(STEPS) | st.tuples(STEPS, STEPS) | st.tuples(STEPS, STEPS, STEPS), spans(0, 3), spans(0, 3)
)
Ladder = tuple[tuple[Step, ...], Days, Days]


@lru_cache(maxsize=512)
def statute(ladder: Ladder) -> CompiledProcess:
    steps, target, interval = ladder
    process = {
        "language": 1, "process": "desk", "law": "x-1", "roles": {"desk": {}, "head": {}}, "states": {"open": {}},
        "actions": {"receive": {"by": "desk"}, "reply": {"by": "desk"}, "extend": {"by": "head"}},
        "obligations": {
            "o.reply": {
                "law": "1", "who": "desk", "do": "reply",
                "limit": {
                    "within": AMOUNT, "unit": "working_day", "after": "receive",
                    "extended_by": [{"action": "extend", "add": 6, "unit": "working_day"}],
                },
            },
        },
        "reminders": {
            "l": {
                "obligations": "o.reply", "target": {"before": target.written()}, "interval": interval.written(),
                "rungs": [step.written(place) for place, step in enumerate(steps)],
            },
        },
    }  # fmt: skip
    return compile_process(resolve({"id": "x/desk", "process": process}))


class Desk:
    """A case in memory, with a clock that is set by hand."""

    def __init__(self, ladder: Ladder) -> None:
        compiled = statute(ladder)
        self.compiled, self.clock = compiled, Hand()
        self.context = Context(MemoryJournal(), _Definitions({compiled.id: compiled}), CALENDARS, self.clock, _Ids())
        opening.open_(self.context, compiled.id, "c", Opening(), Attribution(by="desk"))

    def act(self, action: str, day: date, by: str = "desk", at: date | None = None) -> None:
        self.clock.day = day
        acts.act(self.context, "c", Command(action=action, by=by, at=at))

    def urge(self, day: date) -> bool:
        self.clock.day = day
        with suppress(Refused):
            urging.urge(self.context, Submission("c", Attribution(by="head")), "o.reply")
            return True
        return False


def nominal(ladder: Ladder, due: date, until: date) -> list[tuple[date, int, int]]:
    """The day, the place and the number of every rung by the end of a day, whatever the interval."""
    steps, target, _ = ladder
    rows: list[tuple[date, int, int]] = []
    for place, step in enumerate(steps):
        base = target.from_(due, -1) if step.target else due
        day, number = base, 1
        if step.side != "on":
            day = step.days.from_(base, -1 if step.side == "before" else 1)
        while day <= until and (step.side != "before" or day <= base):
            rows.append((day, place, number))
            if step.every is None or number == (step.times or 1000):
                break
            day, number = step.every.from_(day), number + 1
    return rows


def oracle(ladder: Ladder, due: date, since: date, urged: list[date], until: date) -> list[tuple[str, int, date]]:
    """Every reminder by the end of a day, found by walking through the days."""
    steps, _, interval = ladder
    rows = nominal(ladder, due, until)
    passed = max((row for row in rows if row[0] < since), default=None, key=lambda row: row[:2])
    queues: dict[bool, deque[tuple[str, int]]] = {False: deque(), True: deque()}
    last: dict[bool, date] = {}
    given_out: list[tuple[str, int, date]] = []
    day = since
    while day <= until:
        today = sorted(row[1:] for row in rows if row[0] == day)
        for place, number in [passed[1:], *today] if passed is not None and day == since else today:
            queues[steps[place].head].append((f"r{place}", number))
        if day in urged:
            last[False] = day
        for head, queue in queues.items():
            while queue and (not interval.number or head not in last or day >= interval.from_(last[head])):
                given_out.append((*queue.popleft(), day))
                last[head] = day
        day += DAY
    return given_out


def shown(desk: Desk, until: date) -> list[tuple[str, int, date]]:
    derived = desk.context.derived(desk.compiled, desk.context.read("c").case, until)
    return [(entry.rung, entry.number, entry.day) for entry in reminders(derived, work_of_case(derived).limits).due]


@given(
    ladder=LADDERS,
    received=st.integers(0, 12),
    recorded=st.integers(0, 14),
    urges=st.lists(st.integers(0, 20), max_size=3),
    extended=st.booleans(),
    later=st.integers(0, 25),
)
def test_what_is_due_on_which_day(
    ladder: Ladder, received: int, recorded: int, urges: list[int], extended: bool, later: int
) -> None:
    desk, begin = Desk(ladder), START + received * DAY
    since = begin + recorded * DAY
    desk.act("receive", since, at=begin)
    due = Days(working=True, number=AMOUNT).from_(begin)
    urged = [day for day in sorted({since + days * DAY for days in urges}) if desk.urge(day)]
    if extended and due >= desk.clock.day:
        desk.act("extend", due, by="head")
        since, due = due, Days(working=True, number=AMOUNT + 6).from_(begin)
        urged = [*urged]
    until = max(desk.clock.day, since) + later * DAY
    expected = oracle(ladder, due, since, [day for day in urged if day >= since], until)
    before = [day for day in urged if day < since]
    if not before:  # urging before the day became known keeps its distance too: that is tried by itself below
        assert sorted(shown(desk, until)) == sorted(expected)
    days = [day for *_, day in shown(desk, until)]
    assert days == sorted(days)


@given(ladder=LADDERS, days=st.lists(st.integers(0, 40), min_size=1, max_size=8), done=st.none() | st.integers(0, 40))
def test_each_is_written_once_on_whatever_days_somebody_ticks(
    ladder: Ladder, days: list[int], done: int | None
) -> None:
    desk, told = Desk(ladder), 0
    desk.act("receive", START)
    for number in days:
        desk.clock.day = START + number * DAY
        told = max(told, number)
        list(tick(desk.context, ["c"]))
    expected = shown(desk, START + told * DAY)
    messages = desk.context.journal.outbox.messages()
    assert len({message.key for message in messages}) == len(messages)
    kept = [(message.payload["rung"], message.payload["number"], str(message.payload["day"])) for message in messages]
    assert sorted(kept) == sorted((rung, number, day.isoformat()) for rung, number, day in expected)
    if days == sorted(days):
        assert [day for *_, day in kept] == sorted(day for *_, day in kept)
    if done is not None:
        with suppress(Conflict):  # the clock lies before what was recorded
            desk.act("reply", START + max(done, told) * DAY)
            assert shown(desk, START + 60 * DAY) == []
