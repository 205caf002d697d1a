"""Comparisons in conditions, each name with its operand, and checks that both are of the same type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import DATED, NUMERIC, FieldRef, Test
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Defect, Finding, cached, check
from zhengxie_flow.reading.checks.conditions import condition_uses, parameter_fields
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import Names, names_of
from zhengxie_flow.reading.compiling import type_mismatch
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import compiled, types_of

_GROUPS = {
    "bool": "bool",
    "enum": "choice",
    "set": "choice",
    "int": "number",
    "decimal": "number",
    "date": "day",
    "instant": "day",
}
"""Types that can be held against each other; all others are texts."""

_WANTED = {
    **dict.fromkeys(NUMERIC, ("number",)),
    **dict.fromkeys(DATED, ("day",)),
    "within": ("choice",),
}
"""The kinds of values that a test is for; a test that is not listed is for all."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Comparison of a name with one operand; ``value`` None where that is another name, ``fits``: the types agree."""

    name: str
    type: ValueType
    test: str
    value: Any
    fits: bool
    place: Place


@cached
def comparisons(loaded: Loaded) -> Iterator[Comparison]:
    """Every comparison in every condition whose name is known."""
    for use in condition_uses(loaded):
        if not isinstance(use.condition, c.Compare):
            continue
        meanings = use.names.meanings(use.condition.name)
        if not meanings:
            continue
        kind, at = meanings[0].type, use.place.at(use.condition.name)
        for test in Test.model_fields:
            written = getattr(use.condition.test, test)
            if written is None or test == "recorded":
                continue
            members = written if isinstance(written, tuple) else (written,)
            for index, operand in enumerate(members):
                place = at.at(test, index) if isinstance(written, tuple) else at.at(test)
                fits = _fits(test, kind, operand, use.names)
                value = None if isinstance(operand, FieldRef) else operand
                yield Comparison(use.condition.name, kind, test, value, fits, place)


def _fits(test: str, kind: ValueType, operand: Any, names: Names) -> bool:
    group = _group(kind)
    if group not in _WANTED.get(test, (group,)) or (test == "includes" and kind.type != "set"):
        return False
    if isinstance(operand, FieldRef):
        others = names.meanings(operand.field)
        return not others or _group(others[0].type) == group
    match group:
        case "bool":
            return isinstance(operand, bool)
        case "number":
            return not isinstance(operand, bool) and _is_number(operand)
        case "day":
            return isinstance(operand, str) and _is_day(operand)
    return isinstance(operand, str)


def _group(kind: ValueType) -> str:
    return _GROUPS.get(kind.type, "text")


def _is_number(operand: Any) -> bool:
    """A number; with a decimal point it comes as text, because a definition holds no floats."""
    try:
        return isinstance(operand, int) or Decimal(operand).is_finite()
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        _ = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return False
    return True


@check(
    "ZX1249",
    "unlike-types",
    en="A number is held against a number, a day against a day, a choice against choices; nothing else ever holds.",
    zh="数与数比、日与日比、选项与所列选项比；类型不同的比较永远不会成立。",
)
def unlike_types(loaded: Loaded) -> Iterator[Defect]:
    """Report tests that values of the type can never pass, and judges of timeliness that say neither yes nor no."""
    for comparison in comparisons(loaded):
        if not comparison.fits:
            yield Defect(
                comparison.place, "name", name=comparison.name, type=comparison.type.type, test=comparison.test
            )
    for use in parameter_fields(loaded):
        for meaning in use.names.meanings(use.name)[:1]:
            if meaning.type.type != use.type:
                yield Defect(use.place, "name", name=use.name, type=meaning.type.type, test=f"value ({use.type})")
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        judge = duty.limit.judged_by if duty.limit is not None else None
        for meaning in names_of(loaded, item=duty.for_).meanings(judge)[:1] if judge is not None else ():
            if meaning.type.type != "bool":
                place = top.at("obligations", name, "limit", "judged_by")
                yield Defect(place, "name", name=judge, type=meaning.type.type, test="judged_by")


@check(
    "ZX3117",
    "uncomparable",
    en="A rule that compares unlike things never holds, and nothing can be proved of its decision.",
    zh="规则拿不同类型的东西相比，永远不会成立，所属的决定也无从证明。",
)
def uncomparable(loaded: Loaded) -> Iterator[Finding]:
    """Report the first such rule of each decision, unless its comparison is told already."""
    reported = {id(comparison.place.node) for comparison in comparisons(loaded) if not comparison.fits}
    types = types_of(loaded.definition.process, loaded.definition.decisions)
    for name, decision in loaded.definition.decisions.items():
        top = Place(*loaded.decisions[name])
        try:
            compiled(decision, types)
        except InvalidDefinition as error:
            if id(top.node) not in reported:
                yield from (type_mismatch(decision, top, problem) for problem in error.problems)


CHECKS = (unlike_types, uncomparable)
