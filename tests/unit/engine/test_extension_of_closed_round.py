"""An extension with nothing left to extend: void wherever every round it could be meant for is closed, else as before."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from tests.support import cn, judged, story_of

from zhengxie_flow.engine import Command, compile_process, decide
from zhengxie_flow.errors import Refused
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.services.commands.case_script import instant

LABELS = {"zh": "甲", "en": "A", "law": "1"}
FORMS = {
    "once": {"within": 10, "unit": "working_day", "after": "receive"},
    "first": {"within": 10, "unit": "working_day", "after": "receive", "occurrence": "first"},
    "restarted": {"within": 10, "unit": "working_day", "after": "receive", "restarts_on": "again"},
    "joined": {"earliest_of": [{"within": 10, "unit": "working_day", "after": "receive"}, {"within": 30, "unit": "calendar_day", "after": "receive"}]},
    "chosen": {"after": "receive", "unit": "working_day", "choose": [{"when": "hard", "within": 20}, {"within": 10}]},
}  # fmt: skip
MEANT = {"action": "prolong", "by": "head", "add": 5}


def lengthened(limit: dict[str, Any]) -> dict[str, Any]:
    if "earliest_of" not in limit:
        return {**limit, "extended_by": MEANT}
    return {"earliest_of": [{**part, "extended_by": MEANT} for part in limit["earliest_of"]]}


def compiled_with(**limits: dict[str, Any]) -> Any:
    """A process with a duty for each limit, done by the action of its name."""
    actions = {name: {**LABELS, "by": "office", "from": "open"} for name in ("receive", "again", "drop", *limits)}
    actions["drop"]["closes"] = [f"a1.{name}" for name in limits]
    actions["prolong"] = {**LABELS, "by": "head", "from": "open"}
    written = {
        "language": 1, "process": "walk", "law": "t-2020", "zh": "甲", "en": "A", "in_force": {"from": "2020-01-01"},
        "roles": {"office": LABELS, "head": LABELS},
        "facts": {"hard": {**LABELS, "type": "bool", "presumed": False, "by": "office"}},
        "states": {"open": LABELS, "closed": {**LABELS, "final": True}},
        "actions": actions,
        "obligations": {
            f"a1.{name}": {**LABELS, "who": "office", "do": name, "limit": lengthened(limit)} for name, limit in limits.items()
        },
    }  # fmt: skip
    return compile_process(resolve({"id": "x/walk", "process": written}))


def did(day: str, action: str) -> dict[str, Any]:
    return {"at": day, "do": action, "by": "head" if action == "prolong" else "office"}


def attempt(compiled: Any, acts: list[dict[str, Any]], day: str) -> tuple[list[tuple[str, tuple[str, ...]]], list[Any]]:
    """What the record shows of an extension on a day, and why it would be refused if it were asked for."""
    told = story_of(compiled, *acts, did(day, "prolong"), opened="2026-03-02", by="office")
    shown = [
        (str(line.verdict), line.detail)
        for line in judged(told, "2026-06-01").verdicts
        if line.is_action and line.verdict != "pass"
    ]
    before = story_of(compiled, *acts, opened="2026-03-02", by="office")
    try:
        now = instant(date.fromisoformat(day), compiled)
        decide(compiled, before.case, Command(action="prolong", by="head"), cn, now)
    except Refused as refused:
        return shown, [reason.detail for reason in refused.reasons]
    return shown, []


@pytest.mark.parametrize(("form", "closing"), [*product(FORMS, ("answer", "drop"))])
def test_a_closed_round_is_extended_by_nobody(form, closing):
    compiled = compiled_with(answer=FORMS[form])
    acts = [did("2026-03-02", "receive"), did("2026-03-04", closing)]
    shown, refused = attempt(compiled, acts, "2026-03-05")
    assert shown == [("invalid", ("round_closed",))]
    assert refused == ["round_closed"]


@pytest.mark.parametrize("form", FORMS)
def test_an_open_round_is_extended_and_so_is_the_next_one(form):
    compiled = compiled_with(answer=FORMS[form])
    acts = [did("2026-03-02", "receive")]
    assert attempt(compiled, acts, "2026-03-05") == ([], [])
    if form != "first":
        again = [*acts, did("2026-03-04", "answer"), did("2026-03-09", "receive")]
        assert attempt(compiled, again, "2026-03-10") == ([], [])


def test_nothing_is_said_before_a_round_was_opened():
    assert attempt(compiled_with(answer=FORMS["once"]), [did("2026-03-02", "answer")], "2026-03-05") == ([], [])


@pytest.mark.parametrize(("closed", "open_"), [pair for pair in product(FORMS, FORMS) if pair[0] != pair[1]])
def test_an_extension_meant_for_what_still_runs_is_not_void_for_what_is_closed(closed, open_):
    compiled = compiled_with(answer=FORMS[closed], publish=FORMS[open_])
    acts = [did("2026-03-02", "receive"), did("2026-03-04", "answer")]
    assert attempt(compiled, acts, "2026-03-05") == ([], [])
    shown, refused = attempt(compiled, [*acts, did("2026-03-05", "publish")], "2026-03-06")
    assert shown == [("invalid", ("round_closed",))]
    assert refused == ["round_closed", "round_closed"]
