"""The document of an audit: every case with its lines, and what other readings of the law would change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.document import OPTIONAL
from zhengxie_flow.model.reading_trials import Combinations, ReadingTrial, ReadingTrials, UntriedEntry
from zhengxie_flow.model.verdict import (
    AlternativeAudit,
    Audit,
    CaseAudit,
    Judgement,
    SubcaseAudit,
    Verdict,
    VerdictChange,
)


@dataclass(frozen=True, slots=True)
class OtherReadings:
    """Each other reading that was tried, one at a time, what could not be tried, and combinations where asked for."""

    trials: tuple[ReadingTrial, ...]
    untried: tuple[UntriedEntry, ...]
    combinations: Combinations | None


@dataclass(frozen=True, slots=True)
class AuditDocument:
    """An audit as of a civil day, by what was known at an instant.

    ``readings`` holds the same cases by readings that were asked for; ``other_readings`` what each one changes.
    """

    as_of: date
    known_at: datetime
    cases: tuple[CaseAudit, ...]
    readings: AlternativeAudit | None = field(default=None, metadata=OPTIONAL)
    other_readings: OtherReadings | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class CaseAuditDocument:
    """The audit of one case: its lines, followed by the lines of the subcases that are part of it."""

    case: str
    process: str
    state: str
    worst: Verdict
    verdicts: tuple[Judgement, ...]
    parents: tuple[Parent, ...]
    subcases: tuple[SubcaseAudit, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class WorstVerdict:
    """The worst verdict of a case under other readings."""

    case: str
    worst: Verdict


@dataclass(frozen=True, slots=True)
class ReadingsDocument:
    """The readings chosen, by register entry, and the lines that are different under them."""

    chosen: dict[str, str]
    cases: tuple[WorstVerdict, ...]
    changes: tuple[VerdictChange, ...]


def audit_document(audit: Audit) -> AuditDocument:
    """Build the document of an audit."""
    return AuditDocument(audit.as_of, audit.known_at, audit.cases, audit.reread)


def tried_document(audit: Audit, trials: ReadingTrials) -> AuditDocument:
    """Build the document of an audit whose lines say under which readings they would differ.

    Args:
        audit: The audit as it is shown.
        trials: The trials behind it.
    """
    return replace(audit_document(audit), other_readings=other_readings(trials))


def other_readings(trials: ReadingTrials) -> OtherReadings:
    """Build the part of a document that says what each reading changes."""
    return OtherReadings(trials.trials, trials.untried, trials.combinations)


def case_audit_document(case: CaseAudit) -> CaseAuditDocument:
    """Build the document of one case of an audit."""
    return CaseAuditDocument(
        case.case, case.process, case.state, case.worst, case.lines, case.parents, case.subcases, case.title
    )  # fmt: skip


def reread_document(reread: AlternativeAudit) -> ReadingsDocument:
    """Build the document of an audit by other readings."""
    cases = tuple(WorstVerdict(case.case, case.worst) for case in reread.cases)
    return ReadingsDocument(reread.readings, cases, reread.changes)
