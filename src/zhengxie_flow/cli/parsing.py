"""Days, instants, ``FACT=VALUE`` pairs and evidence, as they are written on a command line."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from zhengxie_flow.errors import InvalidInput, NotFound, UsageError
from zhengxie_flow.model.instant import NaiveInstant, read_instant

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def day(text: str) -> date:
    """Parse a civil day.

    Raises:
        UsageError: It is no day (ZX2003).

    Example:
        >>> day("2026-03-04")
        datetime.date(2026, 3, 4)
    """
    try:
        if _DAY.match(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError("ZX2003", given=text)


def moment(text: str) -> date | datetime:
    """Parse a civil day, or an instant with its offset.

    Raises:
        UsageError: It is neither (ZX4015), or an instant without an offset (ZX2001).

    Example:
        >>> moment("2026-03-04T09:00:00+08:00").isoformat()
        '2026-03-04T09:00:00+08:00'
    """
    try:
        if _DAY.match(text):
            return date.fromisoformat(text)
        if len(text) > len("2026-03-04") and text[4:5] == "-":
            return read_instant(text)
    except NaiveInstant:
        raise UsageError("ZX2001", given=text) from None
    except ValueError:
        pass
    raise UsageError("ZX4015", given=text)


def instant(text: str) -> datetime:
    """Parse an instant; a civil day alone means its end in China.  Raises as `moment`."""
    from zhengxie_flow.calendars import CHINA_TIME

    parsed = moment(text)
    return parsed if isinstance(parsed, datetime) else datetime.combine(parsed, time(23, 59, 59), CHINA_TIME)


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """Parse ``NAME=VALUE`` pairs to values by name.

    Raises:
        UsageError: A text has no ``=`` (ZX6010), or a name comes twice (ZX6011).

    Example:
        >>> pairs(["topic=绿化", "count=3"])
        {'topic': '绿化', 'count': '3'}
    """
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError("ZX6010", given=text)
        if name.strip() in values:
            raise UsageError("ZX6011", name=name.strip())
        values[name.strip()] = value
    return values


def evidence(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the fingerprint of each file, its name and SHA-256; the file itself stays where it is.

    Raises:
        InvalidInput: A file cannot be read (ZX6013), is no regular one (ZX1002), or is too large (ZX1004).
    """
    return tuple(_fingerprint(Path(path)) for path in paths)


def _fingerprint(path: Path) -> str:
    from zhengxie_flow.reading.decoding import fingerprint
    from zhengxie_flow.reading.input_bounds import EVIDENCE

    try:
        digest = fingerprint(path, max_bytes=EVIDENCE)
    except NotFound as error:
        raise InvalidInput("ZX6013", file=str(path), reason=os.strerror(errno.ENOENT)) from error
    except InvalidInput as error:
        if error.code != "ZX1003":
            raise
        raise InvalidInput("ZX6013", file=str(path), reason=error.params["reason"]) from error
    return f"{path.name} sha256:{digest}"
