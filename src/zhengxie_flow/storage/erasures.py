"""Unfinished erasures: a value is gone from its table at once, from SQLite's files only when the log was emptied.

The transaction that erases leaves a property in the journal; emptying the log takes it away again.  A program that was
killed in between leaves the property behind, and the next opening for writing finishes what it began.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from zhengxie_flow.storage import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

UNFINISHED: Final = "unfinished_erasure"
"""The property whose value is the instant of the latest erasure since the log was emptied, and a random token."""

_PROPERTIES: Final = tables.journal_properties


def begin(connection: Connection, at: datetime) -> None:
    """Note an erasure in the transaction that makes it; PostgreSQL removes old rows by itself (VACUUM).

    Args:
        connection: A connection inside a write.
        at: The instant of the erasure.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(delete(_PROPERTIES).where(_PROPERTIES.c.name == UNFINISHED))
        value = f"{at.isoformat()} {secrets.token_hex(8)}"  # no two alike, so that one is never taken for another
        connection.execute(insert(_PROPERTIES).values(name=UNFINISHED, value=value))


def unfinished(connection: Connection) -> str | None:
    """Return the mark of the latest erasure that was not finished; None where there is none.

    Args:
        connection: An open connection.
    """
    value: str | None = connection.execute(
        select(_PROPERTIES.c.value).where(_PROPERTIES.c.name == UNFINISHED)
    ).scalar_one_or_none()
    return value


def finish(connection: Connection, mark: str) -> None:
    """Note that every erasure up to one is finished.

    Args:
        connection: A connection inside a write.
        mark: The mark of the latest of them, as it stood before the log was emptied.
    """
    connection.execute(delete(_PROPERTIES).where(_PROPERTIES.c.name == UNFINISHED, _PROPERTIES.c.value == mark))
