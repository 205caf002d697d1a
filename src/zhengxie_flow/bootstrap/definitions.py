"""Definitions and calendars of a project: from its files, or from those that come with the package."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.engine.editions.governing import link_editions, with_pin
from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.ports import Journal
from zhengxie_flow.reading.definitions import Files, load_file

if TYPE_CHECKING:
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars


@dataclass(slots=True)
class ProjectDefinitions:
    """Definitions by process id from the project's files, by hash from the journal; each compiled once.

    A definition knows the editions of its process that the files hold now: a later edition binds running cases too
    (Art. 15), without changing the hash they were started under.
    """

    files: Files
    journal: Journal | None = None
    _compiled: dict[str, CompiledProcess] = field(default_factory=dict)
    _current: dict[str, tuple[object, CompiledProcess]] = field(default_factory=dict)
    _pinned: dict[str, tuple[CompiledProcess, CompiledProcess]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def by_id(self, process: str) -> CompiledProcess:
        """The first edition of the process as its files stand now; read again only when one of them changed."""
        stamp = self._stamp(process)
        with self._lock:
            known = self._current.get(process)
        if known is not None and known[0] == stamp:
            return known[1]
        loaded = self.files.load(process)
        every = [compile_process(each.definition) for each in (loaded, *loaded.editions)]
        with self._lock:
            every = [self._compiled.setdefault(each.hash, each) for each in every]
            first = link_editions(every)[0]
            self._current[process] = (self._stamp_of(process, first), first)
            return first

    def _stamp(self, process: str) -> object:
        """What tells that files of a process changed: names, times and sizes of all that it is resolved from."""
        with self._lock:
            known = self._current.get(process)
        return self._stamp_of(process, None if known is None else known[1])

    def _stamp_of(self, process: str, known: CompiledProcess | None) -> object:
        path = self.files.path(process)
        folders = (path.parent, self.files.rules / Path(process).parent)
        files = [path, *(found for folder in folders if folder.is_dir() for found in sorted(folder.glob("*.yaml")))]
        files += self.files.edition_files(process)
        own = tuple((str(found), found.stat().st_mtime_ns, found.stat().st_size) for found in files)
        base = None if known is None else known.definition.bundle.get("base")
        return own if base is None else (own, self._stamp_of(base["id"], None))

    def by_hash(self, digest: str) -> CompiledProcess:
        """A definition some case was started under, as the journal kept it.  Raises `NotFound` ZX4006."""
        with self._lock:
            known = self._compiled.get(digest)
        if known is None:
            stored = self.journal.definition(digest) if self.journal is not None else None
            if stored is None:
                raise NotFound("ZX4006", hash=digest)
            compiled = compile_process(resolve(stored.bundle, stored.sources))
            with self._lock:
                known = self._compiled.setdefault(digest, compiled)
        return self._among_editions(known)

    def _among_editions(self, pinned: CompiledProcess) -> CompiledProcess:
        """A definition with the other editions of its process, where there are any."""
        base = pinned.definition.bundle.get("base")
        ids = [pinned.id] if base is None else [pinned.id, base["id"]]
        if not any(self.files.has_editions(ident) for ident in ids):
            return pinned
        try:
            first = self.by_id(pinned.id)
        except NotFound:  # the project no longer has the process: there is nothing later than what the case pinned
            return pinned
        with self._lock:
            known = self._pinned.get(pinned.hash)
        if known is None or known[0] is not first:
            known = (first, with_pin(pinned, first.editions or (first,)))
            with self._lock:
                self._pinned[pinned.hash] = known
        return known[1]


def project_files(project: str | Path | None) -> Files:
    """The folders of a project, or the packaged ones."""
    from zhengxie_flow import resources

    if project is None:
        return Files(resources.processes_dir(), resources.rules_dir())
    return Files(Path(project) / "processes", Path(project) / "rules")


def project_calendars(project: str | Path | None) -> FileCalendars:
    """The calendars of a project: the packaged notices, with what the project adds."""
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars

    return FileCalendars(project=None if project is None else Path(project) / "rules")


def load_process(process: str | Path, *, project: str | Path | None = None) -> Definition:
    """A process by its id in a project (None: the packaged one), or from a file; with its law, register and decisions.

    Raises `NotFound` or `InvalidDefinition` with every problem of every file.
    """
    if not isinstance(process, str | Path):
        raise UsageError("ZX4016", name="process", given=repr(process)[:80], wanted="str")
    if isinstance(process, Path) or process.endswith((".yaml", ".yml")):
        return load_file(Path(process)).definition
    return project_files(project).load(process).definition
