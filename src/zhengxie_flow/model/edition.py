"""Editions and overlays: a process as amended from a day on, and a process that another place follows by reference."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Day, Id, Labelled, Model, Number, Period, Text, one_or_many
from zhengxie_flow.model.calendar_name import CalendarName
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.process import Role

Rule = Literal["by_performance", "by_start"]


class Transition(Model):
    """Transitional rule of an edition: the cases it binds.

    ``by_performance``: each duty is judged by the edition in force on the day it was performed or, if it was not, fell
    due.  ``by_start``: a case that started earlier keeps the duties it started with.  ``by`` says who may move the life
    of a running case.
    """

    rule: Rule = "by_performance"
    law: Citations = ()
    by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()


class Edition(Labelled):
    """Amended process: its beginning, the law that amends it, the changes, and the successors of removed states."""

    language: Literal[1]
    edition: Number
    amends: Text
    law: Citations = ()
    in_force: Period
    transition: Transition = Transition()
    moved_states: dict[Id, Id] = Field(default_factory=dict)
    changes: dict[Text, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _begins(self) -> Edition:
        if self.in_force.from_ is None or self.in_force.to is not None:
            raise PydanticCustomError("ZX1271", "an edition begins and does not say when it ends", {})
        return self

    @property
    def begins(self) -> date:
        """The first day it is in force."""
        return self.in_force.from_ or date.min


class Override(Labelled):
    """Local override of a followed process, by a document of its own; without one (``basis``) it is ignored."""

    basis: Text | None = None
    law: Citations = ()
    changes: dict[Text, Any]


class Overlay(Labelled):
    """Overlay of a process that another place follows by reference: its own offices and its overrides."""

    language: Literal[1]
    process: Id
    extends: Text
    law: Citations = ()
    in_force: Period = Period()
    calendar: CalendarName | None = None
    zone: str | None = None
    roles: dict[Id, Role] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


class AdoptingInstrument(Labelled):
    """The instrument by which a place makes the process of another its own law: the head of its law."""

    law: Number
    number: Text | None = None
    issuer: Labelled | None = None
    issued: Day | None = None


class Adoption(Labelled):
    """Adoption of a process by another place in full force, under its own instrument.

    ``roles`` gives the offices their names, ``changes`` what differs.  ``edition`` is the edition of the process that
    is adopted; without it the one in force on the first day.  Later editions of that process do not reach this one.
    ``controls`` names the volumes of internal controls of that process that the place takes over; it leaves all others.
    """

    language: Literal[1]
    process: Id
    adopts: Text
    edition: Number | None = None
    instrument: AdoptingInstrument
    controls: Annotated[tuple[Number, ...], BeforeValidator(one_or_many)] = ()
    in_force: Period = Period()
    calendar: CalendarName | None = None
    zone: str | None = None
    roles: dict[Id, Role] = Field(default_factory=dict)
    changes: dict[Text, Any] = Field(default_factory=dict)


class EditionInfo(Model):
    """Edition of a resolved bundle.

    ``since`` is the day the first edition came into force.
    """

    edition: Number
    zh: Text | None = None
    en: Text | None = None
    law: Citations = ()
    begins: date = Field(alias="from")
    since: date | None = None
    transition: Transition = Transition()
    moved_states: dict[Id, Id] = Field(default_factory=dict)
