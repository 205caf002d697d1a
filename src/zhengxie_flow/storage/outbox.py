"""The outbox in SQL: messages that writes leave in their own transaction, claimed and marked by conditional updates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import Message, NewMessage
from zhengxie_flow.storage import rows, tables
from zhengxie_flow.storage.connections import require_writable
from zhengxie_flow.storage.dialects import insert_once
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from zhengxie_flow.storage.connections import ConnectionSource
    from zhengxie_flow.storage.raw import AnyRow

_TABLE: Final = tables.outbox.c
_ID: Any = bindparam("message")
_NOW: Any = bindparam("now")
_FREE = and_(_TABLE.delivered.is_(None), or_(_TABLE.claimed_until.is_(None), _TABLE.claimed_until <= _NOW))
_DUE = or_(_TABLE.due.is_(None), _TABLE.due <= _NOW)
_HELD = and_(_TABLE.delivered.is_(None), _TABLE.claimed_by == bindparam("worker"))

_CLAIMABLE = select(tables.outbox).where(_FREE, _DUE).order_by(_TABLE.id).limit(bindparam("limit"))
_CLAIM = (
    update(tables.outbox)
    .where(_TABLE.id == _ID, _FREE)
    .values(claimed_by=bindparam("worker"), claimed_until=bindparam("until"), attempts=_TABLE.attempts + 1)
)
_DELIVER = (
    update(tables.outbox)
    .where(_TABLE.id == _ID, _HELD)
    .values(delivered=bindparam("at"), claimed_until=None, failure=None)
)
_FAIL = (
    update(tables.outbox)
    .where(_TABLE.id == _ID, _HELD)
    .values(due=bindparam("again"), failure=bindparam("reason"), claimed_until=None, claimed_by=None)
)
_AFTER = select(tables.outbox).where(_TABLE.id > bindparam("after")).order_by(_TABLE.id).limit(bindparam("limit"))
_LONGEST: Final = 2000
"""Characters of the reason of a failure that are kept."""


def put(connection: Connection, messages: Iterable[NewMessage]) -> None:
    """Put messages into the outbox.

    Args:
        connection: The connection of the write that causes them.
        messages: The messages.
    """
    values = [
        {
            "case_id": message.case,
            "sequence": message.sequence,
            "topic": message.topic,
            "payload": canonical(message.payload).decode(),
            "key": message.key,
        }
        for message in messages
    ]
    keyed = [row for row in values if row["key"] is not None]
    if len(keyed) < len(values):
        connection.execute(insert(tables.outbox), [row for row in values if row["key"] is None])
    if keyed:
        insert_once(connection, tables.outbox, keyed)


class SqlOutbox:
    """Messages to deliver (see `zhengxie_flow.ports.Outbox`); `SqlJournal.outbox` gives it.

    Args:
        source: The source of connections.
    """

    def __init__(self, source: ConnectionSource) -> None:
        self._source = source

    def messages(self, *, after: int = 0, limit: int = 1000, delivered: bool | None = False) -> tuple[Message, ...]:
        """Read messages without claiming them.

        Args:
            after: The id after which to begin.
            limit: The most to return.
            delivered: False for those that wait, True for those delivered, None for all.

        Returns:
            The messages by id.
        """
        query = _AFTER
        if delivered is not None:
            query = query.where(_TABLE.delivered.is_not(None) if delivered else _TABLE.delivered.is_(None))
        with self._source.reading() as connection:
            stored = connection.execute(query, {"after": after, "limit": limit})
            return tuple(rows.read(stored, _message, tables.outbox.name))

    def claim(
        self, worker: str, *, now: datetime, until: datetime, limit: int = 100, topics: Sequence[str] | None = None
    ) -> tuple[Message, ...]:
        """Claim messages that are due and that nobody else has claimed, for some time.

        Args:
            worker: The name of who claims them.
            now: The present instant.
            until: The end of the claim.
            limit: The most to claim.
            topics: The topics of which to claim; None for all.

        Returns:
            The messages claimed, by id.
        """
        claim = {"worker": worker, "now": rows.instant_column(now), "until": rows.instant_column(until)}
        with self._writing() as connection, translated(self._source.where):
            claimable = _CLAIMABLE if topics is None else _CLAIMABLE.where(_TABLE.topic.in_(topics))
            stored = connection.execute(claimable, {"now": rows.instant_column(now), "limit": limit}).all()
            ids = [row.id for row in stored if self._changes(connection, _CLAIM, {**claim, "message": row.id})]
            again = connection.execute(select(tables.outbox).where(_TABLE.id.in_(ids)).order_by(_TABLE.id))
            return tuple(rows.read(again, _message, tables.outbox.name))

    def mark_delivered(self, message: int, worker: str, *, at: datetime) -> bool:
        """Mark a message as delivered.

        Args:
            message: Its id.
            worker: Who claimed it.
            at: The instant of delivery.

        Returns:
            False where the claim is another's by now, or it was delivered before.
        """
        return self._mark(_DELIVER, {"message": message, "worker": worker, "at": rows.instant_column(at)})

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
        values = {
            "message": message,
            "worker": worker,
            "reason": reason[:_LONGEST],
            "again": rows.instant_column(again),
        }
        return self._mark(_FAIL, values)

    def _writing(self) -> Any:
        require_writable(self._source)
        return self._source.writing()

    def _mark(self, statement: Any, values: dict[str, Any]) -> bool:
        with self._writing() as connection, translated(self._source.where):
            return self._changes(connection, statement, values)

    @staticmethod
    def _changes(connection: Connection, statement: Any, values: dict[str, Any]) -> bool:
        """Run a conditional update of one row; False where its condition did not hold any more."""
        return bool(connection.execute(statement, values).rowcount == 1)


def _message(row: AnyRow) -> Message:
    return Message(
        id=row.id,
        case=row.case_id,
        sequence=row.sequence,
        topic=row.topic,
        payload=json.loads(row.payload),
        attempts=row.attempts,
        due=rows.to_instant(row.due),
        claimed_by=row.claimed_by,
        claimed_until=rows.to_instant(row.claimed_until),
        delivered=rows.to_instant(row.delivered),
        failure=row.failure,
        key=row.key,
    )
