"""Port for the publishing of writes: subscribers within the transaction, and the topics of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from zhengxie_flow.model.topic import EVENT_RECORDED

if TYPE_CHECKING:
    from zhengxie_flow.model.written import Written
    from zhengxie_flow.ports.journal import Transaction

Notify: TypeAlias = "Callable[[Transaction, Written], None]"
"""Function that is called with a write that is not yet committed, and its result."""


WriteOutcome = Literal["nothing", "undone", "stored", "unknown"]
"""What became of a write whose subscriber failed: nothing of it is stored, nor of the transaction around it; all is."""


class TransactionEnded(Exception):
    """End of a write's transaction by somebody else, while the write was going on.

    Attributes:
        outcome: What became of the write.
    """

    def __init__(self, outcome: WriteOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Subscription:
    """Subscription to writes.

    Attributes:
        name: The name of the subscriber, for the message where it fails.
        notify: The function that is called.
    """

    name: str
    notify: Notify


@dataclass(frozen=True, slots=True)
class Publishing:
    """Subscribers to writes, and topics of the outbox.

    Attributes:
        subscriptions: The subscribers, in the order in which they are called.
        topics: The topics of which the outbox gets messages.
    """

    subscriptions: list[Subscription] = field(default_factory=list)
    topics: Collection[str] = ()

    @property
    def of_events(self) -> bool:
        """True where somebody learns of the events of a write."""
        return bool(self.subscriptions) or EVENT_RECORDED in self.topics
