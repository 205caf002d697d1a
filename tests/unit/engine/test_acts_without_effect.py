"""An act that is void performs nothing and moves nothing, and what a delegation lends is lent on its days alone."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from tests.support import judged, line, story_of

from zhengxie_flow.engine import compile_process
from zhengxie_flow.model.definition import resolve

PROCESS: dict[str, Any] = {
    "language": 1, "process": "p", "law": "x-1", "states": {"open": {}, "kept": {}},
    "roles": {"office": {}, "officer": {}, "leader": {}, "deputy": {}},
    "actions": {
        "publish": {"by": "office"},
        "withhold": {
            "by": "officer", "power": True, "void_without": "basis", "from": "open", "to": "kept",
            "with": {"basis": {"type": "text"}},
        },
        "lend": {
            "by": "leader", "delegates": {"role": "deputy", "from": "begins", "until": "ends"},
            "with": {"begins": {"type": "date"}, "ends": {"type": "date"}},
        },
        "take_back": {"by": "leader", "revokes": "deputy"},
        "hold": {
            "by": "office",
            "requires": [
                {"id": "lent", "that": {"done": "lend", "in_force": True}},
                {"id": "not_lent", "that": {"done": "lend", "in_force": False}},
                {"id": "withheld", "that": {"done": "withhold", "in_force": True}},
            ],
        },
    },
    "obligations": {"shown": {"who": "office", "do": ["publish", "withhold"], "limit": {"before": "hold"}}},
}  # fmt: skip
COMPILED = compile_process(resolve({"id": "x/p", "process": PROCESS}))
HELD = {"at": "2026-03-10", "do": "hold", "by": "office"}


def verdict(ident: str, *events: dict[str, Any]) -> str:
    story = story_of(COMPILED, *events, HELD, opened="2026-03-01", by="office")
    return str(line(judged(story, "2026-03-11"), ident).verdict)


@pytest.mark.parametrize(("by", "basis"), [*product(("officer", "office"), ("an act", None))])
def test_a_power_counts_by_who_has_it_and_with_what_it_may_not_lack(by, basis):
    act = {"at": "2026-03-02", "do": "withhold", "by": by, "with": {} if basis is None else {"basis": basis}}
    counts = by == "officer" and basis == "an act"
    assert verdict("shown", act) == ("pass" if counts else "breach")
    assert verdict("withheld", act) == ("pass" if counts else "finding")
    assert story_of(COMPILED, act, opened="2026-03-01", by="office").case.state == ("kept" if counts else "open")


FIRST = (None, "2026-03-01", "2026-03-10", "2026-03-11")
LAST = (None, "2026-03-09", "2026-03-10")


@pytest.mark.parametrize(
    ("by", "first", "last", "revoked"),
    [*product(("leader", "office"), FIRST, LAST, (None, "2026-03-05", "2026-03-10"))],
)
def test_a_delegation_is_in_force_from_its_first_to_its_last_day_until_it_is_revoked(by, first, last, revoked):
    days = {name: day for name, day in (("begins", first), ("ends", last)) if day is not None}
    events = [{"at": "2026-03-02", "do": "lend", "by": by, "with": days}]
    if revoked is not None:
        events.append({"at": revoked, "do": "take_back", "by": "leader"})
    covers = (first or "2026-03-02") <= "2026-03-10" <= (last or "2026-03-10")
    lent = by == "leader" and covers and revoked is None
    assert verdict("lent", *events) == ("pass" if lent else "finding")
    assert verdict("not_lent", *events) == ("finding" if lent else "pass")
