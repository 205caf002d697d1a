"""Recurring duties as data: a month, quarter, half year or year, and the day in it by which something is due."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Id, Int, Model
from zhengxie_flow.model.counting import MONTHS, Period


class DayOfPeriod(Model):
    """A day in a period: its month in the period, and its day there (one past the month's end is its last)."""

    month: Annotated[Int, Field(ge=1, le=12)] = 1
    day: Annotated[Int, Field(ge=1, le=31)]

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """``15`` is the fifteenth of the first month, ``03-31`` the 31st of the third."""
        if isinstance(value, int) and not isinstance(value, bool):
            return {"day": value}
        written = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
        return value if written is None else {"month": int(written[1]), "day": int(written[2])}


_MONTH_DAY = re.compile(r"(\d\d?)-(\d\d?)", re.ASCII)


class Recurrence(Model):
    """A duty of every month, quarter, half year or year, due ``by`` a day in it (by default the last).

    ``named_by`` is the field of the act that names the period for which it is done: a day in it, or ``2026``,
    ``2026-03``, ``2026-Q1``, ``2026-H1``.
    """

    period: Period
    by: DayOfPeriod | Literal["last"] = "last"
    named_by: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """``year`` alone, ``{year: 03-31}`` and ``{month, by: 15}`` are ways to write it too."""
        if isinstance(value, str):
            return {"period": value}
        named = [name for name in MONTHS if name in value] if isinstance(value, dict) else []
        if len(named) != 1 or "period" in value:
            return value
        rest = {key: inner for key, inner in value.items() if key != named[0]}
        day = value[named[0]]
        return {"period": named[0], **({"by": day} if day is not None else {}), **rest}

    @model_validator(mode="after")
    def _inside(self) -> Recurrence:
        if isinstance(self.by, DayOfPeriod) and self.by.month > MONTHS[self.period]:
            raise PydanticCustomError("ZX1147", "a month outside the period", {"month": self.by.month, "at": ["by"]})
        return self
