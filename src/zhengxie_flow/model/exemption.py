"""Exemptions: powers that lift duties, with their holders, their reach, their duration and their bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Amount, Id, Model, Number, Renamed, one_or_many
from zhengxie_flow.model.citation import Citations, ClauseRef
from zhengxie_flow.model.condition import Condition, FieldRef
from zhengxie_flow.model.counting import Convention, Unit


class Replacement(Model):
    """Replacement of a limit's amount under an exemption; the anchor and whatever is left out stay the limit's own.

    An amount may be read from a field of the grant: ``{at_least: {field: notice_days}}``.
    """

    within: Amount | FieldRef | None = None
    at_least: Amount | FieldRef | None = None
    unit: Unit | None = None
    count: Convention | None = None

    @model_validator(mode="after")
    def _one(self) -> Replacement:
        if (self.within is None) == (self.at_least is None):
            raise PydanticCustomError("ZX1300", "within or at_least", {})
        return self

    @property
    def key(self) -> Literal["within", "at_least"]:
        """Key of the amount it replaces."""
        return "within" if self.within is not None else "at_least"

    @property
    def amount(self) -> int | FieldRef:
        """The new amount, or the field it is read from."""
        amount = self.within if self.within is not None else self.at_least
        if amount is None:
            raise ValueError("a replacement has one amount")
        return amount


class ByClause(Model):
    """A clause and everything below it, ``when`` this holds at the grant."""

    clause: Number
    when: Condition | None = None


class OfDuty(Model):
    """One obligation or requirement, ``when`` this holds at the grant; ``to`` replaces its limit instead of lifting."""

    obligation: Id
    when: Condition | None = None
    to: Replacement | None = None


def _which(value: Any) -> str:
    if isinstance(value, ByClause) or (isinstance(value, dict) and "clause" in value):
        return "clause"
    return "duty" if isinstance(value, dict | OfDuty) else "id"


Lift = Annotated[
    Annotated[ByClause, Tag("clause")] | Annotated[OfDuty, Tag("duty")] | Annotated[Id, Tag("id")],
    Discriminator(_which),
]


class Recorded(Model):
    """A field that has to be on record at the grant, ``when`` this holds."""

    field: Id
    when: Condition | None = None


def _recorded(value: Any) -> Any:
    return tuple({"field": entry} if isinstance(entry, str) else entry for entry in one_or_many(value) or ())


IdList = Annotated[tuple[Id, ...], BeforeValidator(one_or_many)]


class Exemption(Renamed):
    """Exemption: a power that lifts duties from the day it is exercised, except those it never lifts.

    ``granted_by`` is the action that exercises it; without one it holds by operation of law, where ``when`` is true at
    the act it excuses.  ``element`` is what the power needs besides its ground and whoever grants determines: false,
    the grant is void; unknown, only a person can judge it.  ``before`` names the act that must not yet have happened: a
    grant after it is ``retroactive``, and a grant it follows in time is used and does not end.  ``expires`` is a date
    field of the grant, the last day on which it lifts; ``revoked_by`` are actions that end it.  ``must_record`` are
    fields of the grant without which it is ``incomplete``, ``evidence`` those that prove it.
    """

    law: Citations = ()
    granted_by: Id | None = None
    when: Condition | None = None
    element: Condition | None = None
    before: Id | None = None
    expires: Id | None = None
    revoked_by: IdList = ()
    must_record: Annotated[tuple[Recorded, ...], BeforeValidator(_recorded)] = ()
    evidence: IdList = ()
    lifts: Annotated[tuple[Lift, ...], Field(min_length=1)]
    never_lifts: tuple[Lift, ...] = ()
    effective: Literal["on_grant"] = "on_grant"
    interpretation: Annotated[tuple[Number, ...], BeforeValidator(one_or_many)] = ()

    @model_validator(mode="after")
    def _granted(self) -> Exemption:
        if self.granted_by is None:
            for key in ("element", "before", "expires", "revoked_by", "must_record", "evidence"):
                if getattr(self, key):
                    raise PydanticCustomError("ZX1301", "needs a grant", {"key": key, "at": [key]})
            if self.when is None:
                raise PydanticCustomError("ZX1302", "always lifted", {})
        for index, entry in enumerate(self.never_lifts):
            if isinstance(entry, OfDuty) and entry.to is not None:
                raise PydanticCustomError("ZX1303", "to under never_lifts", {"at": ["never_lifts", index, "to"]})
        return self

    @property
    def by_law(self) -> bool:
        """True where it holds by operation of law, without a grant."""
        return self.granted_by is None

    def entries(self, ident: str, law: tuple[ClauseRef, ...]) -> tuple[tuple[Lift, ...], tuple[Lift, ...]]:
        """Return the entries about a duty: those that lift it, and those that bar lifting it.

        Args:
            ident: the id of the duty or requirement.
            law: its citations.
        """
        lifting = tuple(entry for entry in self.lifts if entry_means(entry, ident, law))
        return lifting, tuple(entry for entry in self.never_lifts if entry_means(entry, ident, law))

    def covers(self, ident: str, law: tuple[ClauseRef, ...]) -> bool:
        """Return whether a duty can be lifted, conditions left aside.

        Args:
            ident: the id of the duty or requirement.
            law: its citations.

        Returns:
            True where an entry of ``lifts`` is about it and no unconditional entry of ``never_lifts`` is.
        """
        barred = any(when_of(entry) is None and entry_means(entry, ident, law) for entry in self.never_lifts)
        return not barred and any(entry_means(entry, ident, law) for entry in self.lifts)


def entry_means(entry: Lift, ident: str, law: tuple[ClauseRef, ...]) -> bool:
    """Return whether an entry of ``lifts`` or ``never_lifts`` is about a duty with this id and these citations."""
    if isinstance(entry, ByClause):
        return any(ref.under(entry.clause) for ref in law)
    return ident == (entry.obligation if isinstance(entry, OfDuty) else entry)


def when_of(entry: Lift) -> Condition | None:
    """The condition an entry is under, if any."""
    return None if isinstance(entry, str) else entry.when
