"""Verification over the tables: two sorted streams, events and heads, merged; memory holds one case at a time."""

from __future__ import annotations

import json
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, String, bindparam, cast, func, select

from zhengxie_flow.errors import StorageError
from zhengxie_flow.ports import Finding, StoredDefinition
from zhengxie_flow.storage import rows, tables
from zhengxie_flow.storage.chain import definition_hash
from zhengxie_flow.storage.checkpoints import CheckpointChain
from zhengxie_flow.storage.diagnosis import HeadMark, StoredChain, examine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from zhengxie_flow.ports import PersonalDatum

_PAGE: Final = {"yield_per": 1000}

# The day is compared as text: a forged one need not be a date at all.
_EVENTS = select(*tables.EVENT_COLUMNS, cast(tables.events.c.occurred_day, String(10)).label("day")).order_by(
    tables.events.c.case_id, tables.events.c.sequence
)
_HEADS = select(
    tables.heads.c.case_id, tables.heads.c.version, tables.heads.c.hash, tables.heads.c.definition
).order_by(tables.heads.c.case_id)
_deadlines = tables.deadlines.c
_meant = func.coalesce(_deadlines.earliest, _deadlines.day)
_FIRST_DAYS = (  # looked up by, so a forged one hides a deadline; days are compared and reported as text
    select(
        _deadlines.case_id, cast(_meant, String(10)).label("meant"), cast(_deadlines.first_day, String(10)).label("day")
    )
    .where(_deadlines.first_day.is_distinct_from(_meant))
    .order_by(_deadlines.case_id, _deadlines.position)
)
_CHECKPOINTS = select(tables.checkpoints).order_by(tables.checkpoints.c.id)
_DEFINITIONS = select(tables.definitions).order_by(tables.definitions.c.hash)
_PERSONAL = select(tables.personal).where(
    tables.personal.c.case_id == bindparam("case"),
    tables.personal.c.sequence.in_(bindparam("sequences", expanding=True)),
)


def findings(connection: Connection, root: str | None = None) -> Iterator[Finding]:
    """Find the breaks of a journal.

    Args:
        connection: An open connection that sees one state of the database.
        root: The root of a checkpoint that must be there.

    Yields:
        The first break of every case in order of case id; then broken definitions that no case names, cases that are
        gone since a checkpoint, broken checkpoints, and deadline rows that are looked up by another day than theirs.
    """
    history = CheckpointChain.of(
        map(rows.to_checkpoint, connection.execute(_CHECKPOINTS, execution_options=_PAGE)), root
    )
    definitions = dict(_definitions(connection))
    named: set[str] = set()

    def personal(case: str, sequences: Sequence[int]) -> Mapping[int, Sequence[PersonalDatum]]:
        by_sequence: dict[int, list[PersonalDatum]] = {}
        for start in range(0, len(sequences), 500):
            page = {"case": case, "sequences": list(sequences[start : start + 500])}
            for row in connection.execute(_PERSONAL, page):
                by_sequence.setdefault(row.sequence, []).append(rows.to_personal(row))
        return by_sequence

    cases: set[str] = set()
    for chain in _chains(connection):
        cases.add(chain.case)
        named.update(link.fields["definition"] for link in chain.links if link.fields)
        yield from examine(chain, definitions=definitions, personal=personal, earlier=history.first_difference)
    for digest, computed in definitions.items():
        if digest != computed and digest not in named:
            yield Finding(case="", sequence=None, kind="definition", expected=digest, found=computed)
    yield from history.lost(cases)
    yield from history.broken
    for row in connection.execute(_FIRST_DAYS):
        expected, actual = f"first_day={row.meant}", f"first_day={row.day}"
        yield Finding(case=row.case_id, sequence=None, kind="projection", expected=expected, found=actual)


def _chains(connection: Connection) -> Iterator[StoredChain]:
    """The chain of every case that has events or a head: both streams are in the same order, so one pass is enough."""
    by_case = attrgetter("case_id")
    heads = iter(connection.execute(_HEADS, execution_options=_PAGE))
    groups = groupby(connection.execute(_EVENTS, execution_options=_PAGE), by_case)
    head: Any = next(heads, None)
    for case, group in groups:
        while head is not None and head.case_id < case:
            yield StoredChain(head.case_id, [], _mark(head))
            head = next(heads, None)
        mine = head is not None and head.case_id == case
        yield StoredChain(case, [rows.to_link(row) for row in group], _mark(head) if mine else None)
        if mine:
            head = next(heads, None)
    while head is not None:
        yield StoredChain(head.case_id, [], _mark(head))
        head = next(heads, None)


def _mark(row: Any) -> HeadMark:
    version = row.version if isinstance(row.version, int) else 0  # SQLite keeps a text where a number should stand
    return HeadMark(version, rows.as_text(row.hash), rows.as_text(row.definition))


def _definitions(connection: Connection) -> Iterator[tuple[str, str | None]]:
    for row in connection.execute(_DEFINITIONS, execution_options=_PAGE):
        try:
            stored = StoredDefinition(hash=row.hash, process=row.process, bundle=json.loads(row.bundle), sources={})
            yield row.hash, definition_hash(stored)
        except (ValueError, TypeError, RecursionError, StorageError):  # not JSON, or an id that names no known hash
            yield row.hash, None
