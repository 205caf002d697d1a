"""No date that the audit would not honour: done on the shown last day an act passes, on the next day it does not.

For every firm deadline of a hard obligation that no projection stands behind, and mirrored for the first day of a minimum
window; over random statutes and histories, and over any part of the stories of the shipped scenarios.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.property.test_final_verdicts import STORIES, known, told
from tests.property.worlds import CASE, HISTORIES, SHAPES, Shape, Step, World
from tests.support import SOAK

from zhengxie_flow.engine import Command, CompiledProcess, deadlines, decide, derive, evolve
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.engine.judging.judge import judge
from zhengxie_flow.engine.view import Calendars
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.verdict import Verdict

ONE = timedelta(days=1)
IN_TIME = {Verdict.PASS, Verdict.EXEMPT, Verdict.NEEDS_JUDGEMENT}  # open texture: a person says whether it was in time


def promised(compiled: CompiledProcess, case: Case, calendars: Calendars, today: date) -> Iterator[Deadline]:
    """The deadlines that promise something: firm, of a hard obligation, with a day that may still come."""
    for row in deadlines(derive(compiled, case, calendars, today)):
        duty = compiled.process.obligations.get(row.obligation)
        if duty is None or duty.force != "must" or duty.by_reference or row.status != "firm" or row.day is None:
            continue
        if row.open and row.anchor_kind == "actual" and row.unit != "hour" and row.day >= today:
            yield row


def done(compiled: CompiledProcess, case: Case, calendars: Calendars, row: Deadline, day: date) -> Verdict | None:
    """The verdict on an obligation if it is performed on a day; None where the act cannot be tried."""
    action = compiled.process.actions[compiled.process.obligations[row.obligation].do[0]]
    name = compiled.process.obligations[row.obligation].do[0]
    kind = action.item_type
    if action.adds or (kind is not None) != (row.item is not None) or name == row.anchor:
        return None
    by = next((role for role in action.by if role in compiled.process.roles), None) or row.item
    if by is None:
        return None
    now = datetime.combine(day, time(12), case.zone)
    before = derive(compiled, case, calendars, day).case
    try:
        event = decide(compiled, before, Command(action=name, by=by, item=row.item, at=day), calendars, now)
    except ZhengxieError:
        return None
    after = derive(compiled, evolve(case, _numbered(event, case)), calendars, day)
    item = after.case.items.get(kind or "", {}).get(row.item or "")
    return judge(after.view, row.obligation, item)


def _numbered(event: Any, case: Case) -> Any:
    return replace(event, sequence=case.version + 1)


def stands(compiled: CompiledProcess, case: Case, calendars: Calendars, row: Deadline, day: date) -> bool:
    """True while nothing that time brings before a day changes the deadline."""
    later = derive(compiled, case, calendars, day)
    if compiled.final.get(later.case.state):
        return False
    return any(
        (other.obligation, other.item, other.day, other.open) == (row.obligation, row.item, row.day, True)
        for other in deadlines(later)
    )


def hold(compiled: CompiledProcess, case: Case, calendars: Calendars, today: date) -> Counter[str]:
    """Hold the audit to every promised day of a case."""
    tried: Counter[str] = Counter()
    for row in promised(compiled, case, calendars, today):
        assert row.day is not None
        first = row.direction == "minimum"
        good, bad = row.day, row.day - ONE if first else row.day + ONE
        if not stands(compiled, case, calendars, row, good):
            continue
        if (verdict := done(compiled, case, calendars, row, good)) is not None:
            assert verdict in IN_TIME, (row, good, verdict)
            tried[row.direction] += 1
        if bad >= today and (verdict := done(compiled, case, calendars, row, bad)) is not None:
            assert verdict is not Verdict.PASS, (row, bad, verdict)
    return tried


def test_the_days_of_random_statutes_are_honoured() -> None:
    tried: Counter[str] = Counter()

    @settings(max_examples=20_000 if SOAK else 150)
    @given(shape=SHAPES, history=HISTORIES)
    def ask(shape: Shape, history: list[Step]) -> None:
        world = World(shape)
        for step in history:
            world.step(step)
        compiled, case = world.context.read(CASE)
        tried.update(hold(compiled, case, lambda day: world.context.calendar(compiled, day), world.clock.day))

    ask()
    assert tried["forward"] > 20
    assert tried["minimum"] > 2


def test_the_days_of_shipped_statutes_are_honoured() -> None:
    tried: Counter[str] = Counter()

    @settings(max_examples=4_000 if SOAK else 200)
    @given(st.sampled_from(STORIES), st.data())
    def ask(scenario: Any, data: Any) -> None:
        count = data.draw(st.integers(0, len(scenario.events)))
        story, _ = told(scenario, [place < count for place in range(len(scenario.events))])
        today = max(story.case.last[0], story.case.opened)
        tried.update(hold(story.compiled, story.case, known, today))

    ask()
    assert tried["forward"] > 10
