"""A case as rebuilt from its events: acts, facts, items, moves, plans and reasons, each at its place in time.

Nothing here knows the definition: an event says what changed.  The order in time is (civil day of occurrence, sequence
in the journal): on one day the order of the journal decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.assignment import RoleAssignment, assignment_on
from zhengxie_flow.model.body_parts import Parent
from zhengxie_flow.model.event import Event

__all__ = [
    "BEGINNING",
    "BY_TIME",
    "LAST",
    "NOTHING",
    "Act",
    "Assertion",
    "Case",
    "EditionPin",
    "Explanation",
    "HasPosition",
    "Item",
    "Key",
    "Parent",
    "Plan",
    "RoleAssignment",
    "StatePeriod",
    "by_time",
    "end_of",
    "number_of",
]  # fmt: skip

Key = tuple[date, int]
"""A place in time: the civil day and the sequence of the event."""

BEGINNING: Key = (date.min, 0)
BEFORE_ALL: Key = (date.min, -1)
LAST = 2**62
BY_TIME = 2**40
"""Added to the number of an event that the end of a day brings: what people do on a day goes before what time does."""


class HasPosition(Protocol):
    """Anything with a place in time."""

    @property
    def key(self) -> Key:
        """Position in the order of the journal."""
        ...


def by_time(day: date, sequence: int) -> Key:
    """The place of what the end of a day brings, after everything that people did on it."""
    return (day, BY_TIME + sequence)


def number_of(key: Key) -> int:
    """The number of the event at a place.

    >>> number_of(by_time(date(2026, 3, 2), 7))
    7
    """
    return key[1] % BY_TIME


def end_of(day: date) -> Key:
    """The place after everything that happened on a day."""
    return (day, LAST)


@dataclass(frozen=True, slots=True)
class Act:
    """An action that happened (or is being asked for)."""

    key: Key
    action: str
    by: str | None
    item: str | None
    fields: dict[str, Any]
    event: Event | None = None
    actor: str | None = None

    @property
    def day(self) -> date:
        """The civil day it happened."""
        return self.key[0]

    @property
    def sequence(self) -> int:
        """Its place in the journal."""
        return self.event.sequence if self.event is not None else number_of(self.key)


@dataclass(frozen=True, slots=True)
class Item:
    """Something in the case that obligations quantify over; ``fields`` as given when it entered.

    ``stays`` are the states it was in, where its type has states.  ``replaces`` is the item whose place it took, with
    the duties that count as performed for it because they were for that one (``carries``); ``replaced_by`` the item
    that took its own.
    """

    type: str
    id: str
    key: Key
    fields: dict[str, Any]
    ended: Key | None = None
    stays: tuple[StatePeriod, ...] = ()
    replaces: str | None = None
    carries: tuple[str, ...] = ()
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    """Assertion of a value for a fact of the case, or for a field of an item."""

    key: Key
    value: Any
    by: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A date set for an action that has not happened."""

    key: Key
    to: date | datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """A recorded reason for departing from an obligation."""

    key: Key
    obligation: str
    item: str | None
    by: str | None
    reason: str
    public: bool


@dataclass(frozen=True, slots=True)
class EditionPin:
    """Change of the edition that governs the life of the case, from a place in time on.

    ``before`` is the content hash of the definition until then, ``begins`` the day the new edition came into force.
    """

    key: Key
    before: str
    begins: date | None


@dataclass(frozen=True, slots=True)
class StatePeriod:
    """Period in a state: its beginning, for the case or an item, and the event that brought it there."""

    key: Key
    state: str
    event: int


NOTHING: dict[Any, Any] = {}
"""The one empty table of all cases: tables are replaced, never changed, so sharing it saves memory safely."""


def _nothing() -> dict[Any, Any]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with everything known about it, in the order it happened.

    ``version`` is the sequence of the last event in the journal; ``last`` the latest place in time reached;
    ``definition`` the one whose life it leads, ``pins`` the moves from one edition to another; ``assignments`` are
    in the order of their first days; ``acts_of_items`` are the acts about an item, by action and item.
    """

    id: str
    process: str
    definition: str
    zone: ZoneInfo
    version: int
    events: tuple[Event, ...]
    last: Key
    stays: tuple[StatePeriod, ...]
    timeline: tuple[Act, ...] = ()
    acts: dict[str, tuple[Act, ...]] = field(default_factory=_nothing)
    facts: dict[tuple[str | None, str], tuple[Assertion, ...]] = field(default_factory=_nothing)
    items: dict[str, dict[str, Item]] = field(default_factory=_nothing)
    plans: dict[tuple[str, str | None], tuple[Plan, ...]] = field(default_factory=_nothing)
    explanations: tuple[Explanation, ...] = ()
    parents: tuple[Parent, ...] = ()
    pins: tuple[EditionPin, ...] = ()
    assignments: tuple[RoleAssignment, ...] = ()
    acts_of_items: dict[tuple[str, str], tuple[Act, ...]] = field(default_factory=_nothing)

    @property
    def state(self) -> str:
        """The state after everything known."""
        return self.stays[-1].state

    @property
    def opened(self) -> date:
        """The civil day the case opened."""
        return self.events[0].day(self.zone)

    def value(self, fact: str, item: str | None = None) -> Any:
        """Return the latest asserted value of a fact.

        Args:
            fact: the name of the fact, or of a field of an item.
            item: the id of the item; None for a fact of the case.

        Returns:
            The value as plain JSON; None where it is unknown.
        """
        assertions = self.facts.get((item, fact), ())
        return assertions[-1].value if assertions else None

    def assigned(self, role: str | None, day: date) -> RoleAssignment | None:
        """The assignment of a role in effect on a day; None where the role is assigned to nobody in particular.

        Args:
            role: The role.
            day: The civil day.
        """
        return assignment_on(self.assignments, role, day) if self.assignments else None

    def values(self) -> dict[str, Any]:
        """The latest asserted value of every fact of the case."""
        return {name: assertions[-1].value for (item, name), assertions in self.facts.items() if item is None}


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Pin": "EditionPin", "Placed": "HasPosition", "Stay": "StatePeriod"})
