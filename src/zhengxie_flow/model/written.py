"""Results of writes: every event that a write stored, and every case that it touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Never, Self, TypeVar, overload
from zoneinfo import ZoneInfo

from zhengxie_flow.model.event import Event

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case to which a write appended, and its version after it."""

    case: str
    version: int


class OfEvent(Generic[T]):
    """Attribute of a result that is that of its main event: a descriptor of the same type.

    Args:
        read: The function that reads it from the event.
    """

    def __init__(self, read: Callable[[Event], T]) -> None:
        self._read = read

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...

    @overload
    def __get__(self, instance: Written, owner: type[Any]) -> T: ...

    def __get__(self, instance: Written | None, owner: type[Any]) -> Self | T:
        return self if instance is None else self._read(instance.event)

    def __set__(self, instance: Written, value: object) -> Never:
        raise AttributeError("what was written does not change")


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Result of a write: everything it stored, in the order in which it was stored.

    It answers for the event that was asked for: each attribute of an `Event` is here too, and two results are equal
    where these events are.

    Attributes:
        events: Every event stored: what time had brought before, the event asked for, acts deemed done that it made
            obsolete, and what parent cases learnt of it.  Empty where a key gave back an event written earlier.
        cases: Every case they belong to, with its version after the write.
        event: The event asked for; of a write that nobody asked for, the first one stored.

    Example:
        >>> from zhengxie_flow import Engine
        >>> with Engine("sqlite://") as engine:
        ...     written = engine.open("jilin/tracking", "case-1", by="general_office")
        >>> written.sequence, written.event.sequence, [case.version for case in written.cases]
        (1, 1, [1])
    """

    events: tuple[Event, ...]
    cases: tuple[TouchedCase, ...]
    event: Event

    @classmethod
    def of(cls, events: Iterable[Event], event: Event | None = None) -> Written:
        """Build the result of a write from the events it stored.

        Args:
            events: The events, in the order of storing; none only where ``event`` is named.
            event: The event asked for; None for the first one.

        Returns:
            The result.
        """
        stored = tuple(events)
        versions: dict[str, int] = {}
        for appended in stored:
            versions[appended.case] = appended.sequence
        cases = tuple(TouchedCase(case, version) for case, version in versions.items())
        return cls(stored, cases, stored[0] if event is None else event)

    @property
    def repeated(self) -> bool:
        """True where the event asked for had been written earlier under the same key."""
        place = (self.event.case, self.event.sequence)
        return all((event.case, event.sequence) != place for event in self.events)

    def after(self, events: Iterable[Event]) -> Written:
        """Return the result with events that were stored before it for the same command."""
        return Written.of((*events, *self.events), self.event)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Written):
            return self.event == other.event
        return self.event == other if isinstance(other, Event) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.event)

    def day(self, zone: ZoneInfo) -> date:
        """Return the civil day on which the event asked for happened (see `Event.day`)."""
        return self.event.day(zone)

    case = OfEvent(lambda event: event.case)
    sequence = OfEvent(lambda event: event.sequence)
    type = OfEvent(lambda event: event.type)
    mode = OfEvent(lambda event: event.mode)
    occurred = OfEvent(lambda event: event.occurred)
    recorded = OfEvent(lambda event: event.recorded)
    action = OfEvent(lambda event: event.action)
    item = OfEvent(lambda event: event.item)
    by = OfEvent(lambda event: event.by)
    actor = OfEvent(lambda event: event.actor)
    recorded_by = OfEvent(lambda event: event.recorded_by)
    body = OfEvent(lambda event: event.body)
    evidence = OfEvent(lambda event: event.evidence)
    supersedes = OfEvent(lambda event: event.supersedes)
    definition = OfEvent(lambda event: event.definition)
    calendar = OfEvent(lambda event: event.calendar)
    key = OfEvent(lambda event: event.key)
    schema = OfEvent(lambda event: event.schema)
    previous_hash = OfEvent(lambda event: event.previous_hash)
    hash = OfEvent(lambda event: event.hash)
    imported = OfEvent(lambda event: event.imported)
    precision = OfEvent(lambda event: event.precision)
