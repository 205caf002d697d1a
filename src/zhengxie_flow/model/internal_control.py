"""Internal controls of an action or a process: gaps between acts, four eyes, delegation, late entries."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Id, Int, Model
from zhengxie_flow.model.condition import Ids
from zhengxie_flow.model.counting import CalendarUnit

Days = Annotated[Int, Field(ge=0, le=10_000)]


class Span(Model):
    """Number of days allowed between two dates: working days, or calendar days."""

    working_days: Days | None = None
    calendar_days: Days | None = None

    @model_validator(mode="after")
    def _one(self) -> Span:
        if (self.working_days is None) == (self.calendar_days is None):
            raise PydanticCustomError("ZX1317", "one unit", {})
        return self

    @property
    def days(self) -> int:
        """The number."""
        return self.working_days if self.working_days is not None else self.calendar_days or 0

    @property
    def unit(self) -> CalendarUnit:
        """The unit."""
        return "working_day" if self.working_days is not None else "calendar_day"


class Follows(Model):
    """An act that states the end of others belongs on the day of the latest of them; ``within`` lets some days pass.

    ``parameter`` takes the days from the rules.  Without either every gap is shown.
    """

    acts: Ids
    within: Span | None = None
    parameter: Id | None = None


def _acts(value: Any) -> Any:
    return value if isinstance(value, dict | Follows) else {"acts": value}


FollowsSpec = Annotated[Follows, BeforeValidator(_acts)]


class Delegation(Model):
    """The role an act delegates; ``from`` and ``until`` name fields of the act with its first and its last day.

    Without ``from`` it begins on the day of the act, without ``until`` (or while that is empty) it runs on.
    """

    role: Id
    from_: Id | None = Field(default=None, alias="from")
    until: Id | None = None
