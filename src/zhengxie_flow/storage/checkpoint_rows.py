"""Checkpoints in their table: the line of those there are, and one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from zhengxie_flow.errors import Conflict
from zhengxie_flow.storage import rows, tables
from zhengxie_flow.storage.checkpoint_columns import checkpoint_row, to_checkpoint
from zhengxie_flow.storage.checkpoints import CheckpointLog
from zhengxie_flow.storage.connections import require_writable
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from datetime import datetime

    from zhengxie_flow.ports import Checkpoint
    from zhengxie_flow.storage.connections import ConnectionSource

_PAGE = {"yield_per": 1000}
_HEADS = select(tables.heads).order_by(tables.heads.c.case_id)
_CHECKPOINTS = (
    select(tables.checkpoints).where(tables.checkpoints.c.id > bindparam("after")).order_by(tables.checkpoints.c.id)
)


def take(source: ConnectionSource, at: datetime, hash_name: str) -> Checkpoint:
    """Store the version and hash of every case under one root hash.

    Args:
        source: The source of connections.
        at: The instant of the checkpoint.
        hash_name: The hash function of the journal.

    Returns:
        The new checkpoint, or the last one again where nothing was written since.

    Raises:
        StorageError: ZX5004, the journal was opened read-only.
        Conflict: ZX5003, another program takes a checkpoint at the same time.
    """
    require_writable(source)
    log, last = CheckpointLog(), 0
    with source.reading() as connection:  # the long way, while others write
        last = _follow(log, connection, last)
    with source.writing() as connection, translated(source.where):
        _follow(log, connection, last)
        heads = rows.read(connection.execute(_HEADS), rows.to_head, "zx_heads")
        checkpoint = log.next(heads, at, hash_name)
        if checkpoint is not log.last:
            try:
                connection.execute(insert(tables.checkpoints), checkpoint_row(checkpoint))
            except IntegrityError as error:
                detail = "another checkpoint is being taken"
                raise Conflict("ZX5003", retry="at_once", database=source.where.name, detail=detail) from error
    return checkpoint


def _follow(log: CheckpointLog, connection: Connection, after: int) -> int:
    """Let a log go on to the checkpoints stored after a row; return the last row."""
    for row in connection.execute(_CHECKPOINTS, {"after": after}, execution_options=_PAGE):
        log.follow((to_checkpoint(row),))
        after = row.id
    return after
