"""The proof of a verdict as typed values: how its day was counted, and what else there is to say about the line."""

from __future__ import annotations

import datetime as dt  # several values have a ``date`` of their own
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.count_step import CountStep
from zhengxie_flow.model.counting import Unit
from zhengxie_flow.model.document import FLAT, OPTIONAL, Hash, LimitDirection, one_of
from zhengxie_flow.model.findings import FindingNote


class Interval(NamedTuple):
    """The first and the last day that a day may still turn out to be."""

    earliest: dt.date
    latest: dt.date


class SuspensionPeriod(NamedTuple):
    """The days on which a clock stood still; ``last`` is None while it does."""

    first: dt.date
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class ExtensionEffect:
    """Effect of an act of extension: the units it added, and whether it was valid."""

    event: int
    date: dt.date
    units: int
    verdict: Annotated[str, one_of("pass", "capped", "invalid")]


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that a count passed over, why, and the notice that says so."""

    date: dt.date
    reason: str
    instrument: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLimit:
    """A time limit counted out.

    ``start`` is the day of the anchor, which is never counted, ``date`` the day the count leads to, ``possible`` the
    days it may still become (None: it is firm), ``edition`` the content hash of the calendar.  Limits in hours end at a
    ``moment`` and count no days; limits of mere order have no ``amount``.  ``counted_by`` names its convention,
    ``excepted`` the clause by which that does not apply to such a term, ``steps`` what led to its day.
    """

    direction: LimitDirection
    start: dt.date | None
    amount: int | None
    unit: str | None
    convention: Annotated[str, one_of("event_excluded", "first_day_included", "clear_days")]
    date: dt.date
    possible: Interval | None
    edition: Hash
    moment: dt.datetime | None = field(default=None, metadata=OPTIONAL)
    extensions: tuple[ExtensionEffect, ...] | None = field(default=None, metadata=OPTIONAL)
    suspended: tuple[SuspensionPeriod, ...] | None = field(default=None, metadata=OPTIONAL)
    counted: tuple[dt.date, ...] | None = field(default=None, metadata=OPTIONAL)
    skipped: tuple[SkippedDay, ...] | None = field(default=None, metadata=OPTIONAL)
    counted_by: str | None = field(default=None, metadata=OPTIONAL)
    excepted: str | None = field(default=None, metadata=OPTIONAL)
    steps: tuple[CountStep, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class UncountableLimit:
    """A time limit whose day lies outside the calendar's data, with the bounds of that data."""

    direction: LimitDirection
    start: dt.date | None
    outside: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """The document that a duty or requirement rests on beside the law."""

    basis: str


@dataclass(frozen=True, slots=True)
class HindsightVerdict:
    """Verdict by the calendar of today on an act that is judged by the calendar of its own day."""

    date: dt.date | None
    edition: Hash
    verdict: str


@dataclass(frozen=True, slots=True)
class Hindsight:
    """An act judged by the calendar of its day, with what later notices make of it."""

    hindsight: HindsightVerdict


@dataclass(frozen=True, slots=True)
class DeemedDay:
    """The day an act counts for, where that is not the day it was done."""

    deemed: dt.date


@dataclass(frozen=True, slots=True)
class EndedBy:
    """The event that ended a duty not performed by then."""

    ended_by: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """The event, its day and the state to which the case came past an act that was left out."""

    passed_by: int
    passed_on: dt.date
    passed_to: str


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """The event by which the item left the case, and the item that took its place."""

    item_ended: int | None
    replaced_by: str | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The rules that a grant rests on."""

    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantEnd:
    """The last day on which a grant lifts anything, and why it ended (``expired``, ``revoked``; None: it has not)."""

    until: dt.date
    ended: Annotated[str, one_of("expired", "revoked")] | None


@dataclass(frozen=True, slots=True)
class AppliedExemption:
    """An exemption that lifts a duty: the grant with its event, day and role (None: by operation of law), its last day,
    clause and readings, and whether it lifts only part of the limit.
    """

    exemption: str
    event: int | None
    date: dt.date | None
    by: str | None
    until: dt.date | None
    clause: str | None
    interpretations: tuple[str, ...]
    partial: bool


@dataclass(frozen=True, slots=True)
class LiftedBy:
    """The exemptions that lift a duty, the one that decides first."""

    lifted_by: tuple[AppliedExemption, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """An amount of time by which a day was missed: working days in a limit of working days, hours in one of hours, else
    calendar days.
    """

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class FailedCondition:
    """A part of a condition that did not hold, or that held and must not (``negated``).

    ``names`` are the facts, fields, actions or items that it is about, ``item`` the item it was asked of, ``value`` the
    value on record, ``absent`` the members that a set lacks.
    """

    KEYS: ClassVar = ("names", "item", "value", "absent", "negated")

    condition: Condition
    item: str | None = None
    value: Any = None
    absent: tuple[str, ...] = ()
    negated: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names under the head of the condition."""
        subject = getattr(self.condition, next(iter(type(self.condition).model_fields)))
        return (subject,) if isinstance(subject, str) else tuple(entry for entry in subject if isinstance(entry, str))


@dataclass(frozen=True, slots=True)
class FailedConditions:
    """The parts of the condition of a requirement or an exemption that did not hold."""

    failed: tuple[FailedCondition, ...]


ReasonKind = Literal[
    "late", "undone", "early", "misordered", "untimely", "ended", "left_open", "baseless", "unrecorded", "unmet",
    "retroactive", "unauthorised", "void", "capped", "record", "undetermined", "unset", "departed",
    "passed_over",
]  # fmt: skip
"""Kinds of reasons for an adverse verdict."""


@dataclass(frozen=True, slots=True)
class LineReason:
    """The reason for an adverse verdict: its kind, what was missing, by how much it was late or early, its ground in
    law, and for each fact that would settle it the roles that may determine it.
    """

    kind: ReasonKind
    clause: str | None
    missing: tuple[str, ...]
    late_by: Delay | None
    early_by: Delay | None
    settled_by: dict[str, tuple[str, ...]]


LimitProof = CountedLimit | UncountableLimit
"""How the day of a limit was found, or why it was not."""

Note = (
    Basis
    | Hindsight
    | DeemedDay
    | EndedBy
    | PassedOver
    | ItemEnded
    | Grounds
    | GrantEnd
    | LiftedBy
    | FailedConditions
    | FindingNote
)
"""One thing to say about a line beside its verdict and its count."""


@dataclass(frozen=True, slots=True)
class Working:
    """Grounds of a line: the count of its limit, where it has one, the notes, and the reason for an adverse verdict."""

    limit: LimitProof | None = field(default=None, metadata=FLAT)
    notes: tuple[Note, ...] = field(default=(), metadata=FLAT)
    reason: LineReason | None = field(default=None, metadata=OPTIONAL)
