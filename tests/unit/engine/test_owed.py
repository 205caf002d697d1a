"""What is owed when something is left out, and what a condition that nobody can answer leaves open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.projects import files_of
from tests.support import DATA, cn, story_of

from zhengxie_flow.engine import audit, compile_process, derive, view_of
from zhengxie_flow.engine.judging.deadlines import deadlines
from zhengxie_flow.engine.judging.owed import owed_acts
from zhengxie_flow.engine.state_machine.ways import with_answered_ways
from zhengxie_flow.errors import Refused
from zhengxie_flow.model.case import end_of
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.reading.sources import read_stories
from zhengxie_flow.services.queries.scenarios import run

PROJECT = DATA / "owed"
FILES = files_of(PROJECT)
STORIES = [
    pytest.param(written.scenario, id=written.scenario.scenario)
    for path in FILES.scenarios()
    for written in read_stories(path, FILES.root, [])
]


@pytest.mark.parametrize("scenario", STORIES)
def test_the_ends_of_cases(scenario):
    compiled = compile_process(FILES.load(scenario.process).definition)
    outcome = run(compiled, scenario, cn)
    assert outcome.failures == ()


# -- a process of two offices, with what each test adds ----------------------------------------------------------------

ACTIONS: dict[str, Any] = {
    "draft": {"by": "office", "from": "open", "to": "drafted"},
    "approve": {"by": "office", "from": "drafted", "to": "approved"},
    "publish": {"by": "office", "from": "approved", "to": "public"},
    "end": {"by": "office", "to": "closed"},
    "drop": {"by": "office", "to": "dropped"},
    "ask": {"by": "office"},
    "answer": {"by": "office"},
}
STATES = {name: {} for name in ("open", "drafted", "approved", "public")} | {
    "closed": {"final": True},
    "dropped": {"final": "withdrawn"},
}


def process(**parts: Any):
    base = {
        "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "states": STATES,
        "facts": {"wet": {"type": "bool", "by": "office"}, "sunny": {"type": "bool", "by": "office"}},
    }  # fmt: skip
    parts["actions"] = {**ACTIONS, **parts.get("actions", {})}
    return compile_process(resolve({"id": "x/p", "process": {**base, **parts}}))


def did(day: int, action: str, **rest: Any) -> dict[str, Any]:
    return {"at": f"2026-03-{day:02}", "do": action, "by": "office", **rest}


def found(day: int, **facts: Any) -> dict[str, Any]:
    return {"at": f"2026-03-{day:02}", "determine": facts, "by": "office", "reason": "r"}


def judged(compiled, *told: dict[str, Any], as_of: str = "2026-05-01", **given: Any):
    story = story_of(compiled, *told, opened="2026-03-01", by="office", **given)
    return audit(derive(compiled, story.case, cn, date.fromisoformat(as_of)))


def verdict(result, ident: str) -> str | None:
    lines = [line for line in result.verdicts if line.obligation == ident and not line.is_action]
    return str(lines[0].verdict) if lines else None


WITHIN = {"within": 5, "unit": "working_day"}
CIRCLE = {
    "a.draft": {"do": "draft", "limit": {"before": "approve"}},
    "a.approve": {"do": "approve", "limit": {"before": "publish"}},
    "a.publish": {"do": "publish", "limit": {**WITHIN, "after": "approve"}},
}


def test_duties_that_hang_only_on_one_another_are_owed():
    result = judged(process(obligations=CIRCLE), did(2, "end"))
    assert [verdict(result, name) for name in CIRCLE] == ["breach"] * 3
    assert result.verdicts[0].waits_for == ("approve",)  # the anchor that was missed is named


def test_without_the_circle_nothing_is_owed():
    result = judged(process(obligations={name: CIRCLE[name] for name in ("a.draft", "a.approve")}), did(2, "end"))
    assert {verdict(result, name) for name in ("a.draft", "a.approve")} == {"not_applicable"}


@pytest.mark.parametrize(
    ("limit", "more", "wanted"),
    [
        ({**WITHIN, "after": "ask"}, {}, "not_applicable"),
        ({**WITHIN, "after": "ask"}, {"b.ask": {"do": "ask"}}, "breach"),
        ({**WITHIN, "after": "ask"}, {"b.ask": {"do": "ask", "force": "may"}}, "not_applicable"),
        ({**WITHIN, "after": "ask"}, {"b.ask": {"do": "ask", "when": "wet"}}, "breach"),
        ({**WITHIN, "after": {"done": "ask", "where": {"by": "office"}}}, {"b.ask": {"do": "ask"}}, "not_applicable"),
        ({**WITHIN, "after": {"first_of": ["ask", "publish"]}}, {"b.ask": {"do": "ask"}}, "breach"),
        ({**WITHIN, "after": {"last_of": ["ask", "publish"]}}, {"b.ask": {"do": "ask"}}, "not_applicable"),
        ({**WITHIN, "after": {"due": "b.ask"}}, {"b.ask": {"do": "ask", "limit": {**WITHIN, "after": "draft"}}}, "not_applicable"),
        ({"before": "ask"}, {"b.ask": {"do": "ask"}}, "breach"),
        ({"before": "ask"}, {}, "not_applicable"),
        ({"after": "ask"}, {}, "not_applicable"),
        ({"at_least": 3, "unit": "working_day", "before": "ask"}, {}, "not_applicable"),
        ({**WITHIN, "after": "wet"}, {}, "not_applicable"),
        (None, {}, "breach"),
    ],
)  # fmt: skip
def test_at_the_end_a_duty_is_missed_only_if_its_anchor_was_owed(limit, more, wanted):
    duty = {"do": "answer"} | ({} if limit is None else {"limit": limit})
    assert verdict(judged(process(obligations={"a.answer": duty, **more}), did(2, "end")), "a.answer") == wanted
    assert (
        verdict(judged(process(obligations={"a.answer": duty, **more}), did(2, "drop")), "a.answer") == "not_applicable"
    )


def test_a_duty_whose_acts_were_all_passed_over_is_missed():
    duty = {"a.approve": {"do": "approve", "limit": {**WITHIN, "after": "ask"}}}
    assert verdict(judged(process(obligations=duty), did(2, "publish"), did(3, "end")), "a.approve") == "breach"
    assert verdict(judged(process(obligations=duty), did(2, "draft"), did(3, "end")), "a.approve") == "not_applicable"


# -- requirements of an act left out -----------------------------------------------------------------------------------

LAW = {"law": "1"}


def asking(that: Any, **more: Any):
    entry = {"id": "r.asked", **LAW, "that": that, **more}
    return process(actions={"approve": {**ACTIONS["approve"], "with": {"note": {"type": "text"}, "ok": {"type": "bool"}, "wet": {}}, "requires": [entry]}})  # fmt: skip


@pytest.mark.parametrize(
    ("that", "more", "wanted"),
    [
        ({"done": "ask"}, {}, "breach"),
        ({"not": {"done": "ask"}}, {}, "pass"),
        ("ok", {}, "breach"),
        ({"not": "ok"}, {}, "breach"),
        ({"note": {"recorded": True}}, {}, "breach"),
        ({"any": ["ok", {"not": {"done": "ask"}}]}, {}, "pass"),
        ({"all": ["ok", "sunny"]}, {}, "breach"),
        ({"any": ["ok", "sunny"]}, {}, "needs_judgement"),
        ("wet", {}, "needs_judgement"),  # a fact may be on record without the act
        ({"done": "ask"}, {"when": "sunny"}, "needs_judgement"),
        ({"done": "ask"}, {"when": {"done": "answer"}}, "not_applicable"),
        ({"done": "ask"}, {"force": "should"}, "deviation"),
        ({"done": "ask"}, {"force": "may"}, None),
        ({"done": "ask"}, {"law": ()}, None),
    ],
)
def test_a_requirement_of_an_act_that_the_case_went_past_is_judged(that, more, wanted):
    past = [did(2, "draft"), did(3, "publish")]
    result = judged(asking(that, **more), *past)
    assert verdict(result, "r.asked") == wanted
    assert verdict(judged(asking(that, **more), *past, did(4, "end")), "r.asked") == wanted
    assert verdict(judged(asking(that, **more), *past, did(4, "drop")), "r.asked") is None
    assert verdict(judged(asking(that, **more), did(2, "draft")), "r.asked") is None


def test_what_lies_before_the_state_the_case_was_opened_in_is_not_judged():
    assert verdict(judged(asking({"done": "ask"}), did(2, "end"), state="public"), "r.asked") is None


def test_a_requirement_of_an_act_planned_or_owed_has_a_line():
    entry = {"id": "r.asked", **LAW, "that": {"done": "ask"}}
    compiled = process(actions={"answer": {"by": "office", "requires": [entry]}})
    assert verdict(judged(compiled), "r.asked") is None
    assert verdict(judged(compiled, {"at": "2026-03-02", "plan": "answer", "to": "2026-04-01"}), "r.asked") == "pending"
    assert verdict(judged(compiled, did(2, "answer")), "r.asked") == "breach"
    owing = process(
        actions={"answer": {"by": "office", "requires": [entry]}}, obligations={"b.answer": {"do": "answer"}}
    )
    assert verdict(judged(owing), "r.asked") == "pending"


def test_what_is_owed_is_read_again_for_each_view():
    compiled = process(obligations={"b.ask": {"do": "ask"}})
    story = story_of(compiled, did(5, "ask"), opened="2026-03-01", by="office")
    view = view_of(compiled, story.case, cn, date(2026, 3, 31))
    assert not owed_acts(view).owes("ask")
    assert owed_acts(view.at(end_of(date(2026, 3, 4)))).owes("ask")


# -- internal controls -------------------------------------------------------------------------------------------------


def test_a_control_has_a_line_only_where_it_is_broken_and_does_not_count():
    entry = {"id": "guard.asked", "that": {"done": "ask"}}
    compiled = process(actions={"answer": {"by": "office", "requires": [entry]}}, controls=["guard.asked"])
    kept, broken = judged(compiled, did(2, "ask"), did(3, "answer")), judged(compiled, did(3, "answer"))
    assert verdict(kept, "guard.asked") is None
    assert verdict(broken, "guard.asked") == "finding"
    assert [line.control for line in broken.verdicts] == [True]
    assert str(broken.worst) == "not_applicable"
    with pytest.raises(Refused):
        story_of(compiled, {"at": "2026-03-03", "try": "answer", "by": "office"}, opened="2026-03-01", by="office")


# -- acts before their clock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "told", "wanted"),
    [
        ({**WITHIN, "after": "ask"}, [did(2, "answer"), did(4, "ask")], "2026-03-02"),
        ({**WITHIN, "after": "ask"}, [did(4, "answer"), did(4, "ask")], None),
        ({"after": "ask"}, [did(2, "answer"), did(4, "ask")], "2026-03-02"),
        ({"at_least": 2, "unit": "working_day", "after": "ask"}, [did(2, "answer"), did(4, "ask")], "2026-03-02"),
        ({"before": "ask"}, [did(2, "answer"), did(4, "ask")], None),
        ({"at_least": 1, "unit": "working_day", "before": "ask"}, [did(2, "answer"), did(4, "ask")], None),
    ],
)
def test_an_act_before_its_clock_starts_is_named_on_the_line_of_the_duty(limit, told, wanted):
    result = judged(process(obligations={"a.answer": {"do": "answer", "limit": limit}}), *told)
    early = next(line for line in result.verdicts if line.obligation == "a.answer").early
    assert (early and early.date.isoformat()) == wanted


# -- days to come ------------------------------------------------------------------------------------------------------

NEXT = {"do": "answer", "limit": {**WITHIN, "after": "ask"}}
ASKED = {"do": "ask", "limit": {**WITHIN, "after": "draft"}}
BACK = {"do": "answer", "limit": {"at_least": 10, "unit": "working_day", "before": "ask"}}


def rows(compiled, *told: dict[str, Any], as_of: str = "2026-03-02"):
    story = story_of(compiled, *told, opened="2026-03-01", by="office")
    return {row.obligation: row for row in deadlines(derive(compiled, story.case, cn, date.fromisoformat(as_of)))}


@pytest.mark.parametrize(
    ("more", "told", "kind"),
    [
        ({}, [], "projected"),
        ({"c.other": {"do": "ask"}}, [], "unknown"),  # two duties name the act
        ({"b.ask": {**ASKED, "do": ["ask", "publish"]}}, [], "unknown"),  # one of two acts
        ({"b.ask": {**ASKED, "when": {"done": "approve"}}}, [], "unknown"),  # not owed
        ({"b.ask": {**ASKED, "force": "may"}}, [], "unknown"),
        ({}, [{"at": "2026-03-02", "plan": "ask", "to": "2026-03-20"}], "planned"),
        ({}, [did(2, "ask")], "actual"),
    ],
)
def test_a_day_is_projected_only_from_the_one_duty_that_names_an_act(more, told, kind):
    compiled = process(obligations={"a.answer": NEXT, "b.ask": ASKED, **more})
    row = rows(compiled, did(2, "draft"), *told)["a.answer"]
    assert row.anchor_kind == kind
    assert (row.day is None) == (kind == "unknown")


def test_no_day_is_projected_from_an_act_that_no_state_to_come_allows():
    actions = {"ask": {"by": "office", "from": "drafted"}}
    compiled = process(actions=actions, obligations={"a.answer": NEXT, "b.ask": ASKED})
    assert rows(compiled, did(2, "draft"))["a.answer"].anchor_kind == "projected"
    assert rows(compiled, did(2, "draft"), did(2, "approve"))["a.answer"].anchor_kind == "unknown"


def test_one_projected_link_marks_all_after_it_and_none_is_ever_overdue():
    chain = {
        "a.answer": BACK, "b.ask": ASKED, "c.end": {"do": "end", "limit": {**WITHIN, "after": {"due": "a.answer"}}},
        "d.drop": {"do": "drop", "limit": {**WITHIN, "after": {"first_of": ["publish", "ask"]}}},
    }  # fmt: skip
    compiled = process(obligations=chain)
    for day in ("2026-03-02", "2026-04-01", "2026-06-01"):
        result = judged(compiled, did(2, "draft"), as_of=day)
        lines = {line.obligation: line for line in result.verdicts}
        assert [lines[name].projected for name in ("a.answer", "c.end", "d.drop")] == [True] * 3
        assert {str(lines[name].verdict) for name in ("a.answer", "c.end", "d.drop")} == {"pending"}


def test_what_was_not_sent_back_has_no_day_to_be_mended():
    compiled = compile_process(FILES.load("branches/filing").definition)
    story = story_of(compiled, {"at": "2026-03-02", "do": "file"}, opened="2026-03-01", by="b")
    days = {row.obligation: row.day for row in deadlines(derive(compiled, story.case, cn, date(2026, 3, 3)))}
    assert days == {"d1": date(2026, 3, 9), "d2": None}


# -- what is unknown ---------------------------------------------------------------------------------------------------

TRUTHS = {"true": [found(1, wet=True)], "false": [found(1, wet=False)], "unknown": []}


@pytest.mark.parametrize(
    ("truth", "told", "wanted"),
    [
        *(("true", told, wanted) for told, wanted in (([], "pending"), ([9], "breach"), ([3], "pass"))),
        *(("false", told, "not_applicable") for told in ([], [9], [3])),
        # open and not applicable: the open one, with what would settle it; otherwise somebody has to judge
        *(("unknown", told, wanted) for told, wanted in (([], "pending"), ([9], "needs_judgement"), ([3], "needs_judgement"))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["process", "duty"])
def test_the_condition_of_a_process_or_duty_is_read_on_the_day_of_the_audit(where, truth, told, wanted):
    duty = {"do": "answer", "limit": {"within": 5, "unit": "calendar_day", "after": "ask"}}
    parts = {"obligations": {"a.answer": {**duty, **({"when": "wet"} if where == "duty" else {})}}}
    compiled = process(**parts, **({"when": "wet"} if where == "process" else {}))
    acts = [did(1, "ask"), *(did(day, "answer") for day in told)]
    result = judged(compiled, *acts, *TRUTHS[truth], as_of="2026-03-20" if told else "2026-03-02")
    line = next(line for line in result.verdicts if line.obligation == "a.answer")
    assert str(line.verdict) == wanted
    assert ("wet" in line.needs) == (truth == "unknown")


@pytest.mark.parametrize(
    ("when", "that", "wanted"),
    [
        ("true", "true", "pass"), ("true", "false", "breach"), ("true", "unknown", "needs_judgement"),
        ("false", "true", "not_applicable"), ("false", "false", "not_applicable"), ("false", "unknown", "not_applicable"),
        ("unknown", "true", "pass"), ("unknown", "false", "needs_judgement"), ("unknown", "unknown", "needs_judgement"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["process", "requirement"])
def test_a_requirement_is_read_at_its_act_and_the_condition_of_its_process_reaches_it(where, when, that, wanted):
    facts = {name: truth == "true" for name, truth in (("wet", when), ("sunny", that)) if truth != "unknown"}
    entry = {"id": "r.asked", **LAW, "that": "sunny", **({"when": "wet"} if where == "requirement" else {})}
    compiled = process(
        actions={"answer": {"by": "office", "requires": [entry]}}, **({"when": "wet"} if where == "process" else {})
    )
    told = [found(1, **facts)] if facts else []
    assert verdict(judged(compiled, *told, did(2, "answer")), "r.asked") == wanted
    asked = {"at": "2026-03-02", "try": "answer", "by": "office"}
    if wanted in ("pass", "not_applicable"):
        story_of(compiled, *told, asked, opened="2026-03-01", by="office")
    else:
        with pytest.raises(Refused) as refused:
            story_of(compiled, *told, asked, opened="2026-03-01", by="office")
        assert refused.value.reasons[0].value == ("false" if wanted == "breach" else "unknown")


WAYS = {
    "split": [{"from": "open", "to": "drafted", "when": "wet"}, {"from": "open", "to": "approved"}],
    "shared": [{"from": "open", "to": "drafted", "when": "wet"}, {"from": "open", "to": "drafted", "when": {"not": "wet"}}],
    "lone": [{"from": "open", "to": "drafted", "when": "wet"}],
    "elsewhere": [{"from": "public", "to": "drafted", "when": "wet"}, {"from": "public", "to": "approved", "when": {"not": "wet"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("ways", "truth", "state"),
    [
        ("split", "true", "drafted"), ("split", "false", "approved"), ("split", "unknown", "open"),
        ("shared", "true", "drafted"), ("shared", "false", "drafted"), ("shared", "unknown", "drafted"),
        ("lone", "true", "drafted"), ("lone", "false", "open"), ("lone", "unknown", "drafted"),
        ("elsewhere", "true", "drafted"), ("elsewhere", "false", "approved"), ("elsewhere", "unknown", "open"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", ["case", "item"])
def test_an_act_takes_the_first_way_whose_condition_is_true_and_none_that_is_unknown(of, ways, truth, state):
    moves = WAYS[ways]
    if of == "case":
        compiled, told, given = process(actions={"go": {"by": "office", "moves": moves}}), [did(2, "go")], {}
        asked = {"at": "2026-03-02", "try": "go", "by": "office"}
    else:
        items = {"paper": {"states": {name: {} for name in STATES}}}
        compiled = process(items=items, actions={"go": {"by": "office", "for": "paper", "item": moves}})
        told, given = [did(2, "go", **{"for": "p1"})], {"items": {"paper": {"p1": {}}}}
        asked = {"at": "2026-03-02", "try": "go", "by": "office", "for": "p1"}
    story = story_of(compiled, *TRUTHS[truth], *told, opened="2026-03-01", by="office", **given)
    view = view_of(compiled, story.case, cn, date(2026, 3, 31))
    assert (view.state if of == "case" else view.item_state(story.case.items["paper"]["p1"])) == state
    undecided = [line for line in audit(derive(compiled, story.case, cn, date(2026, 3, 31))).verdicts if line.is_action]
    assert [str(line.verdict) for line in undecided] == (
        ["needs_judgement"] if truth == "unknown" and ways != "shared" else []
    )
    assert all(line.needs == ("wet",) for line in undecided)
    if ways != "elsewhere" and (truth == "true" or (ways in ("shared", "split") and truth == "false")):
        story_of(compiled, *TRUTHS[truth], asked, opened="2026-03-01", by="office", **given)
        return
    with pytest.raises(Refused):
        story_of(compiled, *TRUTHS[truth], asked, opened="2026-03-01", by="office", **given)


@pytest.mark.parametrize(("answer", "state"), [(True, "drafted"), (False, "approved")])
def test_an_answer_moves_the_case_and_the_item_as_of_the_act(answer, state):
    moves = WAYS["split"]
    items = {"paper": {"states": {name: {} for name in STATES}}}
    compiled = process(
        items=items,
        actions={"go": {"by": "office", "moves": moves}, "hand_in": {"by": "office", "for": "paper", "item": moves}},
        obligations={"a.answer": {"do": "answer", "when": {"in_state": ["drafted", "approved"]}}},
    )
    told = [did(2, "go"), did(2, "hand_in", **{"for": "p1"}), found(9, wet=answer)]
    story = story_of(compiled, *told, opened="2026-03-01", by="office", items={"paper": {"p1": {}}})
    settled = with_answered_ways(view_of(compiled, story.case, cn, date(2026, 3, 31)))
    assert [stay.state for stay in story.case.stays] == ["open"]
    assert [stay.state for stay in settled.stays] == ["open", state]
    assert settled.stays[1].key == story.case.timeline[0].key
    assert settled.items["paper"]["p1"].stays[-1].state == state
    result = audit(derive(compiled, story.case, cn, date(2026, 3, 31)))
    assert result.state == state
    assert not [line for line in result.verdicts if line.is_action]
    assert verdict(audit(derive(compiled, story.case, cn, date(2026, 3, 8))), "a.answer") == "not_applicable"
    assert verdict(result, "a.answer") == "pending"


def test_an_answer_takes_back_a_move_by_the_only_way_that_was_not_open():
    compiled = process(actions={"go": {"by": "office", "moves": WAYS["lone"]}})
    story = story_of(compiled, did(2, "go"), found(9, wet=False), opened="2026-03-01", by="office")
    assert story.case.state == "drafted"
    assert audit(derive(compiled, story.case, cn, date(2026, 3, 8))).state == "drafted"
    assert audit(derive(compiled, story.case, cn, date(2026, 3, 9))).state == "open"
