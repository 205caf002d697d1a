"""Checks of values in conditions: of the right type, and one of the choices."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.reading.checks.catalogue import Defect, Finding, check
from zhengxie_flow.reading.checks.comparisons import comparisons
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import Names
from zhengxie_flow.reading.checks.unknown import suggestion, unknown
from zhengxie_flow.reading.compiling import type_mismatch
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import compiled, types_of


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
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        judge = duty.limit.judged_by if duty.limit is not None else None
        for meaning in Names(process, item=duty.for_).meanings(judge)[:1] if judge is not None else ():
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
    types = types_of(loaded.definition.process)
    for name, decision in loaded.definition.decisions.items():
        top = Place(*loaded.decisions[name])
        try:
            compiled(decision, types)
        except InvalidDefinition as error:
            if id(top.node) not in reported:
                yield from (type_mismatch(decision, top, problem) for problem in error.problems)


@check(
    "ZX1250",
    "unknown-value",
    en="A choice is one of those listed; held against any other, a condition never holds.",
    zh="选项只能取列出的值；与未列出的值相比，条件永远不成立。",
)
def unknown_value(loaded: Loaded) -> Iterator[Defect]:
    """Report values in conditions that are not among the choices of their fact or field."""
    for comparison in comparisons(loaded):
        choices = comparison.type.of
        if isinstance(choices, dict) and isinstance(comparison.value, str) and comparison.value not in choices:
            yield Defect(comparison.place, "value", **suggestion(comparison.value, choices))
    yield from unknown(loaded, "value")


CHECKS = (unlike_types, uncomparable, unknown_value)
