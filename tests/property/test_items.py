"""Items over any story: their machine alone moves them, and striking one off hides nothing that was missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.support import compiled_from, judged, story_of, tries

from zhengxie_flow.engine import fold
from zhengxie_flow.errors import Refused, ZhengxieError
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.verdict import Verdict

FIRST = date(2026, 3, 2)
ACTS = ("read", "answer", "drop", "weigh", "announce", "take_back", "swap")
MISSED = {Verdict.BREACH, Verdict.OVERDUE}

steps = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(ACTS), st.sampled_from(("p1", "p2")), st.booleans()), max_size=8
)


def _told(story: list[tuple[int, str, str, bool]]) -> Any:
    """The story as it can be told: what is asked for and refused is left out, and so is a second successor."""
    compiled = compiled_from("papers", "papers/handling")
    told = story_of(
        compiled, opened="2026-03-02", by="office", items={"paper": {"p1": {"title": "x"}, "p2": {"title": "y"}}}
    )
    for after, action, item, asked in sorted(story):
        day = FIRST + timedelta(days=after)
        happening = {"at": day, "try" if asked else "do": action, "for": item}
        if action == "swap":
            happening["with"] = {"successor": f"{item}_new"}
        try:
            told = _next(told, happening)
        except Refused as refused:
            assert asked
            assert refused.reasons
        except ZhengxieError as error:
            assert error.code == "ZX4085"
    return told


def _next(told: Any, happening: dict[str, Any]) -> Any:
    from zhengxie_flow.model.scenario import ScriptEvent
    from zhengxie_flow.services.commands.case_script import instant

    written = ScriptEvent.model_validate(happening)
    for _ in told.apply(written, instant(written.at, told.compiled)):
        pass
    return told


@given(steps)
@settings(max_examples=tries(60))
def test_what_an_item_was_in_is_what_its_machine_says(story):
    told = _told(story)
    life = told.compiled.item_machines["paper"]
    for item in told.case.items["paper"].values():
        states = [stay.state for stay in item.stays]
        assert states[0] == "received"
        assert all(one in told.compiled.process.items["paper"].states for one in states)
        assert [stay.key for stay in item.stays] == sorted(stay.key for stay in item.stays)
        asked = [event for event in told.case.events if event.item == item.id and event.mode == "advanced"]
        for event in asked:
            for moved in plain(event.body).get("items", {}).get("moved", ()):
                assert life.allowed(moved["from"], event.action)


@given(steps, st.integers(0, 40))
@settings(max_examples=tries(60))
def test_striking_an_item_off_hides_nothing_that_was_missed(story, later):
    told = _told(story)
    for item in told.case.items["paper"].values():
        if item.ended is None:
            continue
        events = [event for event in told.case.events if event.sequence < item.ended[1]]
        before = type(told)(told.compiled, told.calendars, fold(events))
        then = {
            (one.obligation, one.item): one.verdict
            for one in judged(before, item.ended[0].isoformat()).verdicts
            if one.item == item.id and not one.is_action
        }
        now = {
            (one.obligation, one.item): one.verdict
            for one in judged(told, (item.ended[0] + timedelta(days=later)).isoformat()).verdicts
            if one.item == item.id and not one.is_action
        }
        assert {key for key, verdict in then.items() if verdict in MISSED} == {
            key for key, verdict in now.items() if verdict in MISSED
        }
