"""An act that `advance` accepts is never itself invalid, capped or too early; a refusal is never about being late."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.support import cn, tries

from zhengxie_flow.engine import Command, CompiledProcess, audit, compile_process, decide, derive, evolve
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.errors import Refused
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptedCase, ScriptSource, begin, instant

START = date(2026, 1, 5)
VOID = {"invalid", "capped"}


@lru_cache(maxsize=512)
def statute(unit: str, minimum: int, up_to: int | None, times: int | None) -> CompiledProcess:
    """A clock that may be extended by two rules and stopped, an act with a minimum time, and a power to exempt."""
    caps = ({"up_to": up_to} if up_to else {}) | ({"times": times} if times else {})
    rules = [
        {"action": "extend", "by": "office", "add": {"field": "days"}, "when": "hard", **caps},
        {"action": "extend", "by": "head", "add": 3, "when": {"not": "hard"}, **caps},
    ]
    answer = {
        "within": 10, "unit": unit, "after": "receive", "restarts_on": "restart",
        "suspended": {"from": "stop", "until": "resume", "when": "hard"}, "extended_by": rules,
    }  # fmt: skip
    actions: dict[str, Any] = {
        name: {"by": ["office", "head"]}
        for name in ("receive", "stop", "resume", "restart", "answer", "close", "spare")
    }
    actions["extend"] = {"by": ["office", "head"], "with": {"days": {"type": "int"}}}
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}, "head": {}},
        "facts": {"hard": {"type": "bool"}}, "states": {"open": {}}, "actions": actions,
        "obligations": {
            "answer.in_time": {"law": "1", "do": "answer", "limit": answer},
            "close.not_before": {
                "law": "2", "do": "close", "limit": {"at_least": minimum, "unit": unit, "after": "receive"},
            },
        },
        "exemptions": {"the.power": {"law": "3", "granted_by": "spare", "when": "hard", "lifts": ["answer.in_time"]}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/accepted", "process": process}))


HAPPENINGS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(("receive", "stop", "resume", "restart", "answer", "close", "extend", "spare", "yes", "no")),
        st.sampled_from(("office", "head")),
        st.integers(1, 12),
        st.booleans(),
    ),
    max_size=12,
)


def step(script: ScriptedCase, day: date, happening: tuple[int, str, str, int, bool]) -> None:
    _, name, by, days, asked = happening
    fields = {"days": days} if name == "extend" else {}
    if name in ("yes", "no"):
        entry = {"at": day, "determine": {"hard": name == "yes"}, "by": by, "reason": "r"}
    else:
        entry = {"at": day, "do": name, "by": by, "with": fields}
    now = instant(day, script.compiled)
    if not asked or name in ("yes", "no"):
        list(script.apply(ScriptEvent.model_validate(entry), now))
        return
    try:
        event = decide(script.compiled, script.case, Command(action=name, by=by, fields=fields), cn, now)
    except Refused as refused:
        assert name in ("extend", "close", "spare"), refused.reasons  # being late is no reason
        assert all(reason.clause for reason in refused.reasons)
        return
    script.case = evolve(script.case, event)
    lines = [
        line
        for line in audit(derive(script.compiled, script.case, cn, day)).verdicts
        if line.actual is not None and line.actual.event == event.sequence
    ]
    assert [
        line for line in lines if line.verdict in VOID or (line.obligation == name and line.verdict != "pass")
    ] == []
    early = [line for line in lines if line.obligation == "close.not_before"]
    assert all(line.verdict in ("pass", "provisional") for line in early)


@given(
    HAPPENINGS,
    st.sampled_from(("working_day", "calendar_day", "month")),
    st.integers(1, 6),
    st.sampled_from((None, 4, 9)),
    st.sampled_from((None, 1)),
)
@settings(max_examples=tries(60), deadline=None)
def test_an_accepted_act_is_never_void_or_too_early(happenings, unit, minimum, up_to, times) -> None:
    compiled = statute(unit, minimum, up_to, times)
    script, _ = begin(
        ScriptSource(compiled, cn), "c", Opening(), Attribution(by="office", at=START), instant(START, compiled)
    )
    day = START
    for happening in happenings:
        day += timedelta(days=happening[0])
        step(script, day, happening)
