"""Import of cases and their events: each case, with those above and below it, as a whole or not at all.

The cases are stored in transactions of bounded length, so that nobody waits long for the import, and only the cases of
one of them are in memory.  Importing the same files again goes on where an import ended and changes nothing of what is
stored.  A file that fits into one transaction is stored as a whole; with ``atomic`` any file is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhengxie_flow.errors import Conflict, InvalidInput, Problem, UsageError, Where
from zhengxie_flow.model.body import parent_of
from zhengxie_flow.model.case import Parent
from zhengxie_flow.ports import Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.appending import store_definition
from zhengxie_flow.services.attaching import staging
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.chunking import next_size, seconds
from zhengxie_flow.services.commands.import_preparing import AtLine, Batch, PreparedCase, prepare, standing
from zhengxie_flow.services.commands.import_source import CaseSource, Incoming
from zhengxie_flow.services.commands.subcases import check_acyclic
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import Parents, ancestors, lock_order, stored_parents
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import mirror

MOST_PROBLEMS = 100
"""Problems that are listed; a person mends no more in one sitting."""

FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 300, 20, 3000
"""Events in one transaction: at first, and the bounds within which the number follows the time that it took."""


@dataclass(slots=True)
class ImportCounts:
    """Counts of an import: cases and events that are new, and those stored already."""

    cases_new: int = 0
    cases_known: int = 0
    events_new: int = 0
    events_known: int = 0

    def add(self, prepared: Iterable[PreparedCase]) -> None:
        """Count cases that are stored.

        Args:
            prepared: The cases.
        """
        for case in prepared:
            self.cases_new += case.version == 0
            self.cases_known += case.version > 0
            self.events_new += case.events_new
            self.events_known += case.events_known


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """Functions that an import calls as it goes on.

    Attributes:
        checked: Called with the number of cases after some were checked.
        stored: Called with the counts so far after some were stored.
    """

    checked: Callable[[int], None] = lambda _: None
    stored: Callable[[ImportCounts], None] = lambda _: None


def import_cases(
    context: Context,
    source: CaseSource,
    *,
    dry_run: bool = False,
    atomic: bool = False,
    progress: ImportProgress = ImportProgress(),
) -> ImportCounts:
    """Record every entry of every case.

    Args:
        context: The ports.
        source: The cases of the files.
        dry_run: True to check whether that could be done, without writing.
        atomic: True to write everything in one transaction, during which nobody else can write.
        progress: What to call as it goes on.

    Returns:
        How many cases and events are new, and how many were stored already.

    Raises:
        InvalidInput: Cases cannot be imported; ``problems`` lists them.  Nothing is stored from the first of them on.
        Conflict: ZX6040, a case has another opening; ZX4031, it was written to meanwhile.
    """
    if not dry_run and context.staged is None:
        ask_hook(context, AccessRequest("import"))
        with staging(context) as own:
            return import_cases(own, source, atomic=atomic, progress=progress)
    if not atomic or dry_run:
        return _Import(context, source, dry_run, progress).run()

    def attempt() -> ImportCounts:
        with publishing.transaction(context) as transaction:
            transaction.lock_all()
            return _Import(context, source, dry_run, progress, within=transaction).run()

    done = repeated(context, attempt)
    progress.stored(done)
    return done


@dataclass(slots=True)
class _Import:
    """One run over the cases of a source.

    Attributes:
        context: The ports.
        source: The cases.
        dry_run: True to write nothing.
        progress: What to call as it goes on.
        within: The one transaction of everything; None to store in chunks.
        counts: What is stored, or would be.
        done: The ids of the cases that were looked at.
        problems: What is wrong; nothing is stored any more once there is something.
        size: The number of events that the next chunk is to have.
        standing: The ports with a clock that stands while a chunk is recorded.
    """

    context: Context
    source: CaseSource
    dry_run: bool
    progress: ImportProgress
    within: Transaction | None = None
    counts: ImportCounts = field(default_factory=ImportCounts)
    done: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    size: int = field(default_factory=lambda: FIRST_CHUNK)
    standing: Context = field(init=False)

    def __post_init__(self) -> None:
        self.standing = standing(self.context)

    def run(self) -> ImportCounts:
        """Import everything."""
        chunk: list[list[PreparedCase]] = []
        for family in self.source.families():
            if family[0] in self.done:  # it came in with another
                continue
            if len(self.problems) >= MOST_PROBLEMS:
                self.problems.append(Problem("ZX1036", self.problems[-1].where, {"count": len(self.problems)}))
                break
            if not chunk and self.within is None:
                self.standing = standing(self.context)
            prepared = self._unit(family, self.within)
            self.progress.checked(len(prepared))
            chunk.append(prepared)
            if self.problems:
                chunk.clear()
            elif self.within is not None or _size(chunk) >= self.size:
                self._keep(chunk)
                chunk.clear()
        self._check()
        self._keep(chunk)
        return self.counts

    def _check(self) -> None:
        """Raise what is wrong; of very much, the first and how much more there is."""
        if self.problems:
            more, listed = len(self.problems) - MOST_PROBLEMS - 1, self.problems
            if more > 0:
                listed = self.problems[:MOST_PROBLEMS]
                listed.append(Problem("ZX6080", listed[-1].where, {"count": more + 1}))
            raise InvalidInput(problems=tuple(listed))

    def _unit(self, family: Sequence[str], within: Transaction | None) -> list[PreparedCase]:
        """Prepare a family of cases, with those of the files that stored links add to it.

        Args:
            family: The ids of the cases.
            within: The write that sees what it reads; None to read the journal.
        """
        reading = within or self.context.journal
        batch = Batch(self.standing, reading.events, reading.head, self.source.process)
        waiting, prepared = deque(family), dict[str, PreparedCase]()
        members: dict[str, Incoming] = {}
        while waiting:
            case = waiting.popleft()
            if case in members:
                continue
            members[case] = self.source.take(case)
            self.done.add(case)
            try:
                prepared[case] = prepare(batch, members[case])
            except AtLine as fault:
                self.problems.append(Problem(fault.error.code, fault.where, fault.error.params))
                continue
            for relative in prepared[case].related() if prepared[case].version else ():
                if relative in self.source and relative not in self.done:
                    waiting.extend(self.source.family(relative))
        for case, error in _circles(self.context, prepared):
            self.problems.append(Problem(error.code, members[case].where, error.params))
        return list(prepared.values())

    def _keep(self, chunk: list[list[PreparedCase]]) -> None:
        """Store some families, or only count them."""
        prepared = [entry for unit in chunk for entry in unit]
        if self.within is not None:
            _store(self.standing, self.within, prepared, [entry.id for entry in prepared])
            if self.context.publishing is None or not self.context.publishing.of_events:
                self.within.appended.clear()  # nobody asks for them, and they may be more than memory holds
        elif not self.dry_run and any(entry.draft is not None for entry in prepared):
            self._commit(chunk, prepared)
            return
        self._count(prepared)

    def _count(self, prepared: Iterable[PreparedCase]) -> None:
        self.counts.add(prepared)
        if not self.dry_run and self.within is None:
            self.progress.stored(self.counts)

    def _commit(self, chunk: list[list[PreparedCase]], prepared: list[PreparedCase]) -> None:
        """Store some families in one transaction; where others were in the way, each by itself."""
        order = _order(self.context, prepared)
        began = seconds(self.context)
        try:
            with publishing.transaction(self.context) as transaction:
                _store(self.standing, transaction, prepared, order)
        except Conflict as error:
            if error.retry == "never":
                raise
            for unit in chunk:
                self._count(self._repeated(unit))
            return
        elapsed = seconds(self.context) - began
        self.size = next_size(self.size, _size(chunk), elapsed, (LEAST_CHUNK, MOST_CHUNK))
        self._count(prepared)

    def _repeated(self, unit: list[PreparedCase]) -> list[PreparedCase]:
        """Store one family, prepared anew after it was locked."""
        order = _order(self.context, unit)

        def attempt() -> list[PreparedCase]:
            with publishing.transaction(self.context) as transaction:
                for case in order:
                    transaction.head(case)
                self.standing = standing(self.context)
                prepared = self._unit([entry.id for entry in unit], transaction)
                self._check()  # they were in order before somebody else wrote to them
                _store(self.standing, transaction, prepared, _order(self.context, prepared))
                return prepared

        return repeated(self.context, attempt)


def _size(chunk: Iterable[Iterable[PreparedCase]]) -> int:
    return sum(entry.size for unit in chunk for entry in unit)


def _circles(
    context: Context, prepared: Mapping[str, PreparedCase], *, new: bool = True
) -> Iterator[tuple[str, UsageError]]:
    """The cases that would become their own ancestors; ``new``: also those that are not stored yet.

    What lies above a case outside its family is stored, and cannot lie under a case that is not.
    """

    def of_new(name: str) -> Sequence[Parent]:
        return prepared[name].governed.case.parents if name in prepared else ()

    def of_stored(name: str) -> Sequence[Parent]:
        return of_new(name) if name in prepared else context.read(name).case.parents

    for case, entry in prepared.items():
        for parent in _new_parents(entry) if new or entry.version else ():
            try:
                check_acyclic(case, parent, of_stored if entry.version else of_new)
            except UsageError as error:
                yield case, error


def _new_parents(entry: PreparedCase) -> Iterator[str]:
    """The parents that the new events of a case name."""
    for event in entry.draft.events if entry.draft is not None else ():
        parent = parent_of(event.body)
        if parent is not None:
            yield parent.case


def _parents(context: Context, prepared: Iterable[PreparedCase]) -> Parents:
    """The parents of cases as they will be, of others as they are stored."""
    coming, stored = {entry.id: entry.parents() for entry in prepared}, stored_parents(context)
    return lambda case: coming[case] if case in coming else stored(case)


def _order(context: Context, prepared: Sequence[PreparedCase]) -> tuple[str, ...]:
    """The cases that a write of others touches, in the order in which they are locked."""
    changed, parents = [entry for entry in prepared if entry.draft is not None], _parents(context, prepared)
    names = [name for entry in changed for name in (entry.id, *entry.parents())]
    for entry in changed:
        for parent in _new_parents(entry) if entry.version else ():  # so that no other link closes a circle meanwhile
            names += ancestors(parent, parents)
    return lock_order(names, parents)


def _store(context: Context, transaction: Transaction, prepared: Sequence[PreparedCase], order: Iterable[str]) -> None:
    """Write cases, in the order of locks, and what their parents learn of them."""
    changed = {entry.id: entry for entry in prepared if entry.draft is not None}
    for case in order:
        head, entry = transaction.head(case), changed.get(case)
        if entry is None or entry.draft is None:
            continue
        version = head.version if head is not None else 0
        if version != entry.version:
            where = Where(case=case)
            raise Conflict("ZX4031", where=where, retry="at_once", expected=entry.version, version=version)
        for edition in entry.editions:
            store_definition(transaction, edition)
        entry.draft.store(context, transaction)
    for case, _ in _circles(context, changed, new=False):
        raise Conflict("ZX5031", where=Where(case=case), retry="at_once", parent=next(_new_parents(changed[case])))
    mirror(context, transaction, *(entry.governed for entry in changed.values()))  # once all are there
