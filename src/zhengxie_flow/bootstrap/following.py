"""Engine methods for programs that follow what is written: the feed, subscribers, the outbox."""

from __future__ import annotations

from typing import Final, TypeVar

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.bootstrap.subscribing import Subscriber, check_subscriber
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.feed import FeedPage
from zhengxie_flow.ports import Outbox
from zhengxie_flow.services import arguments
from zhengxie_flow.services.retrying import repeated

S = TypeVar("S", bound=Subscriber)

MOST: Final = 10_000
"""The most events of one page of the feed."""


class Following(EngineParts):
    """Following what is written (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    @arguments.typed
    def feed(self, after: int = 0, *, limit: int = 1000) -> FeedPage:
        """Read the committed events of all cases, in positions of which none ever appears below one that was read.

        The events of a case come in their order, and those of one write together.  Whoever keeps the position reached
        and goes on after it misses nothing, however many write at the same time.

        Args:
            after: The position after which to begin; 0 for the beginning.
            limit: The most events to return, at most 10,000.

        Returns:
            The events with their positions, the position after which to go on, and whether there is more.

        Raises:
            UsageError: ZX4097, a number is out of its range.
            NotFound: ZX5072, the journal never reached ``after``: it is another one, or an older copy was restored.
            Conflict: Another program reads the feed at the same time, longer than the patience for locks.
            StorageError: The database cannot be read.

        Example:
            >>> from zhengxie_flow import Engine
            >>> with Engine("sqlite://") as engine:
            ...     written = engine.open("jilin/tracking", "case-1", by="general_office")
            ...     page = engine.feed()
            >>> [(position, event.case, event.sequence) for position, event in page.entries], page.next
            ([(1, 'case-1', 1)], 1)
        """
        for name, number, least, most in (("after", after, 0, 2**63 - 1), ("limit", limit, 1, MOST)):
            if not least <= number <= most:
                raise UsageError("ZX4097", name=name, given=number, least=least, most=most)
        return repeated(self.context, lambda: self.journal.feed(after, limit))

    def subscribe(self, subscriber: S) -> S:
        """Let a function be called within each write of this engine, before it is committed.

        It gets a `WriteContext` and what was `Written`.  Where it raises, nothing of the write is stored.  It is called
        once for a write however often that is repeated, and never for a preview.

        Args:
            subscriber: The function.

        Returns:
            The function, so that this can stand above its definition.

        Raises:
            UsageError: ZX4096, it is no function, or an asynchronous one.

        Example:
            >>> from zhengxie_flow import Engine
            >>> with Engine("sqlite://") as engine:
            ...     @engine.subscribe
            ...     def say(context, written):
            ...         print(written.case, written.type)
            ...     written = engine.open("jilin/tracking", "case-1", by="general_office")
            case-1 opened
        """
        check_subscriber(subscriber)
        assert self.context.publishing is not None  # noqa: S101  # of every engine
        self.context.publishing.subscriptions.append(self._bind(subscriber))
        return subscriber

    @property
    def outbox(self) -> Outbox:
        """The messages that writes left in the outbox, to be claimed and delivered."""
        return self.journal.outbox
