"""Calendars that do not exist: countries nobody knows, local layers nobody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.resources import rules_dir

CODE = "ZX1260"
NAME = "unknown-calendar"
REASON = Reason(
    en="Working days are those of the calendar a process names; local days off apply where it opts in, as cn+<layer>.",
    zh="工作日以流程所写的日历为准；地方放假须由流程写明才适用，写作 cn+<层>。",
)
GOOD: tuple[Example, ...] = (
    "calendar: cn\n",
    {
        "talk.yaml": "calendar: cn+prefecture\n",
        "rules/calendars/local/prefecture.yaml": """\
language: 1
calendar: cn
level: prefecture
notices:
  - {notice_no: 示例〔2026〕1号, off_days: [2026-09-03]}
""",
    },
)
BAD: tuple[Example, ...] = (
    "calendar: cn+prefecture\n# ^ cn\n",
    "calendar: xx\n# ^ xx\n",
    "calendar: {country: Holland}\n# ^ {country\n",
)
CHINA = "CN"


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report a calendar that cannot be had, and every fault in the local layers it is made of."""
    name = loaded.definition.process.calendar
    country, *local = name.split("+")
    layers = _layers(loaded)
    place = Place(loaded.process, loaded.process.node, ("calendar",))
    if country.upper() == CHINA:
        if set(local) <= layers.keys():
            yield from _faults([layers[layer] for layer in local])
        else:
            yield fault(CODE, place, **suggestion(name, _known(layers)))
    elif local or not _abroad(country):
        from zhengxie_flow.reading.holidays_adapter import countries

        yield fault(CODE, place, **suggestion(name, [*_known(layers), *countries()]))


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
    """Whether a calendar of another country is known, as a whole or for a part of it; loaded only for such a name."""
    from zhengxie_flow.reading.holidays_adapter import countries

    code, _, subdivision = name.partition("-")
    known = countries().get(code.upper())
    return known is not None and (not subdivision or subdivision in known)
