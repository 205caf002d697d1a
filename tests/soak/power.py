"""What a disk may hold after the power went: every write since the last flush may be there, missing or torn.

A recorded sequence of writes (`tracing.Recording`) is replayed up to some step.  What was flushed is there.  Of what was
written to a file later, any part may be, in sectors; of names that were made or taken away in a folder, the first few.
Only a flush of the folder keeps a name for certain, which is all that POSIX promises.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

SECTOR = 512
Step = tuple[Any, ...]


@dataclass
class File:
    """The content of a file as it was flushed, and what was done to it since."""

    flushed: bytes = b""
    since: list[Step] = field(default_factory=list)

    def flush(self) -> None:
        self.flushed, self.since = self.content(self.since), []

    def content(self, steps: Sequence[Step]) -> bytes:
        content = bytearray(self.flushed)
        for kind, place, data in steps:
            if kind == "truncate":
                del content[place:]
                content.extend(bytes(place - len(content)))
            else:
                content.extend(bytes(max(0, place - len(content))))
                content[place : place + len(data)] = data
        return bytes(content)

    def survives(self, chance: random.Random) -> bytes:
        """Return some content that the disk may hold."""
        match chance.randrange(4):
            case 0:
                return self.flushed
            case 1:
                return self.content(self.since)
            case 2:
                return self.content(self.since[: chance.randint(0, len(self.since))])
        return self.content([part for step in self.since for part in _torn(step, chance) if chance.random() < 0.5])


def _torn(step: Step, chance: random.Random) -> list[Step]:
    """A write whole, or in sectors of which each is kept or lost by itself."""
    kind, place, data = step
    if kind == "truncate" or chance.random() < 0.5:
        return [step]
    first = SECTOR - place % SECTOR
    cuts = [0, *range(first, len(data), SECTOR), len(data)]
    return [(kind, place + a, data[a:b]) for a, b in pairwise(cuts)]


class Least(random.Random):
    """No chance at all: nothing but what was flushed survives."""

    def randint(self, a: int, b: int) -> int:  # noqa: ARG002  # the least of them
        return a

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:  # noqa: ARG002
        return 0 if stop is None else start


class Disk:
    """The files below a folder, as a recorded program writes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, File | None] = {}
        self.kept: dict[str, File | None] = {}
        self.since: list[tuple[str, str, File | None]] = []
        for path in [folder, *folder.rglob("*")]:
            file = File(path.read_bytes()) if path.is_file() else None
            self.names[str(path)] = self.kept[str(path)] = file

    def replay(self, step: Step) -> None:
        """Do a step."""
        match step:
            case ("write", path, place, data):
                self._file(path).since.append(("write", place, data))
            case ("truncate", path, size):
                self._file(path).since.append(("truncate", size, b""))
            case ("sync", path) if self.names.get(path) is None:
                self._flush_names(path)
            case ("sync", path):
                self._file(path).flush()
            case ("create", path):
                self._name(path, File())
            case ("mkdir", path):
                self._name(path, None)
            case ("link", path, other):
                self._name(other, self.names[path])
            case ("rename", path, other):
                self._name(other, self.names[path])
                self._forget(path)
            case ("unlink", path):
                self._forget(path)

    def _file(self, path: str) -> File:
        file = self.names[path]
        assert file is not None, path
        return file

    def _name(self, path: str, file: File | None) -> None:
        self.names[path] = file
        self.since.append(("make", path, file))

    def _forget(self, path: str) -> None:
        self.since.append(("take", path, self.names.pop(path, None)))

    def _flush_names(self, folder: str) -> None:
        inside = [change for change in self.since if str(Path(change[1]).parent) == folder]
        self.since = [change for change in self.since if change not in inside]
        _apply(self.kept, inside)

    def image(self, to: Path, chance: random.Random) -> None:
        """Lay some state that the disk may hold after a cut at this moment into a new folder."""
        names = dict(self.kept)
        _apply(names, self.since[: chance.randint(0, len(self.since))])
        written: dict[int, bytes] = {}
        for path in sorted(names):
            place = to / Path(path).relative_to(self.folder)
            file = names[path]
            if file is None:
                place.mkdir(parents=True, exist_ok=True)
            elif place.parent.is_dir() and not path.endswith("-shm"):  # shared memory is nothing that was stored
                content = written.setdefault(id(file), b"") or file.survives(chance)
                written[id(file)] = content
                place.write_bytes(content)


def _apply(names: dict[str, File | None], changes: Sequence[tuple[str, str, File | None]]) -> None:
    for kind, path, file in changes:
        if kind == "make":
            names[path] = file
        else:
            names.pop(path, None)
