"""Checks of the calendar of a process, with the layers it is composed of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from zhengxie_flow.errors import CalendarError, InvalidDefinition, NotFound, Problem
from zhengxie_flow.model.convention import CalendarChoice
from zhengxie_flow.model.definition import calendar_choices
from zhengxie_flow.reading.calendar_names import (
    CalendarName,
    country_code,
    fits,
    layer_files,
    looks_like_country,
    parse_name,
)
from zhengxie_flow.reading.checks.catalogue import Defect, Finding, check, warning
from zhengxie_flow.reading.checks.conditions import limits
from zhengxie_flow.reading.checks.counting import written_parts
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.resources import rules_dir


@check(
    "ZX1260",
    "unknown-calendar",
    en="Working days are those of the calendar a process names; a layer of days off applies where it says cn+<layer>.",
    zh="工作日以流程所写的日历为准；地方或单位的放假层须由流程写明才适用，写作 cn+<层>。",
)
def unknown_calendar(loaded: Loaded) -> Iterator[Finding]:
    """Report calendars that do not exist, and every fault in the layers they are composed of, whatever their base."""
    files = _files(loaded)
    reported: set[str] = set()
    for name, place in _named(loaded):
        parsed = parse_name(name)
        used = [part for part in (parsed.base, *parsed.layers) if part in files]
        faults = list(_faults(files[part] for part in used))
        if faults:
            yield from (fault for fault in faults if not reported.issuperset(used))
            reported.update(used)
            continue
        bases = {part: _base(files[part]) for part in used}
        layers_fit = all(_is_layer(part, bases, parsed.base) for part in parsed.layers)
        if not layers_fit or not _is_base(parsed, bases):
            yield Defect(place, "calendar", **suggestion(name, _known(files)))


def _named(loaded: Loaded) -> Iterator[tuple[str, Place]]:
    """The calendars of a process: its own, those of its limits, and those of the conventions it counts by."""
    process, node = loaded.definition.process, loaded.process.node
    yield process.calendar, Place(loaded.process, node, ("calendar",))
    for limit_use in limits(loaded):
        for part, place in written_parts(limit_use):
            if isinstance(part.calendar, CalendarChoice):
                for value, name in calendar_choices(process, part.calendar).items():
                    yield name, place.at("calendar", *(("of", value) if part.calendar.of else ()))
            elif part.calendar is not None:
                yield part.calendar, place.at("calendar")
    ruled = ("convention",) if process.convention is not None else ("calendar",)
    for convention in loaded.definition.conventions.values():
        yield from ((name, Place(loaded.process, node, ruled)) for name in convention.calendars())


@warning(
    "ZX2060",
    "national-calendar",
    en="In a country whose every region has holidays of its own, the national ones alone are the right days nowhere.",
    zh="各地区都另有假日的国家，只用全国性假日的日历在任何地区都不对。",
)
def national_calendar(loaded: Loaded) -> Iterator[Finding]:
    """Report the calendar of a whole country that no region of it follows."""
    files = _files(loaded)
    for name, place in _named(loaded):
        parsed = parse_name(name)
        own = any(country_code(layer)[0] == parsed.country for layer in parsed.layers if looks_like_country(layer))
        if parsed.is_china or parsed.subdivision or parsed.base in files or own:
            continue
        from zhengxie_flow.reading.holidays_adapter import regions_beyond

        with suppress(CalendarError, NotFound):  # which another check reports
            regions = regions_beyond(parsed.country)
            if regions:
                yield Defect(place, None, calendar=parsed.base, example=f"{parsed.country}-{regions[0]}")


def _files(loaded: Loaded) -> dict[str, Path]:
    """The files of layers by name; the project's own go before those of the package."""
    return layer_files(rules for rules in (rules_dir(), loaded.rules) if rules is not None)


def _known(files: dict[str, Path]) -> list[str]:
    """The names a calendar may have: a country's own, and each layer on the base it was made for."""
    from zhengxie_flow.reading.holidays_adapter import countries

    bases = {name: _base(path) for name, path in files.items() if not list(_faults([path]))}
    layered = [name if base == name else f"{base}+{name}" for name, base in bases.items()]
    return ["cn", *layered, *countries()]


def _faults(paths: Iterator[Path] | list[Path]) -> Iterator[Problem]:
    from zhengxie_flow.reading.calendar_files import read_layer

    for path in paths:
        try:
            read_layer(path)
        except InvalidDefinition as error:
            yield from error.problems


def _base(path: Path) -> str | None:
    """The calendar a layer was made for; its own name where it has a week of its own."""
    from zhengxie_flow.reading.calendar_files import read_layer

    return read_layer(path).base


def _is_layer(part: str, bases: dict[str, str | None], base: str) -> bool:
    """Return whether a part of a name may lie on the base: a layer made for it, or the holidays of a country."""
    if part in bases:
        return bases[part] is None or fits(bases[part] or "", base)
    return looks_like_country(part) and _abroad(*country_code(part))


def _is_base(parsed: CalendarName, bases: dict[str, str | None]) -> bool:
    """Return whether a name's base exists: China, a week of one's own, or a country of the library."""
    return parsed.is_china or bases.get(parsed.base) == parsed.base or _abroad(parsed.country, parsed.subdivision)


def _abroad(country: str, subdivision: str | None) -> bool:
    """True if a foreign calendar exists, for a country or subdivision; the library is loaded only for it."""
    from zhengxie_flow.reading.holidays_adapter import countries

    subdivisions = countries().get(country)
    return subdivisions is not None and (not subdivision or subdivision in subdivisions)


CHECKS = (unknown_calendar, national_calendar)
