"""Check of the calendar of a process, with the local layers it is composed of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading.checks.catalogue import Defect, Finding, check
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.resources import rules_dir

CHINA = "CN"


@check(
    "ZX1260",
    "unknown-calendar",
    en="Working days are those of the calendar a process names; local days off apply where it opts in, as cn+<layer>.",
    zh="工作日以流程所写的日历为准；地方放假须由流程写明才适用，写作 cn+<层>。",
)
def unknown_calendar(loaded: Loaded) -> Iterator[Finding]:
    """Report a calendar that does not exist, and every fault in the local layers it is composed of."""
    name = loaded.definition.process.calendar
    country, *local = name.split("+")
    layers = _layers(loaded)
    place = Place(loaded.process, loaded.process.node, ("calendar",))
    if country.upper() == CHINA:
        if set(local) <= layers.keys():
            yield from _faults([layers[layer] for layer in local])
        else:
            yield Defect(place, "calendar", **suggestion(name, _known(layers)))
    elif local or not _abroad(country):
        from zhengxie_flow.reading.holidays_adapter import countries

        yield Defect(place, "calendar", **suggestion(name, [*_known(layers), *countries()]))


def _layers(loaded: Loaded) -> dict[str, Path]:
    """The files of local layers by name; the project's own go before those of the package."""
    folders = [rules / "calendars" / "local" for rules in (rules_dir(), loaded.rules) if rules is not None]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def _known(layers: dict[str, Path]) -> list[str]:
    return ["cn", *(f"cn+{layer}" for layer in layers)]


def _faults(paths: list[Path]) -> Iterator[Problem]:
    from zhengxie_flow.reading.calendar_files import read_layer

    for path in paths:
        try:
            read_layer(path)
        except InvalidDefinition as error:
            yield from error.problems


def _abroad(name: str) -> bool:
    """True if a foreign calendar exists, for a country or subdivision; the library is loaded only for it."""
    from zhengxie_flow.reading.holidays_adapter import countries

    code, _, subdivision = name.partition("-")
    subdivisions = countries().get(code.upper())
    return subdivisions is not None and (not subdivision or subdivision in subdivisions)


CHECKS = (unknown_calendar,)
