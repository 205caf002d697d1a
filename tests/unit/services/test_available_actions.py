"""An act that lacks but its own fields is possible; one that lacks anything else is not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.property.worlds import Hand, _Definitions, _Ids
from tests.support import CALENDARS

from zhengxie_flow.engine import compile_process
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.services.commands import opening
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.available_actions import Possible, possible
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.testing.memory import MemoryJournal

WHY = {"type": "text", "zh": "理由", "en": "Why"}
FIELDS: dict[str, Any] = {"why": WHY, "fast": {"type": "bool", "zh": "快", "en": "Fast"}}


def requirement(that: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"id": "r", "that": that, "zh": "要件", "en": "Requirement", **more}]


def availability(action: dict[str, Any], facts: dict[str, Any] | None = None) -> Possible:
    bool_fact = {"type": "bool", "zh": "急", "en": "Urgent", "by": "office"}
    process = {
        "language": 1, "process": "p", "zh": "流程", "en": "Process", "law": "x", "in_force": {"from": "2020-01-01"},
        "roles": {"office": {"zh": "办", "en": "Office"}}, "facts": {"urgent": bool_fact},
        "items": {"paper": {"zh": "文", "en": "Paper", "fields": {"name": {**WHY, "required": True}}}},
        "states": {"open": {"zh": "开", "en": "Open"}, "shut": {"zh": "闭", "en": "Shut", "final": True}},
        "actions": {"act": {"zh": "办", "en": "Act", "by": "office", "from": "open", **action}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/p", "process": process}))
    context = Context(MemoryJournal(), _Definitions({"x/p": compiled}), CALENDARS, Hand(), _Ids())
    opening.open_(context, "x/p", "c", Opening(facts=facts or {}), Attribution(by="office"))
    (only,) = possible(context, read_derived(context, "c"))
    return only


CASES: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "nothing is asked": ({}, "ready", ()),
    "an optional field": ({"with": FIELDS}, "ready", ()),
    "a required field": ({"with": {"why": {**WHY, "required": True}}}, "needs_fields", ("why",)),
    "a field of the item it adds": ({"adds": "paper"}, "needs_fields", ("name",)),
    "unknown while open": ({"with": FIELDS, "requires": requirement("fast")}, "needs_fields", ("fast",)),
    "false while open": (
        {"with": FIELDS, "requires": requirement({"why": {"recorded": True}})}, "needs_fields", ("why",)
    ),
    "false while open, and another fact is true": (
        {"with": FIELDS, "requires": requirement({"all": [{"why": {"recorded": True}}, "urgent"]})},
        "needs_fields", ("why",),
    ),
    "another fact is false": (
        {"with": FIELDS, "requires": requirement({"all": [{"why": {"recorded": True}}, {"not": "urgent"}]})},
        "not_possible", (),
    ),
    "another state": ({"from": "shut", "with": {"why": {**WHY, "required": True}}}, "not_possible", ("why",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_act_is_possible_where_only_its_own_fields_are_open(case):
    action, status, asks = CASES[case]
    shown = availability(action, {"urgent": True})
    assert (shown.status, shown.asks, shown.ready) == (status, asks, status != "not_possible")
    assert (shown.reasons == ()) == shown.ready


def test_a_fact_that_nobody_determined_is_no_field():
    shown = availability({"with": FIELDS, "requires": requirement({"all": ["fast", "urgent"]})})
    assert (shown.status, [reason.id for reason in shown.reasons]) == ("not_possible", ["r"])
