"""Semantic checks of one decision, after every key has its type; each problem is reported at its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.cell import Cell
from zhengxie_flow.model.condition import DATED, NUMERIC, Compare, Condition, Connective, FieldRef, Test
from zhengxie_flow.model.rule import Rule, Rules
from zhengxie_flow.model.values import ValueType, read_value
from zhengxie_flow.spelling import closest, hint

_EXTRA = frozenset("-_./#()（）")
_NUMBERS = frozenset({"int", "decimal"})
_DECIMAL = ValueType(type="decimal")


At = tuple[str | int, ...]
Faults = Iterator[InitErrorDetails]


def check(decision: Rules, reserved: frozenset[str]) -> None:
    """Raise every problem of a decision, each at its place.

    Args:
        decision: the decision, every key of which has its type.
        reserved: the keys of a row that are no cells.

    Raises:
        ValidationError: which the validation of the whole takes in, with the place of the decision before each.
    """
    faults = list(_shape(decision))  # what is of the wrong shape cannot be looked into
    if not faults:
        faults += [*_ids(decision), *_inputs(decision, reserved), *_order(decision)]
        for at, then in _thens(decision):
            faults += _then(decision, at, then)
    if faults:
        raise ValidationError.from_exception_data(decision.decision, faults)


def _fault(code: str, at: At, **params: Any) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(code, "", params), loc=at, input=None)


def _shape(decision: Rules) -> Faults:
    if not decision.outcomes and not decision.outputs:
        yield _fault("ZX3114", ())
    if decision.outcomes and decision.outputs:
        yield _fault("ZX3101", ("outputs",), key="outputs", other="outcomes")
    wrong = "rows" if decision.policy == "exceptions" else "exceptions"
    if getattr(decision, wrong):
        yield _fault("ZX3101", (wrong,), key=wrong, other=f"policy: {decision.policy}")
    if decision.aggregate is not None and decision.policy != "collect":
        yield _fault("ZX3101", ("aggregate",), key="aggregate", other=f"policy: {decision.policy}")
    elif decision.aggregate in {"sum", "min", "max"}:
        kinds = [kind.type for kind in decision.outputs.values()]
        if len(kinds) != 1 or kinds[0] not in _NUMBERS:
            yield _fault("ZX3109", ("aggregate",), given=decision.aggregate)
    if decision.layers and decision.several:
        yield _fault("ZX3101", ("layers",), key="layers", other=f"policy: {decision.policy}")
    if decision.policy in {"priority", "output_order"} and decision.outputs:
        bad = [name for name, kind in decision.outputs.items() if not isinstance(kind.of, dict)]
        if bad:
            yield _fault("ZX3115", ("outputs", bad[0]), name=bad[0], policy=decision.policy)


def _ids(decision: Rules) -> Faults:
    for outcome in decision.outcomes:
        yield from _readable(outcome, ("outcomes", outcome, "[key]"))
    ids: set[str] = set()
    for index, rule in enumerate(decision.rules):
        at = (decision.rules_key, index, "id")
        yield from _readable(rule.id, at)
        if rule.id in ids:
            yield _fault("ZX3102", at, given=rule.id)
        ids.add(rule.id)


def _readable(ident: str, at: At) -> Faults:
    """Report letters that look like others: only ASCII and Chinese characters are unmistakable."""
    for character in ident:
        if (character.isascii() and character.isalnum()) or character in _EXTRA:
            continue
        name = unicodedata.name(character, "")
        if not name.startswith("CJK UNIFIED IDEOGRAPH"):
            yield _fault("ZX3107", at, given=ident, codepoint=f"U+{ord(character):04X}", name=name or "-")
            return


def _inputs(decision: Rules, reserved: frozenset[str]) -> Faults:
    for name in decision.inputs:
        if name in reserved:
            yield _fault("ZX3108", ("inputs", name, "[key]"), name=name)
    for index, row in enumerate(decision.rows):
        for name, cell in row.cells.items():
            at: At = ("rows", index, name)
            if decision.inputs and name not in decision.inputs:
                yield _fault("ZX3104", (*at, "[key]"), **_suggested(name, (*decision.inputs, *sorted(reserved))))
            kind = decision.inputs.get(name)
            if kind is not None:
                yield from _cell(name, kind, cell, at)
    if decision.inputs:
        for compare, at in _compared(decision):
            yield from _input_problems(decision, compare.name, (*at, "[key]"))
            yield from _tests(decision, compare.name, compare.test, at)


_OF_ACT = frozenset({"by", "at", "for", "actor"})


def _input_problems(decision: Rules, name: str, at: At) -> Faults:
    """Report a name that is no input of the decision; names of the acting side (``by``, ``at``) are left out."""
    if name not in decision.inputs and name not in _OF_ACT and "." not in name:
        yield _fault("ZX3104", at, **_suggested(name, decision.inputs))


def _compared(decision: Rules) -> Iterator[tuple[Compare, At]]:
    """The comparisons of facts in conditions of rules and in constraints; those of acts and items are left out."""
    for index, rule in enumerate(decision.rules):
        if rule.when is not None:
            yield from _inside(rule.when, (decision.rules_key, index, "when"))
    for index, constraint in enumerate(decision.constraints):
        yield from _inside(constraint.impossible, ("constraints", index, "impossible"))


def _inside(condition: Condition, at: At) -> Iterator[tuple[Compare, At]]:
    if isinstance(condition, Compare):
        yield condition, (*at, condition.name)
    elif isinstance(condition, Connective):
        for place, part in condition.parts():
            yield from _inside(part, (*at, *place))


def _tests(decision: Rules, name: str, test: Test, at: At) -> Faults:
    """Check operands of an input: values of its type, or an input of a comparable type."""
    kind = decision.inputs.get(name)
    for operand, step in _members(test):
        if isinstance(operand, FieldRef):
            place = (*at, *step, "field")
            yield from _input_problems(decision, operand.field, place)
            other = decision.inputs.get(operand.field)
            if kind is not None and other is not None and not _comparable(kind, other):
                yield _fault("ZX3111", place, name=name, type=kind.type, given=operand.field)
    if kind is not None:
        yield from _literals(name, kind, test, at)


def _members(test: Test) -> Iterator[tuple[Any, At]]:
    """Yield the operands of a test, each with its place."""
    for key in type(test).model_fields:
        operand = getattr(test, key)
        if isinstance(operand, tuple):
            yield from ((member, (key, index)) for index, member in enumerate(operand))
        elif operand is not None and key != "recorded":
            yield operand, (key,)


_KINDS = (frozenset({"int", "decimal"}), frozenset({"date", "instant"}), frozenset({"enum", "set"}))


def _comparable(kind: ValueType, other: ValueType) -> bool:
    return kind.type == other.type or any({kind.type, other.type} <= kinds for kinds in _KINDS)


def _cell(name: str, kind: ValueType, cell: Cell, at: At) -> Faults:
    """Every literal of a cell has to be a value of the input's type."""
    if cell.not_ is not None:
        yield from _cell(name, kind, cell.not_, (*at, "not"))
    if cell.hold is not None:
        yield from _literals(name, kind, cell.hold, at)


def _literals(name: str, kind: ValueType, held: Test, at: At) -> Faults:
    wrong = [test for test in type(held).model_fields if getattr(held, test) is not None and not _fits(test, kind)]
    for test in wrong:
        yield _fault("ZX3111", at, name=name, type=kind.type, given=test)
    for literal, step in _members(held):
        if not isinstance(literal, FieldRef) and step[0] not in wrong:
            yield from _literal(name, kind, literal, (*at, *step))


_ORDERED = {
    **dict.fromkeys(NUMERIC, _NUMBERS),
    **dict.fromkeys(DATED, frozenset({"date", "instant"})),
    "includes": frozenset({"set"}),
    "within": frozenset({"enum", "set"}),
}


def _fits(test: str, kind: ValueType) -> bool:
    return test == "recorded" or kind.type in _ORDERED.get(test, {kind.type})


def _literal(name: str, kind: ValueType, literal: Any, at: At) -> Faults:
    if isinstance(kind.of, dict) and isinstance(literal, str) and literal not in kind.of:
        yield _fault("ZX1201", at, kind="value", **_suggested(literal, kind.of))
    # A limit may lie between two whole numbers, and the journal keeps decimals as text.
    elif isinstance(literal, bool) is not (kind.type == "bool") or not _reads(
        _DECIMAL if kind.type in _NUMBERS else kind, literal, name
    ):
        yield _fault("ZX3111", at, name=name, type=kind.type, given=_shown(literal))


def _reads(kind: ValueType, value: Any, name: str) -> bool:
    try:
        read_value(kind, value, name)
    except UsageError:
        return False
    return True


def _order(decision: Rules) -> Faults:
    """Check the precedence of rules: existing layers and ids, never against the layers, no cycle."""
    by_id = {rule.id: rule for rule in decision.rules}
    sound = True
    for index, rule in enumerate(decision.rules):
        for fault in _place(decision, by_id, rule, (decision.rules_key, index)):
            sound = False
            yield fault
    circle = next(_circles(by_id), None) if sound else None
    if circle is not None:
        first = list(by_id).index(circle[0])
        yield _fault("ZX3105", (decision.rules_key, first, "over"), circle=" → ".join((*circle, circle[0])))


def _place(decision: Rules, by_id: dict[str, Rule], rule: Rule, at: At) -> Faults:
    if rule.layer is not None and rule.layer not in decision.layers:
        yield _fault("ZX1201", (*at, "layer"), kind="layer", **_suggested(rule.layer, decision.layers))
        return
    if (rule.priority or rule.over) and decision.policy != "exceptions":
        key = "priority" if rule.priority else "over"
        yield _fault("ZX3101", (*at, key), key="priority / over", other=f"policy: {decision.policy}")
        return
    for position, name in enumerate(rule.over):
        other = by_id.get(name)
        if other is None:
            yield _fault("ZX1201", (*at, "over", position), kind="rule", **_suggested(name, by_id))
        elif other.layer is None or other.layer in decision.layers:
            mine, theirs = ((decision.layer_of(ranked), ranked.priority) for ranked in (rule, other))
            if mine < theirs:
                yield _fault("ZX3105", (*at, "over", position), circle=f"{rule.id} → {name} → {rule.id}")


def _circles(by_id: dict[str, Rule]) -> Iterator[tuple[str, ...]]:
    """Rules that go before each other."""
    done: set[str] = set()
    for start in by_id:
        path: list[str] = []
        todo: list[tuple[str, bool]] = [(start, False)]
        while todo:
            name, leave = todo.pop()
            if leave:
                path.pop()
                done.add(name)
            elif name in path:
                yield tuple(path[path.index(name) :])
                return
            elif name not in done:
                path.append(name)
                todo.append((name, True))
                todo.extend((other, False) for other in by_id[name].over)


def _thens(decision: Rules) -> Iterator[tuple[At, Any]]:
    if decision.default is not None:
        yield ("default",), decision.default
    for index, rule in enumerate(decision.rules):
        yield (decision.rules_key, index, "then"), rule.then


def _then(decision: Rules, at: At, then: Any) -> Faults:
    if decision.outcomes:
        if not isinstance(then, str) or then not in decision.outcomes:
            yield _fault("ZX3001", at, given=_shown(then), allowed=tuple(decision.outcomes))
        return
    values = then if isinstance(then, dict) else {next(iter(decision.outputs)): then}
    if set(values) != set(decision.outputs):
        yield _fault("ZX3112", at, allowed=tuple(decision.outputs))
        return
    for name, value in values.items():
        place = (*at, name) if isinstance(then, dict) else at
        kind = decision.outputs[name]
        if isinstance(kind.of, dict) and isinstance(value, str) and value not in kind.of:
            yield _fault("ZX1201", place, kind="value", **_suggested(value, kind.of))
        elif not _reads(kind, value, name):
            yield _fault("ZX3111", place, name=name, type=kind.type, given=str(value))


def _shown(then: Any) -> str:
    if isinstance(then, dict):
        return "{" + ", ".join(then) + "}"
    return str(then).lower() if isinstance(then, bool) else str(then)


def _suggested(name: str, choices: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "suggestion": hint(name, choices), "known": tuple(closest(name, choices))}
