"""Cost of a running limit: ten rounds with stops and extensions against a plain one, and plain ones against dates."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # this folder would hide the standard library's calendar

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks._measure import Goal, main, ratio, times
from tests.support import cn

from zhengxie_flow.engine import CompiledProcess, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.reading.calendars import load
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

START = date(2024, 1, 8)
ROUNDS = 10
CAL = load("cn", as_of=date(2026, 11, 22))
DAYS = [date(2026, 1, 5) + timedelta(days=number % 320) for number in range(1_000)]
LIMIT = {
    "within": 10, "unit": "working_day", "after": "remand",
    "suspended": {"from": "pause", "until": "resume"},
    "extended_by": {"action": "extend", "add": 3},
}  # fmt: skip


def goals() -> Iterator[Goal]:
    """All goals of running limits."""
    plain, busy = _view({key: LIMIT[key] for key in ("within", "unit", "after")}, 1), _view(LIMIT, ROUNDS)
    ten = _view({key: LIMIT[key] for key in ("within", "unit", "after")}, ROUNDS)
    assert len(_rounds(busy)) == len(_rounds(ten)) == ROUNDS
    # Ten rounds are ten lines, each with a day, an act and a verdict of its own: each is held against a plain limit's.
    plain_rounds = times(lambda: _rounds(plain), 5 * ROUNDS)
    what = "a round with a stop and an extension, one of ten, as a multiple of a plain limit"
    yield Goal(what, ratio(times(lambda: _rounds(busy), 5), plain_rounds, rounds=101), 5, "at most")
    what = "ten plain rounds, as a multiple of ten plain limits"
    yield Goal(what, ratio(times(lambda: _rounds(ten), 5), plain_rounds, rounds=101), 2, "at most")
    what = "a plain limit counted out, as a multiple of date + timedelta"
    yield Goal(what, ratio(_within, _plus, rounds=301), 15, "at most")


def _rounds(view: CaseView) -> tuple[Any, ...]:
    return resolve_rounds(view, owed_limit(view, "o.decide", view.compiled.obligation("o.decide"), None))


def _statute(limit: dict[str, Any]) -> CompiledProcess:
    names = ("remand", "decide", "pause", "resume", "extend", "close")
    actions: dict[str, Any] = {name: {"by": "office", "from": "open"} for name in names}
    actions["close"]["to"] = "closed"
    process = {
        "language": 1, "process": "matter", "law": "x-1", "roles": {"office": {}},
        "states": {"open": {}, "closed": {"final": True}}, "actions": actions,
        "obligations": {"o.decide": {"law": "1", "who": "office", "do": "decide", "limit": limit}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/matter", "process": process}))


def _view(limit: dict[str, Any], rounds: int) -> CaseView:
    """A case whose limit ran so many rounds, a month each; a plain one has nothing but the anchor and the act."""
    compiled = _statute(limit)
    source = ScriptSource(compiled, cn)
    case, _ = begin(source, "c", Opening(), Attribution(by="office", at=START), instant(START, compiled))
    steps = (("remand", 0), ("pause", 3), ("resume", 6), ("extend", 8), ("decide", 15))
    for number in range(rounds):
        first = START + timedelta(days=35 * number)
        for name, days in steps if rounds > 1 else (steps[0], steps[-1]):
            at = first + timedelta(days=days)
            event = ScriptEvent.model_validate({"at": at.isoformat(), "do": name})
            for _ in case.apply(event, instant(at, compiled)):
                pass
    return derive(compiled, case.case, cn, START + timedelta(days=35 * rounds)).view


def _within() -> None:
    within = CAL.within
    for day in DAYS:
        within(day, 5).date  # noqa: B018 - reading it is the point


def _plus() -> None:
    step = timedelta(days=5)
    for day in DAYS:
        day + step


if __name__ == "__main__":
    main("clocks", goals)
