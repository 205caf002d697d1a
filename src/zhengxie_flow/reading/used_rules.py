"""Rules used by a process: the decisions and parameters of its folder that it refers to.

Processes of one law share a folder of rules, but a case is to be known by what it is judged by: a rule that its process
never asks would change the hash of a definition it says nothing about.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.validated import Validator, validate
from zhengxie_flow.reading.sources import RuleSources
from zhengxie_flow.rules import types_of
from zhengxie_flow.rules.kinds import comparisons


def used_rules(process: Mapping[str, Any], rules: RuleSources, validator: Validator = validate) -> RuleSources:
    """The rules a process asks for, itself or through others, and those decisions whose facts it all knows."""
    whole = validator(Process, process)
    decisions = {name: validator(Decision, node.value) for name, (_, node) in rules.decisions.items()}
    outputs = decisions.keys() - whole.acts.keys()
    asked = _asked(process, rules, outputs)
    types = types_of(whole, decisions)
    kept = {
        name: entry
        for name, entry in rules.decisions.items()
        if name in asked or set(_facts(decisions[name])) <= types.keys()
    }
    for _, node in kept.values():
        asked |= _asked(node.value, rules, outputs)
    used = {name: entry for name, entry in rules.decisions.items() if name in kept or name in asked}
    return RuleSources(used, {name: entry for name, entry in rules.parameters.items() if name in asked})


def _asked(value: Any, rules: RuleSources, outputs: Container[str]) -> set[str]:
    """Every decision and parameter named in some values, or in those that are named in turn.

    Args:
        value: the values.
        rules: the decisions and parameters of the folder.
        outputs: the decisions that a name with a dot means.
    """
    names: set[str] = set()
    todo = [value]
    while todo:
        for name in _named(todo.pop(), outputs):
            if name not in names:
                names.add(name)
                todo += [table[name][1].value for table in (rules.decisions, rules.parameters) if name in table]
    return names


def _named(value: Any, outputs: Container[str]) -> Iterator[str]:
    if isinstance(value, dict):
        decided, parameter = value.get("decided"), value.get("parameter")
        if isinstance(decided, dict):
            yield from map(str, decided)
        if isinstance(parameter, dict):
            yield from map(str, parameter)
        for name in (parameter, value.get("by_parameter")):
            if isinstance(name, str):
                yield name
        for inner in (*value, *value.values()):
            yield from _named(inner, outputs)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner, outputs)
    elif isinstance(value, str) and (head := value.rpartition(".")[0]) in outputs:
        yield head


def _facts(decision: Decision) -> Iterator[str]:
    for rule in decision.rules:
        for test in rule.tests:
            yield from (compare.name for compare in comparisons(test))
