"""A first answer that moves a day which the strictest reading had already missed is a finding, whichever way the limit runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import cn

from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

CHOICE = [{"when": "grave", "at_least": 10}, {"at_least": 3}]
LIMITS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "forward": (
        {"after": "receive", "choose": [{"when": {"not": "grave"}, "within": 10}, {"within": 3}]},
        [{"at": "2026-01-05", "do": "receive"}, {"at": "2026-01-14", "do": "act"}],
    ),
    "backward": (
        {"before": "hold", "choose": CHOICE},
        [{"at": "2026-01-05", "plan": "hold", "to": "2026-01-23", "by": "office"}, {"at": "2026-01-14", "do": "act"}],
    ),
    "minimum": (
        {"after": "receive", "choose": CHOICE},
        [{"at": "2026-01-05", "do": "receive"}, {"at": "2026-01-14", "do": "act"}],
    ),
}


def judged(limit: dict[str, Any], events: list[dict[str, Any]], answer: bool) -> dict[str, str]:
    process = {
        "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "facts": {"grave": {"type": "bool"}},
        "states": {"open": {}}, "actions": {name: {"by": "office"} for name in ("receive", "act", "hold")},
        "obligations": {"o.act": {"law": "1", "do": "act", "limit": {"unit": "working_day", **limit}}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/p", "process": process}))
    day = date(2026, 1, 5)
    source = ScriptSource(compiled, cn)
    script, _ = begin(source, "c", Opening(), Attribution(by="office", at=day), instant(day, compiled))
    answered = {"at": "2026-01-15", "determine": {"grave": answer}, "by": "office", "reason": "r"}
    for written in (*events, answered):
        event = ScriptEvent.model_validate(written)
        list(script.apply(event, instant(event.at, compiled)))
    lines = audit(derive(compiled, script.case, cn, date(2026, 1, 20))).verdicts
    return {line.obligation: str(line.verdict) for line in lines if line.obligation.startswith(("o.", "integrity."))}


@pytest.mark.parametrize("direction", LIMITS)
def test_an_answer_that_eases_is_a_finding(direction: str) -> None:
    limit, events = LIMITS[direction]
    assert judged(limit, events, answer=False) == {"o.act": "pass", "integrity.correction": "finding"}


@pytest.mark.parametrize("direction", LIMITS)
def test_an_answer_that_does_not_ease_is_none(direction: str) -> None:
    limit, events = LIMITS[direction]
    assert set(judged(limit, events, answer=True)) == {"o.act"}
