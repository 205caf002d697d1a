"""Reminder ladders: on which days before, on and after the last day of a duty an office reminds whom.

A ladder is the practice of an office and no law: it changes no day of a duty, no state and no verdict.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Id, Int, Labelled, Model, Text, one_or_many
from zhengxie_flow.model.internal_control import Span

MOST_REPETITIONS: Final = 1000
"""The most reminders that one rung gives."""

RungDay = Literal["due", "target"]
"""The day a rung is counted from: the last day of the duty, or the office's own target date."""


class Recipient(Model):
    """Recipient of a reminder: a role of the process, an office, a person, or a party of the case.

    A role stands for the office or person it is assigned to; ``party`` names a type of items: the item that the duty is
    owed for, where it is of that type, else every item of the type.
    """

    role: Id | None = None
    office: Text | None = None
    person: Text | None = None
    party: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Recipient:
        if sum(value is not None for value in (self.role, self.office, self.person, self.party)) != 1:
            raise PydanticCustomError("ZX1390", "one recipient", {})
        return self


def _recipients(value: Any) -> Any:
    entries = one_or_many(value)
    if entries is None:
        return ()
    return tuple({"role": entry} if isinstance(entry, str) else entry for entry in entries)


Recipients = Annotated[tuple[Recipient, ...], BeforeValidator(_recipients)]
"""Recipients; a name alone is a role."""


class TargetDate(Model):
    """Target date of an office, beside the last day by law: some days before that day, or ``within`` days of the start.

    It never lies after the last day.
    """

    before: Span | None = None
    within: Span | None = None

    @model_validator(mode="after")
    def _one(self) -> TargetDate:
        if (self.before is None) == (self.within is None):
            raise PydanticCustomError("ZX1391", "before or within", {})
        return self


class Rung(Labelled):
    """One rung of a ladder: a reminder some days ``before`` or ``after`` a day, or without either on it.

    ``of`` says which day that is.  ``every`` repeats it until the duty is done, at most ``times`` in all; before the
    day it is repeated up to that day.  ``to`` names the recipients; without it those who owe the duty are reminded.
    """

    id: Id
    before: Span | None = None
    after: Span | None = None
    of: RungDay = "due"
    every: Span | None = None
    times: Annotated[Int, Field(ge=2, le=MOST_REPETITIONS)] | None = None
    to: Recipients = ()

    @model_validator(mode="after")
    def _consistent(self) -> Rung:
        if self.before is not None and self.after is not None:
            raise PydanticCustomError("ZX1392", "before beside after", {})
        if self.times is not None and self.every is None:
            raise PydanticCustomError("ZX1393", "times without every", {})
        if self.every is not None and not self.every.days:
            raise PydanticCustomError("ZX1393", "every nought days", {})
        return self


class ReminderLadder(Labelled):
    """Ladder of reminders of some duties.

    ``target`` is the office's own target date.  ``interval`` is the shortest time between two reminders of one duty to
    the same recipients, also where somebody urges by hand: what comes sooner waits.
    """

    obligations: Annotated[tuple[Id, ...], BeforeValidator(one_or_many), Field(min_length=1)]
    target: TargetDate | None = None
    interval: Span | None = None
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1, max_length=100)]
