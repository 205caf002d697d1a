"""Errors of the drivers of both databases, classified in words that they share."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError


def fault_of(error: DBAPIError) -> str:
    """Classify a driver error in one word that both databases share (see `zhengxie_flow.storage.faults`).

    Args:
        error: The driver error.

    Returns:
        The word, ``other`` where no better one fits.
    """
    return _sqlite_fault(error.orig) if isinstance(error.orig, sqlite3.Error) else _postgres_fault(error)


_SQLITE_FAULTS: Final = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "forbidden",
    sqlite3.SQLITE_AUTH: "forbidden",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_NOTADB: "not_a_database",
    sqlite3.SQLITE_CORRUPT: "not_a_database",
    sqlite3.SQLITE_FULL: "no_room",
    sqlite3.SQLITE_IOERR: "no_room",
}


def _sqlite_fault(error: sqlite3.Error) -> str:
    if "no such table" in str(error):
        return "no_table"
    if "Could not decode to UTF-8" in str(error):
        return "undecodable"
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _SQLITE_FAULTS.get(code, "other")


_POSTGRES_FAULTS: Final = {
    "25006": "read_only",
    "3D000": "missing",
    "40001": "deadlock",  # a serialisation failure: of writes in each other's way this one was given up
    "40P01": "deadlock",
    "42501": "forbidden",
    "42P01": "no_table",
    "53100": "no_room",
    "55P03": "locked",
    "XX001": "not_a_database",
    "XX002": "not_a_database",
}


def _postgres_fault(error: DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return "missing" if "does not exist" in str(error.orig) else "unreachable"
    return _POSTGRES_FAULTS.get(state, "unreachable" if state.startswith(("08", "28", "57P")) else "other")
