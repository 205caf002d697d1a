"""The content of a project's files, and the keys that findings are kept under: all that a finding may rest on."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

from zhengxie_flow.reading.file_names import SIGNATURES
from zhengxie_flow.reading.files import Files
from zhengxie_flow.resources import rules_dir
from zhengxie_flow.version import __version__

SHARED_RULES = ("calendars", "conventions")
"""The folders of rules that any process may count by."""

_PACKAGE = Path(__file__).resolve().parents[2]
_LIBRARIES = ("pydantic", "ruamel")

_FOLLOWS = re.compile(rb"extends|adopts|\\[xuU/\r\n]")
"""Marks of a file that follows another process as a whole."""

_ESCAPE = re.compile(rb"\\[xuU/\r\n]")
"""Escapes that may write the name of a process in other characters, or over two lines."""


@dataclass(slots=True)
class Content:
    """The content of all files of a project, read once.

    Attributes:
        files: the project.
        ids: the ids of its processes.
        digests: the digest of every file below ``processes/`` and ``rules/``, by its path.
        texts: what they hold.
        shared: the files of calendars and conventions, which any process may rest on.
    """

    files: Files
    ids: tuple[str, ...]
    digests: dict[Path, str]
    texts: dict[Path, bytes]
    shared: tuple[Path, ...]
    _paths: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Files) -> Self | None:
        """Read the content of a project.

        Args:
            files: the project.

        Returns:
            The content; None where something is no plain file, so that its content alone does not say what it is.
        """
        digests: dict[Path, str] = {}
        texts: dict[Path, bytes] = {}
        try:
            for path in _plain_files(files):
                content = path.read_bytes()
                digests[path], texts[path] = hashlib.sha256(content).hexdigest(), content
        except OSError:
            return None
        tops = tuple(files.rules / name for name in SHARED_RULES)
        shared = tuple(path for path in digests if any(path.is_relative_to(top) for top in tops))
        return cls(files, tuple(files.ids()), digests, texts, shared)

    def key_of(self, process: str) -> str:
        """Return a key of all that reading and checking a process may look at, but for its scenarios and its peers.

        Args:
            process: its id.
        """
        if process not in self._keys:
            self._keys[process] = self.key("process", process, self._rests_on(process))
        return self._keys[process]

    def key_of_file(self, kind: str, path: Path) -> str | None:
        """Return a key of a file that is read alone; None for one that is not among those of the project.

        Args:
            kind: what is kept of it.
            path: the file.
        """
        top = self.files.root.resolve()
        place = self.files.root / path.relative_to(top) if path.is_relative_to(top) else path
        return self.key(kind, str(place), (place,)) if place in self.digests else None

    def key(self, kind: str, name: str, paths: Iterable[Path], *more: object) -> str:
        """Return a key of some files, the program, and what else something rests on.

        Args:
            kind: what it is.
            name: its name.
            paths: the files.
            more: what else.
        """
        parts = [kind, name, *program(), str(self.files.root), *self.ids]
        parts += [f"{path}={self.digests.get(path)}" for path in sorted({*paths, *self.shared})]
        return hashlib.sha256("\0".join((*parts, *map(repr, more))).encode("utf-8", "surrogatepass")).hexdigest()

    def _rests_on(self, process: str) -> set[Path]:
        """The files of a process, and of those that it names.

        Of a subcase its own states and facts are read, with its volumes; of a process that another follows, all that
        it rests on itself.
        """
        todo, seen, used = [process], {process}, set[Path]()
        while todo:
            whole = todo.pop()
            paths = self._files_of(whole)
            used.update(paths)
            named = set(self._named_in(whole, paths))
            used.update(path for name in named for path in self._files_of(name))
            follows = _FOLLOWS.search(self.texts.get(self._file(whole), b"")) is not None
            todo += sorted(named - seen) if follows else ()
            seen |= named if follows else set()
        return used

    def _file(self, process: str) -> Path:
        return self.files.processes / f"{process}.yaml"

    def _files_of(self, process: str) -> tuple[Path, ...]:
        """The files that a process is read from: its own, and those that it shares with the processes beside it."""
        if process not in self._paths:
            files, path = self.files, self._file(process)
            folder = path.parent
            others = set(map(self._file, self.ids)) - {path}
            rules = files.rules / Path(process).parent
            beside = {
                file
                for file in self.digests
                if (file.parent in (folder, rules) and file not in others and not self._signs_another(file, path))
            }
            self._paths[process] = (*beside, *files.edition_files(process), *files.volume_files(process))
        return self._paths[process]

    @staticmethod
    def _signs_another(file: Path, process: Path) -> bool:
        return file.name.endswith(SIGNATURES) and file.name.removesuffix(SIGNATURES) != process.stem

    def _named_in(self, process: str, paths: Iterable[Path]) -> Iterator[str]:
        """Processes that some files may name; a volume that is not attached to a process brings it none."""
        volumes = set(self.files.volume_files(process))
        for path in paths:
            text = self.texts.get(path, b"")
            escaped = _ESCAPE.search(text) is not None
            if path in volumes and not escaped and process.encode() not in text:
                continue
            yield from (name for name in self.ids if escaped or name.encode() in text)


def _plain_files(files: Files) -> Iterator[Path]:
    """Every file of the two folders; raises `OSError` where one, or a folder, is a link."""
    for top in (files.processes, files.rules):
        for place, folders, names in os.walk(top):
            for name in (*folders, *names):
                if os.path.islink(os.path.join(place, name)):  # noqa: PTH114, PTH118  # asked for every file
                    raise OSError("a link")
            yield from (Path(place, name) for name in sorted(names))


@lru_cache(maxsize=1)
def program() -> tuple[str, ...]:
    """The program that runs: its version and files, the interpreter, the libraries, the zones of time."""
    stats: list[object] = []
    for top in (_PACKAGE, *(rules_dir() / name for name in SHARED_RULES)):
        for place, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            stats += [(place, entry, *_stamp(os.path.join(place, entry))) for entry in sorted(names)]  # noqa: PTH118
    stats += [(zones, *_stamp(zones)) for zones in zoneinfo.TZPATH]
    stats += [sorted(_installed())]
    return __version__, sys.version, hashlib.sha256(repr(stats).encode()).hexdigest()


def _stamp(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _installed() -> Iterator[str]:
    """The names of what is installed, each with its version, where the libraries of this program are looked for."""
    for place in sys.path:
        if any(os.path.isdir(os.path.join(place, name)) for name in _LIBRARIES):  # noqa: PTH112, PTH118
            yield from (name for name in os.listdir(place) if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208
