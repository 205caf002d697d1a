"""Conditions over partly known facts against z3: true, false or open exactly as a solver says."""

from __future__ import annotations

import random
from datetime import date

import pytest

from zhengxie_flow.model.decision import Decision
from zhengxie_flow.rules import compiled
from zhengxie_flow.rules.partial_facts import inquiry

z3 = pytest.importorskip("z3", reason="z3-solver is not installed")

CONDITIONS = 20_000
KINDS = ["x", "y", "z"]
TYPES = {"a": "bool", "b": "bool", "n": "int", "m": "decimal", "k": {"type": "enum", "of": KINDS}}
DAY = date(2026, 1, 1)
A, B, N, M = z3.Bool("a"), z3.Bool("b"), z3.Int("n"), z3.Real("m")
SORT, VALUES = z3.EnumSort("kinds", KINDS)
K = z3.Const("k", SORT)
OF = dict(zip(KINDS, VALUES, strict=True))
ORDER = {
    "at_least": lambda one, other: one >= other, "at_most": lambda one, other: one <= other,
    "more_than": lambda one, other: one > other, "less_than": lambda one, other: one < other,
    "equals": lambda one, other: one == other, "differs_from": lambda one, other: one != other,
}  # fmt: skip


def condition(chance, depth=3):
    """A random condition, as data and as a formula."""
    kind = chance.random()
    if depth and kind < 0.45:
        parts = [condition(chance, depth - 1) for _ in range(chance.randrange(1, 4))]
        word, join = chance.choice([("all", z3.And), ("any", z3.Or)])
        return {word: [data for data, _ in parts]}, join(*(formula for _, formula in parts))
    if depth and kind < 0.6:
        data, formula = condition(chance, depth - 1)
        return {"not": data}, z3.Not(formula)
    name = chance.choice(list(TYPES))
    if name in "ab":
        value = chance.random() < 0.5
        return {name: value}, (A if name == "a" else B) == value
    if name == "k":
        chosen = chance.sample(KINDS, chance.randrange(1, 3))
        return {"k": chosen}, z3.Or(*(OF[value] == K for value in chosen))
    tests = {key: chance.randrange(-2, 5) for key in chance.sample(list(ORDER), chance.randrange(1, 3))}
    variable = N if name == "n" else M
    return {name: tests}, z3.And(*(ORDER[key](variable, value) for key, value in tests.items()))


def known(chance):
    """Some facts, as they are kept and as formulas."""
    facts, formulas = {}, []
    for name, variable in (("a", A), ("b", B)):
        if chance.random() < 0.4:
            facts[name] = chance.random() < 0.5
            formulas.append(variable == facts[name])
    if chance.random() < 0.4:
        facts["n"] = chance.randrange(-3, 6)
        formulas.append(facts["n"] == N)
    if chance.random() < 0.4:
        facts["m"] = str(chance.randrange(-6, 12) / 2)
        formulas.append(z3.RealVal(facts["m"]) == M)
    if chance.random() < 0.4:
        facts["k"] = chance.choice(KINDS)
        formulas.append(OF[facts["k"]] == K)
    return facts, formulas


def test_partly_known_conditions_stand_as_a_solver_says():
    chance, solver = random.Random(20261122), z3.Solver()
    seen = {"yes": 0, "no": 0, "open": 0}
    for _ in range(CONDITIONS):
        data, formula = condition(chance)
        facts, formulas = known(chance)
        made = {"language": 1, "decision": "d", "outcomes": ["yes", "no"], "default": "no", "inputs": TYPES,
                "exceptions": [{"id": "1", "when": data, "then": "yes"}]}  # fmt: skip
        asked = inquiry(compiled(Decision.model_validate(made)))
        found = asked.standing(asked.over(facts, DAY)).resolved
        sat = []
        for side in (formula, z3.Not(formula)):
            solver.push()
            solver.add(*formulas, side)
            sat.append(solver.check() == z3.sat)
            solver.pop()
        wanted = "open" if all(sat) else "yes" if sat[0] else "no"
        assert (found.outcome if found.status == "decided" else "open") == wanted, (data, facts)
        seen[wanted] += 1
    assert min(seen.values()) > CONDITIONS / 20
