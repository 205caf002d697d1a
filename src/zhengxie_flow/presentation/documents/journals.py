"""The documents of a journal: its cases, its chains, what was moved, erased and imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.model.document import FLAT, OPTIONAL, Instant
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import VerdictChange
from zhengxie_flow.ports import NOTES, CaseFileContent, Checkpoint, Finding, Head
from zhengxie_flow.presentation.documents.problems import ErrorDocument, error_document
from zhengxie_flow.services.commands.bulk_moves import CaseMove, Outcome
from zhengxie_flow.services.commands.case_import import ImportedCases
from zhengxie_flow.services.commands.erasing import Erasure, ValuePlace
from zhengxie_flow.services.commands.importing import ImportCounts
from zhengxie_flow.services.commands.moves import Moved
from zhengxie_flow.services.commands.ticking import Ticked
from zhengxie_flow.services.queries.judged_lines import JudgedOtherwise


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A text before and after."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A case moved to another edition: its state and edition before and after, and the lines that are different."""

    written: bool
    state: BeforeAfter
    edition: BeforeAfter
    changes: tuple[VerdictChange, ...]
    event: Event


@dataclass(frozen=True, slots=True)
class CaseMoveRow:
    """A case that a decision on many is about: what becomes of it, and why it cannot move."""

    case: str
    process: str
    outcome: Outcome
    state: BeforeAfter
    edition: BeforeAfter
    changes: tuple[VerdictChange, ...]
    error: ErrorDocument | None


@dataclass(frozen=True, slots=True)
class MovedCases:
    """Many cases moved by one decision; the counts are by outcome, and ``cases`` those that moved or cannot move."""

    written: bool
    to: str
    moved: int
    repeated: int
    present: int
    ended: int
    barred: int
    cases: tuple[CaseMoveRow, ...]


@dataclass(frozen=True, slots=True)
class ErasedValues:
    """Personal values that were erased; ``left`` are other events of the case that still hold the same value."""

    written: bool
    event: Event
    erased: tuple[ValuePlace, ...]
    left: tuple[ValuePlace, ...]


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases with their state and version; ``next`` is the key to go on after where a limit left some out, ``damaged``
    what could not be read.
    """

    cases: tuple[Head, ...]
    next: str | None = None
    damaged: tuple[ErrorDocument, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Verification:
    """The verification of a journal: whether the chains of so many cases are intact, and the findings."""

    cases: int
    intact: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class UpgradedDatabase:
    """A database and the schema it was brought to; with ``--sql`` the script that would bring it there."""

    database: str
    schema: str
    script: UpgradeStatements | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class UpgradeStatements:
    """A script of SQL that brings a journal from one schema to another; ``start`` is null where there is none yet."""

    dialect: str
    start: str | None
    sql: str


@dataclass(frozen=True, slots=True)
class DatabaseSchema:
    """A database and the schema it is at (null where it holds no journal), the newest there is, and the tables, columns
    and triggers that it lacks of that.
    """

    database: str
    schema: str | None
    newest: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The projections that were written anew."""

    database: str
    rebuilt: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CheckpointTaken:
    """A checkpoint: how many cases and events it covers, the root that proves them, and the note that names the root
    for others (null in a checkpoint of a version before 0.7).
    """

    database: str
    taken: Instant
    cases: int
    events: int
    root: str
    note: str | None


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The counts of an import; ``file`` where it was one file."""

    file: str | None
    files: tuple[str, ...]
    dry_run: bool
    counts: ImportCounts = field(metadata=FLAT)


@dataclass(frozen=True, slots=True)
class DatabaseBackup:
    """A backup of a database; ``attachments`` is the folder that is to be copied after it."""

    database: str
    file: str
    schema: str
    bytes: int
    attachments: str | None


@dataclass(frozen=True, slots=True)
class ExportedCaseFile:
    """A case file that was written: its counts, and the root that proves it later."""

    file: str
    case: str | None
    personal: bool
    evidence: bool
    counts: CaseFileContent = field(metadata=FLAT)


@dataclass(frozen=True, slots=True)
class ImportedCaseFile:
    """A case file that was taken in: what is new, and the verdicts on which it differs from this installation."""

    file: str
    root: str
    dry_run: bool
    cases_new: int
    cases_continued: int
    cases_known: int
    events_new: int
    absent: int
    differing: tuple[JudgedOtherwise, ...]


def imported_case_file(file: str, done: ImportedCases, *, dry_run: bool) -> ImportedCaseFile:
    """Build the document of an import of a case file, from the result of `Engine.import_case`."""
    return ImportedCaseFile(
        file, done.content.root, dry_run, done.cases_new, done.cases_continued, done.cases_known, done.events_new,
        done.absent, tuple(done.differing),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TickSummary:
    """What a tick wrote (or would write): the cases whose journal now says what time has brought, and how many had only
    their deadlines and their place in lists worked out anew.
    """

    dry_run: bool
    cases: tuple[Ticked, ...]
    refreshed: int


def tick_summary(ticked: Sequence[Ticked], *, dry_run: bool = False) -> TickSummary:
    """Build the document of a tick, from the result of `Engine.tick`."""
    written = tuple(case for case in ticked if case.events)
    return TickSummary(dry_run, written, len(ticked) - len(written))


def verification(findings: Iterable[Finding], cases: int) -> Verification:
    """Build the document of a verification.

    Args:
        findings: The findings that `Engine.verify` gives.
        cases: The number of cases whose chains were walked.

    Returns:
        The findings, and whether they leave the journal intact: notes do, as of an erasure that was recorded as such.
    """
    every = tuple(findings)
    return Verification(cases, all(finding.kind in NOTES for finding in every), every)


def checkpoint_taken(database: str, checkpoint: Checkpoint) -> CheckpointTaken:
    """Build the document of a checkpoint, from the result of `Engine.checkpoint`."""
    return CheckpointTaken(
        database, checkpoint.taken, checkpoint.cases, checkpoint.events, checkpoint.root, checkpoint.note
    )


def moved_case(moved: Moved) -> MovedCase:
    """Build the document of a move to another edition, from the result of `Engine.move`."""
    assert isinstance(moved.event.body, MovedBody)  # noqa: S101  # by its type
    edition = moved.event.body.edition
    return MovedCase(
        written=moved.written,
        state=BeforeAfter(moved.before, moved.after),
        edition=BeforeAfter(edition.from_, edition.to),
        changes=moved.changes,
        event=moved.event,
    )


def moved_cases(to: str, rows: Iterable[CaseMove], lang: str, *, written: bool) -> MovedCases:
    """Build the document of the moves of many cases, from the result of `Engine.move_cases`.

    Args:
        to: The edition they move to.
        rows: The cases.
        lang: The language of messages, ``zh`` or ``en``.
        written: False for a preview.

    Returns:
        The cases that moved or cannot move, and the counts of all.
    """
    counts = dict.fromkeys(("moved", "repeated", "present", "ended", "barred"), 0)
    shown: list[CaseMoveRow] = []
    for row in rows:
        counts[row.outcome] += 1
        if row.outcome in ("moved", "barred"):
            error = None if row.error is None else error_document(row.error, lang)
            states, editions = BeforeAfter(row.state, row.state_after), BeforeAfter(row.edition, row.edition_after)
            shown.append(CaseMoveRow(row.case, row.process, row.outcome, states, editions, row.changes, error))
    return MovedCases(written=written, to=to, cases=tuple(shown), **counts)


def erased_values(erasure: Erasure, *, written: bool = True) -> ErasedValues:
    """Build the document of an erasure, from the result of `Engine.erase`."""
    return ErasedValues(written, erasure.event, erasure.places, erasure.left)
