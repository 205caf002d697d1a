"""Publishing of writes: who subscribed learns of each within its transaction, and the outbox is filled in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zhengxie_flow.errors import SubscriberFailed, Where
from zhengxie_flow.model.topic import EVENT_RECORDED
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import NewMessage, Publishing, Subscription, Transaction, TransactionEnded, WriteOutcome
from zhengxie_flow.services.context import Context


@contextmanager
def transaction(context: Context) -> Iterator[Transaction]:
    """Begin a write whose result is published before it is committed.

    Args:
        context: The ports.

    Yields:
        The write.

    Raises:
        SubscriberFailed: ZX4095, a subscriber raised, or ended the transaction; nothing is written, unless it says so.
    """
    with context.journal.transaction() as write:
        yield write
        if context.publishing is not None and write.appended:
            publish(context.publishing, write)


def publish(publishing: Publishing, write: Transaction) -> None:
    """Fill the outbox and call the subscribers.

    Args:
        publishing: Who learns of it.
        write: The write, complete and not yet committed.

    Raises:
        SubscriberFailed: ZX4095, a subscriber raised.
    """
    if EVENT_RECORDED in publishing.topics:
        write.put([_message(event.case, event.sequence) for event in write.appended])
    if not publishing.subscriptions:
        return
    written = Written.of(write.appended, write.main)
    for subscription in publishing.subscriptions:
        try:
            with write.guarded():
                subscription.notify(write, written)
        except TransactionEnded as ended:
            error = ended.__cause__ or ended
            raise _failed(subscription, written, error, ended.outcome) from error
        except Exception as error:
            raise _failed(subscription, written, error, "nothing") from error


def _failed(
    subscription: Subscription, written: Written, error: BaseException, outcome: WriteOutcome
) -> SubscriberFailed:
    where = Where(case=written.case, event=written.sequence)
    cause = f"{type(error).__name__}: {error}"[:300]
    return SubscriberFailed("ZX4095", where=where, subscriber=subscription.name, outcome=outcome, cause=cause)


def _message(case: str, sequence: int) -> NewMessage:
    payload: dict[str, str | int | None] = {"case": case, "event": sequence}
    return NewMessage(case=case, sequence=sequence, topic=EVENT_RECORDED, payload=payload)
