"""Checks of scenarios and case files: readable values, and a reason where the record needs one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.scenario import HappeningKind
from zhengxie_flow.model.values import read_value
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.scenario_references import given_values
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1215",
    "unreadable-value",
    en="A fact or field takes values of its type alone: a date as 2026-03-04, one of the choices listed, a number.",
    zh="事实和字段只接受其类型的值：日期写作 2026-03-04，选项取列出的值，数字写数字。",
)
def unreadable_value(loaded: Loaded) -> Iterator[Defect]:
    """Report values that cannot be read as what they are given for."""
    for entry in given_values(loaded):
        try:
            read_value(entry.type, entry.value, entry.name)
        except UsageError:
            choices = entry.type.of if isinstance(entry.type.of, dict) else ()
            hint = suggestion(str(entry.value), choices) if choices else {"suggestion": "-", "known": "-"}
            params = {**hint, "name": entry.name, "type": entry.type.type, "given": str(entry.value)}
            yield Defect(entry.place, **params)


def _reasoned(kind: HappeningKind) -> bool:
    """Return whether events of a kind are recorded with their reason."""
    match kind:
        case "determine" | "explain" | "correct" | "move":
            return True
        case "do" | "try" | "plan" | "open" | "link":
            return False
        case _:
            assert_never(kind)


@check(
    "ZX1258",
    "unreasoned",
    en="What somebody determines, explains, corrects or decides is recorded with its reason, or not at all.",
    zh="认定、说明、更正和转版都要连同理由一起记录，没有理由不能记录。",
)
def unreasoned(loaded: Loaded) -> Iterator[Defect]:
    """Report happenings without a reason that cannot be recorded without one."""
    for member in loaded.scenarios:
        for index, event in enumerate(member.scenario.events):
            if _reasoned(event.kind) and not (event.reason or "").strip():
                place = Place(member.source, member.node).name("events", index, event.kind)
                yield Defect(place, kind=event.kind)


CHECKS = (unreadable_value, unreasoned)
