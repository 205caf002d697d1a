"""Days, instants, ``FACT=VALUE`` pairs and evidence, as they are written on a command line."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from zhengxie_flow.errors import UsageError
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


def evidence(paths: Sequence[str], *, kept: bool) -> tuple[Path, ...] | tuple[str, ...]:
    """Return the files that a command attaches; where none are kept, the name and the hash of each, for the record.

    Args:
        paths: The paths.
        kept: True where there is a place for attachments.

    Raises:
        InvalidInput: A file cannot be read (ZX6013) or is no ordinary one (ZX5043), and is not kept.
    """
    files = tuple(map(Path, paths))
    return files if kept else tuple(map(_fingerprint, files))


def _fingerprint(path: Path) -> str:
    from zhengxie_flow.model.evidence import EvidenceReference, safe_name
    from zhengxie_flow.ports import Attachment
    from zhengxie_flow.storage.attachments import measured

    digest, _ = measured(Attachment(path.name, path), sys.maxsize)
    return EvidenceReference(safe_name(path.name), digest).text()
