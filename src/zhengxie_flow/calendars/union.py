"""One calendar with the days off of another beside its own: where a law rolls over both."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from zhengxie_flow.calendars.snapshot import Snapshot

if TYPE_CHECKING:
    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["with_days_off"]


def with_days_off(snapshot: Snapshot, other: Snapshot) -> Snapshot:
    """A calendar on which the days off of another are days off too; the days that the other works change nothing."""
    return Snapshot(_timeline(snapshot.timeline, other.timeline), snapshot.as_of)


@lru_cache(maxsize=16)
def _timeline(own: Timeline, other: Timeline) -> Timeline:
    added = tuple(notice._replace(work=(), clears=()) for notice in other.notices)
    ends = [end for end in (own.complete_through, None if other.complete == other.last else other.complete) if end]
    together = replace(
        own,
        name=f"{own.name}&{other.name}",
        notices=(*own.notices, *added),
        announced_through=min(own.firm_through, other.firm_through),
        complete_through=min(ends, default=None),
    )
    return replace(together, firm_through=min(together.horizon, other.firm_through))
