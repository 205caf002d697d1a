"""The kind of value of each name in a decision, as declared or as its literals show; literals read as that kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, UsageError
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import DATED, NUMERIC, Condition, FieldRef, Test
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


def types_of(process: Process) -> dict[str, ValueType]:
    """Every name that a decision of a process may look at, with its type; left out where two owners differ in it."""
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


def kinds(conditions: Iterable[Condition], types: Mapping[str, ValueType]) -> dict[str, Kind]:
    """The kind of every name compared.

    Args:
        conditions: the conditions that compare them.
        types: the declared types; other names take their kind from the literals.

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
    by_name: dict[str, Kind] = {}
    for name, held in tests.items():
        declared = types.get(name)
        kind = kind_of(declared) if declared is not None else _inferred(test for _, test in held)
        for part, test in held:
            _agree(name, kind, test, part)
        by_name[name] = kind
    return by_name


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


def _agree(name: str, kind: Kind, test: Test, part: int) -> None:
    for operator, operand in operands(test):
        wrong = operator not in _ALLOWED[kind.group]
        for literal in literals(operand):
            if wrong or not _is(kind, literal):
                raise InvalidDefinition(
                    UNLIKE, name=name, type=kind.group, given=f"{operator}: {_shown(literal)}", part=part
                )
        if wrong:
            raise InvalidDefinition(UNLIKE, name=name, type=kind.group, given=operator, part=part)


def _shown(literal: Any) -> str:
    return str(literal).lower() if isinstance(literal, bool) else str(literal)


def _is(kind: Kind, literal: Any) -> bool:
    try:
        return _brought(kind, literal) is not None
    except (ValueError, InvalidOperation):
        return False


def _brought(kind: Kind, literal: Any) -> Any:
    """A literal as values of the kind are compared; None where it is of another kind."""
    match kind.group:
        case "bool":
            return literal if isinstance(literal, bool) else None
        case "number":
            return None if isinstance(literal, bool) else _exact(literal)
        case "date":
            return _day(literal) if isinstance(literal, str) else None
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


def _day(text: str) -> str:
    return (datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)).isoformat()


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ValueError(text)
    return moment.isoformat()


def typed(condition: Condition, kinds_: Mapping[str, Kind]) -> Condition:
    """A condition whose literals have the kind of the names they are compared with; a bundle has decimals as text."""
    if isinstance(condition, c.Connective):
        return condition.map(lambda part: typed(part, kinds_))
    if isinstance(condition, c.Compare) and kinds_[condition.name].group in {"number", "date", "instant"}:
        kind = kinds_[condition.name]
        changed = {name: _operand(kind, operand) for name, operand in operands(condition.test)}
        return c.Compare.model_construct(name=condition.name, test=condition.test.model_copy(update=changed))
    return condition


def _operand(kind: Kind, operand: Any) -> Any:
    if isinstance(operand, tuple):
        return tuple(_operand(kind, member) for member in operand)
    return operand if isinstance(operand, FieldRef) or operand == "this" else _brought(kind, operand)


def read_fact(name: str, kind: Kind, value: Any) -> Any:
    """A value given by a person, as facts are kept.  Raises `UsageError` ZX4020."""
    if kind.type is not None:
        return read_value(kind.type, value, name)
    if kind.group == "set":
        entries = value.split(",") if isinstance(value, str) else value
        if not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
            raise UsageError("ZX4020", name=name, type="set", given=str(value), allowed="")
        return sorted({entry.strip() for entry in entries if entry.strip()})
    return read_value(_GUESSED.get(kind.group, _GUESSED["text"]), value, name)


_GUESSED = {
    "bool": ValueType(type="bool"), "number": ValueType(type="decimal"), "date": ValueType(type="date"),
    "instant": ValueType(type="instant"), "text": ValueType(type="text"),
}  # fmt: skip
