"""Details of findings about the record: the act concerned, and what does not fit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengxie_flow.model.document import OPTIONAL


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """An act from a state of the case that does not allow it."""

    action: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemOutOfOrder:
    """An act from a state of its item that does not allow it."""

    action: str
    item_state: str


@dataclass(frozen=True, slots=True)
class BeforeAnchor:
    """An act that answers a duty before the anchor of its limit."""

    action: str
    obligation: str
    anchor: date


@dataclass(frozen=True, slots=True)
class OpenedSubcase:
    """The opening of a subcase."""

    action: str
    subcase: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An act that states the end of others, too long after the last of them."""

    action: str
    last: str
    since: date
    gap: int
    unit: str


@dataclass(frozen=True, slots=True)
class NeverStated:
    """Acts whose end nobody stated, although what counts from that end would have been due by now."""

    action: str
    last: str
    since: date
    obligation: str
    due: date


@dataclass(frozen=True, slots=True)
class FourEyesViolation:
    """An act by the person who did the one that it must differ from."""

    action: str
    differs_from: str


@dataclass(frozen=True, slots=True)
class InvalidDelegation:
    """An act by, or in the name of, a role that was not delegated then."""

    action: str
    role: str | None


@dataclass(frozen=True, slots=True)
class BrokenReference:
    """A list of references that leaves out items of the case, or names some that are unknown."""

    action: str
    field: str
    unknown: tuple[str, ...] | None = dataclasses.field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class MissingReceipt:
    """An act without the proof that the duties it performs ask for."""

    action: str
    obligations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backdated:
    """An entry made longer after the event than the process allows."""

    recorded: date
    days: int
    unit: str
    allowed: int


@dataclass(frozen=True, slots=True)
class AfterClosing:
    """An entry that came after the case had ended, with its final state and day."""

    state: str
    closed: date
    event: str


@dataclass(frozen=True, slots=True)
class ClockBehind:
    """An entry recorded at an instant before that of an earlier entry, and the reason given for it."""

    recorded: datetime
    latest: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value on record before and after a later entry: ``at``, ``by``, ``for``, ``to``, a fact or a field; both are
    None where the value is personal.
    """

    name: str
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class MilderVerdict:
    """A line of the audit, as it stood before a later entry and as it stands after it (None: there is none)."""

    obligation: str
    item: str | None
    old: str
    new: str | None


@dataclass(frozen=True, slots=True)
class MilderRecord:
    """A later entry that made verdicts milder: its kind and day, the event it changed, the values before and after, and
    the lines.
    """

    entry: str
    recorded: date
    changed: int | None
    values: tuple[ValueChange, ...]
    verdicts: tuple[MilderVerdict, ...]


FindingNote = (
    OutOfOrder
    | ItemOutOfOrder
    | BeforeAnchor
    | OpenedSubcase
    | Gap
    | NeverStated
    | FourEyesViolation
    | InvalidDelegation
    | BrokenReference
    | MissingReceipt
    | Backdated
    | AfterClosing
    | ClockBehind
    | MilderRecord
)
