"""Definitions and calendars of a project: from its files, or from those that come with the package."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, local

from zhengxie_flow.bootstrap.folders import project_files
from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.engine.editions.governing import link_editions, with_pin
from zhengxie_flow.errors import ChainBroken, InvalidInput, NotFound, UsageError
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.ports import Journal, StoredDefinition
from zhengxie_flow.reading.attachment_targets import AttachmentTargets
from zhengxie_flow.reading.files import Files
from zhengxie_flow.services.arguments import check_text

_SHOWN = 200


class CompiledFiles:
    """Definitions of a project's files, compiled once and shared by threads and journals.

    A definition carries the editions of its process that the files hold now: a later edition binds running cases too
    (Art. 15), without changing the hash they were started under.  A file that changed is read again; who compiles it is
    waited for by the others that need it.

    Args:
        files: The process files of the project.
        interval: Seconds in which the files are not looked at again; 0 to look whenever one is asked for.
        seconds: The source of elapsed time.
    """

    def __init__(self, files: Files, interval: float = 0.0, seconds: Callable[[], float] = time.monotonic) -> None:
        self.files = files
        self._interval = interval
        self._seconds = seconds
        self._by_hash: dict[str, CompiledProcess] = {}
        self._current: dict[str, _Current] = {}
        self._pinned: dict[str, _Pinned] = {}
        self._locks: dict[str, Lock] = {}
        self._process = os.getpid()
        self._span = local()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Give this thread each definition as it got it first, until the end (see `Definitions.steady`)."""
        if self._looked_up() is not None:
            yield
            return
        self._span.looked_up = {}
        try:
            yield
        finally:
            self._span.looked_up = None

    def _looked_up(self) -> dict[str, CompiledProcess] | None:
        """What was looked up in the present span of this thread, by process id or hash; None outside of any."""
        looked_up: dict[str, CompiledProcess] | None = getattr(self._span, "looked_up", None)
        return looked_up

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
        looked_up = self._looked_up()
        if looked_up is None:
            return self._by_id(process)
        if process not in looked_up:
            looked_up[process] = self._by_id(process)
        return looked_up[process]

    def _by_id(self, process: str) -> CompiledProcess:
        current = self._current.get(process)
        if current is not None and self._seconds() < current.until:
            return current.first
        process = self.files.current_id(process)
        with self._lock_of(process):
            current = self._current.get(process)
            now = self._seconds()
            if current is not None and now < current.until:  # another thread looked meanwhile
                return current.first
            files = self.files
            if current is None or current.fingerprint != self._fingerprint_of(files, process, current.first):
                first = self._compile(files, process)
                current = _Current(self._fingerprint_of(files, process, first), first)
            current.until = now + self._interval
            self._current[process] = current
            return current.first

    def _lock_of(self, process: str) -> Lock:
        if self._process != os.getpid():  # a lock of the parent may be held by a thread that is not here
            self._locks, self._process = {}, os.getpid()
        return self._locks.setdefault(process, Lock())

    def _compile(self, files: Files, process: str) -> CompiledProcess:
        loaded = files.load(process)
        editions = [compile_process(edition.definition) for edition in (loaded, *loaded.editions)]
        return link_editions([self.keep(edition) for edition in editions])[0]

    def _fingerprint_of(self, files: Files, process: str, compiled: CompiledProcess | None) -> object:
        """The fingerprint of the files of a process: names, times and sizes of all that it is resolved from."""
        path = files.path(process)
        folders = (path.parent, files.rules / Path(process).parent)
        used = [path, *(file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.yaml")))]
        used += [*files.edition_files(process), *files.volume_files(process)]
        signature = _signature(used)
        base = None if compiled is None else compiled.definition.bundle.get("base")
        return signature if base is None else (signature, self._fingerprint_of(files, base["id"], None))

    def of_hash(self, digest: str) -> CompiledProcess | None:
        """Return a definition that was compiled before, whether from a file or for some journal.

        Args:
            digest: Its hash, which is that of its content: it is the same one for every journal.

        Returns:
            The compiled definition; None where there is none yet.
        """
        return self._by_hash.get(digest)

    def keep(self, compiled: CompiledProcess) -> CompiledProcess:
        """Keep a compiled definition under its hash.

        Args:
            compiled: The definition.

        Returns:
            The definition, or the one that another thread was faster with.
        """
        return self._by_hash.setdefault(compiled.hash, compiled)

    def with_editions(self, pinned: CompiledProcess) -> CompiledProcess:
        """Link a definition that some case was started under to the other editions of its process.

        Args:
            pinned: The definition.

        Returns:
            The definition with its editions; itself where there are none.
        """
        looked_up = self._looked_up()
        if looked_up is None:
            return self._with_editions(pinned)
        if pinned.hash not in looked_up:
            looked_up[pinned.hash] = self._with_editions(pinned)
        return looked_up[pinned.hash]

    def _with_editions(self, pinned: CompiledProcess) -> CompiledProcess:
        kept = self._pinned.get(pinned.hash)
        now = self._seconds()
        if kept is not None and now < kept.until:
            return kept.linked
        kept = self._linked(pinned, kept)
        kept.until = now + self._interval
        self._pinned[pinned.hash] = kept
        return kept.linked

    def _linked(self, pinned: CompiledProcess, kept: _Pinned | None) -> _Pinned:
        former = AttachmentTargets.of(pinned.id, pinned.definition.bundle)
        ids = [self.files.current_id(ident) for ident in former.ids]
        if any(self.files.has_editions(ident) for ident in ids):
            return self._with_others(pinned, ids[0], kept)
        targets = replace(former, process=ids[0], base=ids[-1] if former.base is not None else None)
        volumes = self._volumes(ids)
        if kept is not None and kept.volumes == volumes:
            return kept
        since = self._attached_since(pinned, targets)
        linked = self._with_others(pinned, ids[0], kept) if since else _Pinned(None, pinned)
        linked.volumes = volumes
        return linked

    def _volumes(self, ids: Sequence[str]) -> tuple[object, ...]:
        """The fingerprint of the volumes in reach; with no later edition nothing else can judge a case anew."""
        return _signature(file for ident in ids for file in self.files.volume_files(ident))

    def _attached_since(self, pinned: CompiledProcess, targets: AttachmentTargets) -> bool:
        """True where volumes count today that a definition does not have, or in other periods.

        A volume whose text a definition was made from counts in the periods it was made with; only others are read.
        """
        if self.files.volumes_as_in(targets.ids, pinned.definition.sources):
            return False
        kept = {entry["volume"]: entry["periods"] for entry in pinned.definition.bundle.get("volumes", ())}
        return any(kept.get(name) != periods for name, periods in self.files.periods_attached(targets).items())

    def _with_others(self, pinned: CompiledProcess, process: str, kept: _Pinned | None) -> _Pinned:
        """A definition linked to the other editions of its process, and to the volumes that were attached since."""
        try:
            first = self.by_id(process)
        except NotFound:  # the project no longer has the process: there is nothing later than what the case pinned
            return _Pinned(None, pinned)
        if kept is not None and kept.first is first:
            return kept
        return _Pinned(first, with_pin(pinned, first.editions or (first,)))

    def forget(self, files: Files) -> None:
        """Read every process again when it is asked for next; what is compiled by its hash stays.

        Args:
            files: The process files from then on.
        """
        self.files = files
        self._current, self._pinned = {}, {}


def _signature(files: Iterable[Path]) -> tuple[object, ...]:
    """The names, times and sizes of files."""
    stats = ((str(file), file.stat()) for file in dict.fromkeys(files))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@dataclass(slots=True)
class _Current:
    """A process as its files stand, and until when nobody looks at them."""

    fingerprint: object
    first: CompiledProcess
    until: float = 0.0


@dataclass(slots=True)
class _Pinned:
    """A definition linked to the editions that begin with ``first``, and until when nobody looks for others.

    ``volumes`` is the fingerprint of the volumes in reach then; None where editions were linked too.
    """

    first: CompiledProcess | None
    linked: CompiledProcess
    until: float = 0.0
    volumes: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class ProjectDefinitions:
    """Definitions by process id from a project's files, by hash from a journal (see `zhengxie_flow.ports.Definitions`).

    Attributes:
        compiled: The definitions of the files, and all that were compiled before.
        journal: The journal that stores definitions by hash; None where only files are at hand.
    """

    compiled: CompiledFiles
    journal: Journal | None = None

    def by_id(self, process: str) -> CompiledProcess:
        """Load the first edition of a process as its files stand now (see `CompiledFiles.by_id`).

        Args:
            process: The id of the process.

        Returns:
            The compiled first edition, linked to the later ones.

        Raises:
            NotFound: The project has no such process.
            InvalidDefinition: The files have faults.
        """
        return self.compiled.by_id(process)

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
        pinned = self.compiled.of_hash(digest)
        if pinned is None:
            stored = self.journal.definition(digest) if self.journal is not None else None
            if stored is None:
                raise NotFound("ZX4006", hash=digest)
            pinned = self.compiled.keep(_compiled(stored))
        return self.compiled.with_editions(pinned)

    def admit(self, definition: StoredDefinition) -> CompiledProcess:
        """Compile a definition that came from elsewhere; `by_hash` knows it from then on.

        Args:
            definition: The definition, which hashes to its id.

        Returns:
            The compiled definition.

        Raises:
            ChainBroken: ZX5911, it is no definition.
        """
        compiled = self.compiled.of_hash(definition.hash)
        return self.compiled.keep(_compiled(definition)) if compiled is None else compiled

    def steady(self) -> AbstractContextManager[None]:
        """Begin a span in which this thread gets each definition as it got it first (see `Definitions.steady`).

        Returns:
            The span.
        """
        return self.compiled.steady()


def _compiled(stored: StoredDefinition) -> CompiledProcess:
    """Compile a definition of the journal; one that is none was written there by another program."""
    try:
        # the journal has just worked the hash out: to give a definition, it compares it with the content
        content_hash = stored.hash if stored.hash.startswith("sha256:") else ""
        return compile_process(resolve(stored.bundle, stored.sources, content_hash=content_hash))
    except (InvalidInput, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"[:_SHOWN]
        raise ChainBroken("ZX5911", hash=stored.hash, why=why) from error


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
        from zhengxie_flow.reading.definitions import load_file

        return load_file(Path(process)).definition
    return project_files(project).load(process).definition
