"""The state of a journal in memory."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhengxie_flow.model.event import Event, EventType, read_record
from zhengxie_flow.storage.personal import unseal

if TYPE_CHECKING:
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
