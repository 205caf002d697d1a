"""Running clocks against a walk from day to day: suspended, extended, restarted, rolled, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.support import cn, tries

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, deadlines, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

START = date(2026, 1, 5)
AS_OF = date(2026, 10, 1)
CALENDAR = cn(AS_OF)
ACTIONS = ("receive", "stop", "resume", "extend", "restart", "answer")


@lru_cache(maxsize=512)
def statute(amount: int, unit: str, add: int, up_to: int | None) -> CompiledProcess:
    limit: dict[str, Any] = {
        "within": amount, "unit": unit, "after": "receive", "restarts_on": "restart",
        "suspended": {"from": "stop", "until": "resume"},
        "extended_by": {"action": "extend", "add": add} | ({"up_to": up_to} if up_to else {}),
    }  # fmt: skip
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "actions": {name: {"by": "office"} for name in ACTIONS},
        "obligations": {"answer.in_time": {"law": "1", "do": "answer", "limit": limit}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/clock", "process": process}))


def end_by_walking(amount: int, unit: str, start: date, stretches: list[tuple[date, date]], adds: list[int]) -> date:
    """Count the days one by one; a day inside (begin, end] of a stretch does not count."""
    day, left = start, amount + sum(adds)
    while left:
        day += timedelta(days=1)
        if any(begin < day <= end for begin, end in stretches):
            continue
        if unit == "calendar_day" or CALENDAR.is_working_day(day):
            left -= 1
    return day


def rolled(day: date, unit: str) -> date:
    while unit == "calendar_day" and not CALENDAR.is_working_day(day):
        day += timedelta(days=1)
    return day


@dataclass
class Walk:
    """The oracle: what is known of the clock, replayed from the acts alone."""

    amount: int
    unit: str
    add: int
    up_to: int | None

    def due(self, acts: list[tuple[date, str]]) -> date | None:
        start, stretches, adds = self.gone_through(acts)
        end, still = self.end(start, stretches, adds)
        return None if still else rolled(end, self.unit)

    def progress(self, acts: list[tuple[date, str]]) -> tuple[int, date | None]:
        """The units that had run when the clock last stopped, day by day, and since when it runs."""
        start, stretches, adds = self.gone_through(acts)
        end, still = self.end(start, stretches, adds)
        held = [(begin, stop) for begin, stop, *_ in stretches if still or begin < end]
        if not held:
            return 0, start
        consumed, day = 0, start
        while day < held[-1][0]:
            day += timedelta(days=1)
            stopped = any(begin < day <= stop for begin, stop in held[:-1])
            consumed += not stopped and (self.unit == "calendar_day" or CALENDAR.is_working_day(day))
        return consumed, None if held[-1][1] == date.max else held[-1][1]

    def gone_through(self, acts: list[tuple[date, str]]) -> tuple[date, list[Any], list[int]]:
        start = START
        for day, name in acts:
            if name == "restart" and day >= START:
                start = day
        index = max((place for place, (day, name) in enumerate(acts) if name == "restart"), default=-1)
        stretches = self.stretches(acts, start, index)
        adds: list[int] = []
        for place, (day, name) in enumerate(acts):
            if name != "extend" or place < index:
                continue
            begun = [one for one in stretches if one[2] < place]
            if all(one[3] is not None and one[3] <= place for one in begun):
                end = end_by_walking(self.amount, self.unit, start, [(one[0], one[1]) for one in begun], adds)
                if day > rolled(end, self.unit):
                    continue
            elif self.ended_before(begun, start, adds, day, place):
                continue
            room = self.add if self.up_to is None else max(0, min(self.add, self.up_to - sum(adds)))
            adds.append(room)
        return start, stretches, adds

    def end(self, start: date, stretches: list[Any], adds: list[int]) -> tuple[date, bool]:
        """The last day, not rolled, and whether the clock stands still."""
        closed = [(one[0], one[1]) for one in stretches if one[3] is not None]
        end = end_by_walking(self.amount, self.unit, start, closed, adds)
        still = [one for one in stretches if one[3] is None]
        stands = bool(still) and still[0][0] < end_by_walking(
            self.amount, self.unit, start, [one for one in closed if one[0] < still[0][0]], adds
        )
        return end, stands

    def ended_before(self, begun: list[Any], start: date, adds: list[int], day: date, place: int) -> bool:
        """Whether the clock had already run out before the stretch that is still open at an act began."""
        closed = [(one[0], one[1]) for one in begun if one[3] is not None and one[3] <= place]
        still = next(one for one in begun if one[3] is None or one[3] > place)
        end = end_by_walking(self.amount, self.unit, start, closed, adds)
        return still[0] >= end and day > rolled(end, self.unit)

    def stretches(self, acts: list[tuple[date, str]], start: date, index: int) -> list[Any]:
        """(begin, end, place of begin, place of end or None), each stop with the next resume, cut at the restart."""
        found: list[Any] = []
        open_: tuple[date, int] | None = None
        for place, (day, name) in enumerate(acts):
            if name == "stop" and open_ is None:
                open_ = (day, place)
            elif name == "resume" and open_ is not None:
                if place > index:
                    found.append((max(open_[0], start), day, max(open_[1], index), place))
                open_ = None
        if open_ is not None:
            found.append((max(open_[0], start), date.max, max(open_[1], index), None))
        return found


acts_strategy = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["stop", "resume", "extend", "restart"])), max_size=7
).map(lambda acts: sorted(((START + timedelta(days=offset), name) for offset, name in acts), key=lambda act: act[0]))


@settings(max_examples=tries(300))
@given(
    acts_strategy,
    st.integers(1, 25),
    st.sampled_from(["working_day", "calendar_day"]),
    st.integers(1, 10),
    st.none() | st.integers(1, 15),
)
def test_the_clock_is_the_walk(acts, amount, unit, add, up_to):
    compiled = statute(amount, unit, add, up_to)
    story, _ = begin(
        ScriptSource(compiled, cn), "c", Opening(), Attribution(by="office", at=START), instant(START, compiled)
    )
    for day, name in [(START, "receive"), *acts]:
        happening = ScriptEvent.model_validate({"at": day.isoformat(), "do": name})
        for _ in story.apply(happening, instant(day, compiled)):
            pass
    line = next(
        one for one in audit(derive(compiled, story.case, cn, AS_OF)).verdicts if one.obligation == "answer.in_time"
    )
    assert line.due == Walk(amount, unit, add, up_to).due(acts)
    assert (line.detail == ("suspended",)) is (line.due is None)
    (row,) = deadlines(derive(compiled, story.case, cn, AS_OF))
    assert (row.consumed, row.running_since) == Walk(amount, unit, add, up_to).progress(acts)
