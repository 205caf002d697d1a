"""The compiled calendar: the YAML sources as one JSON file that loads in well under a millisecond.

A pack carries the SHA-256 of the sources it was compiled from, and is used only when the sources still have it: it can
be missing, never stale.  The package ships one beside its sources (``python -m zhengxie_flow.reading.calendar_pack
rules/calendars/cn`` renews it); other folders are compiled at first use into the user's cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengxie_flow.calendars.facts import Facts, Notice, StatutoryText

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PACK", "cache_folder", "digest", "dump", "load", "load_facts"]

PACK = "pack.json"
_FORMAT = 1
_CHUNK = 1 << 16
_MOST = 16 * _CHUNK  # no source is larger, nor is a pack; an endless device is
_NEVER_WAITS: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # Windows would translate line ends


def digest(folders: Sequence[Path]) -> str:
    """SHA-256 over the names and bytes of all YAML sources, and the format of the pack."""
    parts = [b"%d" % _FORMAT]
    for folder in folders:
        if not folder.is_dir():
            continue
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 - names are enough
            if name.endswith(".yaml"):
                content = _read(f"{folder}/{name}")
                parts += (b"\0%b\0%d\0" % (name.encode(), len(content)), content)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _read(path: str) -> bytes:
    """A small file with as few calls to the system as can be: this runs at every start, over a score of files.

    A read cut short would give another digest, so the pack would be left unused, not used wrongly; the reading of the
    sources then says what is wrong with a pipe, an endless device or a directory.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _NEVER_WAITS)
    except OSError:
        return b""
    try:
        content = os.read(descriptor, _CHUNK)
        while len(content) % _CHUNK == 0 and len(content) < _MOST and (more := os.read(descriptor, _CHUNK)):
            content += more
    except OSError:
        return b""
    else:
        return content
    finally:
        os.close(descriptor)


def load_facts(folders: Sequence[Path], key: str | None = None, cache: Path | None = None) -> Facts:
    """The facts of some folders: from the shipped pack, else from the cache, else compiled (and kept in the cache).

    ``key`` is their `digest` where it is known already.  Raises InvalidDefinition when a source cannot be read.
    """
    key = key or digest(folders)
    if (shipped := load(folders[0] / PACK, key)) is not None:
        return shipped
    kept = (cache or cache_folder()) / f"calendar-{key}.json"
    if (cached := load(kept, key)) is not None:
        return cached
    from zhengxie_flow.reading.calendar_files import read_facts

    facts = read_facts(folders)
    _keep(kept, dump(facts, key))
    return facts


def load(path: Path, key: str) -> Facts | None:
    """The facts in a pack compiled from the sources with this digest, or None."""
    try:
        content = json.loads(_read(str(path)))
    except (ValueError, RecursionError):
        return None  # missing, unreadable or broken: the sources decide, the pack only saves time
    if not isinstance(content, dict) or content.get("sources") != key:
        return None
    return _facts(content)


def dump(facts: Facts, key: str) -> str:
    """A pack as JSON text."""
    content = {
        "sources": key,
        "calendar": facts.name,
        "first": facts.first.isoformat(),
        "notices": [_plain_notice(notice) for notice in facts.notices],
        "statutory": [
            [text.number, text.published.isoformat(), text.in_force.isoformat(), text.days] for text in facts.statutory
        ],
        "lunar": {name: [min(days), [days[year] for year in sorted(days)]] for name, days in facts.lunar.items()},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain_notice(notice: Notice) -> dict[str, Any]:
    plain = {
        "number": notice.number,
        "year": notice.year,
        "published": notice.published and notice.published.isoformat(),
        "off": notice.off,
        "work": notice.work,
        "clears": notice.clears,
        "amends": notice.amends,
        "source": notice.source,
        "occasion": notice.occasion,
        "recorded_at": notice.recorded_at and notice.recorded_at.isoformat(),
    }
    return {key: value for key, value in plain.items() if value not in (None, ())}


def _facts(content: dict[str, Any]) -> Facts:
    return Facts(
        content["calendar"],
        date.fromisoformat(content["first"]),
        tuple(map(_notice, content["notices"])),
        tuple(
            StatutoryText(number, date.fromisoformat(published), date.fromisoformat(in_force), tuple(map(tuple, days)))
            for number, published, in_force, days in content["statutory"]
        ),
        {name: dict(enumerate(days, first)) for name, (first, days) in content["lunar"].items()},
    )


def _notice(plain: dict[str, Any]) -> Notice:
    published = plain.get("published")
    recorded = plain.get("recorded_at")
    occasion = plain.get("occasion")
    return Notice(
        number=plain["number"],
        year=plain["year"],
        published=date.fromisoformat(published) if published else None,
        off=tuple(map(tuple, plain.get("off", ()))),
        work=tuple(plain.get("work", ())),
        clears=tuple(plain.get("clears", ())),
        amends=plain.get("amends"),
        source=plain.get("source"),
        occasion=tuple(occasion) if occasion else None,
        recorded_at=datetime.fromisoformat(recorded) if recorded else None,
    )


def cache_folder() -> Path:
    """Folder of compiled calendars: under ``XDG_CACHE_HOME``, ``LOCALAPPDATA`` or ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    return (Path(base) if base else Path.home() / ".cache") / "zhengxie-flow"


def _keep(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        # A home that is read-only or full costs the next start 30 ms, nothing else; nor does a part left behind.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def renew(folder: Path) -> bool:
    """Write the pack of a folder anew; False when the one there was up to date already."""
    from zhengxie_flow.reading.calendar_files import read_facts

    key = digest([folder])
    path = folder / PACK
    text = dump(read_facts([folder]), key)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":  # python -m zhengxie_flow.reading.calendar_pack rules/calendars/cn
    for argument in sys.argv[1:]:
        sys.stdout.write(f"{argument}/{PACK}: {'renewed' if renew(Path(argument)) else 'up to date'}\n")
