"""Names of calendars as they are written in definitions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from zhengxie_flow.model.base import Model


class CountryCalendar(Model):
    """The working days of another country (and of one of its subdivisions)."""

    country: Annotated[str, Field(min_length=1, max_length=60)]
    subdivision: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,6}$")] | None = None


def _calendar(value: Any) -> Any:
    """``{country: US, subdivision: CA}`` is the calendar named ``US-CA``."""
    if not isinstance(value, dict):
        return value
    place = CountryCalendar.model_validate(value)
    country = place.country.upper()
    return country if place.subdivision is None else f"{country}-{place.subdivision}"


CalendarName = Annotated[str, BeforeValidator(_calendar)]
"""``cn``, ``cn+<local layer>``, a country code, or a country with its subdivision."""
