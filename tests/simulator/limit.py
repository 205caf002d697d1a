"""A limit, a history, and what comes out of both, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tests.simulator.calendar import Convention, Counting, Roll, Unit

Place = tuple[date, int]
"""Rule 1: a place in time is a civil day and the order within the journal."""

Direction = Literal["within_after", "at_least_after", "at_least_before"]
Occurrence = Literal["each", "first"]


@dataclass(frozen=True)
class Anchor:
    """Start of a clock: an act of one of the actions, a day in a field of such an act, or the day in a fact.

    Several actions are a ``first_of``.  ``where`` names a field of the act that has to be true.
    """

    actions: tuple[str, ...] = ()
    day_field: str | None = None
    where: str | None = None
    fact: str | None = None


@dataclass(frozen=True)
class StopRule:
    """Acts that stop the clock, and what lets it go on: an act, or the day in a field of the stopping act."""

    begins: tuple[str, ...]
    ends: tuple[str, ...] = ()
    end_field: str | None = None


@dataclass(frozen=True)
class ExtensionRule:
    """One way to extend; exactly one of ``add``, ``add_field``, ``within`` and ``day_field`` is set.

    ``when`` is a fact and the answer it needs; ``by`` the only role that may.
    """

    action: str
    add: int | None = None
    add_field: str | None = None
    within: int | None = None
    day_field: str | None = None
    when: tuple[str, bool] | None = None
    by: str | None = None
    up_to: int | None = None
    times: int | None = None


@dataclass(frozen=True)
class Limit:
    """A time limit on doing one of some actions; for each item if ``per_item``."""

    direction: Direction
    amount: int
    unit: Unit
    anchor: Anchor
    do: tuple[str, ...]
    convention: Convention = "event_excluded"
    keep_month_end: bool = False
    roll: Roll | None = None
    occurrence: Occurrence | None = None
    stops: tuple[StopRule, ...] = ()
    extensions: tuple[ExtensionRule, ...] = ()
    restarts_on: tuple[str, ...] = ()
    late: Literal["breach", "lapsed", "out_of_time"] = "breach"
    per_item: bool = False
    early_counts: bool = False

    @property
    def counting(self) -> Counting:
        return Counting(self.unit, self.convention, self.keep_month_end)

    @property
    def occurs(self) -> str:
        """Rule 2: each occurrence of a forward anchor counts, of `first_of` and of a backward one the first."""
        if self.occurrence is not None:
            return self.occurrence
        forward = self.direction == "within_after" and len(self.anchor.actions) == 1
        return "each" if forward else "first"


@dataclass(frozen=True)
class Entry:
    """One entry of the journal: an act, an answer to a fact (``value``), or the plan of an action (for ``value``)."""

    day: date
    order: int
    kind: Literal["act", "answer", "plan"]
    name: str
    item: str | None = None
    by: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    value: Any = None

    @property
    def place(self) -> Place:
        return self.day, self.order


@dataclass(frozen=True)
class Question:
    """A question: the history of a case, its items, the day it was opened and the day one asks on."""

    history: tuple[Entry, ...]
    opened: date
    today: date
    items: tuple[str, ...] = ()

    @property
    def entries(self) -> list[Entry]:
        """The entries recorded up to today, in order."""
        return sorted((entry for entry in self.history if entry.day <= self.today), key=lambda entry: entry.place)


@dataclass(frozen=True)
class ExtensionOutcome:
    """Outcome of one extension: ``pass``, ``capped``, ``invalid`` (and why) or ``needs_judgement``."""

    place: Place
    action: str
    verdict: str
    reason: str | None = None
    units: int = 0


@dataclass(frozen=True)
class Round:
    """One round of a limit: how it was counted, and what became of it.

    ``last`` is the day that counts: the last of a forward limit, the latest of a backward one, the earliest of a
    minimum; None while the clock is stopped or nothing started it.  ``held`` are the units that stops held; ``notes`` say
    in words what met in it; ``since`` is the place of the act that opened it, or of the last restart.
    """

    number: int
    start: date | None
    verdict: str
    item: str | None = None
    end: date | None = None
    last: date | None = None
    low: date | None = None
    high: date | None = None
    held: int = 0
    stopped: bool = False
    projected: bool = False
    planned: bool = False
    act: Place | None = None
    early: Place | None = None
    extensions: tuple[ExtensionOutcome, ...] = ()
    repeated: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()
    since: Place | None = None
