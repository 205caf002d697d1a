"""Time limits as data: from which event, how much, which unit, which direction."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Bool, Id, Int, Model
from zhengxie_flow.model.condition import Condition, Ids, Name

Unit = Literal["working_day", "calendar_day", "month", "year"]


class NamedAnchor(Model):
    """An action (its act, else its latest plan), a date fact or field (``serve.received``), or a bool fact."""

    name: Name

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class ActAnchor(Model):
    """The first act of an action that is like this."""

    done: Ids
    where: Condition | None = None


class DueAnchor(Model):
    """The day on which another obligation's limit ends."""

    due: Id


class FirstOf(Model):
    """The earliest of several anchors."""

    first_of: Annotated[tuple[Anchor, ...], Field(min_length=2)]


class LastOf(Model):
    """The latest of several anchors; known when all are."""

    last_of: Annotated[tuple[Anchor, ...], Field(min_length=2)]


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return next((key for key in ("done", "due", "first_of", "last_of") if key in value), "named")
    kinds: dict[Any, str] = {ActAnchor: "done", DueAnchor: "due", FirstOf: "first_of", LastOf: "last_of"}
    return kinds.get(type(value), "named")


Anchor = Annotated[
    Annotated[NamedAnchor, Tag("named")]
    | Annotated[ActAnchor, Tag("done")]
    | Annotated[DueAnchor, Tag("due")]
    | Annotated[FirstOf, Tag("first_of")]
    | Annotated[LastOf, Tag("last_of")],
    Discriminator(_kind),
]

FirstOf.model_rebuild()
LastOf.model_rebuild()

Amount = Annotated[Int, Field(ge=1, le=10_000)]


class Limit(Model):
    """One time limit.

    ``within n after X`` is the last day of a forward limit; ``at_least n before X`` the latest day of a backward one;
    ``at_least n after X`` the earliest day of a minimum window; ``before X`` or ``after X`` without an amount is order
    alone; ``by_date`` is due on the very day.  ``timely`` is open texture: no number, so a recorded determination
    (the bool fact or field ``judged_by``) must say whether it was in time.
    """

    within: Amount | None = None
    at_least: Amount | None = None
    unit: Unit | None = None
    after: Anchor | None = None
    before: Anchor | None = None
    by_date: Anchor | None = None
    count: Literal["event_excluded", "clear_days"] = "event_excluded"
    timely: Bool = False
    judged_by: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Limit:
        amounts = [self.within, self.at_least]
        if sum(amount is not None for amount in amounts) > 1:
            raise PydanticCustomError("ZX1130", "two amounts", {})
        if any(amount is not None for amount in amounts) != (self.unit is not None):
            raise PydanticCustomError("ZX1131", "amount and unit go together", {})
        if sum(anchor is not None for anchor in (self.after, self.before, self.by_date)) != 1:
            raise PydanticCustomError("ZX1132", "one anchor", {})
        if self.within is not None and self.after is None:
            raise PydanticCustomError("ZX1133", "within needs after", {})
        if self.by_date is not None and self.unit is not None:
            raise PydanticCustomError("ZX1134", "by_date has no amount", {})
        if self.judged_by is not None and not self.timely:
            raise PydanticCustomError("ZX1135", "judged_by without timely", {})
        return self

    @property
    def anchor(self) -> Anchor:
        """The one anchor, whichever key it stands under."""
        anchor = self.after or self.before or self.by_date
        assert anchor is not None  # noqa: S101  # _consistent
        return anchor

    @property
    def direction(self) -> Literal["forward", "backward", "minimum", "by_date", "order_before", "order_after"]:
        """What the limit asks, in one word."""
        if self.by_date is not None:
            return "by_date"
        if self.within is not None:
            return "forward"
        if self.at_least is not None:
            return "backward" if self.before is not None else "minimum"
        return "order_before" if self.before is not None else "order_after"
