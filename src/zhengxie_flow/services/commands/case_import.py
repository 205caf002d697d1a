"""Import of case files: chains that were written elsewhere, as they are, or not at all.

The whole file is verified first, and held against what is here: a case may be new, may be the longer copy of one that
is here, which goes on to it, or may be here already.  A case that went another way is refused, and then nothing of
the file is stored.  Families are stored one after the other, a few in a transaction; doing it again goes on where an
import ended, and changes nothing of what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from zhengxie_flow.engine import fold
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.errors import Conflict, InvalidInput, Where
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.evidence import entries
from zhengxie_flow.model.personal import NOT_CARRIED
from zhengxie_flow.ports import (
    Attachment,
    CaseFamily,
    CaseFileContent,
    CaseFileSource,
    FiledCase,
    Head,
    PersonalDatum,
    Transaction,
)
from zhengxie_flow.services import publishing
from zhengxie_flow.services.attaching import attachments_of, staging
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.commands.erasing_files import remove_unreferenced
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import lock_order, parent_links
from zhengxie_flow.services.projecting import reproject
from zhengxie_flow.services.queries.judged_lines import JudgedOtherwise, differing, judged_lines
from zhengxie_flow.services.retrying import repeated

CHUNK = 300
"""Events in one transaction, so that nobody waits long for it."""

MOST_DIFFERENCES = 1000
"""Differing verdicts that are listed."""


@dataclass(slots=True)
class ImportedCases:
    """Result of an import of a case file, done or previewed.

    Attributes:
        content: What the file holds.
        cases_new: The cases that were not here.
        cases_continued: The cases that went on to a longer copy.
        cases_known: The cases that are here already.
        events_new: The events that were not here.
        absent: Personal values of new events that the file does not hold.
        differing: The verdicts that the file has otherwise, at most `MOST_DIFFERENCES`.
    """

    content: CaseFileContent
    cases_new: int = 0
    cases_continued: int = 0
    cases_known: int = 0
    events_new: int = 0
    absent: int = 0
    differing: list[JudgedOtherwise] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    """Step of an import on a case: the number and hash of the last event that is here, and the case of the file."""

    filed: FiledCase
    version: int
    last: str

    @property
    def new(self) -> int:
        """The number of events that are not here."""
        return max(len(self.filed.sealed) - self.version, 0)


def import_case_file(
    context: Context,
    source: CaseFileSource,
    *,
    root: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportedCases:
    """Store the cases of a file.

    Args:
        context: The ports.
        source: The file.
        root: The root that the file must have, as it was written down elsewhere; None to take any.
        dry_run: True to find out what would be stored, without writing.
        progress: Called with the number of cases after some were stored.

    Returns:
        The result.

    Raises:
        InvalidInput: The file is not as it was written, ZX5128 has another root, or holds what is no case.
        Conflict: ZX5124, a case id is taken by another case; ZX5125, a case went another way here.
        ChainBroken: ZX5905, ZX5911, an event does not fit its definition, or that is none.
        Refused: ZX4121, the host's hook does not allow it.
    """
    planned = ImportedCases(CaseFileContent())
    for family in source.families():
        for definition in family.definitions:
            context.definitions.admit(definition)
        for filed in family.cases:
            context.rebuilt(filed.events)
            _count(planned, _plan(context, filed))
    planned.content = source.content()
    if root is not None and root != planned.content.root:
        where = Where(file=source.name)
        raise InvalidInput("ZX5128", where=where, root=planned.content.root, expected=root)
    if dry_run:
        return planned
    ask_hook(context, AccessRequest("case:import"))
    with staging(context) as staged_context:
        return _Storing(staged_context, source, ImportedCases(planned.content), progress).run()


def _plan(context: Context, filed: FiledCase) -> _Step:
    """Hold a case of the file against what is here."""
    stored = context.journal.sealed(filed.case)
    for number, (here, there) in enumerate(zip(stored, filed.sealed, strict=False), start=1):
        if here.hash != there.hash:
            if number == 1:
                raise Conflict("ZX5124", where=Where(case=filed.case))
            raise Conflict("ZX5125", where=Where(case=filed.case, event=number), here=here.hash, filed=there.hash)
    return _Step(filed, len(stored), stored[-1].hash if stored else "")


def _count(done: ImportedCases, step: _Step) -> None:
    done.cases_new += step.version == 0
    done.cases_continued += step.version > 0 and step.new > 0
    done.cases_known += step.new == 0
    done.events_new += step.new
    done.absent += sum(_not_carried(datum) for datum in step.filed.personal if datum.sequence > step.version)


@dataclass(slots=True)
class _Storing:
    """The storing of a file that was verified.

    Attributes:
        context: The ports, with a place for the files it brings.
        source: The file, which is verified again on the way.
        done: The result so far.
        progress: What to call as it goes on.
    """

    context: Context
    source: CaseFileSource
    done: ImportedCases
    progress: Callable[[int], None]

    def run(self) -> ImportedCases:
        chunk: list[CaseFamily] = []
        size = 0
        for family in self.source.families(self._attach):
            chunk.append(family)
            size += sum(len(filed.sealed) for filed in family.cases)
            if size >= CHUNK:
                self._keep(chunk)
                chunk, size = [], 0
        self._keep(chunk)
        return self.done

    def _attach(self, digest: str, size: int, stream: BinaryIO) -> None:
        files, staged = attachments_of(self.context), self.context.staged
        if staged is None or digest in staged or files.holds(digest, size):
            return
        staged[digest] = files.stage(Attachment(digest, stream))

    def _keep(self, chunk: Sequence[CaseFamily]) -> None:
        steps = repeated(self.context, lambda: self._stored(chunk))
        for step in steps:
            _count(self.done, step)
            if step.version <= len(step.filed.sealed):
                self._compare(step.filed)
        self.progress(len(steps))

    def _stored(self, chunk: Sequence[CaseFamily]) -> list[_Step]:
        """Store some families in one transaction."""
        context = self.context
        steps = {filed.case: _plan(context, filed) for family in chunk for filed in family.cases}
        writing = {case: step for case, step in steps.items() if step.new}
        definitions = [definition for family in chunk for definition in family.definitions
                       if context.journal.definition(definition.hash) is None]  # fmt: skip
        if not writing and not definitions:
            return list(steps.values())
        parents = {case: [parent.case for parent in parent_links(step.filed.events)] for case, step in steps.items()}
        with publishing.transaction(context) as transaction:
            for case in lock_order(writing, lambda name: parents.get(name, ())):
                head = transaction.head(case)
                if ((head.version, head.hash) if head else (0, "")) != (writing[case].version, writing[case].last):
                    raise Conflict("ZX4031", where=Where(case=case), retry="at_once", expected=writing[case].version,
                                   version=head.version if head else 0)  # fmt: skip
            for definition in definitions:
                transaction.keep_definition(definition)
            for step in writing.values():
                self._write(transaction, step)
            for case in writing:
                recorded = context.rebuilt(transaction.events(case))
                compiled = context.definitions.by_hash(recorded.definition)
                reproject(context, transaction, GovernedCase(compiled, recorded), context.today(compiled))
        erased = [entry for step in writing.values() if step.version for entry in entries(step.filed.events)
                  if entry.erased and entry.reference.kept]  # fmt: skip
        if erased and context.attachments is not None:
            remove_unreferenced(context, erased)
        return list(steps.values())

    def _write(self, transaction: Transaction, step: _Step) -> None:
        """Write the new events of a case; a value that was erased there is erased here too."""
        filed, now = step.filed, self.context.now()
        self._keep_files(filed)
        new = [datum for datum in filed.personal if datum.sequence > step.version]
        personal = [_absent(datum, now) if _not_carried(datum) else datum for datum in new]
        head = _head(fold(filed.events), filed)
        transaction.append_sealed(head, filed.sealed[step.version :], expected_version=step.version, personal=personal)
        erased = {(datum.sequence, datum.field): datum for datum in filed.personal if datum.erased is not None}
        for datum in transaction.personal(filed.case) if step.version else ():
            erasure = erased.get((datum.sequence, datum.field))
            if datum.value is not None and erasure is not None and erasure.erased is not None:
                at = datetime.fromisoformat(erasure.erased)
                transaction.erase_personal(filed.case, datum.sequence, datum.field, at=at, ground=erasure.ground or "")

    def _keep_files(self, filed: FiledCase) -> None:
        """Keep the files that the events of a case refer to, as far as they came with it."""
        for entry in entries(filed.events):
            staged = (self.context.staged or {}).get(entry.reference.hash or "")
            if staged is not None and staged.size == entry.reference.size and not entry.erased:
                attachments_of(self.context).keep(staged)

    def _compare(self, filed: FiledCase) -> None:
        """Judge a case as the file did, and write down on what the two differ."""
        if len(self.done.differing) < MOST_DIFFERENCES:
            here = judged_lines(self.context, filed.case, filed.as_of)
            self.done.differing += differing(filed.case, filed.judged, here)


def _head(case: Case, filed: FiledCase) -> Head:
    return Head(
        case=case.id,
        process=case.process,
        definition=case.definition,
        version=case.version,
        state=case.state,
        opened=case.opened,
        updated=filed.events[-1].recorded,
        hash="",  # the journal fills it in
    )


def _not_carried(datum: PersonalDatum) -> bool:
    return datum.value is None and datum.erased is None


def _absent(datum: PersonalDatum, now: datetime) -> PersonalDatum:
    """The row of a value that did not come with its case."""
    return replace(datum, erased=now.isoformat(), ground=NOT_CARRIED)
