"""Pages of the feed of committed events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zhengxie_flow.model.event import Event


class FeedEntry(NamedTuple):
    """A committed event with its position in the feed."""

    position: int
    event: Event


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Page of the feed of committed events.

    Attributes:
        entries: The events with their positions, in the order of these.
        next: The position after which to go on: that of the last entry, else the one that was asked after.
        more: True where there is more to read at once.
    """

    entries: tuple[FeedEntry, ...]
    next: int
    more: bool
