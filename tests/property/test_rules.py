"""Decisions against a plain reading of them, case by case over small finite facts."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from tests.property.rules_oracle import (
    DOMAINS,
    cases,
    decisions,
    hits,
    partial,
    possible,
    read,
    rules_of,
    stands,
    winners,
)
from tests.support import tries

from zhengxie_flow.rules import compiled
from zhengxie_flow.rules.diff import diff
from zhengxie_flow.rules.partial_facts import Inquiry
from zhengxie_flow.rules.prove import prove
from zhengxie_flow.rules.reference_evaluator import FactsView, replay

DAY = date(2026, 1, 1)


def ending(resolved):
    return resolved.status, resolved.outcome


def full(facts):
    """A fact that no rule looks at may have any value."""
    return {**{name: values[0] for name, values in DOMAINS.items()}, **facts}


@settings(max_examples=tries(60))
@given(decisions(), partial)
def test_what_is_said_of_partly_known_facts_is_true_of_every_completion(made, known):
    ruleset = compiled(read(made))
    facts = {name: value for name, value in known.items() if value is not None}
    every = {stands(made, facts) for facts in cases(known)}
    for found in (ruleset.decide(facts), replay(ruleset, FactsView(facts, DAY))):
        if found.status != "pending":
            assert every == {ending(found)}, found
        elif found.possible:
            assert {outcome for status, outcome in every if status == "decided"} <= {*found.possible} or (
                made["policy"] in {"rule_order", "output_order", "collect"}
            )
    if len(facts) == len(DOMAINS):
        assert every == {ending(ruleset.decide(facts))}


@settings(max_examples=tries(60))
@given(decisions(), partial)
def test_what_is_still_possible_is_exact(made, known):
    facts = {name: value for name, value in known.items() if value is not None}
    inquiry = Inquiry(compiled(read(made)))
    view = inquiry.over(facts, DAY)
    start = inquiry.box(view)
    every = {stands(made, each) for each in possible(made, known)}
    assert set(inquiry.endings(start)) == every
    needs = inquiry.needs(view, start)
    cases = possible(made, known)
    for name in DOMAINS:
        if name in facts:
            continue
        rest = [other for other in DOMAINS if other != name]
        groups = {}
        for each in cases:
            groups.setdefault(tuple(each[other] for other in rest), set()).add(stands(made, each))
        assert (name in needs) == any(len(group) > 1 for group in groups.values()), name


@settings(max_examples=tries(60))
@given(decisions())
def test_proofs_agree_with_every_case(made):
    proof = prove(compiled(read(made)))
    cases = possible(made)
    faults = {}
    for fault in proof.faults:
        faults.setdefault(fault.claim, []).append(fault)
        if fault.case is not None:
            assert stands(made, full(fault.case.facts)) == ending(fault.outcome)
    assert "not_proved" not in proof.claims.values()
    every = {stands(made, each) for each in cases}
    assert ("gap" in faults) == (("no_rule", None) in every)
    assert ("contradiction" in faults) == (not cases)
    assert ("overlap" in faults or "conflict" in faults) == (("conflict", None) in every)
    rules = rules_of(made)
    applied = {index for each in cases for index in winners(made, hits(made, each))}
    shadowed = {fault.rules[0] for fault in faults.get("shadowed", ())}
    assert shadowed == {rule["id"] for index, rule in enumerate(rules) if index not in applied}
    wanted = {rules[index]["then"] for index in applied}
    if any(not hits(made, each) for each in cases) and "default" in made:
        wanted.add(made["default"])
    if made.get("aggregate") != "count":  # where rows are counted, no outcome comes by itself
        assert {fault.name for fault in faults.get("unreachable", ())} == set(made["outcomes"]) - wanted
    useless = {fault.name for fault in faults.get("useless", ())}
    for name in DOMAINS:
        groups = {}
        for each in cases:
            groups.setdefault(tuple(each[other] for other in DOMAINS if other != name), set()).add(stands(made, each))
        assert (name in useless) == all(len(group) == 1 for group in groups.values()), name


@settings(max_examples=tries(60))
@given(decisions(), decisions())
def test_a_difference_is_found_where_there_is_one(old, new):
    (change,) = diff({"d": compiled(read(old))}, {"d": compiled(read(new))})
    both = possible(old) + possible(new)
    differ = any(stands(old, each) != stands(new, each) for each in both)
    assert change.change == ("changed" if differ else "same")
    if differ:
        assert stands(old, full(change.case.facts)) == ending(change.old)
        assert stands(new, full(change.case.facts)) == ending(change.new)
