"""An output of a decision stands in a limit wherever a fact may: as the day it hangs on, and in the condition of a choice."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support import cn

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

DAY = date(2026, 1, 5)
DECISION = {
    "language": 1, "decision": "plan", "law": "1", "policy": "unique", "inputs": ["large"],
    "outputs": {"start": {"type": "date"}, "days": {"type": "int"}},
    "rows": [
        {"id": "1", "large": True, "then": {"start": "2026-01-07", "days": 10}},
        {"id": "2", "large": False, "then": {"start": "2026-01-12", "days": 3}},
    ],
}  # fmt: skip


def statute(limit: dict[str, Any]) -> CompiledProcess:
    process = {
        "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "facts": {"large": {"type": "bool"}},
        "states": {"open": {}}, "actions": {"act": {"by": "office"}, "receive": {"by": "office"}},
        "obligations": {"o.act": {"law": "1", "do": "act", "limit": {"unit": "working_day", **limit}}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/p", "process": process, "decisions": [DECISION]}))


def judged(limit: dict[str, Any], large: bool | None) -> Judgement:
    compiled = statute(limit)
    opening = Opening(facts={} if large is None else {"large": large})
    source = ScriptSource(compiled, cn)
    script, _ = begin(source, "c", opening, Attribution(by="office", at=DAY), instant(DAY, compiled))
    received = ScriptEvent.model_validate({"at": DAY, "do": "receive"})
    list(script.apply(received, instant(DAY, compiled)))
    (line,) = (
        line
        for line in audit(derive(compiled, script.case, cn, date(2026, 1, 13))).verdicts
        if line.obligation == "o.act"
    )
    return line


def test_a_limit_hangs_on_a_day_that_a_decision_gives() -> None:
    after = {"within": 3, "after": "plan.start"}
    assert judged(after, large=True).due == date(2026, 1, 12)
    assert judged(after, large=False).due == date(2026, 1, 15)
    unknown = judged(after, large=None)
    assert (str(unknown.verdict), unknown.due, unknown.waits_for) == ("pending", None, ("large",))


def test_a_number_that_a_decision_gives_chooses_the_limit() -> None:
    choice = {"after": "receive", "choose": [{"when": {"plan.days": {"at_least": 10}}, "within": 10}, {"within": 3}]}
    assert judged(choice, large=True).due == date(2026, 1, 19)
    assert judged(choice, large=False).due == date(2026, 1, 8)
    unknown = judged(choice, large=None)
    assert (str(unknown.verdict), unknown.needs) == ("needs_judgement", ("large",))
