"""What `advance` refuses because it would be void or forbidden, and what it never refuses."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from tests.support import DATA, cn, tell

from zhengxie_flow.engine import Command, CompiledProcess, audit, compile_process, decide, derive, evolve
from zhengxie_flow.errors import Reason, Refused
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.services.commands.case_script import instant


@lru_cache
def process(name: str) -> CompiledProcess:
    files = Files(DATA / "clocks" / "processes", DATA / "clocks" / "rules")
    return compile_process(files.load(f"clocks/{name}").definition)


def asked(name: str, acts: list[dict[str, Any]], day: str, action: str, by: str, **fields: Any) -> tuple[Reason, ...]:
    """The reasons to refuse an act on a day; none where it is accepted."""
    script = tell(*acts, compiled=process(name), items={}, opened="2026-03-02", by="clerk")
    now = instant(date.fromisoformat(day), script.compiled)
    try:
        decide(script.compiled, script.case, Command(action=action, by=by, fields=fields), cn, now)
    except Refused as refused:
        return refused.reasons
    return ()


BEGUN = [{"at": "2026-03-02", "do": "begin", "by": "clerk"}]
CALM = [{"at": "2026-03-02", "determine": {"urgent": False}, "by": "head", "reason": "r"}, *BEGUN]
EXTENDED = [*BEGUN, {"at": "2026-03-03", "do": "extend", "by": "head", "with": {"days": 10}}]


def details(reasons: tuple[Reason, ...]) -> dict[str, tuple[Any, ...]]:
    assert all(reason.value == "false" and reason.clause for reason in reasons)
    return {reason.id: (reason.detail, reason.left, reason.unit) for reason in reasons}


def test_an_extension_beyond_its_cap_is_refused_with_what_is_left() -> None:
    assert asked("running", BEGUN, "2026-03-04", "extend", "head", days=10) == ()
    beyond = asked("running", BEGUN, "2026-03-04", "extend", "head", days=14)
    assert details(beyond) == {"a1.wd": ("capped", 10, "working_day")}
    used = asked("running", EXTENDED, "2026-03-04", "extend", "head", days=25)
    assert details(used) == {"a1.cal": ("capped", 20, "calendar_day"), "a1.wd": ("capped", 0, "working_day")}


def test_an_extension_after_expiry_or_under_no_rule_that_holds_is_refused() -> None:
    late = asked("running", BEGUN, "2026-07-01", "extend", "head", days=1)
    assert details(late) == {
        "a1.cal": ("after_expiry", None, "calendar_day"),
        "a1.wd": ("after_expiry", None, "working_day"),
    }
    small = [{"at": "2026-03-02", "do": "receive", "by": "clerk", "with": {"kind": "small"}}]
    assert details(asked("rule_of_extension", small, "2026-03-04", "extend", "mayor", days=5)) == {
        "a1.decide": ("wrong_authority", None, "working_day")
    }
    begun = [*CALM, {"at": "2026-03-02", "determine": {"complicated": False}, "by": "head", "reason": "r"}]
    assert details(asked("extension_condition", begun, "2026-03-04", "extend", "head", days=5)) == {
        "a1.wd": ("no_rule", None, "working_day")
    }


def test_an_extension_of_unknown_validity_is_refused_with_the_determination_it_needs() -> None:
    (reason,) = asked("extension_condition", CALM, "2026-03-04", "extend", "head", days=5)
    assert (reason.id, reason.value, reason.needs) == ("a1.wd", "unknown", ("complicated",))


def test_an_act_before_its_minimum_time_is_refused_with_the_first_day() -> None:
    paused = [{"at": "2026-03-02", "do": "pause", "by": "clerk"}]
    (reason,) = asked("minimum", paused, "2026-04-30", "terminate", "clerk")
    assert (reason.id, reason.detail, reason.day, reason.clause) == ("a1.sixty", "too_early", date(2026, 5, 1), "1")
    assert asked("minimum", paused, "2026-05-01", "terminate", "clerk") == ()


@pytest.mark.parametrize("day", ["2026-03-20", "2026-08-03"])
def test_doing_late_what_is_owed_is_never_refused(day: str) -> None:
    assert asked("running", BEGUN, day, "close", "clerk") == ()


def test_what_is_recorded_is_judged_and_not_refused() -> None:
    script = tell(*EXTENDED, compiled=process("running"), items={}, opened="2026-03-02", by="clerk")
    command = Command(action="extend", by="head", at=date(2026, 3, 5), fields={"days": 25})
    event = decide(script.compiled, script.case, command, cn, instant(date(2026, 3, 5), script.compiled))
    lines = audit(derive(script.compiled, evolve(script.case, event), cn, date(2026, 3, 5))).verdicts
    assert [line.verdict for line in lines if line.actual and line.actual.event == event.sequence] == [
        "capped",
        "capped",
    ]
