"""Port for the outbox: messages to deliver, which writes leave in their own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """Message for the outbox: what it is about, in ids alone.

    Attributes:
        case: The id of the case.
        sequence: The number of the event that caused it.
        topic: One of `zhengxie_flow.model.topic.ALL_TOPICS`.
        payload: Ids by name; never a value that somebody entered.
        key: The key of a message that is put in once, however often it arises; None for any other.
    """

    case: str
    sequence: int
    topic: str
    payload: dict[str, str | int | None]
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Message of the outbox as it is stored.

    Attributes:
        id: Its id, which never changes: who receives a message twice knows it again by this.
        case: The id of the case.
        sequence: The number of the event that caused it.
        topic: One of `zhengxie_flow.model.topic.ALL_TOPICS`.
        payload: Ids by name.
        attempts: How often it was claimed.
        due: The instant before which it is not to be claimed; None for none.
        claimed_by: Who claimed it last.
        claimed_until: The end of that claim.
        delivered: When it was delivered.
        failure: Why its last delivery failed.
        key: The key of a message that is put in once; receivers know it by this too.
    """

    id: int
    case: str
    sequence: int
    topic: str
    payload: dict[str, str | int | None]
    attempts: int = 0
    due: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    delivered: datetime | None = None
    failure: str | None = None
    key: str | None = None


class Outbox(Protocol):
    """Messages to deliver, at least once each; they are put in by the writes that cause them."""

    def messages(self, *, after: int = 0, limit: int = 1000, delivered: bool | None = False) -> tuple[Message, ...]:
        """Read messages without claiming them.

        Args:
            after: The id after which to begin.
            limit: The most to return.
            delivered: False for those that wait, True for those delivered, None for all.

        Returns:
            The messages by id.
        """

    def claim(
        self, worker: str, *, now: datetime, until: datetime, limit: int = 100, topics: Sequence[str] | None = None
    ) -> tuple[Message, ...]:
        """Claim messages that are due and that nobody else has claimed, for some time.

        A worker that ends before it has delivered them loses its claim when that time is over, and another delivers
        them: a message may be delivered twice, and never not at all.

        Args:
            worker: The name of who claims them.
            now: The present instant.
            until: The end of the claim.
            limit: The most to claim.
            topics: The topics of which to claim; None for all.

        Returns:
            The messages claimed, by id.
        """

    def mark_delivered(self, message: int, worker: str, *, at: datetime) -> bool:
        """Mark a message as delivered.

        Args:
            message: Its id.
            worker: Who claimed it.
            at: The instant of delivery.

        Returns:
            False where the claim is another's by now, or it was delivered before.
        """

    def mark_failed(self, message: int, worker: str, *, reason: str, again: datetime) -> bool:
        """Give a message back whose delivery failed.

        Args:
            message: Its id.
            worker: Who claimed it.
            reason: Why it failed.
            again: The instant before which it is not to be claimed again.

        Returns:
            False where the claim is another's by now, or it was delivered before.
        """
