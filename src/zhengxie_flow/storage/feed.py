"""The feed of committed events, in positions of which none appears later below one that was given out.

On SQLite the row id of an event is its position: there is one writer at a time, so ids are committed in their order.
PostgreSQL gives ids out before a transaction commits, and one with a lower id may commit after one with a higher.  So
each write leaves a row without a position for what it appended to a case, and positions are given to committed rows
alone, by whoever reads next, under a lock and in a transaction that commits before anybody is told of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select, text

from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.feed import FeedEntry, FeedPage
from zhengxie_flow.model.personal import MARK
from zhengxie_flow.ports import ORPHAN, Finding
from zhengxie_flow.storage import personal_rows, rows, tables
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from zhengxie_flow.storage.connections import ConnectionSource
    from zhengxie_flow.storage.raw import AnyRow

_LOCK_SPACE: Final = 0x7A78_6664 << 32  # "zxfd"; below it the number of the table, which each schema has
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:space + CAST(CAST(to_regclass('zx_feed') AS oid) AS bigint))")
_ASSIGN: Final = text(
    """
    UPDATE zx_feed SET position = counted.position FROM (
        SELECT id, (SELECT coalesce(max(position), 0) FROM zx_feed)
            + sum(last_sequence - first_sequence + 1) OVER (ORDER BY id) AS position
        FROM zx_feed WHERE position IS NULL
    ) AS counted WHERE zx_feed.id = counted.id
    """
)
_WAITING: Final = select(tables.feed.c.id).where(tables.feed.c.position.is_(None)).limit(1)

_MISPLACED: Final = text(
    """
    SELECT case_id, position FROM (
        SELECT case_id, position, last_sequence - first_sequence + 1 AS events,
            lag(position, 1, CAST(0 AS bigint)) OVER (ORDER BY position) AS before
        FROM zx_feed WHERE position IS NOT NULL
    ) AS ordered WHERE position - before <> events ORDER BY position LIMIT 1
    """
)

_after: Any = bindparam("after")
_limit: Any = bindparam("limit")


def _of_row_ids() -> Select[Any]:
    position = tables.events.c.id.label("position")
    query = select(position, *tables.EVENT_COLUMNS).where(tables.events.c.id > _after)
    return query.order_by(tables.events.c.id).limit(_limit)


def _of_feed_rows() -> Select[Any]:
    """The ranges after a position, as many as there can be events in a page, and their events."""
    feed, events = tables.feed, tables.events
    ranges = select(feed).where(feed.c.position > _after).order_by(feed.c.position).limit(_limit).subquery("ranges")
    position = (ranges.c.position - (ranges.c.last_sequence - events.c.sequence)).label("position")
    inside = events.c.sequence.between(ranges.c.first_sequence, ranges.c.last_sequence)
    query = select(position, *tables.EVENT_COLUMNS).join_from(
        ranges, events, (events.c.case_id == ranges.c.case_id) & inside
    )
    return query.where(position > _after).order_by(position).limit(_limit)


_PAGE: Final = {"sqlite": _of_row_ids(), "postgresql": _of_feed_rows()}
_NEWEST: Final = {
    "sqlite": select(func.max(tables.events.c.id)),
    "postgresql": select(func.max(tables.feed.c.position)),
}


def note(connection: Connection, ranges: Iterable[tuple[str, int, int]]) -> None:
    """Leave rows for what a write appended on PostgreSQL, to be given positions once it is committed.

    Args:
        connection: The connection of the write.
        ranges: Case, first and last sequence of what it appended, in the order of storing.
    """
    names = ("case_id", "first_sequence", "last_sequence")
    connection.execute(insert(tables.feed), [dict(zip(names, values, strict=True)) for values in ranges])


def page(source: ConnectionSource, after: int, limit: int) -> FeedPage:
    """Read a page of the feed.

    Args:
        source: The source of connections, whose transactions are its own.
        after: The position after which to begin.
        limit: The most events to return.

    Returns:
        The page.

    Raises:
        NotFound: ZX5072, nothing was ever given a position as late as ``after``.
    """
    with source.reading() as connection:
        entries, waiting = _read(connection, after, limit)
    if waiting and not source.read_only:
        with source.writing() as connection, translated(source.where):
            connection.execute(_LOCK, {"space": _LOCK_SPACE})
            connection.execute(_ASSIGN)
        with source.reading() as connection:
            entries, _ = _read(connection, after, limit)
    if not entries and after:
        with source.reading() as connection:
            newest = connection.execute(_NEWEST[connection.dialect.name]).scalar() or 0
        if newest < after:
            raise NotFound("ZX5072", database=source.where.name, after=after, newest=newest)
    more = len(entries) > limit
    entries = entries[:limit]
    return FeedPage(entries, entries[-1].position if entries else after, more)


def _read(connection: Connection, after: int, limit: int) -> tuple[tuple[FeedEntry, ...], bool]:
    """The events after a position, at most one more than the limit, and whether others wait for a position."""
    dialect = connection.dialect.name
    stored = connection.execute(_PAGE[dialect], {"after": after, "limit": limit + 1}).all()
    entries = tuple(_entries(connection, stored))
    waiting = dialect != "sqlite" and len(entries) <= limit and connection.execute(_WAITING).first() is not None
    return entries, waiting


def _entries(connection: Connection, stored: Iterable[AnyRow]) -> Iterable[FeedEntry]:
    """The events of rows, with the personal values that are left."""
    data: dict[str, Any] = {}
    for row in stored:
        marked = isinstance(row.body, str) and MARK in row.body
        if marked and row.case_id not in data:
            data[row.case_id] = personal_rows.by_event(connection, row.case_id)
        personal = data[row.case_id].get(row.sequence, ()) if marked else ()
        yield FeedEntry(row.position, rows.to_event(row, personal))


def ranges_misfit(stored: Iterable[AnyRow], events: int) -> str | None:
    """Find the first row of the feed that does not go on where the one before ended, or an event that is in none.

    Args:
        stored: The rows of a case, in order.
        events: The number of its events.

    Returns:
        What is wrong; None where the rows hold every event once.
    """
    reached = 0
    for row in stored:
        if row.first_sequence != reached + 1 or not reached < row.last_sequence <= events:
            return f"{row.first_sequence}..{row.last_sequence}"
        reached = row.last_sequence
    return None if reached == events else f"..{reached}"


def misplaced(connection: Connection) -> Iterator[Finding]:
    """Find the first position that does not follow on the one before: somebody wrote it, for they have no gaps.

    Args:
        connection: An open connection.

    Yields:
        The finding; nothing on SQLite, where row ids are positions.
    """
    if connection.dialect.name != "sqlite":
        for row in connection.execute(_MISPLACED):
            place = f"{tables.feed.name}: position={row.position}"
            yield Finding(case=row.case_id, sequence=None, kind=ORPHAN, expected=None, found=place)
