"""Definitions and calendars of a project: from its files, or from those that come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.engine.editions.governing import link_editions, with_pin
from zhengxie_flow.errors import ChainBroken, InvalidInput, NotFound, UsageError
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.ports import Journal, StoredDefinition
from zhengxie_flow.reading.definitions import Files, load_file
from zhengxie_flow.services.arguments import check_text

if TYPE_CHECKING:
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars

_SHOWN = 200


@dataclass(slots=True)
class ProjectDefinitions:
    """Definitions by process id from the project's files, by hash from the journal; compiled once and cached.

    A definition carries the editions of its process that the files hold now: a later edition binds running cases too
    (Art. 15), without changing the hash they were started under.

    Attributes:
        files: The process files of the project.
        journal: The journal that stores definitions by hash; None where only files are at hand.
    """

    files: Files
    journal: Journal | None = None
    _compiled: dict[str, CompiledProcess] = field(default_factory=dict)
    _current: dict[str, tuple[object, CompiledProcess]] = field(default_factory=dict)
    _pinned: dict[str, tuple[CompiledProcess, CompiledProcess]] = field(default_factory=dict)
    _attached: dict[str, tuple[object, CompiledProcess]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def by_id(self, process: str) -> CompiledProcess:
        """Load the first edition of a process as its files stand now; reread only where one of them changed.

        Args:
            process: The id of the process.

        Returns:
            The compiled first edition, linked to the later ones.

        Raises:
            NotFound: The project has no such process.
            InvalidDefinition: The files have faults.
        """
        process = self.files.current_id(process)
        fingerprint = self._fingerprint(process)
        with self._lock:
            cached = self._current.get(process)
        if cached is not None and cached[0] == fingerprint:
            return cached[1]
        loaded = self.files.load(process)
        compiled = [compile_process(edition.definition) for edition in (loaded, *loaded.editions)]
        with self._lock:
            compiled = [self._compiled.setdefault(edition.hash, edition) for edition in compiled]
            first = link_editions(compiled)[0]
            self._current[process] = (self._fingerprint_of(process, first), first)
            return first

    def _fingerprint(self, process: str) -> object:
        """The fingerprint of the files of a process: names, times and sizes of all that it is resolved from."""
        with self._lock:
            cached = self._current.get(process)
        return self._fingerprint_of(process, None if cached is None else cached[1])

    def _fingerprint_of(self, process: str, compiled: CompiledProcess | None) -> object:
        path = self.files.path(process)
        folders = (path.parent, self.files.rules / Path(process).parent)
        files = [path, *(file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.yaml")))]
        files += [*self.files.edition_files(process), *self.files.volume_files(process)]
        signature = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)
        base = None if compiled is None else compiled.definition.bundle.get("base")
        return signature if base is None else (signature, self._fingerprint_of(base["id"], None))

    def by_hash(self, digest: str) -> CompiledProcess:
        """Load a definition that some case was started under, as the journal stored it.

        Args:
            digest: The hash of the definition.

        Returns:
            The compiled definition, with the other editions of its process.

        Raises:
            NotFound: ZX4006, the journal has no such definition.
            ChainBroken: ZX5903, it is not what was hashed; ZX5911, it is no definition.
        """
        with self._lock:
            cached = self._compiled.get(digest)
        if cached is None:
            stored = self.journal.definition(digest) if self.journal is not None else None
            if stored is None:
                raise NotFound("ZX4006", hash=digest)
            compiled = _compiled(stored)
            with self._lock:
                cached = self._compiled.setdefault(digest, compiled)
        return self._with_editions(cached)

    def _with_editions(self, pinned: CompiledProcess) -> CompiledProcess:
        """A definition linked to the other editions of its process, where there are any."""
        base = pinned.definition.bundle.get("base")
        ids = [self.files.current_id(ident) for ident in ([pinned.id] if base is None else [pinned.id, base["id"]])]
        if not any(self.files.has_editions(ident) for ident in ids):
            return self._with_later_volumes(pinned, ids)
        return self._with_others(pinned)

    def _with_later_volumes(self, pinned: CompiledProcess, ids: Sequence[str]) -> CompiledProcess:
        """A definition with the volumes of today, where the process has no later edition.

        Only the files of volumes are looked at, each time; the others when one of these has changed.
        """
        files = {file: file.stat() for ident in ids for file in self.files.volume_files(ident)}
        if not files:
            return pinned
        signature = tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in files.items())
        with self._lock:
            cached = self._attached.get(pinned.hash)
        if cached is None or cached[0] != signature:
            kept = {entry["volume"]: entry["periods"] for entry in pinned.definition.bundle.get("volumes", ())}
            later = any(kept.get(name) != periods for name, periods in self.files.periods_attached(ids).items())
            cached = (signature, self._with_others(pinned) if later else pinned)
            with self._lock:
                self._attached[pinned.hash] = cached
        return cached[1]

    def _with_others(self, pinned: CompiledProcess) -> CompiledProcess:
        """A definition linked to the other editions of its process, and to the volumes that were attached since."""
        try:
            first = self.by_id(pinned.id)
        except NotFound:  # the project no longer has the process: there is nothing later than what the case pinned
            return pinned
        with self._lock:
            cached = self._pinned.get(pinned.hash)
        if cached is None or cached[0] is not first:
            cached = (first, with_pin(pinned, first.editions or (first,)))
            with self._lock:
                self._pinned[pinned.hash] = cached
        return cached[1]


def _compiled(stored: StoredDefinition) -> CompiledProcess:
    """Compile a definition of the journal; one that is none was written there by another program."""
    try:
        return compile_process(resolve(stored.bundle, stored.sources))
    except (InvalidInput, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"[:_SHOWN]
        raise ChainBroken("ZX5911", hash=stored.hash, why=why) from error


def project_files(project: str | Path | None) -> Files:
    """Locate the process files of a project.

    Args:
        project: The folder with ``processes/`` and ``rules/``; None for the packaged ones.

    Returns:
        The files; nothing is read yet.

    Example:
        >>> project_files("my-city").rules.name
        'rules'
    """
    from zhengxie_flow import resources

    if project is None:
        return Files(resources.processes_dir(), resources.rules_dir())
    return Files(Path(project) / "processes", Path(project) / "rules")


def project_calendars(project: str | Path | None) -> FileCalendars:
    """Locate the calendars of a project: the packaged notices and those that the project adds.

    Args:
        project: The folder with ``rules/``; None for the packaged notices alone.

    Returns:
        The calendars by name.
    """
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars

    return FileCalendars(project=None if project is None else Path(project) / "rules")


def load_process(process: str | Path, *, project: str | Path | None = None) -> Definition:
    """Load a process definition with its law, register and decisions.

    Args:
        process: the id of a process (its path below ``processes/``), or a file with the suffix ``.yaml`` or ``.yml``.
        project: the folder that has ``processes/`` and ``rules/``; None: those that come with the package.

    Returns:
        The resolved definition, known by the hash of its content.

    Raises:
        NotFound: ZX4003, no such process; ZX1001, no such file.
        InvalidDefinition: with every problem of every file.
        UsageError: ZX4016, ``process`` is neither text nor a path; ZX4091, no file can be called so.

    Example:
        >>> from zhengxie_flow import load_process
        >>> definition = load_process("jilin/consultation")
        >>> definition.id, definition.process.label("en")
        ('jilin/consultation', 'Government consultation')
        >>> definition.hash.startswith("sha256:")
        True
    """
    if not isinstance(process, str | Path):
        raise UsageError("ZX4016", name="process", given=repr(process)[:80], wanted="str")
    check_text("process", process)
    if isinstance(process, Path) or process.endswith((".yaml", ".yml")):
        return load_file(Path(process)).definition
    return project_files(project).load(process).definition
