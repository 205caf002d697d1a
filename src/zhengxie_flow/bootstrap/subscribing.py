"""Subscribers of an embedding program: functions that are called within each write, before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from zhengxie_flow.bootstrap.write_context import WriteContext
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.topic import TOPICS
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Subscription, Transaction
from zhengxie_flow.spelling import unknown_name

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.case_reading import CaseReading
    from zhengxie_flow.storage import SqlTransaction


Subscriber: TypeAlias = "Callable[[WriteContext, Written], object]"
"""Subscriber: a function that gets the context of a write and what it stored; what it returns is not looked at."""


@dataclass(frozen=True, slots=True)
class Followers:
    """Subscribers and topics of the outbox, as a program names them.

    Attributes:
        subscribers: The functions to be called within each write.
        outbox: The topics of which the outbox gets messages.
    """

    subscribers: Sequence[Subscriber] = ()
    outbox: Sequence[str] = ()

    def __post_init__(self) -> None:
        for subscriber in self.subscribers:
            check_subscriber(subscriber)
        check_topics(self.outbox)


def check_subscriber(subscriber: Any) -> None:
    """Check that a subscriber can be called.

    Args:
        subscriber: What a program passed.

    Raises:
        UsageError: ZX4096, it is no function, or one that would have to be awaited.
    """
    if not _is_plain_function(subscriber):
        raise UsageError("ZX4096", given=repr(subscriber)[:80])


def check_hook(name: str, hook: Any) -> None:
    """Check that a hook can be called; what it returns is not awaited.

    Args:
        name: The argument.
        hook: What a program passed; None for none.

    Raises:
        UsageError: ZX4016, it is no function, or one that would have to be awaited.
    """
    if hook is not None and not _is_plain_function(hook):
        raise UsageError("ZX4016", name=name, given=repr(hook)[:80], wanted="Callable (no async def)")


def _is_plain_function(value: Any) -> bool:
    called = getattr(value, "__call__", None)  # noqa: B004  # of an object the method, which may be asynchronous
    return callable(value) and not iscoroutinefunction(value) and not iscoroutinefunction(called)


def check_topics(topics: Any) -> None:
    """Check the topics of an outbox.

    Args:
        topics: What a program or a file named.

    Raises:
        UsageError: ZX4016, they are no list of names; ZX1201, there is no such topic.
    """
    if isinstance(topics, str) or not isinstance(topics, Sequence):
        raise UsageError("ZX4016", name="outbox", given=repr(topics)[:80], wanted="list")
    for topic in topics:
        if topic not in TOPICS:
            raise UsageError("ZX1201", **unknown_name("topic", str(topic), TOPICS))


NOBODY = Followers()
"""Nobody follows."""


def bound(reader: Callable[[Any], CaseReading], subscriber: Subscriber) -> Subscription:
    """Bind a subscriber to an engine.

    Args:
        reader: Gives the reading methods of the engine on a connection.
        subscriber: The subscriber.

    Returns:
        The subscription.
    """
    return Subscription(_name(subscriber), partial(_notify, reader, subscriber))


def _notify(reader: Callable[[Any], CaseReading], subscriber: Subscriber, write: Transaction, written: Written) -> None:
    connection = cast("SqlTransaction", write).connection  # an engine has no other journal
    subscriber(WriteContext(connection, reader), written)


def _name(subscriber: Subscriber) -> str:
    """The name of a subscriber for messages: that of a function, else that of its class."""
    named = subscriber if hasattr(subscriber, "__qualname__") else type(subscriber)
    return f"{named.__module__}.{named.__qualname__}"
