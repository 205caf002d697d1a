"""One comparison of values: every door that compares says the same of the same values, however they are spelled."""

from __future__ import annotations

import operator
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import cn, compiled_from, tell, tries

from zhengxie_flow.conditions import NOWHERE, evaluate
from zhengxie_flow.engine import view_of
from zhengxie_flow.model.condition import DATED, NUMERIC, Condition
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.values import read_value
from zhengxie_flow.rules import compiled, resolve
from zhengxie_flow.rules.expand import expanded
from zhengxie_flow.rules.facts_view import truth
from zhengxie_flow.rules.kinds import types_of
from zhengxie_flow.rules.next_question import ask
from zhengxie_flow.rules.partial_facts import inquiry
from zhengxie_flow.rules.prove import PROVED, prove
from zhengxie_flow.rules.reference_evaluator import FactsView, replay

DAY = date(2026, 9, 1)
ZONE = ZoneInfo("Asia/Shanghai")
ORDERS = {
    "at_least": operator.ge, "at_most": operator.le, "more_than": operator.gt, "less_than": operator.lt,
    "before": operator.lt, "after": operator.gt, "on_or_before": operator.le, "on_or_after": operator.ge,
    "equals": operator.eq, "differs_from": operator.ne,
}  # fmt: skip

MOMENTS = [
    datetime(2026, 8, 10, 15, 59, 59, tzinfo=UTC) + step * timedelta(seconds=1) for step in (-1, 0, 1, 2, 60_000)
]
OFFSETS = [
    UTC,
    timezone(timedelta(hours=8)),
    timezone(timedelta(hours=-5)),
    timezone(timedelta(hours=5, minutes=30)),
]
instants = st.builds(
    lambda at, zone: at.astimezone(zone).isoformat(), st.sampled_from(MOMENTS), st.sampled_from(OFFSETS)
) | (st.sampled_from(MOMENTS).map(lambda at: at.isoformat().replace("+00:00", "Z")))
days = st.sampled_from(["2026-08-10", "2026-08-11", "2026-08-12"])
decimals = st.sampled_from(
    ["1", "1.0", "1.00", "0.99", "10E-1", "-1", "0", "-0", "2.50", "2.5", "100000000000000000.1"]
)
whole = st.integers(-1, 3)
VALUES = {
    "got": instants,
    "sent": instants,
    "begun": days,
    "ended": days,
    "paid": decimals,
    "owed": decimals,
    "rows": whole,
}
LITERALS = {"instant": instants | days, "date": instants | days, "decimal": decimals | whole, "int": decimals | whole}
PROCESS = compiled_from("comparing", "gate/gate")
TYPES = types_of(PROCESS.process)


def on_the_line(value: Any) -> Any:
    """A value in plain Python, by no code of the project."""
    text = str(value)
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC)
    return date.fromisoformat(text) if text.startswith("2026-") else Fraction(text)


def expected(operator_: str, value: Any, other: Any) -> bool:
    left, right = on_the_line(value), on_the_line(other)
    if isinstance(left, date) and not (isinstance(left, datetime) and isinstance(right, datetime)):
        left, right = (at.astimezone(ZONE).date() if isinstance(at, datetime) else at for at in (left, right))
    return ORDERS[operator_](left, right)


@st.composite
def comparisons(draw):
    """A name, an operator, and a literal or another fact; with values for the facts."""
    name = draw(st.sampled_from(sorted(VALUES)))
    dated = TYPES[name].type in {"date", "instant"}
    operator_ = draw(st.sampled_from([*(DATED if dated else NUMERIC), "equals", "differs_from"]))
    facts = {name: draw(VALUES[name])}
    if draw(st.booleans()):
        alike = [other for other in VALUES if (TYPES[other].type in {"date", "instant"}) == dated]
        other = draw(st.sampled_from(alike))
        facts.setdefault(other, draw(VALUES[other]))
        return name, operator_, {"field": other}, facts, facts[other]
    literal = draw(LITERALS[TYPES[name].type])
    return name, operator_, literal, facts, literal


def table(name, operator_, operand, policy="unique"):
    cell = {operator_: operand}
    rows = [{"id": "1", name: cell, "then": "yes"}, {"id": "2", name: {"not": cell}, "then": "no"}]
    return {"language": 1, "decision": "d", "outcomes": ["yes", "no"], "policy": policy, "inputs": [name], "rows": rows}


def exceptions(name, operator_, operand):
    rule = {"id": "1", "when": {"not": {name: {operator_: operand}}}, "then": "no"}
    return {"language": 1, "decision": "d", "outcomes": ["yes", "no"], "default": "yes", "exceptions": [rule]}


def in_a_case(facts):
    return view_of(PROCESS, tell(compiled=PROCESS, items={}, facts=facts, opened="2026-08-20").case, cn, DAY)


def told(outcome):
    return {"yes": True, "no": False}[outcome]


def of(made):
    return compiled(Decision.model_validate(made), TYPES, PROCESS.zone)


def doors(name, operator_, operand, facts):
    """Every door through which two values are compared, with what it says."""
    view = in_a_case(facts)
    yield "condition", evaluate(parse({name: {operator_: operand}}), view)
    for kind, made in (
        ("table", table(name, operator_, operand)),
        ("exceptions", exceptions(name, operator_, operand)),
    ):
        ruleset = of(made)
        read = ruleset.read(facts)
        yield f"{kind} in a case", told(resolve(ruleset, view, NOWHERE).outcome)
        yield f"{kind} decide", told(ruleset.decide(read).outcome)
        yield f"{kind} replayed", told(replay(ruleset, FactsView(read, DAY)).outcome)
        inquired = inquiry(ruleset)
        facts_view = inquired.over(read, DAY)
        yield f"{kind} explained", told(inquired.standing(facts_view).resolved.outcome)
        yield f"{kind} explained in a case", told(inquired.standing(view).resolved.outcome)
        endings = inquired.endings(inquired.box(facts_view), read)
        assert len(endings) == 1, endings
        yield f"{kind} by regions", told(endings[0][1])
        assert ask(inquired, facts_view).questions == ()
        asked = of({**exceptions("rows", "at_least", 0), "decision": "e"})
        seen = expanded(parse({"decided": {"d": "yes"}}), {"d": ruleset, "e": asked})
        yield f"{kind} asked", truth(seen, FactsView(read, DAY).of(ruleset))


def parse(condition):
    from pydantic import TypeAdapter

    return TypeAdapter(Condition).validate_python(condition)


@settings(max_examples=tries(150), deadline=None)
@given(comparisons())
def test_every_door_says_the_same_of_all_spellings(made):
    name, operator_, operand, facts, other = made
    wanted = expected(operator_, facts[name], other)
    assert dict(doors(name, operator_, operand, facts)) == dict.fromkeys(
        dict(doors(name, operator_, operand, facts)), wanted
    )


@settings(max_examples=tries(60), deadline=None)
@given(comparisons())
def test_a_test_and_its_contrary_leave_no_gap_and_no_overlap_and_are_never_refuted_so(made):
    name, operator_, operand, _, _ = made
    ruleset = of(table(name, operator_, operand))
    proof = prove(ruleset)
    both_days = isinstance(operand, dict) and TYPES[name].type != TYPES[operand["field"]].type and "date" in (
        TYPES[name].type, TYPES[operand["field"]].type)  # fmt: skip
    for claim in ("gap", "overlap"):
        assert proof.claims[claim] != "refuted"
        if not both_days:
            assert proof.claims[claim] == PROVED


PAIRS = ("paid", "owed", "rows")


@st.composite
def orders(draw):
    """A table over three numbers that are compared with each other and with literals."""

    def cell():
        return draw(
            st.builds(lambda key, name: {key: {"field": name}}, st.sampled_from(NUMERIC), st.sampled_from(PAIRS))
            | st.builds(lambda key, value: {key: value}, st.sampled_from(NUMERIC), st.integers(0, 2))
        )  # fmt: skip

    rows = [
        {"id": str(number), **{name: cell() for name in draw(st.lists(st.sampled_from(PAIRS), min_size=1, max_size=2, unique=True))},
         "then": draw(st.sampled_from(["yes", "no"]))}
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]  # fmt: skip
    return {"language": 1, "decision": "d", "outcomes": ["yes", "no"], "policy": draw(st.sampled_from(["unique", "any"])),
            "inputs": dict.fromkeys(PAIRS, "int"), "rows": rows}  # fmt: skip


GRID = [dict(zip(PAIRS, (a, b, c), strict=True)) for a in range(-4, 7) for b in range(-4, 7) for c in range(-4, 7)]
"""Whole numbers enough for three of them in any order on either side of the literals and between."""


@settings(max_examples=tries(25), deadline=None)
@given(orders())
def test_proofs_over_the_order_of_facts_agree_with_every_case(made):
    ruleset = compiled(Decision.model_validate(made))
    ends = [ruleset.decide(facts) for facts in GRID]
    assert all(end.status != "pending" for end in ends)
    proof = prove(ruleset)
    for fault in proof.faults:
        if fault.case is not None:
            end = ruleset.decide(fault.case.facts)
            assert (end.status, end.outcome) == (fault.outcome.status, fault.outcome.outcome)
    assert (proof.claims["gap"] == PROVED) == all(end.status != "no_rule" for end in ends)
    clash = "overlap" if made["policy"] == "unique" else "conflict"
    assert (proof.claims[clash] == PROVED) == all(end.status != "conflict" for end in ends)
    fired = {rule for end in ends for rule in end.fired}
    refuted = {fault.rules[0] for fault in proof.faults if fault.claim == "shadowed"}
    assert refuted == {row["id"] for row in made["rows"]} - fired
    useless = {fault.name for fault in proof.faults if fault.claim == "useless"}
    for name in PAIRS:
        alike = {}
        for facts, end in zip(GRID, ends, strict=True):
            rest = tuple(facts[other] for other in PAIRS if other != name)
            alike.setdefault(rest, set()).add((end.status, end.outcome))
        if any(len(group) > 1 for group in alike.values()):
            assert name not in useless


@settings(max_examples=tries(25), deadline=None)
@given(orders(), st.dictionaries(st.sampled_from(PAIRS), st.integers(-1, 3), max_size=2))
def test_what_is_still_possible_over_the_order_of_facts_is_exact(made, known):
    ruleset = compiled(Decision.model_validate(made))
    inquired = inquiry(ruleset)
    view = inquired.over(known, DAY)
    cases = [facts for facts in GRID if facts.items() >= known.items()]
    wanted = {(end.status, end.outcome) for end in map(ruleset.decide, cases)}
    assert set(inquired.endings(inquired.box(view), known)) == wanted
    decided = ruleset.decide(known)
    if decided.status == "pending":
        assert decided.needs
        assert not set(decided.needs) & set(known)
    else:
        assert {(decided.status, decided.outcome)} == wanted


@pytest.mark.parametrize("value", [1.5, "1.5", True])
def test_a_whole_number_is_no_fraction(value):
    from zhengxie_flow.errors import UsageError
    from zhengxie_flow.model.values import ValueType

    with pytest.raises(UsageError):
        read_value(ValueType(type="int"), value, "rows")
