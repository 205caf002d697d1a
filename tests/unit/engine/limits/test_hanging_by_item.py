"""Limits that hang on the last day of another duty: for the case and for each item, and where a grant gave that duty more time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_limits import did, lines

TEN = {"within": 10, "unit": "working_day", "after": "receive"}  # until Monday 16 March
AFTER_FIRST = {"within": 2, "unit": "working_day", "after": {"due": "first"}}
RECEIVED = did("2026-03-02", "receive")  # a Monday
CALENDAR = cn(date(2026, 3, 1))
START = date(2026, 3, 2)
LONGER = {"law": "1", "granted_by": "lengthen", "lifts": [{"obligation": "first", "to": {"within": {"field": "days"}}}]}
FIELDS = {"days": {"type": "int"}, "until": {"type": "date"}}
ITEMS = {"items": {"paper": {"fields": {"day": {"type": "date"}}}}}
ADDS = {"by": "office", "adds": "paper", "with": {"day": {"type": "date"}}}


def granted(at: str, days: int | None, *, item: str | None = None, **more: Any) -> dict[str, Any]:
    fields = {key: value for key, value in {"days": days, **more}.items() if value is not None}
    return did(at, "lengthen", by="head", **({} if item is None else {"for": item}), **{"with": fields})


def due(
    told: list[dict[str, Any]], exemption: dict[str, Any] | None = None, **more: Any
) -> dict[str | None, date | None]:
    """The last day of the duty that hangs on the other, by item."""
    actions = {"lengthen": {"by": "head", "with": FIELDS}, **more.pop("actions", {})}
    first = {"law": "1", "do": "accept", "limit": more.pop("first", TEN), **more.pop("of_first", {})}
    found = lines(
        more.pop("limit", AFTER_FIRST), told, "2026-03-30", actions=actions, obligations={"first": first},
        exemptions={"longer": LONGER if exemption is None else exemption}, **more,
    )  # fmt: skip
    return {line.item: line.due for line in found if line.obligation == "the.duty"}


def after(*amounts: int) -> date:
    """So many working days after receipt, then so many after those."""
    day = START
    for amount in amounts:
        day = CALENDAR.within(day, amount).date
    return day


@pytest.mark.parametrize(("told", "ten"), [
    ([], 10),
    ([granted("2026-03-04", 15)], 15),
    ([granted("2026-03-02", 15)], 15),
    ([granted("2026-03-16", 15)], 15),  # on the last day
    ([granted("2026-03-17", 15)], 10),  # after it
    ([granted("2026-03-04", 5)], 10),  # a lift never asks for more
    ([granted("2026-03-04", 10)], 10),
    ([granted("2026-03-04", None)], 10),
    ([granted("2026-03-04", 15), granted("2026-03-05", 12)], 12),  # the latest
    ([granted("2026-03-04", 15), granted("2026-03-17", 12)], 15),  # the latest in time
    ([did("2026-03-03", "accept"), granted("2026-03-04", 15)], 10),  # performed by then
    ([granted("2026-03-04", 15), did("2026-03-05", "accept")], 15),
    ([granted("2026-03-03", 15), did("2026-03-04", "accept"), granted("2026-03-05", 12)], 15),
    ([granted("2026-03-04", 15, until="2026-03-16")], 15),
    ([granted("2026-03-04", 15, until="2026-03-15")], 10),  # it has ended by the last day
    ([granted("2026-03-04", 15), granted("2026-03-05", 12, until="2026-03-15")], 15),
])  # fmt: skip
def test_what_hangs_on_a_duty_hangs_on_the_time_it_was_granted(told, ten):
    assert due([RECEIVED, *told], {**LONGER, "expires": "until"}) == {None: after(ten, 2)}


def test_what_the_law_lifts_wholly_or_another_duty_changes_no_day():
    told = [RECEIVED, granted("2026-03-04", 15)]
    wholly = {"law": "1", "granted_by": "lengthen", "lifts": ["first"]}
    assert due(told, wholly) == {None: after(10, 2)}
    other = {"law": "1", "granted_by": "lengthen", "lifts": [{"obligation": "the.duty", "to": {"within": 15}}]}
    assert due(told, other) == {None: after(10, 15)}
    by_law = {"law": "1", "when": "complicated", "lifts": [{"obligation": "first", "to": {"within": 15}}]}
    complicated = {"at": "2026-03-02", "determine": {"complicated": True}, "reason": "r"}
    assert due([complicated, RECEIVED], by_law) == {None: after(10, 2)}


PAPERS = {
    "items": {"paper": {"fields": {"day": {"type": "date"}}}},
    "actions": {"add": ADDS, **{name: {"by": "office", "for": "paper"} for name in ("answer", "accept", "receive")}},
    "duty": {"for": "paper"},
}  # fmt: skip


def papers(**days: str) -> list[dict[str, Any]]:
    """Papers that came on days, each received on its own."""
    return [
        *(did("2026-03-02", "add", **{"for": name, "with": {"day": "2026-03-05"}}) for name in days),
        *(did(day, "receive", **{"for": name}) for name, day in days.items()),
    ]


def each(told: list[dict[str, Any]], **more: Any) -> dict[str | None, date | None]:
    actions = PAPERS["actions"] | more.pop("actions", {})
    return due(told, **{**PAPERS, "of_first": {"for": "paper"}, **more, "actions": actions})


def test_each_item_hangs_on_its_own_other_duty():
    told = papers(p1="2026-03-02", p2="2026-03-03")
    assert each(told) == {"p1": after(10, 2), "p2": after(1, 10, 2)}


def test_a_grant_for_an_item_lengthens_what_hangs_on_that_item_alone():
    told = [*papers(p1="2026-03-02", p2="2026-03-02"), granted("2026-03-04", 15, item="p1")]
    per_item = {"lengthen": {"by": "head", "for": "paper", "with": FIELDS}}
    assert each(told, actions=per_item) == {"p1": after(15, 2), "p2": after(10, 2)}
    assert each(told[:-1], actions=per_item) == {"p1": after(10, 2), "p2": after(10, 2)}


def test_an_item_that_was_dealt_with_before_a_grant_keeps_its_day():
    told = [
        *papers(p1="2026-03-02", p2="2026-03-02"), did("2026-03-03", "accept", **{"for": "p1"}), granted("2026-03-04", 15),
    ]  # fmt: skip
    assert each(told) == {"p1": after(10, 2), "p2": after(15, 2)}


def test_an_amount_is_read_from_the_item_the_grant_is_for():
    told = [
        *papers(p1="2026-03-02", p2="2026-03-02"), granted("2026-03-04", 15, item="p1"), granted("2026-03-04", 12, item="p2"),
    ]  # fmt: skip
    per_item = {"lengthen": {"by": "head", "for": "paper", "with": FIELDS}}
    assert each(told, actions=per_item) == {"p1": after(15, 2), "p2": after(12, 2)}


def test_a_duty_of_each_item_hangs_on_one_of_the_case_and_not_the_other_way():
    told = [*papers(p1="2026-03-02", p2="2026-03-03"), did("2026-03-04", "publish")]
    published = {"within": 10, "unit": "working_day", "after": "publish"}
    of_case = each(told, of_first={"do": "reject"}, first=published)
    assert of_case == {"p1": after(2, 10, 2), "p2": after(2, 10, 2)}
    by_item = each(told, of_first={"do": "reject"})  # of the case, from what happens to each item
    assert by_item == {"p1": after(10, 2), "p2": after(1, 10, 2)}
    none = due(told, **{**PAPERS, "duty": {"do": "publish"}, "of_first": {"for": "paper"}}, limit=AFTER_FIRST)
    assert none == {None: None}


def test_a_grant_for_an_item_lengthens_no_duty_of_the_case():
    told = [*papers(p1="2026-03-02", p2="2026-03-02"), granted("2026-03-04", 15, item="p1")]
    per_item = {"lengthen": {"by": "head", "for": "paper", "with": FIELDS}}
    assert each(told, of_first={"do": "reject"}, actions=per_item) == {"p1": after(10, 2), "p2": after(10, 2)}


def test_a_grant_before_the_clock_has_started_leaves_it_without_a_day():
    assert due([granted("2026-03-04", 15)]) == {None: None}


def test_another_kind_of_item_has_no_such_duty():
    told = [*papers(p1="2026-03-02"), did("2026-03-02", "join", **{"for": "n1"})]
    notes = {"join": {"by": "office", "adds": "note"}, "answer": {"by": "office", "for": "note"}}
    items = {**PAPERS["items"], "note": {"fields": {}}}
    assert each(told, actions=notes, items=items, duty={"for": "note"}) == {"n1": None}


# -- days that an item, its acts or a decision name


def test_a_field_of_each_item_is_the_anchor_of_its_limit():
    told = [did("2026-03-02", "add", **{"for": name, "with": {"day": day}}) for name, day in DAYS.items()]
    limit = {"within": 2, "unit": "working_day", "after": "day"}
    found = each(told, limit=limit)
    assert found == {name: CALENDAR.within(date.fromisoformat(day), 2).date for name, day in DAYS.items()}


def test_a_field_of_each_item_chooses_its_limit():
    told = [did("2026-03-02", "add", **{"for": name, "with": {"day": day}}) for name, day in DAYS.items()]
    told += [did("2026-03-02", "receive", **{"for": name}) for name in DAYS]
    choose = [{"when": {"day": "2026-03-06"}, "within": 9}, {"within": 4}]
    found = each(told, limit={"after": "receive", "unit": "working_day", "choose": choose})
    assert found == {"p1": after(4), "p2": after(9), "p3": after(4)}


DAYS = {"p1": "2026-03-02", "p2": "2026-03-06", "p3": "2026-03-03"}


@pytest.mark.parametrize("key", ["after", "by", "by_date"])
def test_a_field_of_an_act_about_each_item_is_the_anchor_of_its_limit(key):
    told = [*papers(p1="2026-03-02", p2="2026-03-02", p3="2026-03-02")]
    told += [did("2026-03-03", "fix", **{"for": name, "with": {"on": day}}) for name, day in DAYS.items()]
    limit = {"within": 2, "unit": "working_day", "after": "fix.on"} if key == "after" else {key: "fix.on"}
    fix = {"fix": {"by": "office", "for": "paper", "with": {"on": {"type": "date"}}}}
    found = each(told, limit=limit, actions=fix)
    days = {name: date.fromisoformat(day) for name, day in DAYS.items()}
    assert found == (days if key != "after" else {name: CALENDAR.within(day, 2).date for name, day in days.items()})


DECISION = {
    "language": 1, "decision": "plan", "law": "1", "policy": "unique", "inputs": ["urgent"],
    "outputs": {"start": {"type": "date"}},
    "rows": [
        {"id": "1", "urgent": True, "then": {"start": "2026-03-03"}},
        {"id": "2", "urgent": False, "then": {"start": "2026-03-06"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("key", ["after", "by", "by_date"])
def test_a_decision_about_each_item_gives_the_day_of_its_limit(key):
    paper = {"paper": {"fields": {"urgent": {"type": "bool"}}}}
    add = {"add": {"by": "office", "adds": "paper", "with": {"urgent": {"type": "bool"}}}}
    told = [did("2026-03-02", "add", **{"for": name, "with": {"urgent": name == "p1"}}) for name in ("p1", "p2")]
    limit = {"within": 2, "unit": "working_day", "after": "plan.start"} if key == "after" else {key: "plan.start"}
    found = each(told, limit=limit, actions=add, items=paper, decisions=[DECISION])
    days = {"p1": date(2026, 3, 3), "p2": date(2026, 3, 6)}
    assert found == ({name: CALENDAR.within(day, 2).date for name, day in days.items()} if key == "after" else days)
