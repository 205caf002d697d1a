"""Tables of other fields: every hit policy, several outputs, layers, dated rules, sets, unknown facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhengxie_flow.errors import UsageError
from zhengxie_flow.reading.rulesets import of_path
from zhengxie_flow.rules.partial_facts import inquiry
from zhengxie_flow.rules.prove import CLAIMS, prove
from zhengxie_flow.rules.reference_evaluator import FactsView, replay

DATA = Path(__file__).parents[2] / "data" / "rules"
RULES = {
    name: ruleset
    for file in ("discount", "routing", "eligibility")
    for rules in of_path(DATA / f"{file}.yaml")
    for name, ruleset in rules.rulesets.items()
}
DAY = date(2026, 1, 1)

CASES = [
    ("discount", {"customer": "new", "amount": "99.99"}, {"rate": "0", "shipping": "paid"}),
    ("discount", {"customer": "regular", "amount": "49.90"}, {"rate": "0.05", "shipping": "free"}),
    ("discount", {"customer": "gold", "amount": None}, {"rate": "0.15", "shipping": "free"}),
    ("loyalty_points", {"amount": "250", "birthday": True, "channel": "web"}, 36),
    ("loyalty_points", {"amount": "0", "birthday": False, "channel": "shop"}, 0),
    ("best_coupon", {"amount": "35", "member": True}, "5"),
    ("best_coupon", {"amount": "10", "member": True}, {"euro": 0}),
    ("least_deposit", {"amount": "100", "member": True}, "10"),
    ("least_deposit", {"amount": "99", "member": True}, {"euro": 0}),
    ("queue", {"topic": "invoice", "severity": 3, "region": "abroad"}, "general"),
    ("queue", {"topic": "invoice", "severity": 3, "region": "inland"}, "billing"),
    ("queue", {"topic": "outage", "severity": 9}, "emergency"),
    ("urgency", {"severity": 7, "vip": True, "received": "2025-12-31"}, "now"),
    ("urgency", {"severity": 1, "vip": False, "received": "2026-01-01"}, "week"),
    ("informed", {"severity": 9, "personal_data": True, "public": True}, ["security", "legal", "press"]),
    ("informed", {"severity": 9, "personal_data": False, "public": False}, []),
    ("escalation", {"severity": 9, "repeated": True}, ["board", "manager", "lead"]),
    ("touched_desks", {"personal_data": True, "public": True}, 2),
    ("tags", {"minutes": 31, "noise": ["disk", "fan"]}, ["slow", "loud"]),
    ("tags", {"minutes": 3, "noise": ["disk"]}, []),
    ("allowance", {"income": 2500, "household": 4, "disabled": False}, "full"),
    ("allowance", {"income": 2500, "household": 2, "disabled": True}, "half"),
]


@pytest.mark.parametrize(("name", "facts", "value"), CASES)
def test_a_table_decides_as_its_policy_says(name, facts, value):
    ruleset = RULES[name]
    facts = ruleset.read(facts)
    found = ruleset.decide(facts)
    assert found.status == "decided"
    assert value in (found.value, found.outcome)
    again = replay(ruleset, FactsView(facts, DAY))
    assert (again.value, again.fired) == (found.value, found.fired)


@pytest.mark.parametrize("name", list(RULES))
def test_every_table_is_proved(name):
    proof = prove(RULES[name])
    assert proof.claims == dict.fromkeys(CLAIMS, "proved"), proof.faults


@pytest.mark.parametrize(
    ("day", "facts", "outcome", "fired"),
    [
        ("2019-12-31", {"age": 15, "accompanied": True, "suspended": False}, "refused", ()),
        ("2019-12-31", {"age": 16, "accompanied": True, "suspended": False}, "admitted", ("ord-1",)),
        ("2020-01-01", {"age": 15, "accompanied": True, "suspended": False}, "admitted", ("ord-2",)),
        ("2020-01-01", {"age": 18, "accompanied": True, "suspended": True}, "refused", ("act-3.2",)),
        ("2020-01-01", {"age": 18, "accompanied": True, "suspended": False}, "admitted", ("act-3.1",)),
    ],
)
def test_higher_law_goes_first_and_rules_have_their_days(day, facts, outcome, fired):
    ruleset = RULES["age_limit"]
    found = ruleset.decide({**facts, "$day": day})
    assert (found.outcome, found.fired) == (outcome, fired)
    again = replay(ruleset, FactsView(facts, date.fromisoformat(day)))
    assert (again.outcome, again.fired, again.overridden) == (outcome, fired, found.overridden)


def test_what_gives_way_is_named():
    found = RULES["age_limit"].decide({"age": 20, "accompanied": True, "suspended": True, "$day": "2026-01-01"})
    assert found.overridden == ("act-3.1", "ord-2")


def standing(name, **facts):
    asked = inquiry(RULES[name])
    return asked.standing(asked.over(RULES[name].read(facts), DAY))


def test_an_unknown_fact_leaves_what_is_possible_and_says_what_to_find_out():
    open_ = standing("discount", customer="regular")
    assert open_.resolved.status == "pending"
    assert open_.needs == ("amount",)
    assert set(open_.resolved.possible) == {
        "rate=0.05, shipping=paid", "rate=0.05, shipping=free", "rate=0.1, shipping=free",
    }  # fmt: skip
    assert open_.exact


def test_an_unknown_fact_that_cannot_matter_is_seen_through():
    """Every value of ``topic`` leads to the same: plain three-valued logic would still wait for it."""
    assert standing("queue", severity=9).resolved.outcome == "emergency"
    assert standing("allowance", income=2500, household=4).resolved.outcome == "full"
    assert RULES["allowance"].decide({"income": 5001, "household": 4}).status == "pending"
    seen_through = standing("allowance", income=5001, household=4)
    assert (seen_through.resolved.status, seen_through.resolved.outcome) == ("decided", "none")


@pytest.mark.parametrize(
    ("name", "fact", "value"),
    [
        ("discount", "amount", "NaN"),
        ("discount", "customer", "god"),
        ("urgency", "received", "soon"),
        ("queue", "severity", "x"),
    ],
)
def test_a_value_of_another_kind_is_refused(name, fact, value):
    with pytest.raises(UsageError, match="ZX4020"):
        RULES[name].read({fact: value})
