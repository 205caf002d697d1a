"""Recurring duties as data: a month, quarter, half year or year, and the day in it by which something is due."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Id, Int, Model
from zhengxie_flow.model.counting import MONTHS, Period


class DayOfPeriod(Model):
    """A day in a period: its month in the period, and its day there (one past the month's end is its last)."""

    month: Annotated[Int, Field(ge=1, le=12)] = 1
    day: Annotated[Int, Field(ge=1, le=31)]


class Recurrence(Model):
    """A duty of every month, quarter, half year or year, due ``by`` a day in it (by default the last).

    ``named_by`` is the field of the act that names the period for which it is done: a day in it, or ``2026``,
    ``2026-03``, ``2026-Q1``, ``2026-H1``.
    """

    period: Period
    by: DayOfPeriod | Literal["last"] = "last"
    named_by: Id | None = None

    @model_validator(mode="after")
    def _inside(self) -> Recurrence:
        if isinstance(self.by, DayOfPeriod) and self.by.month > MONTHS[self.period]:
            raise PydanticCustomError("ZX1147", "a month outside the period", {"month": self.by.month, "at": ["by"]})
        return self
