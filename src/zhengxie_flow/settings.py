"""Settings from options, environment and ``zhengxie.toml``: project folder, database, clock and language.

Precedence for each value: the option, the environment variable, the project's ``zhengxie.toml``, the default.  An empty
variable counts as unset.  Nothing here looks at the real environment or folder by itself; both are passed in.
"""

from __future__ import annotations

import os.path
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from zhengxie_flow.errors import InvalidInput, NotFound, Problem, UsageError, Where
from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.instant import NaiveInstant, read_instant
from zhengxie_flow.model.patience import PARAMETER, patience_of
from zhengxie_flow.model.topic import TOPICS
from zhengxie_flow.redaction import without_password
from zhengxie_flow.spelling import unknown_name

__all__ = ["CONFIG_NAME", "DATABASE_NAME", "Config", "Settings", "clock", "find_project", "load", "read_config"]

CONFIG_NAME: Final = "zhengxie.toml"
"""The file that marks the top folder of a project."""

DATABASE_NAME: Final = "zhengxie.db"
"""The SQLite file used by default."""

_EXAMPLES: Final = {
    "database": "sqlite:///zhengxie.db",
    "language": "zh",
    "attachments": "zhengxie.db.attachments",
    "attachment_limit": "100 MB",
    PARAMETER: "10",
    "outbox": ", ".join(TOPICS),
}
"""The settings of `CONFIG_NAME`, each with an example for messages."""


_MOST_SHOWN: Final = 200
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a project's ``zhengxie.toml``; None where one is not set."""

    database: str | None = None
    language: str | None = None
    patience: float | None = None
    attachments: str | None = None
    attachment_limit: str | None = None
    outbox: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings.

    Attributes:
        project: The project folder; None for the packaged files.
        db: The URL or path of the database.
        clock: The fixed instant of ``ZHENGXIE_CLOCK``; None for the wall clock.
        language: The language the project prefers; an option or ``ZHENGXIE_LANG`` goes before it, the locale after it.
        patience: Seconds to wait for a lock, where the URL of the database does not say; None for the usual.
        attachments: The folder of attachments; None for the one beside an SQLite file.
        attachment_limit: The largest attachment, in bytes; None for the usual limit.
        outbox: The topics of which the outbox gets messages.
    """

    project: Path | None
    db: str
    clock: datetime | None = None
    language: str | None = None
    patience: float | None = None
    attachments: Path | None = None
    attachment_limit: int | None = None
    outbox: tuple[str, ...] = ()


def load(*, project: str | None, db: str | None, environ: Mapping[str, str], folder: Path) -> Settings:
    """Load the effective settings.

    Args:
        project: The option ``--project``.
        db: The option ``--db``.
        environ: The environment variables.
        folder: The working folder.

    Returns:
        The settings.

    Raises:
        NotFound: ZX6020 and ZX6021, there is no such project.
        InvalidInput: ZX6022 to ZX6025, ``zhengxie.toml`` has faults (with file, line and column).
        UsageError: ZX6026 and ZX6027, ``ZHENGXIE_CLOCK`` is no instant with an offset.

    Example:
        >>> settings = load(project=None, db="sqlite:///cases.db", environ={}, folder=Path("/"))
        >>> settings.project, settings.db
        (None, 'sqlite:///cases.db')
    """
    top = find_project(project, environ, folder)
    config = Config() if top is None else read_config(top / CONFIG_NAME)
    return Settings(
        project=top,
        db=_database(db, environ, config, top, folder),
        clock=clock(environ),
        language=config.language,
        patience=config.patience,
        attachments=_attachments(environ, config, top, folder),
        attachment_limit=None if config.attachment_limit is None else _bytes(config.attachment_limit),
        outbox=_topics(config.outbox),
    )


def find_project(explicit: str | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """Find the project's top folder: the option, ``ZHENGXIE_PROJECT``, else the nearest with a `CONFIG_NAME` upwards.

    Args:
        explicit: The option ``--project``.
        environ: The environment variables.
        folder: The working folder.

    Returns:
        The folder; None where there is none and the packaged files are used.

    Raises:
        NotFound: ZX6020, there is no such folder; ZX6021, it holds no project.
    """
    for source, value in (("--project", explicit), ("ZHENGXIE_PROJECT", environ.get("ZHENGXIE_PROJECT"))):
        if value:
            return _project_at(folder / value, source)
    candidates = (folder, *folder.parents)
    # os.path: a folder above that may not be entered is passed over, not a failure.
    return next((candidate for candidate in candidates if os.path.isfile(candidate / CONFIG_NAME)), None)  # noqa: PTH113


def _project_at(folder: Path, source: str) -> Path:
    if not os.path.isdir(folder):  # noqa: PTH112  # false, not an exception, for a name no folder can have
        raise NotFound("ZX6020", folder=str(folder), source=source)
    if not (os.path.lexists(folder / CONFIG_NAME) or os.path.isdir(folder / "processes")):  # noqa: PTH112
        raise NotFound("ZX6021", folder=str(folder), source=source)
    return folder


def read_config(path: Path) -> Config:
    """Read a ``zhengxie.toml``.

    Args:
        path: The file; a missing one sets nothing.

    Returns:
        The settings of the file.

    Raises:
        InvalidInput: The file has faults; ``problems`` lists all of them.

    Example:
        >>> read_config(Path("/no/such/zhengxie.toml"))
        Config(database=None, language=None, patience=None, attachments=None, attachment_limit=None, outbox=None)
    """
    if not os.path.lexists(path):
        return Config()
    from zhengxie_flow.reading.decoding import read_text  # most command lines have no such file

    text = read_text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(error, path, text) from error
    except RecursionError as error:
        raise InvalidInput("ZX6022", where=Where(str(path)), detail="too many levels") from error
    except ValueError as error:  # a number that is too long
        raise InvalidInput("ZX6022", where=Where(str(path)), detail=str(error)) from error
    problems = tuple(problem for key, value in values.items() if (problem := _problem(path, text, key, value)))
    if problems:
        raise InvalidInput(problems=problems)
    return Config(**values)


def _problem(path: Path, text: str, key: str, value: Any) -> Problem | None:
    """The problem of one setting; None where it is right."""
    where = _where(path, text, key)
    if key not in _EXAMPLES:
        return Problem("ZX1201", where, unknown_name("setting", key, _EXAMPLES))
    if key == PARAMETER:
        return _patience_problem(where, value)
    if not isinstance(value, str) or not value:
        return Problem("ZX6024", where, {"key": key, "found": _shown(value), "example": _EXAMPLES[key]})
    if key == "language" and value not in LANGUAGES:
        return Problem("ZX6025", where, {"source": CONFIG_NAME, "given": value})
    if key == "attachment_limit" and _bytes(value) is None:
        return Problem("ZX5047", where, {"given": value[:40], "example": _EXAMPLES[key]})
    unknown = [topic for topic in _topics(value) if topic not in TOPICS] if key == "outbox" else []
    return Problem("ZX1201", where, unknown_name("topic", unknown[0][:_MOST_SHOWN], TOPICS)) if unknown else None


def _patience_problem(where: Where, value: Any) -> Problem | None:
    try:
        patience_of(value if isinstance(value, int | float) else None, CONFIG_NAME)
    except UsageError as error:
        return Problem(error.code, where, {**error.params, "given": _shown(value)[:40]})
    return None


def _shown(value: Any) -> str:
    """A value that is no text, for a message; its kind where it is too large to be shown."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer, or a nesting, of thousands
        return type(value).__name__
    return without_password(text)[:_MOST_SHOWN]


def _where(path: Path, text: str, key: str) -> Where:
    """The position of a key: a name before ``=`` or in the head of a table (tomllib keeps no positions)."""
    written = rf"^[ \t]*(?:\[+[ \t]*)?([\"']?){re.escape(key)}\1[ \t]*[=.\]]"
    match = re.search(written, text, re.MULTILINE)
    if match is None:  # a key spelt with escapes
        return Where(str(path))
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    line = text.count("\n", 0, start) + 1
    return Where(str(path), line, start - text.rfind("\n", 0, start))


def _syntax(error: tomllib.TOMLDecodeError, path: Path, text: str) -> InvalidInput:
    """The parser's complaint, with the place out of its wording (it has no attributes for it before Python 3.14)."""
    message, _, place = str(error).rpartition(" (at ")
    numbers = [int(number) for number in re.findall(r"\d+", place)]
    line, column = numbers if len(numbers) == 2 else (text.count("\n") + 1, len(text) - text.rfind("\n"))
    return InvalidInput("ZX6022", where=Where(str(path), line, column), detail=message)


def _database(
    explicit: str | None, environ: Mapping[str, str], config: Config, project: Path | None, folder: Path
) -> str:
    """The URL or path of the database.

    A relative one is meant from the working folder, except in ``zhengxie.toml``, where it is meant from that file.
    """
    chosen = explicit or environ.get("ZHENGXIE_DB")
    if chosen:
        return chosen
    home = folder if project is None else project
    return _anchored(config.database, home) if config.database else str(home / DATABASE_NAME)


def _anchored(database: str, home: Path) -> str:
    """A path or SQLite URL from a project's file, made independent of the working folder; other URLs as they are."""
    if "://" not in database:
        return str(home / database)
    prefix = "sqlite:///"
    path = database.removeprefix(prefix)
    if path == database or not path or path.startswith((":memory:", "file:")):
        return database
    return f"{prefix}{home / path}"


def _attachments(environ: Mapping[str, str], config: Config, project: Path | None, folder: Path) -> Path | None:
    """The folder of attachments; a relative one is meant as that of the database is."""
    if chosen := environ.get("ZHENGXIE_ATTACHMENTS"):
        return folder / chosen
    return None if config.attachments is None else (folder if project is None else project) / config.attachments


def _topics(text: str | None) -> tuple[str, ...]:
    """The topics that a list with commas names."""
    return tuple(topic for part in (text or "").split(",") if (topic := part.strip()))


_SIZE: Final = re.compile(r"([1-9][0-9]{0,8}) ?(|B|kB|MB|GB)\Z")
_UNITS: Final = {"": 1, "B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3}


def _bytes(text: str) -> int | None:
    """The number of bytes that a text such as ``100 MB`` means; None where it means none."""
    match = _SIZE.match(text)
    return None if match is None else int(match[1]) * _UNITS[match[2]]


def clock(environ: Mapping[str, str]) -> datetime | None:
    """Read the instant that ``ZHENGXIE_CLOCK`` fixes.

    Args:
        environ: The environment variables.

    Returns:
        The instant; None for the wall clock.

    Raises:
        UsageError: ZX6026, it is no instant; ZX6027, it has no offset.

    Example:
        >>> clock({"ZHENGXIE_CLOCK": "2026-01-20T09:00:00+08:00"}).isoformat()
        '2026-01-20T09:00:00+08:00'
        >>> clock({}) is None
        True
    """
    value = environ.get("ZHENGXIE_CLOCK")
    if not value:
        return None
    try:
        return read_instant(value)
    except NaiveInstant as error:
        raise UsageError("ZX6027", given=value) from error
    except ValueError as error:
        raise UsageError("ZX6026", given=value) from error
