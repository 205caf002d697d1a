"""Which acts close a duty, with what is open about each, and which perform one that several owe together."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.engine.test_limits import did
from tests.unit.engine.test_resolving import view_of

from zhengxie_flow.engine.compile import Closer
from zhengxie_flow.engine.limits.counted_acts import ClosingAct, closing_acts, performed_by
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.condition import Compare, Test

ACTIONS: dict[str, Any] = {
    name: {"by": ["office", "head", "clerk"], "with": {"final": {"type": "bool"}}} for name in ("drop", "leave")
}
FINAL = Compare(name="final", test=Test(equals=True))
FIVE = {"within": 5, "unit": "working_day", "after": "receive"}


def view(*told: dict[str, Any]) -> CaseView:
    return view_of(FIVE, list(told), "2026-03-20", actions=ACTIONS, roles=("office", "head", "clerk"))


def dropped(day: int, final: bool | None, name: str = "drop") -> dict[str, Any]:
    return did(f"2026-03-{day:02}", name, **({} if final is None else {"with": {"final": final}}))


def shown(closing: list[ClosingAct]) -> list[tuple[int, str, str | None, tuple[str, ...], str | None]]:
    return [(entry.act.day.day, entry.act.action, entry.follows_from, entry.needs, entry.missed) for entry in closing]


@pytest.mark.parametrize(("final", "needs"), [(True, ()), (None, ("final",)), (False, None)])
def test_an_act_closes_a_duty_where_it_is_or_may_be_like_that(final, needs):
    seen = view(dropped(4, final))
    found = shown(closing_acts(seen, (Closer("drop", FINAL, "other", "breach"),), None))
    assert found == ([] if needs is None else [(4, "drop", "other", needs, "breach")])
    plain = shown(closing_acts(seen, (Closer("drop", None, "other", "incomplete"),), None))
    assert plain == [(4, "drop", "other", (), "incomplete")]


def test_the_acts_of_several_closers_come_in_order():
    seen = view(dropped(6, True, "leave"), dropped(9, True), dropped(10, False, "leave"), dropped(11, None))
    closers = (Closer("drop", FINAL), Closer("leave"))
    assert [entry[:2] for entry in shown(closing_acts(seen, closers, None))] == [
        (6, "leave"),
        (9, "drop"),
        (10, "leave"),
        (11, "drop"),
    ]
    assert closing_acts(seen, (), None) == []


@pytest.mark.parametrize(("missed", "follows", "strict"), [
    (None, None, False), ("incomplete", None, False), ("breach", None, True), (None, "other", True), ("incomplete", "other", True),
])  # fmt: skip
def test_a_miss_is_a_breach_where_it_is_said_to_be_or_follows_from_one(missed, follows, strict):
    (closing,) = closing_acts(view(dropped(4, True)), (Closer("drop", None, follows, missed),), None)
    assert closing.strict is strict


def test_a_duty_of_several_roles_is_performed_from_the_act_of_the_last_of_them_on():
    told = [
        did(f"2026-03-{day:02}", "drop", by=role)
        for day, role in ((3, "office"), (4, "office"), (5, "head"), (6, "clerk"), (9, "office"))
    ]
    seen = view_of(FIVE, told, "2026-03-20", actions=ACTIONS, roles=("office", "head", "clerk"))

    def days(*jointly: str) -> list[int]:
        return [act.day.day for act in performed_by(seen, ("drop",), None, jointly)]

    assert days() == [3, 4, 5, 6, 9]
    assert days("office") == [3, 4, 5, 6, 9]
    assert days("office", "head") == [5, 6, 9]
    assert days("clerk", "head") == [6, 9]
    assert days("office", "nobody") == []
