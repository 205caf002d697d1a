"""What can be wrong with a decision although every key has its type; the first fault is raised, at its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic_core import PydanticCustomError

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.values import ValueType, read_value

if TYPE_CHECKING:
    from zhengxie_flow.model.cell import Cell
    from zhengxie_flow.model.decision import Decision, Rule

_EXTRA = frozenset("-_./#()（）")
_NUMBERS = frozenset({"int", "decimal"})
_DECIMAL = ValueType(type="decimal")


def _raise(code: str, at: Iterable[str | int], **params: Any) -> NoReturn:
    raise PydanticCustomError(code, "", {**params, "at": list(at)})


def check(decision: Decision, reserved: frozenset[str]) -> None:
    """Raise the first fault of a decision; ``reserved`` are the keys of a row that are no cells."""
    _shape(decision)
    _ids(decision)
    _inputs(decision, reserved)
    _order(decision)
    for at, then in _thens(decision):
        _then(decision, at, then)


def _shape(decision: Decision) -> None:
    if not decision.outcomes and not decision.outputs:
        _raise("ZX3114", ())
    if decision.outcomes and decision.outputs:
        _raise("ZX3101", ("outputs",), key="outputs", other="outcomes")
    wrong = "rows" if decision.policy == "exceptions" else "exceptions"
    if getattr(decision, wrong):
        _raise("ZX3101", (wrong,), key=wrong, other=f"policy: {decision.policy}")
    if decision.aggregate is not None and decision.policy != "collect":
        _raise("ZX3101", ("aggregate",), key="aggregate", other=f"policy: {decision.policy}")
    if decision.layers and decision.several:
        _raise("ZX3101", ("layers",), key="layers", other=f"policy: {decision.policy}")
    if decision.aggregate in {"sum", "min", "max"}:
        kinds = [kind.type for kind in decision.outputs.values()]
        if len(kinds) != 1 or kinds[0] not in _NUMBERS:
            _raise("ZX3109", ("aggregate",), given=decision.aggregate)
    if decision.policy in {"priority", "output_order"} and decision.outputs:
        bad = [name for name, kind in decision.outputs.items() if not isinstance(kind.of, dict)]
        if bad:
            _raise("ZX3115", ("outputs", bad[0]), name=bad[0], policy=decision.policy)


def _ids(decision: Decision) -> None:
    for outcome in decision.outcomes:
        _alike(outcome, ("outcomes", outcome, "[key]"))
    seen: set[str] = set()
    for index, rule in enumerate(decision.rules):
        at = (decision.rules_key, index, "id")
        _alike(rule.id, at)
        if rule.id in seen:
            _raise("ZX3102", at, given=rule.id)
        seen.add(rule.id)


def _alike(ident: str, at: Iterable[str | int]) -> None:
    """Only letters that nobody mistakes for others: ASCII, and Chinese characters."""
    for character in ident:
        if (character.isascii() and character.isalnum()) or character in _EXTRA:
            continue
        name = unicodedata.name(character, "")
        if not name.startswith("CJK UNIFIED IDEOGRAPH"):
            _raise("ZX3107", at, given=ident, codepoint=f"U+{ord(character):04X}", name=name or "-")


def _inputs(decision: Decision, reserved: frozenset[str]) -> None:
    for name in decision.inputs:
        if name in reserved:
            _raise("ZX3108", ("inputs", name, "[key]"), name=name)
    for index, row in enumerate(decision.rows):
        for name, cell in row.cells.items():
            at = ("rows", index, name)
            if decision.inputs and name not in decision.inputs:
                _raise("ZX3104", (*at, "[key]"), **_suggested(name, (*decision.inputs, *sorted(reserved))))
            kind = decision.inputs.get(name)
            if kind is not None:
                _cell(name, kind, cell, at)


def _cell(name: str, kind: ValueType, cell: Cell, at: tuple[str | int, ...]) -> None:
    """Every literal of a cell has to be a value of the input's type."""
    if cell.not_ is not None:
        _cell(name, kind, cell.not_, (*at, "not"))
    if cell.hold is None:
        return
    for test in type(cell.hold).model_fields:
        given = getattr(cell.hold, test)
        if given is None or test == "recorded":
            continue
        if not _fits(test, kind):
            _raise("ZX3111", at, name=name, type=kind.type, given=test)
        members = given if isinstance(given, tuple) else (given,)
        for index, literal in enumerate(members):
            if not isinstance(literal, FieldRef):
                step = (index,) if isinstance(given, tuple) else ()
                _literal(name, kind, literal, (*at, test, *step))


_ORDERED = {
    **dict.fromkeys(("at_least", "at_most", "more_than", "less_than"), _NUMBERS),
    **dict.fromkeys(("before", "after", "on_or_before", "on_or_after"), frozenset({"date", "instant"})),
    "includes": frozenset({"set"}),
    "within": frozenset({"enum", "set"}),
}


def _fits(test: str, kind: ValueType) -> bool:
    return kind.type in _ORDERED.get(test, {kind.type})


def _literal(name: str, kind: ValueType, literal: Any, at: tuple[str | int, ...]) -> None:
    if isinstance(kind.of, dict) and isinstance(literal, str) and literal not in kind.of:
        _raise("ZX3116", at, **_suggested(literal, kind.of))
    if isinstance(literal, bool) is not (kind.type == "bool"):
        _raise("ZX3111", at, name=name, type=kind.type, given=_shown(literal))
    try:
        # A limit may lie between two whole numbers, and the journal keeps decimals as text.
        read_value(_DECIMAL if kind.type in _NUMBERS else kind, literal, name)
    except UsageError:
        _raise("ZX3111", at, name=name, type=kind.type, given=str(literal))


def _order(decision: Decision) -> None:
    by_id = {rule.id: rule for rule in decision.rules}
    for index, rule in enumerate(decision.rules):
        at = (decision.rules_key, index)
        if rule.layer is not None and rule.layer not in decision.layers:
            _raise("ZX3110", (*at, "layer"), **_suggested(rule.layer, decision.layers))
        if (rule.priority or rule.over) and decision.policy != "exceptions":
            _raise("ZX3101", (*at, "priority" if rule.priority else "over"), key="priority / over",
                   other=f"policy: {decision.policy}")  # fmt: skip
        for position, other in enumerate(rule.over):
            place = (*at, "over", position)
            if other not in by_id:
                _raise("ZX3103", place, **_suggested(other, by_id))
            mine, theirs = ((decision.layer_of(each), each.priority) for each in (rule, by_id[other]))
            if mine < theirs:
                _raise("ZX3105", place, circle=f"{rule.id} → {other} → {rule.id}")
    circle = next(_circles(by_id), None)
    if circle is not None:
        first = list(by_id).index(circle[0])
        _raise("ZX3105", (decision.rules_key, first, "over"), circle=" → ".join((*circle, circle[0])))


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


def _thens(decision: Decision) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if decision.default is not None:
        yield ("default",), decision.default
    for index, rule in enumerate(decision.rules):
        yield (decision.rules_key, index, "then"), rule.then


def _then(decision: Decision, at: tuple[str | int, ...], then: Any) -> None:
    if decision.outcomes:
        if not isinstance(then, str) or then not in decision.outcomes:
            _raise("ZX3001", at, given=_shown(then), allowed=", ".join(decision.outcomes))
        return
    values = then if isinstance(then, dict) else {next(iter(decision.outputs)): then}
    if set(values) != set(decision.outputs):
        _raise("ZX3112", at, allowed=", ".join(decision.outputs))
    for name, value in values.items():
        place = (*at, name) if isinstance(then, dict) else at
        kind = decision.outputs[name]
        if isinstance(kind.of, dict) and isinstance(value, str) and value not in kind.of:
            _raise("ZX3116", place, **_suggested(value, kind.of))
        try:
            read_value(kind, value, name)
        except UsageError:
            _raise("ZX3111", place, name=name, type=kind.type, given=str(value))


def outcome(decision: Decision, then: Any) -> Any:
    """An outcome as it is handed on: its id, or plain values by output."""
    if decision.outcomes:
        return then
    values = then if isinstance(then, dict) else {next(iter(decision.outputs)): then}
    return {name: read_value(kind, values[name], name) for name, kind in decision.outputs.items()}


def _shown(then: Any) -> str:
    if isinstance(then, dict):
        return "{" + ", ".join(then) + "}"
    return str(then).lower() if isinstance(then, bool) else str(then)


def _suggested(name: str, known: Iterable[str]) -> dict[str, str]:
    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.0)
    return {"name": name, "suggestion": near[0] if near else "-", "known": ", ".join(names[:8]) or "-"}
