"""Small statutes, each for one rule: who an item is that acts, what a new item must say, what a withdrawn case still owes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import cn

from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import Refused
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptedCase, ScriptSource, begin, instant, opening_of

DAY = date(2026, 3, 2)
STATUTE: dict[str, Any] = {
    "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}},
    "items": {"party": {"fields": {"side": {"type": "text", "required": True}}}},
    "states": {"open": {}, "dropped": {"final": "withdrawn"}},
    "actions": {
        "add": {"by": "office", "adds": "party"},
        "serve": {"by": "office", "for": "party"},
        "sign": {"by": "party", "for": "party"},
        "hold": {"by": "office"},
        "drop": {"by": "office", "from": "open", "to": "dropped"},
    },
    "obligations": {"the.duty": {"law": "1", "do": "serve", "limit": {"before": "hold", "parameter": "lead"}}},
}  # fmt: skip


def story(*told: dict[str, Any]) -> ScriptedCase:
    bundle = {"id": "x/clock", "process": STATUTE, "parameters": {"lead": {"zh": "提前量"}}}
    compiled = compile_process(resolve(bundle))
    given = ScenarioSetup(items={"party": {"p1": {"side": "a"}}})
    begun, _ = begin(
        ScriptSource(compiled, cn), "c", opening_of(given), Attribution(by="office", at=DAY), instant(DAY, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"at": DAY, "by": "office", **written})
        for _ in begun.apply(happening, instant(happening.at, compiled)):
            pass
    return begun


def test_an_item_acts_itself_only_where_its_type_is_named():
    story({"try": "sign", "for": "p1", "by": "p1"})
    with pytest.raises(Refused) as refused:
        story({"try": "serve", "for": "p1", "by": "p1"})
    assert [reason.id for reason in refused.value.reasons] == ["role"]
    told = story({"do": "serve", "for": "p1", "by": "p1"})
    lines = audit(derive(told.compiled, told.case, cn, DAY)).verdicts
    assert [str(one.verdict) for one in lines if one.is_action] == ["finding"]


def test_a_new_item_must_say_what_its_type_requires():
    with pytest.raises(Refused) as refused:
        story({"try": "add", "for": "p2"})
    assert [(reason.id, reason.needs) for reason in refused.value.reasons] == [("with.side", ("side",))]
    assert story({"try": "add", "for": "p2", "with": {"side": "b"}}).case.items["party"]["p2"].fields == {"side": "b"}
    assert "p2" in story({"do": "add", "for": "p2"}).case.items["party"]  # what happened is never refused


def test_a_withdrawn_case_asks_for_no_parameter_any_more():
    plan = {"plan": "hold", "to": "2026-04-01"}
    for told, verdict in (((plan,), "needs_parameter"), ((plan, {"do": "drop"}), "not_applicable")):
        case = story(*told)
        lines = audit(derive(case.compiled, case.case, cn, DAY)).verdicts
        assert next(str(one.verdict) for one in lines if one.obligation == "the.duty") == verdict


def test_a_case_given_as_ended_is_judged_from_its_opening_on():
    statute = STATUTE | {
        "states": {"open": {}, "ended": {"final": True}},
        "actions": STATUTE["actions"] | {"drop": {"by": "office", "from": "open", "to": "ended"}},
        "obligations": {"the.duty": {"law": "1", "do": "serve", "limit": {"after": "hold", "parameter": "lead"}}},
    }
    lead = {"zh": "期限", "default": {"within": 5, "unit": "working_day"}}
    compiled = compile_process(resolve({"id": "x/clock", "process": statute, "parameters": {"lead": lead}}))
    begun, _ = begin(
        ScriptSource(compiled, cn),
        "c",
        opening_of(ScenarioSetup(state="ended")),
        Attribution(by="office", at=DAY),
        instant(DAY, compiled),
    )
    (line,) = [one for one in audit(derive(compiled, begun.case, cn, DAY)).verdicts if one.obligation == "the.duty"]
    assert (str(line.verdict), line.detail) == ("breach", ("ended",))
