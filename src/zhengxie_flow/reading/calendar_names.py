"""Names of calendars, and the files of the layers they are made of.

A name is a base and the layers on top of it: ``cn``, ``cn+yanbian``, ``NL+atw``, ``US+US-MA`` (the holidays of one
calendar on top of another), ``six_days+works`` (a week of one's own).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "CHINA", "CalendarName", "country_code", "fits", "layer_files", "looks_like_country", "parse_name",
]  # fmt: skip

CHINA = "CN"
_LONGEST_CODE = 3


class CalendarName(NamedTuple):
    """A calendar's name in its parts: the base as written, its country and part of it, and the layers."""

    base: str
    country: str
    subdivision: str | None
    layers: tuple[str, ...]

    @property
    def is_china(self) -> bool:
        """True where the notices of China are the base."""
        return self.country == CHINA and not self.subdivision


def parse_name(name: str | Mapping[str, str | None]) -> CalendarName:
    """Split a name into its base and its layers.

    Args:
        name: a text, or a mapping with ``country`` and ``subdivision``.
    """
    if isinstance(name, Mapping):
        country, subdivision = str(name.get("country", "")).upper(), name.get("subdivision")
        return CalendarName(f"{country}-{subdivision}" if subdivision else country, country, subdivision, ())
    base, *layers = name.split("+")
    country, subdivision = country_code(base)
    return CalendarName(base, country, subdivision, tuple(layers))


def country_code(text: str) -> tuple[str, str | None]:
    """The code of a country, in capitals, and of a part of it."""
    code, _, subdivision = text.partition("-")
    return code.upper(), subdivision or None


def looks_like_country(part: str) -> bool:
    """Return whether a part of a name that is no layer's is the code of a country, whose holidays are put on top."""
    code, dash, subdivision = part.partition("-")
    whole = not dash or subdivision.isalnum()
    return whole and code.isalpha() and code.isupper() and len(code) <= _LONGEST_CODE


def fits(wanted: str, base: str) -> bool:
    """Return whether a layer made for a calendar may lie on a base: on itself, or on a part of its country.

    Args:
        wanted: the calendar the layer was made for.
        base: the base of the composed calendar.

    Examples:
        >>> fits("DE", "DE-BE"), fits("GB-ENG", "GB"), fits("cn", "CN")
        (True, False, True)
    """
    return base.upper() == wanted.upper() or base.upper().startswith(f"{wanted.upper()}-")


def layer_files(rules: Iterable[Path]) -> dict[str, Path]:
    """The files of layers by name; those of a later folder go before those of an earlier one.

    Args:
        rules: ``rules/`` folders, the packaged one first.
    """
    folders = [folder / "calendars" / "local" for folder in rules]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}
