"""Examination of an installation: versions, project, clock, calendar, database, and who may read its files."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.bootstrap.folders import project_calendars, project_files
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.presentation.documents.health import FAILED, OK, WARNING, HealthCheck
from zhengxie_flow.version import __version__

if TYPE_CHECKING:
    from zhengxie_flow.ports import Clock
    from zhengxie_flow.storage.health import DatabaseHealth

PACKAGES: Final = ("SQLAlchemy", "alembic", "pydantic", "psycopg", "holidays", "icalendar")
"""Packages whose versions are reported."""

SOON: Final = timedelta(days=60)
"""A calendar that is firm for no longer than this wants its next notice."""

LEAST_ROOM: Final = 200_000_000
"""Free bytes below which a disk is nearly full."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation: its project folder, database and clock.

    Attributes:
        project: The project folder; None for the packaged files.
        database: The URL or path of the database; None where the settings cannot be read.
        clock: The source of the present instant.
        fault: Why the settings cannot be read; None where they can.
    """

    project: Path | None
    database: str | None
    clock: Clock
    fault: ZhengxieError | None = None


def examine(installation: Installation) -> Iterator[HealthCheck]:
    """Examine an installation; nothing is changed, and one fault hides no other.

    Args:
        installation: The installation.

    Yields:
        The checks, in a fixed order.
    """
    yield HealthCheck("program", OK, {"version": __version__, "python": platform.python_version(), **_packages()})
    yield _project(installation)
    yield _calendar(installation)
    if installation.database is None:
        return
    from zhengxie_flow.storage.health import database_health

    try:
        health = database_health(installation.database)
    except ZhengxieError as error:
        yield HealthCheck("database", FAILED, {}, error)
        yield _clock(installation, None)
        return
    yield HealthCheck("database", OK, {"database": health.name, "kind": health.kind})
    yield _schema(health)
    yield _clock(installation, health)
    yield _erasures(health)
    if health.path is not None:
        yield _access(health.path)
        yield _room(health.path)


def _packages() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package.lower()] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _project(installation: Installation) -> HealthCheck:
    folder = installation.project
    if installation.fault is not None:
        return HealthCheck("project", FAILED, {}, installation.fault)
    try:
        processes = tuple(project_files(folder).ids())
    except (ZhengxieError, OSError) as error:
        return HealthCheck("project", FAILED, {}, _coded(error, folder))
    shown = "-" if folder is None else str(folder)
    return HealthCheck("project", OK if processes else WARNING, {"folder": shown, "processes": len(processes)})


def _coded(error: ZhengxieError | OSError, folder: Path | None) -> ZhengxieError:
    if isinstance(error, ZhengxieError):
        return error
    from zhengxie_flow.errors import InvalidInput

    return InvalidInput("ZX6013", file=str(folder), reason=error.strerror or str(error))


def _calendar(installation: Installation) -> HealthCheck:
    today = installation.clock.now().date()
    try:
        snapshot = project_calendars(installation.project).snapshot("cn", today)
    except ZhengxieError as error:
        return HealthCheck("calendar", FAILED, {}, error)
    left = snapshot.firm_through - today
    status = OK if left > SOON else WARNING if left >= timedelta() else FAILED
    return HealthCheck("calendar", status, {"first": snapshot.first, "firm_through": snapshot.firm_through})


def _schema(health: DatabaseHealth) -> HealthCheck:
    values = {"revision": health.revision or "-", "newest": health.newest, "missing": health.missing}
    whole = health.revision == health.newest and not health.missing
    return HealthCheck("schema", OK if whole else FAILED, values)


def _clock(installation: Installation, health: DatabaseHealth | None) -> HealthCheck:
    now = installation.clock.now()
    latest = None if health is None else health.latest
    fixed = bool(getattr(installation.clock, "fixed", False))
    values: dict[str, Any] = {"now": now, "latest": latest, "fixed": fixed}
    behind = latest is not None and now < latest
    return HealthCheck("clock", FAILED if behind else WARNING if fixed else OK, values)


def _erasures(health: DatabaseHealth) -> HealthCheck:
    since = None if health.unfinished is None else health.unfinished.partition(" ")[0]
    return HealthCheck("erasures", OK if since is None else FAILED, {"since": since})


def _access(path: Path) -> HealthCheck:
    from zhengxie_flow.storage.access import GROUP, OTHERS, file_access

    files = file_access(path)
    readers = {reader for access in files for reader in access.readers}
    open_to_all = OTHERS in readers or any(access.replaceable for access in files)
    wider = GROUP in readers or any(access.acl for access in files)
    return HealthCheck("access", FAILED if open_to_all else WARNING if wider else OK, {"files": files})


def _room(path: Path) -> HealthCheck:
    usage = shutil.disk_usage(path.absolute().parent)
    needed = max(LEAST_ROOM, 2 * path.stat().st_size)
    return HealthCheck("disk", OK if usage.free >= needed else WARNING, {"free": usage.free, "needed": needed})
