"""Reading of the events of one case: all of them, or those after a version that was read before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, select

from zhengxie_flow.errors import ChainBroken, Where
from zhengxie_flow.ports import SealedEvent
from zhengxie_flow.storage import chain, personal_rows, rows, tables
from zhengxie_flow.storage.digests import GENESIS

if TYPE_CHECKING:
    from zhengxie_flow.model.event import Event
    from zhengxie_flow.storage.raw import AnyRow

_case: BindParameter[str] = bindparam("case")
_ALL = select(*tables.EVENT_COLUMNS).where(tables.events.c.case_id == _case).order_by(tables.events.c.sequence)
_FROM = _ALL.where(tables.events.c.sequence >= bindparam("version"))


def all_events(connection: Connection, case: str) -> tuple[Event, ...]:
    """Read all events of a case.

    Args:
        connection: An open connection.
        case: The id of the case.

    Returns:
        The events in journal order; none for an unknown case.

    Raises:
        ChainBroken: An event is missing, misplaced or cannot be read.
    """
    stored = connection.execute(_ALL, {"case": case})
    return rows.to_events(stored, case, lambda: personal_rows.by_event(connection, case))


def events_since(connection: Connection, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
    """Read the events of a case after a version (see `zhengxie_flow.ports.Journal.events_since`).

    Args:
        connection: An open connection.
        case: The id of the case.
        version: The version, at least 1.
        digest: The hash that the case had at it.

    Returns:
        The events in journal order; None where the case has another hash there, or values were erased since.

    Raises:
        ChainBroken: An event is missing, misplaced or cannot be read.
    """
    stored = connection.execute(_FROM, {"case": case, "version": version})
    return rows.to_events_since(stored, case, (version, digest), lambda: personal_rows.by_event(connection, case))


def sealed_events(connection: Connection, case: str) -> tuple[SealedEvent, ...]:
    """Read all events of a case as they lie under their hashes (see `zhengxie_flow.ports.Journal.sealed`).

    Args:
        connection: An open connection.
        case: The id of the case.

    Returns:
        The events in journal order; none for an unknown case.

    Raises:
        ChainBroken: An event cannot be read, does not follow or is not what was hashed.
    """
    events = tuple(map(_sealed, connection.execute(_ALL, {"case": case})))
    if events:
        chain.check_sealed(case, events, GENESIS, 0)
    return events


def _sealed(row: AnyRow) -> SealedEvent:
    try:
        return SealedEvent(rows.to_record(row), row.hash)
    except (ValueError, TypeError, RecursionError) as error:
        raise ChainBroken("ZX5900", where=Where(case=row.case_id, event=row.sequence), why=str(error)) from error
