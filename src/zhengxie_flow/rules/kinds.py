"""The kind of value of each name in a decision, as declared or as its literals show; literals read as that kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, UsageError
from zhengxie_flow.model import comparing, condition as c
from zhengxie_flow.model.condition import DATED, NUMERIC, Condition, FieldRef, Test
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.values import FactRef, ValueType, read_value

UNLIKE = "ZX3117"

_GROUPS = {
    "bool": "bool", "enum": "choice", "set": "set", "int": "number", "decimal": "number", "date": "date",
    "instant": "instant", "text": "text", "document": "text", "role": "text", "ref": "text", "refs": "set",
}  # fmt: skip
MOST_DIGITS = 100
"""Places of a number on either side of the point; no law writes a longer one."""

_PLAIN = ("equals", "one_of", "differs_from")
_ALLOWED = {
    "bool": _PLAIN,
    "choice": (*_PLAIN, "within", "includes"),
    "set": (*_PLAIN, "within", "includes"),
    "number": (*_PLAIN, *NUMERIC),
    "date": (*_PLAIN, *DATED),
    "instant": (*_PLAIN, *DATED),
    "text": (*_PLAIN, "within", "includes"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a name's values; ``whole`` for whole numbers, ``choices`` where they are listed."""

    group: str  # bool | choice | set | number | date | instant | text
    whole: bool = False
    choices: tuple[str, ...] = ()
    type: ValueType | None = None


def kind_of(type_: ValueType) -> Kind:
    """The kind of a declared type."""
    choices = tuple(type_.of) if isinstance(type_.of, dict) else ()
    return Kind(_GROUPS[type_.type], type_.type == "int", choices, type_)


def types_of(process: Process, decisions: Mapping[str, Decision] | None = None) -> dict[str, ValueType]:
    """Every name that a decision of a process may look at, with its type; left out where two owners differ in it.

    Args:
        process: the process.
        decisions: the decisions of its rules, whose outputs can be looked up like facts.
    """
    return {**output_types(decisions or {}), **_types_of_process(process)}


def output_types(decisions: Mapping[str, Decision]) -> dict[str, ValueType]:
    """The outputs of decisions that can be looked up like facts (``fee.amount``), with their types."""
    return {
        f"{name}.{part}": kind
        for name, decision in decisions.items()
        for part in decision.output_names
        if (kind := decision.output_type(part)) is not None
    }


def _types_of_process(process: Process) -> dict[str, ValueType]:
    by_name: dict[str, ValueType | None] = {}

    def add(name: str, kind: ValueType | FactRef) -> None:
        if isinstance(kind, ValueType) and name not in process.facts:
            by_name[name] = kind if by_name.get(name, kind) == kind else None

    for item in process.items.values():
        for name, kind in item.fields.items():
            add(name, kind)
    for action_name, action in process.actions.items():
        for name, field in action.fields.items():
            add(name, field)
            dotted = process.facts.get(name) if isinstance(field, FactRef) else field
            if dotted is not None:
                add(f"{action_name}.{name}", dotted)
    return {**process.facts, **{name: kind for name, kind in by_name.items() if kind is not None}}


def comparisons(condition: Condition) -> Iterator[c.Compare]:
    """The comparisons of names of the case itself; conditions on acts and items are left out."""
    if isinstance(condition, c.Compare):
        yield condition
    elif isinstance(condition, c.Connective):
        for part in condition.children():
            yield from comparisons(part)


def operands(test: Test) -> Iterator[tuple[str, Any]]:
    """The (operator, operand) pairs of a test, except ``recorded``, which asks about the record and no value."""
    for name in _TESTS:
        operand = getattr(test, name)
        if operand is not None:
            yield name, operand


_TESTS = tuple(name for name in Test.model_fields if name != "recorded")


def literals(operand: Any) -> tuple[Any, ...]:
    """The literals of an operand; other fields and ``this`` are none."""
    members = operand if isinstance(operand, tuple) else (operand,)
    return tuple(member for member in members if not isinstance(member, FieldRef) and member != "this")


def fields(test: Test) -> Iterator[tuple[str, str]]:
    """The (operator, name) pairs of a test whose operand is another field or fact."""
    for operator, operand in operands(test):
        for member in operand if isinstance(operand, tuple) else (operand,):
            if isinstance(member, FieldRef):
                yield operator, member.field


def kinds(
    conditions: Iterable[Condition], types: Mapping[str, ValueType], zone: tzinfo = comparing.DEFAULT_ZONE
) -> dict[str, Kind]:
    """The kind of every name compared, and of every name it is compared with.

    Args:
        conditions: the conditions that compare them.
        types: the declared types; other names take their kind from the literals, else from their partner.
        zone: the zone whose days count.

    Returns:
        The kinds by name.

    Raises:
        InvalidDefinition: ZX3117 where a name is compared with a value of another kind; its ``part`` is the place of
            the condition in ``conditions``.
    """
    tests: dict[str, list[tuple[int, Test]]] = {}
    for part, condition in enumerate(conditions):
        for compare in comparisons(condition):
            tests.setdefault(compare.name, []).append((part, compare.test))
    by_name = _kinds_of_names(tests, types)
    for name, held in tests.items():
        for part, test in held:
            _agree(name, by_name, test, part, zone)
    return by_name


def _kinds_of_names(tests: Mapping[str, list[tuple[int, Test]]], types: Mapping[str, ValueType]) -> dict[str, Kind]:
    """The kind of every name: as declared, else by its literals, else that of a name it is compared with."""
    partners: dict[str, dict[str, None]] = {name: {} for name in tests}
    for name, held in tests.items():
        for _, test in held:
            for _, other in fields(test):
                partners[name][other] = None
                partners.setdefault(other, {})[name] = None
    by_name: dict[str, Kind] = {}
    bare: list[str] = []
    for name in partners:
        own = [test for _, test in tests.get(name, ())]
        if name in types:
            by_name[name] = kind_of(types[name])
        elif any(literals(operand) or key in _TELLING for test in own for key, operand in operands(test)):
            by_name[name] = _inferred(own)
        else:
            bare.append(name)
    for name in bare:
        others = [by_name[other] for other in partners[name] if other in by_name]
        by_name[name] = Kind(others[0].group, choices=others[0].choices) if others else Kind("text")
    return by_name


_TELLING = frozenset({*NUMERIC, *DATED, "includes"})
"""Operators that tell the kind of a name by themselves."""


def _inferred(tests: Iterable[Test]) -> Kind:
    tests = list(tests)
    pairs = [pair for test in tests for pair in operands(test)]
    used = {name for name, _ in pairs}
    values = [literal for _, operand in pairs for literal in literals(operand)]
    if used & set(NUMERIC):
        return Kind("number")
    if used & set(DATED):
        return Kind("instant" if any(isinstance(value, str) and len(value) > 10 for value in values) else "date")
    if used & {"includes"}:
        return Kind("set")
    if any(isinstance(value, bool) for value in values):
        return Kind("bool")
    return Kind("number" if any(isinstance(value, int | Decimal) for value in values) else "text")


_FAMILIES = {"bool": "bool", "number": "number", "date": "day", "instant": "day"}
"""Kinds of values that can be held against each other; all others are words."""


def family(kind: Kind) -> str:
    """The kinds that a kind can be held against."""
    return _FAMILIES.get(kind.group, "words")


def _agree(name: str, by_name: Mapping[str, Kind], test: Test, part: int, zone: tzinfo) -> None:
    kind = by_name[name]
    for operator, other in fields(test):
        if family(by_name[other]) != family(kind):
            raise InvalidDefinition(UNLIKE, name=name, type=kind.group, given=f"{operator}: {other}", part=part)
    for operator, operand in operands(test):
        wrong = operator not in _ALLOWED[kind.group]
        for literal in literals(operand):
            if wrong or not _is(kind, literal, zone):
                raise InvalidDefinition(
                    UNLIKE, name=name, type=kind.group, given=f"{operator}: {_shown(literal)}", part=part
                )
        if wrong:
            raise InvalidDefinition(UNLIKE, name=name, type=kind.group, given=operator, part=part)


def _shown(literal: Any) -> str:
    return str(literal).lower() if isinstance(literal, bool) else str(literal)


def _is(kind: Kind, literal: Any, zone: tzinfo) -> bool:
    try:
        return _brought(kind, literal, zone) is not None
    except (ValueError, InvalidOperation):
        return False


def _brought(kind: Kind, literal: Any, zone: tzinfo) -> Any:
    """A literal as values of the kind are compared; None where it is of another kind."""
    match kind.group:
        case "bool":
            return literal if isinstance(literal, bool) else None
        case "number":
            return None if isinstance(literal, bool) else _exact(literal)
        case "date":
            return comparing.civil_day(literal, zone).isoformat() if isinstance(literal, str) else None
        case "instant":
            return _moment(literal) if isinstance(literal, str) else None
    return literal if isinstance(literal, str) else None


def _exact(literal: Any) -> Decimal | int:
    number = literal if isinstance(literal, int | Decimal) else Decimal(literal)
    if isinstance(number, Decimal):
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or max(abs(number.adjusted()), -exponent) > MOST_DIGITS:
            raise InvalidOperation
        return int(number) if number == number.to_integral_value() and abs(number) < 10**18 else number
    return number


def _moment(text: str) -> str:
    moment = comparing.moment(text)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ValueError(text)
    return moment.isoformat()


def typed(condition: Condition, kinds_: Mapping[str, Kind], zone: tzinfo = comparing.DEFAULT_ZONE) -> Condition:
    """A condition whose literals have the kind of the names they are compared with; a bundle has decimals as text."""
    if isinstance(condition, c.Connective):
        return condition.map(lambda part: typed(part, kinds_, zone))
    if isinstance(condition, c.Compare) and kinds_[condition.name].group in {"number", "date", "instant"}:
        kind = kinds_[condition.name]
        changed = {name: _operand(kind, operand, zone) for name, operand in operands(condition.test)}
        return c.Compare.model_construct(name=condition.name, test=condition.test.model_copy(update=changed))
    return condition


def _operand(kind: Kind, operand: Any, zone: tzinfo) -> Any:
    if isinstance(operand, tuple):
        return tuple(_operand(kind, member, zone) for member in operand)
    return operand if isinstance(operand, FieldRef) or operand == "this" else _brought(kind, operand, zone)


def read_fact(name: str, kind: Kind, value: Any) -> Any:
    """A value given by a person, as facts are kept.  Raises `UsageError` ZX4020."""
    if kind.type is not None:
        return read_value(kind.type, value, name)
    if kind.group == "set":
        entries = value.split(",") if isinstance(value, str) else value
        if not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
            raise UsageError("ZX4020", name=name, type="set", given=str(value), allowed="")
        return sorted({entry.strip() for entry in entries if entry.strip()})
    return read_value(type_of(kind), value, name)


def type_of(kind: Kind) -> ValueType:
    """The declared type of a kind, else the one its values are read by."""
    return kind.type if kind.type is not None else _GUESSED.get(kind.group, _GUESSED["text"])


_GUESSED = {
    "bool": ValueType(type="bool"), "number": ValueType(type="decimal"), "date": ValueType(type="date"),
    "instant": ValueType(type="instant"), "text": ValueType(type="text"),
}  # fmt: skip
