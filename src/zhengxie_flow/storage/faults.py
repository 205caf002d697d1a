"""Translation of driver errors: one place, so that no SQLAlchemy exception leaves `storage`."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError as PoolTimeout

from zhengxie_flow.errors import Conflict, Retry, StorageError, ZhengxieError
from zhengxie_flow.storage.dialects import Target
from zhengxie_flow.storage.driver_faults import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODES: Final[dict[str, tuple[type[ZhengxieError], str]]] = {
    "missing": (StorageError, "ZX5001"),
    "no_table": (StorageError, "ZX5002"),
    "locked": (Conflict, "ZX5003"),
    "deadlock": (Conflict, "ZX5003"),
    "read_only": (StorageError, "ZX5004"),
    "not_a_database": (StorageError, "ZX5005"),
    "no_room": (StorageError, "ZX5006"),
    "unreachable": (StorageError, "ZX5014"),
    "forbidden": (StorageError, "ZX5018"),
    "undecodable": (StorageError, "ZX5019"),
    "other": (StorageError, "ZX5000"),
}
_RETRIES: Final[dict[str, Retry]] = {"locked": "in_time", "deadlock": "at_once"}
"""Faults after which the same write, from its beginning, may succeed."""


@contextmanager
def translated(where: Target) -> Iterator[None]:
    """Translate every error of the database or its driver inside into a coded one.

    Args:
        where: The database, for the message.

    Raises:
        StorageError: The database cannot be used.
        Conflict: ZX5003, it is locked.
    """
    try:
        yield
    except DBAPIError as error:
        raise as_ours(error, where) from error
    except PoolTimeout as error:  # every connection is in use by other threads
        raise Conflict("ZX5003", retry="in_time", database=where.name, detail=str(error)) from error
    except SQLAlchemyError as error:
        raise StorageError("ZX5000", database=where.name, detail=where.hidden(str(error))) from error


def as_ours(error: DBAPIError, where: Target) -> ZhengxieError:
    """Build the coded error of one driver error.

    Args:
        error: The driver error.
        where: The database, for the message.

    Returns:
        A `StorageError` or `Conflict`.
    """
    fault = fault_of(error)
    if fault == "cannot_open":
        fault = _why_not_opened(where.path)
    kind, code = _CODES[fault]
    detail = where.hidden(str(error.orig).strip())
    if fault in _RETRIES:
        return Conflict(code, retry=_RETRIES[fault], database=where.name, detail=detail)
    if code == "ZX5002":
        return kind(code, database=where.name, found="-", expected="-", detail=detail)
    if code == "ZX5019":
        return kind(code, table="-", detail=detail)
    return kind(code, database=where.name, detail=detail)


def _why_not_opened(path: Path | None) -> str:
    """The fault behind SQLite's "unable to open": it does not say whether the files beside it may or can be made."""
    if path is not None and not path.exists():
        return "missing"
    with suppress(AttributeError, OSError):  # not every system counts its room so
        room = os.statvfs(path or "/")
        if path is not None and (room.f_bavail == 0 or (room.f_files and room.f_favail == 0)):
            return "no_room"
    return "forbidden"
