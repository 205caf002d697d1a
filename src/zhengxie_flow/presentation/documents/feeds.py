"""The document of the feed: committed events with their positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhengxie_flow.model.event import Event
from zhengxie_flow.model.feed import FeedEntry, FeedPage


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A committed event and its position in the feed; with ``jsonl`` each line is one of these."""

    position: int
    event: Event


@dataclass(frozen=True, slots=True)
class Feed:
    """Committed events after a position; ``next`` is the position after which to go on, ``more`` whether there is more
    to read at once.
    """

    entries: tuple[FeedEvent, ...]
    next: int
    more: bool


def feed_events(entries: Iterable[FeedEntry]) -> tuple[FeedEvent, ...]:
    """Build the documents of entries of the feed."""
    return tuple(FeedEvent(position, event) for position, event in entries)


def feed_document(pages: Iterable[FeedPage], after: int) -> Feed:
    """Build the document of pages of the feed that follow on each other.

    Args:
        pages: The pages, from `Engine.feed`.
        after: The position that was asked after.
    """
    entries: list[FeedEvent] = []
    reached, more = after, False
    for page in pages:
        entries += feed_events(page.entries)
        reached, more = page.next, page.more
    return Feed(tuple(entries), reached, more)
