"""The state of a journal in memory."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from zhengxie_flow.model.event import Event, EventType, read_record
from zhengxie_flow.ports import SealedEvent
from zhengxie_flow.storage import chain
from zhengxie_flow.storage.personal import unseal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhengxie_flow.ports import Checkpoint, Head, Message, PersonalDatum, Projection, StoredDefinition
    from zhengxie_flow.storage.chain import Chained


@dataclass(slots=True)
class Shelf:
    """The state of the whole memory; a transaction works on a copy that replaces it on commit."""

    heads: dict[str, Head] = field(default_factory=dict)
    events: dict[str, tuple[Chained, ...]] = field(default_factory=dict)
    projections: dict[str, Projection] = field(default_factory=dict)
    definitions: dict[str, StoredDefinition] = field(default_factory=dict)
    personal: dict[str, tuple[PersonalDatum, ...]] = field(default_factory=dict)
    checkpoints: tuple[Checkpoint, ...] = ()
    order: tuple[tuple[str, int], ...] = ()
    messages: tuple[Message, ...] = ()

    def copy(self) -> Shelf:
        """Return a copy that can be changed without the other."""
        return Shelf(
            dict(self.heads),
            dict(self.events),
            dict(self.projections),
            dict(self.definitions),
            dict(self.personal),
            self.checkpoints,
            self.order,
            self.messages,
        )

    def read(self, case: str) -> tuple[Event, ...]:
        """Return the events of a case with the personal values that are left, as copies: no reader can change it."""
        data = self.data(case)
        return tuple(
            read_record(unseal(deepcopy(kept.record), data.get(kept.record["sequence"], ())), kept.hash)
            for kept in self.events.get(case, ())
        )

    def read_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        """Return the events of a case after a version, None where what was read up to there does not hold any more."""
        kept = self.events.get(case, ())
        if len(kept) < version or kept[version - 1].hash != digest:
            return None
        events = self.read(case)[version:]
        return None if any(event.type is EventType.ERASED for event in events) else events

    def data(self, case: str) -> dict[int, list[PersonalDatum]]:
        """Return the personal values of a case by event."""
        by_event: dict[int, list[PersonalDatum]] = {}
        for datum in self.personal.get(case, ()):
            by_event.setdefault(datum.sequence, []).append(datum)
        return by_event

    def sealed(self, case: str) -> tuple[SealedEvent, ...]:
        """Return the events of a case as they lie under their hashes, as copies."""
        return tuple(SealedEvent(deepcopy(kept.record), kept.hash) for kept in self.events.get(case, ()))

    def store(self, head: Head, chained: tuple[Chained, ...]) -> tuple[Event, ...]:
        """Store events that follow on their case, with its head and their personal values.

        Returns:
            The events as they are read.

        Raises:
            Conflict: A key is taken (ZX4030).
        """
        case, before = head.case, self.heads.get(head.case)
        keys = [entry.record["key"] for entry in (*self.events.get(case, ()), *chained) if entry.record["key"]]
        if len(keys) != len(set(keys)):
            added = (entry.record["key"] for entry in chained)
            raise chain.key_taken(case, ", ".join(key for key in added if key))
        self.events[case] = self.events.get(case, ()) + chained
        last = chained[-1]
        finished = chain.finished_head(head, last.record["sequence"], last.hash)
        self.heads[case] = replace(finished, title=None if before is None else before.title)
        if data := [datum for entry in chained for datum in entry.personal]:
            self.keep_personal(case, (*self.personal.get(case, ()), *data))
        self.order += tuple((case, entry.record["sequence"]) for entry in chained)
        return tuple(replace(entry, record=deepcopy(entry.record)).event() for entry in chained)

    def keep_personal(self, case: str, data: Iterable[PersonalDatum]) -> None:
        """Replace the personal values of a case."""
        self.personal[case] = tuple(sorted(data, key=lambda datum: (datum.sequence, datum.field)))
