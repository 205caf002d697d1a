"""The outbox of a journal in memory (see `zhengxie_flow.ports.Outbox`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from zhengxie_flow.model.instant import with_offset
from zhengxie_flow.ports import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from zhengxie_flow.ports import NewMessage


class _Store(Protocol):
    """The journal that keeps the messages."""

    def messages(self) -> tuple[Message, ...]:
        """Return every message, by id."""

    def change_messages(self, change: Callable[[Message], Message | None]) -> tuple[Message, ...]:
        """Replace messages, and return what was replaced as it is now."""


class MemoryOutbox:
    """Messages to deliver.

    Args:
        store: The journal that keeps them.
    """

    def __init__(self, store: _Store) -> None:
        self._store = store

    def messages(self, *, after: int = 0, limit: int = 1000, delivered: bool | None = False) -> tuple[Message, ...]:
        """Return messages without claiming them, by id."""
        kept = (message for message in self._store.messages() if message.id > after)
        asked = (message for message in kept if delivered in (None, message.delivered is not None))
        return tuple(asked)[:limit]

    def claim(
        self, worker: str, *, now: datetime, until: datetime, limit: int = 100, topics: Sequence[str] | None = None
    ) -> tuple[Message, ...]:
        """Claim messages that are due and that nobody else has claimed, for some time."""
        left = limit
        for instant in (now, until):
            with_offset(instant)

        def claimed(message: Message) -> Message | None:
            nonlocal left
            held = message.claimed_until is not None and message.claimed_until > now
            early = message.due is not None and message.due > now
            other = topics is not None and message.topic not in topics
            if message.delivered is not None or held or early or other or not left:
                return None
            left -= 1
            return replace(message, claimed_by=worker, claimed_until=until, attempts=message.attempts + 1)

        return self._store.change_messages(claimed)

    def mark_delivered(self, message: int, worker: str, *, at: datetime) -> bool:
        """Mark a message as delivered; False where the claim is another's by now."""
        with_offset(at)
        return self._mark(message, worker, lambda held: replace(held, delivered=at, claimed_until=None, failure=None))

    def mark_failed(self, message: int, worker: str, *, reason: str, again: datetime) -> bool:
        """Give a message back whose delivery failed; False where the claim is another's by now."""
        with_offset(again)
        return self._mark(
            message,
            worker,
            lambda held: replace(held, due=again, failure=reason, claimed_by=None, claimed_until=None),
        )

    def _mark(self, message: int, worker: str, change: Callable[[Message], Message]) -> bool:
        def marked(kept: Message) -> Message | None:
            held = kept.id == message and kept.claimed_by == worker and kept.delivered is None
            return change(kept) if held else None

        return bool(self._store.change_messages(marked))


def new_messages(messages: Sequence[NewMessage], kept: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages that are not kept yet, with ids after those that are."""
    taken = {message.key for message in kept} - {None}
    number = kept[-1].id if kept else 0
    return tuple(
        Message(
            id=number + place,
            case=message.case,
            sequence=message.sequence,
            topic=message.topic,
            payload=dict(message.payload),
            key=message.key,
        )
        for place, message in enumerate((new for new in messages if new.key not in taken), start=1)
    )
