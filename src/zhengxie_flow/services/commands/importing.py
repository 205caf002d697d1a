"""Import of cases and their events: each case, with those above and below it, as a whole or not at all.

The cases are stored in transactions of bounded length, so that nobody waits long for the import, and only the cases of
one of them are in memory.  Importing the same files again goes on where an import ended and changes nothing of what is
stored.  A file that fits into one transaction is stored as a whole; with ``atomic`` any file is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from zhengxie_flow.errors import Conflict, InvalidInput, Problem, UsageError, Where
from zhengxie_flow.model.body import parent_of
from zhengxie_flow.model.case import Parent
from zhengxie_flow.ports import Transaction
from zhengxie_flow.services.appending import store_definition
from zhengxie_flow.services.commands.import_preparing import AtLine, Batch, PreparedCase, prepare
from zhengxie_flow.services.commands.import_source import CaseSource, Incoming
from zhengxie_flow.services.commands.subcases import check_acyclic
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import Parents, lock_order, stored_parents
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import mirror

MOST_PROBLEMS = 100
"""Problems that are listed; a person mends no more in one sitting."""

FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 300, 20, 3000
"""Events in one transaction: at first, and the bounds within which the number follows the time that it took."""

LOCKED = 0.25
"""Seconds that a transaction is to take; others wait for it so long."""


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
    if not atomic or dry_run:
        return _Import(context, source, dry_run, progress).run()

    def attempt() -> ImportCounts:
        with context.journal.transaction() as transaction:
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

    def run(self) -> ImportCounts:
        """Import everything."""
        chunk: list[list[PreparedCase]] = []
        for family in self.source.families():
            if family[0] in self.done:  # it came in with another
                continue
            if len(self.problems) >= MOST_PROBLEMS:
                self.problems.append(Problem("ZX1036", self.problems[-1].where, {"count": len(self.problems)}))
                break
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
        batch = Batch(self.context, (within or self.context.journal).events, self.source.process)
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
        self.problems += _cycles(batch, members, prepared)
        return list(prepared.values())

    def _keep(self, chunk: list[list[PreparedCase]]) -> None:
        """Store some families, or only count them."""
        prepared = [entry for unit in chunk for entry in unit]
        if self.within is not None:
            _store(self.context, self.within, prepared, [entry.id for entry in prepared])
        elif not self.dry_run and any(entry.draft is not None for entry in prepared):
            prepared = self._stored(chunk)
        self.counts.add(prepared)
        if not self.dry_run and self.within is None:
            self.progress.stored(self.counts)

    def _stored(self, chunk: list[list[PreparedCase]]) -> list[PreparedCase]:
        """Store some families in one transaction; where others were in the way, each by itself."""
        prepared = [entry for unit in chunk for entry in unit]
        order = _order(self.context, prepared)
        began = self._seconds()
        try:
            with self.context.journal.transaction() as transaction:
                _store(self.context, transaction, prepared, order)
        except Conflict as error:
            if error.retry == "never":
                raise
            return [entry for unit in chunk for entry in self._repeated(unit)]
        self._resize(_size(chunk), began)
        return prepared

    def _repeated(self, unit: list[PreparedCase]) -> list[PreparedCase]:
        """Store one family, prepared anew after it was locked."""
        order = _order(self.context, unit)

        def attempt() -> list[PreparedCase]:
            with self.context.journal.transaction() as transaction:
                for case in order:
                    transaction.head(case)
                prepared = self._unit([entry.id for entry in unit], transaction)
                self._check()  # they were in order before somebody else wrote to them
                _store(self.context, transaction, prepared, _order(self.context, prepared))
                return prepared

        return repeated(self.context, attempt)

    def _seconds(self) -> float:
        return 0.0 if self.context.retries is None else self.context.retries.seconds()

    def _resize(self, size: int, began: float) -> None:
        """Let the size of the next chunk follow the time that this one took, in small steps."""
        elapsed = self._seconds() - began
        if elapsed > 0:
            aim = int(size * LOCKED / elapsed)
            self.size = max(LEAST_CHUNK, min(aim, self.size * 2, MOST_CHUNK))


def _size(chunk: Iterable[Iterable[PreparedCase]]) -> int:
    return sum(entry.size for unit in chunk for entry in unit)


def _cycles(batch: Batch, members: dict[str, Incoming], prepared: dict[str, PreparedCase]) -> Iterator[Problem]:
    """A problem for each case that would become its own ancestor."""

    def parents(name: str) -> Sequence[Parent]:
        if name in prepared:
            return prepared[name].governed.case.parents
        return batch.context.read(name).case.parents

    for case, entry in prepared.items():
        for event in entry.draft.events if entry.draft is not None else ():
            parent = parent_of(event.body)
            if parent is not None:
                try:
                    check_acyclic(case, parent.case, parents)
                except UsageError as error:
                    yield Problem(error.code, members[case].where, error.params)


def _parents(context: Context, prepared: Iterable[PreparedCase]) -> Parents:
    """The parents of cases as they will be, of others as they are stored."""
    coming, stored = {entry.id: entry.parents() for entry in prepared}, stored_parents(context)
    return lambda case: coming[case] if case in coming else stored(case)


def _order(context: Context, prepared: Sequence[PreparedCase]) -> tuple[str, ...]:
    """The cases that a write of others touches, in the order in which they are locked."""
    changed = [entry for entry in prepared if entry.draft is not None]
    names = (name for entry in changed for name in (entry.id, *entry.parents()))
    return lock_order(names, _parents(context, prepared))


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
        entry.draft.store(transaction)
    mirror(context, transaction, *(entry.governed for entry in changed.values()))  # once all are there
