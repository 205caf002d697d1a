"""What an event touches is judged again and nothing else is; the open work is the same as if all were judged.

Over random statutes and histories, where time brings acts and corrections fold the case again, and over any part of the
stories of the shipped scenarios: each stage of a case, as of one day, goes on from the stage before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.property.test_final_verdicts import STORIES, known, told
from tests.property.worlds import CASE, HISTORIES, SHAPES, SUBCASE, Shape, Step, World
from tests.support import SOAK

from zhengxie_flow.engine import CompiledProcess, derive, fold, view
from zhengxie_flow.engine.judging.deadlines import open_work
from zhengxie_flow.engine.kept_work import KeptWork, kept_work
from zhengxie_flow.engine.next_change import next_change
from zhengxie_flow.engine.view import Calendars
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case


@pytest.fixture(scope="module", autouse=True)
def choices_of_few_items_are_kept() -> Iterator[None]:
    """Keep what conditions select of items however few they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "MANY", 1)
        yield


def go_on(compiled: CompiledProcess, case: Case, calendars: Calendars, day: date) -> tuple[int, int]:
    """Hold each stage of a case against the judgement of all, after the first; how much was judged again, and of how much."""
    kept: KeptWork | None = None
    again = there = 0
    for count in range(1, len(case.events) + 1):
        derived = derive(compiled, fold(case.events[:count]), calendars, day)
        kept = kept_work(derived, "basis", kept)
        rows = open_work(derived)
        assert kept.rows == rows, f"after event {count}"
        assert kept.next_change == next_change(derived, rows), f"after event {count}"
        if count > 1:
            judged = sum(len(block.judged) for block in (*kept.duties.values(), *kept.others.values()))
            again, there = again + kept.judged_again, there + judged
    return again, there


@settings(max_examples=5_000 if SOAK else 30)
@given(shape=SHAPES, history=HISTORIES, later=st.integers(0, 20))
def test_random_statutes_are_judged_as_if_all_were_judged(shape: Shape, history: list[Step], later: int) -> None:
    world = World(shape)
    for step in history:
        world.step(step)
    for name in (CASE, SUBCASE):
        try:
            compiled, case = world.context.read(name)
        except NotFound:
            continue
        day = world.clock.day + timedelta(days=later)
        go_on(compiled, case, lambda by, compiled=compiled: world.context.calendar(compiled, by), day)  # type: ignore[misc]


def test_shipped_statutes_are_judged_as_if_all_were_judged_and_little_is() -> None:
    again = there = 0

    @settings(max_examples=1_000 if SOAK else 25)
    @given(st.sampled_from(STORIES), st.data())
    def ask(scenario: Any, data: Any) -> None:
        nonlocal again, there
        size = len(scenario.events)
        story, _ = told(scenario, data.draw(st.lists(st.booleans() | st.just(True), min_size=size, max_size=size)))
        day = max(story.case.last[0], story.case.opened) + timedelta(days=data.draw(st.integers(0, 30)))
        judged, of_all = go_on(story.compiled, story.case, known, day)
        again, there = again + judged, there + of_all

    ask()
    assert again < there / 2
