"""Compiling decisions together, with the problems at their rules: comparisons of different types, cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.i18n.ids import Cycle
from zhengxie_flow.model.comparing import DEFAULT_ZONE
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.cycles import cycles
from zhengxie_flow.reading.checks.locations import Place, fault
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import SourceFile
from zhengxie_flow.rules import Ruleset, compiled
from zhengxie_flow.rules.compile import unlike_at
from zhengxie_flow.rules.expand import asks
from zhengxie_flow.rules.kinds import output_types

CIRCLE = "ZX1236"
Nodes = Mapping[str, tuple[SourceFile, Node]]


def compile_all(
    decisions: Mapping[str, Decision],
    nodes: Nodes,
    types: Mapping[str, ValueType],
    problems: list[Problem],
    zone: tzinfo = DEFAULT_ZONE,
) -> dict[str, Ruleset]:
    """Compile decisions that may refer to each other; problems are collected, not raised."""
    types = {**output_types(decisions), **types}
    rulesets: dict[str, Ruleset] = {}
    for name, decision in decisions.items():
        try:
            rulesets[name] = compiled(decision, types, zone)
        except InvalidDefinition as error:
            problems += [type_mismatch(decision, Place(*nodes[name]), problem) for problem in error.problems]
    problems += _in_a_circle(rulesets, nodes)
    return rulesets


def _in_a_circle(rulesets: Mapping[str, Ruleset], nodes: Nodes) -> Iterator[Problem]:
    """Decisions that rest on each other, with the rule where the circle could be cut."""
    edges: dict[str, dict[str, Place]] = {}
    for name, ruleset in rulesets.items():
        top, onward = Place(*nodes[name]), edges.setdefault(name, {})
        for index, rule in enumerate(ruleset.decision.rules):
            for other in (other for test in rule.tests for other in asks(test, rulesets)):
                onward.setdefault(other, top.at(ruleset.decision.rules_key, index, "id"))
    for circle, place in cycles(edges):
        yield fault(CIRCLE, place, circle=Cycle(circle))


def type_mismatch(decision: Decision | Parameter, top: Place, problem: Problem) -> Problem:
    """Return a type mismatch with the place of the rule it is about."""
    part = problem.params["part"]
    if isinstance(decision, Parameter):
        row = [index for index, entry in enumerate(decision.rows) if entry.when is not None][part]
        return Problem(problem.code, top.at("rows", row, "id").where(), problem.params)
    return Problem(problem.code, top.at(*unlike_at(decision, part)).where(), problem.params)
