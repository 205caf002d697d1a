"""Time limits as data: anchor, amount, unit, direction, and the acts that change a running limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, final

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Amount, Bool, Id, Model, one_or_many
from zhengxie_flow.model.calendar_name import CalendarName
from zhengxie_flow.model.condition import Condition, Ids, Name
from zhengxie_flow.model.convention import CalendarChoice, Growth, Sending
from zhengxie_flow.model.counting import (
    CalendarUnit,
    Convention,
    Direction,
    Early,
    Period,
    Roll,
    Unit,
    calendar_unit,
    elapsed,
)
from zhengxie_flow.model.lapse import Deem, Lapse
from zhengxie_flow.model.recurrence import Recurrence
from zhengxie_flow.model.tree import HeadUnion, Path, parts

JUDGED_BY = "judged_by"
"""Key of the fact by which a person says whether it was in time."""

Lateness = Literal["breach", "lapsed", "out_of_time"]


class AnchorBase(Model):
    """Base of all anchors."""

    def parts(self) -> Iterator[tuple[Path, Anchor]]:
        """The anchors of which this is made, in order, each with its place in this one."""
        return parts(self, AnchorBase)


@final
class NamedAnchor(AnchorBase):
    """An action (its act, else its latest plan), a date fact or field (``serve.received``), or a bool fact."""

    name: Name

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


@final
class ActAnchor(AnchorBase):
    """The first act of an action that is like this."""

    done: Ids
    where: Condition | None = None


@final
class DueAnchor(AnchorBase):
    """The day on which another obligation's limit ends."""

    due: Id


@final
class PeriodEnd(AnchorBase):
    """The last day of the period in which the case began, or of the one that a fact names: ``2026``, a day in it."""

    end_of: Period
    named_by: Name | None = None


@final
class FirstOf(AnchorBase):
    """The earliest of several anchors."""

    first_of: Annotated[tuple[Anchor, ...], Field(min_length=2)]


@final
class LastOf(AnchorBase):
    """The latest of several anchors; known when all are."""

    last_of: Annotated[tuple[Anchor, ...], Field(min_length=2)]


_Anchors = NamedAnchor | ActAnchor | DueAnchor | PeriodEnd | FirstOf | LastOf
Anchor = Annotated[_Anchors, HeadUnion(_Anchors, NamedAnchor, "named")]

FirstOf.model_rebuild()
LastOf.model_rebuild()

ANCHORED = ("after", "before", "by_date", "by")
"""The keys of a limit that name its anchor; one of them does."""

AMOUNTS = ("within", "at_least", "at_most")
"""The keys of a limit that hold its amount; at most one of them does."""

Occurrence = Literal["first", "each"]
"""The occurrences of its anchor that open rounds of a limit."""


class FieldValue(Model):
    """The value of a field of an act: a day that is set, or an amount of units."""

    field: Name


class Part(Model):
    """The kernel of a limit; each key may be left to a choice or a parameter to fill in.

    ``within n after X`` is the last day of a forward limit; ``at_least n before X`` the latest day of a backward one;
    ``at_least n after X`` the earliest day of a minimum window, ``at_most n before X`` that before an event;
    ``before X`` or ``after X`` without an amount is order alone; ``by X`` is due on or before the day of X, ``by_date``
    too where that day was set, else on the very day.

    ``convention`` names how the legal order counts, ``kind`` the kind of act or term by whose rules; ``count``,
    ``month_end``, ``roll``, ``grow`` and ``calendar`` go before what it says.  ``early: counts`` lets an act count that
    came before the round was opened.  ``sent`` names the fields by which a convention says when a sending is in time.
    """

    within: Amount | FieldValue | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    unit: Unit | None = None
    after: Anchor | None = None
    before: Anchor | None = None
    by_date: Anchor | None = None
    by: Anchor | None = None
    count: Convention | None = None
    month_end: Literal["keep", "off"] | None = None
    roll: Roll | None = None
    grow: Growth | None = None
    calendar: CalendarChoice | CalendarName | None = None
    convention: Id | None = None
    kind: Id | None = None
    early: Early | None = None
    sent: Sending | None = None

    @property
    def amount(self) -> int | None:
        """The amount, in units; None for order alone, and where a field of the starting act holds it."""
        if isinstance(self.within, int):
            return self.within
        return self.at_most if self.at_least is None else self.at_least

    @property
    def amount_field(self) -> str | None:
        """The field of the act that starts the clock which holds the amount."""
        return self.within.field if isinstance(self.within, FieldValue) else None

    @property
    def units(self) -> int:
        """The amount, in units; nought where none is counted."""
        return self.amount or 0

    @property
    def calendar_unit(self) -> CalendarUnit:
        """The unit that a calendar counts it in.  Raises `ValueError` for hours, which no calendar counts."""
        return calendar_unit(self.unit or "working_day")

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars it may be counted by; none where it is that of the process."""
        if self.calendar is None:
            return ()
        return tuple(self.calendar.of.values()) if isinstance(self.calendar, CalendarChoice) else (self.calendar,)

    @property
    def counted_plainly(self) -> bool:
        """True where it says nothing of its own about how it is counted."""
        return (self.count, self.month_end, self.roll, self.grow, self.calendar, self.convention) == _NOTHING

    @property
    def only_amount(self) -> bool:
        """True where only ``within`` and its unit are written."""
        keys = {name for name in Part.model_fields if getattr(self, name) is not None}
        return "within" in keys and keys <= {"within", "unit"}

    @property
    def anchor(self) -> Anchor | None:
        """The anchor, under whichever key it is written."""
        return self.after or self.before or self.by_date or self.by

    @property
    def direction(self) -> Direction:
        """Direction of the count."""
        if self.by_date is not None:
            return "by_date"
        if self.by is not None:
            return "by"
        if self.within is not None:
            return "forward"
        if self.at_most is not None:
            return "earliest"
        if self.at_least is not None:
            return "backward" if self.before is not None else "minimum"
        return "order_before" if self.before is not None else "order_after"

    def filled(self, other: Part) -> Part:
        """Return this part with what it leaves open taken from another.

        Args:
            other: a choice, or the row of a parameter.

        Example:
            >>> Part(within=3, unit="working_day").filled(Part(within=5, unit="month")).amount
            3
        """
        values = {name: getattr(self, name) for name in Part.model_fields if getattr(self, name) is not None}
        rest = {name: getattr(other, name) for name in Part.model_fields if name not in values}
        return Part.model_construct(**values, **rest)

    def fault(self) -> str | None:
        """Return the code of the first problem; None where this is a complete limit."""
        amounts = sum(getattr(self, key) is not None for key in AMOUNTS)
        if amounts > 1:
            return "ZX1130"
        if bool(amounts) != (self.unit is not None):
            return "ZX1131"
        if sum(getattr(self, key) is not None for key in ANCHORED) != 1:
            return "ZX1132"
        if self.within is not None and self.after is None:
            return "ZX1133"
        if self.at_most is not None and self.before is None:
            return "ZX1335"
        if (self.by_date is not None or self.by is not None) and self.unit is not None:
            return "ZX1134"
        return None


_NOTHING = (None,) * 6


class Choice(Part):
    """One part of a ``choose`` list: it counts ``when`` this holds on the day the clock starts; the last has none."""

    when: Condition | None = None


class Extension(Model):
    """An act that lengthens a running limit: ``add`` units from its un-rolled end, or a new end ``to``.

    ``unit`` is that of what is added, where it is not that of the limit.

    ``up_to`` caps what all extensions add together, ``times`` how many there may be; ``by`` who may (default: who may
    do the action).  An act after the limit has expired, or by somebody else, is invalid.
    """

    action: Id
    by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    add: Amount | FieldValue | None = None
    unit: Unit | None = None
    to: Part | FieldValue | None = None
    up_to: Amount | None = None
    times: Amount | None = None
    when: Condition | None = None
    before: Literal["expiry"] = "expiry"

    @model_validator(mode="after")
    def _one(self) -> Extension:
        if (self.add is None) == (self.to is None):
            raise PydanticCustomError("ZX1136", "add or to", {})
        if isinstance(self.to, Part) and not self.to.only_amount:
            raise PydanticCustomError("ZX1142", "to is an amount", {"at": ["to"]})
        if self.unit is not None and (self.add is None or elapsed(self.unit)):
            raise PydanticCustomError("ZX1148", "a unit of nothing added", {"at": ["unit"]})
        return self


class Suspension(Model):
    """Days that are not counted: after each ``from``, up to and including the next ``until``."""

    from_: Anchor = Field(alias="from")
    until: Anchor
    when: Condition | None = None


class Limit(Part):
    """Time limit: a part, or a choice or parameter that completes it, and the acts that change it while it runs.

    ``timely`` is open texture: no number, so a recorded determination (the bool fact or field ``judged_by``) must say
    whether it was in time.  ``late`` says what lateness means: a ``breach``; ``lapsed``, the right is gone; or
    ``out_of_time``, the late act counts for nothing but wrongs nobody.
    """

    choose: tuple[Choice, ...] = ()
    parameter: Id | None = None
    extended_by: Annotated[tuple[Extension, ...], BeforeValidator(one_or_many)] = ()
    suspended: Annotated[tuple[Suspension, ...], BeforeValidator(one_or_many)] = ()
    restarts_on: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    occurrence: Occurrence | None = None
    every: Recurrence | None = None
    earliest_of: tuple[Limit, ...] = ()
    latest_of: tuple[Limit, ...] = ()
    late: Lateness = "breach"
    on_lapse: Lapse | None = None
    timely: Bool = False
    judged_by: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Limit:
        self._well_formed()
        if self.every is not None:
            self._alone()
            return self
        if not self.parts_of and self.parameter is None:
            for part in self.candidates:
                if (fault := part.fault()) is not None:
                    raise PydanticCustomError(fault, "not a limit", {})
        if self.changeable and any(part.direction != "forward" for part in self.candidates if part.amount):
            raise PydanticCustomError("ZX1139", "only a forward limit runs", {})
        if (self.extended_by or self.suspended) and any(elapsed(part.unit) for part in self.candidates):
            raise PydanticCustomError("ZX1145", "hours run on", {})
        return self

    def _well_formed(self) -> None:
        """Refuse keys that do not go together."""
        if self.judged_by is not None and not self.timely:
            raise PydanticCustomError("ZX1135", "judged_by without timely", {})
        if self.choose and (self.choose[-1].when is not None or any(part.when is None for part in self.choose[:-1])):
            raise PydanticCustomError("ZX1137", "the last choice alone has no when", {})
        if self.parts_of and (self.anchor is not None or self.amount is not None or self.choose or self.parameter):
            raise PydanticCustomError("ZX1138", "a cap beside a limit of its own", {})
        if self.earliest_of and self.latest_of:
            raise PydanticCustomError("ZX1138", "two caps", {})

    def _alone(self) -> None:
        """A recurring duty has its own days: no anchor, amount, choice, parameter or clock beside them."""
        others = (self.anchor, self.amount, self.amount_field, self.unit, self.parameter, self.occurrence)
        if self.parts_of or self.choose or self.changeable or others != (None,) * 6:
            raise PydanticCustomError("ZX1146", "every beside another limit", {"at": ["every"]})

    @property
    def direction(self) -> Direction:
        """Direction of the count; a recurring duty is due by its days."""
        return "by" if self.every is not None else super().direction

    @model_validator(mode="after")
    def _without_effect(self) -> Limit:
        if self.parts_of and self.changeable:
            raise PydanticCustomError("ZX1143", "a cap has no clock of its own", {})
        if any(part.speaks_of_lateness for part in self.parts_of):
            raise PydanticCustomError("ZX1144", "lateness inside a cap", {})
        return self

    @property
    def joins_first(self) -> bool:
        """True where it ends with the first of its parts, not with the last."""
        return bool(self.earliest_of)

    @property
    def parts_of(self) -> tuple[Limit, ...]:
        """The limits of which this is the earliest or the latest."""
        return self.earliest_of or self.latest_of

    @property
    def components(self) -> tuple[Limit, ...]:
        """This limit, or all those of which it is the earliest or the latest."""
        return tuple(limit for part in self.parts_of for limit in part.components) or (self,)

    @property
    def speaks_of_lateness(self) -> bool:
        """True where a consequence of lateness is written; a component of a cap has none of its own."""
        return self.late != "breach" or self.on_lapse is not None or self.timely

    @property
    def consequence(self) -> Deem | None:
        """The act that its mere passing counts as, if any."""
        return None if self.on_lapse is None else self.on_lapse.deem

    def lengthened_by(self, action: str) -> bool:
        """Return whether an act of this action is meant to lengthen the limit.

        Args:
            action: the id of the action.
        """
        return any(extension.action == action for extension in self.extended_by)

    @property
    def changeable(self) -> bool:
        """True where an act may extend, suspend or restart the limit while it runs."""
        return bool(self.extended_by or self.suspended or self.restarts_on)

    @property
    def candidates(self) -> tuple[Part, ...]:
        """Every part this can come to by choice; a parameter's are in the rules."""
        return tuple(self.filled(choice) for choice in self.choose) or (self,)


Limit.model_rebuild()
