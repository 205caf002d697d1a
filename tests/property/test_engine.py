"""Laws of the engine over random stories of the small statute."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, strategies as st
from tests.support import cn, judged, mini, shanghai, tell

from zhengxie_flow.engine import audit, derive, fold
from zhengxie_flow.engine.events.evolve import evolve
from zhengxie_flow.model.body import CorrectedBody
from zhengxie_flow.model.verdict import Verdict

FIRST = date(2026, 1, 6)
days = st.integers(0, 120).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
moves = st.sampled_from(["agree", "prepare", "hold", "finish", "conclude", "hear", "reply", "decide", "close", "drop"])


def _act(action: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"at": days, "do": st.just(action), "by": st.sampled_from(["office", "department", "mayor"])}
    )


happenings = st.one_of(
    moves.flatmap(_act),
    st.fixed_dictionaries({"at": days, "do": st.just("notify"), "for": st.sampled_from(["g1", "g2"]), "by": st.just("office")}),
    st.fixed_dictionaries({"at": days, "plan": st.sampled_from(["hold", "finish"]), "to": days}),
    st.fixed_dictionaries({"at": days, "determine": st.dictionaries(st.sampled_from(["urgent", "hearing_required"]), st.booleans(), min_size=1), "reason": st.just("r")}),
    st.fixed_dictionaries({"at": days, "explain": st.just("a4.report"), "reason": st.just("r")}),
    st.fixed_dictionaries({"at": days, "do": st.just("report"), "with": st.fixed_dictionaries({"to": st.sampled_from(["council", ["council", "committee"]])})}),
    st.fixed_dictionaries({"at": days, "do": st.just("spare"), "with": st.fixed_dictionaries({"urgent": st.booleans(), "why": st.just("w")})}),
)  # fmt: skip
stories = st.lists(happenings, max_size=12)


def _told(story: list[dict[str, Any]]):
    return tell(*story, items={"guest": {"g1": {}, "g2": {}}})


@given(stories)
def test_applying_events_one_by_one_is_folding_them(story):
    case = _told(story).case
    again = None
    for event in case.events:
        again = evolve(again, event)
    assert again == fold(case.events) == case


@given(stories, days)
def test_the_same_events_give_the_same_audit(story, as_of):
    told = _told(story)
    assert judged(told, as_of) == audit(derive(mini(), fold(told.case.events), cn, date.fromisoformat(as_of)))


@given(stories, days)
def test_what_happens_after_the_day_of_the_audit_changes_nothing(story, as_of):
    told = _told(story)
    earlier = [event for event in told.case.events if event.day(told.case.zone) <= date.fromisoformat(as_of)]
    if not any(happening.get("plan") for happening in story):  # an event keeps its number, so only the tail may go
        kept = fold([*earlier])
        wanted = judged(told, as_of)
        assert audit(derive(mini(), kept, cn, date.fromisoformat(as_of))) == wanted


@given(stories, days)
def test_each_duty_has_one_line_for_each_item_and_round(story, as_of):
    rounds = defaultdict(list)
    for line in judged(_told(story), as_of).verdicts:
        if not line.is_action and not line.obligation.startswith("integrity."):
            rounds[line.obligation, line.item].append(line.round)
    for numbers in rounds.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


@given(stories, st.integers(0, 11))
def test_retracting_an_act_leaves_the_case_as_if_it_had_not_happened(story, index):
    told = _told(story)
    acts = [event for event in told.case.events if event.sequence > 1]
    if not acts:
        return
    target = acts[index % len(acts)]
    correction = replace(
        target, sequence=told.case.version + 1, type=type(target.type)("corrected"), supersedes=target.sequence,
        body=CorrectedBody(retract=True, reason="r"), recorded=shanghai("2026-12-01T00:00:00"),
    )  # fmt: skip
    without = fold([event for event in told.case.events if event != target])
    corrected = evolve(told.case, correction)
    as_of = FIRST + timedelta(days=200)
    of_record = {"integrity.after_close", "integrity.correction"}  # that something was said later stays on the record
    after = [one for one in audit(derive(mini(), corrected, cn, as_of)).verdicts if one.obligation not in of_record]
    whole = audit(derive(mini(), without, cn, as_of)).verdicts
    assert after == [one for one in whole if one.obligation not in of_record]


FINAL = {Verdict.PASS, Verdict.BREACH, Verdict.DEVIATION, Verdict.DEVIATION_JUSTIFIED}


@given(stories, days, days)
def test_a_final_verdict_never_returns_to_pending(story, one_day, other_day):
    told = _told([happening for happening in story if happening.get("do") not in ("close", "drop")])
    first, second = sorted((one_day, other_day))
    before = {(line.obligation, line.item): line for line in judged(told, first).verdicts}
    after = {(line.obligation, line.item): line for line in judged(told, second).verdicts}
    for key, line in before.items():
        if line.verdict in FINAL and key in after:
            assert after[key].verdict not in (Verdict.PENDING, Verdict.PROVISIONAL), (line, after[key])


@given(stories, days)
def test_unknown_never_passes_a_gate(story, as_of):
    undetermined = [happening for happening in story if "hearing_required" not in happening.get("determine", {})]
    told = _told([happening for happening in undetermined if happening.get("do") != "drop"])  # withdrawn owes nothing
    result = judged(told, as_of)
    found = next(line for line in result.verdicts if line.obligation == "a3.hear")
    assert found.verdict in (Verdict.PENDING, Verdict.NEEDS_JUDGEMENT)
