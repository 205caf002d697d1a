"""Verdicts on duties: eighteen of them, worst first, and the audit lines that give the grounds."""

from __future__ import annotations

import datetime as dt  # what is seen has a ``date`` of its own
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.document import AnchorKind, Firmness, Force
from zhengxie_flow.model.working import LimitProof, Note, Working

N = TypeVar("N", bound=Note)


class Verdict(StrEnum):
    """The verdict on one duty, declared worst first; a case shows the worst of its lines."""

    BREACH = "breach"
    OVERDUE = "overdue"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"
    DEVIATION = "deviation"
    FINDING = "finding"
    NEEDS_JUDGEMENT = "needs_judgement"
    NEEDS_PARAMETER = "needs_parameter"
    LAPSED = "lapsed"
    OUT_OF_TIME = "out_of_time"
    CAPPED = "capped"
    PROVISIONAL = "provisional"
    PENDING = "pending"
    DEEMED = "deemed"
    DEVIATION_JUSTIFIED = "deviation_justified"
    EXEMPT = "exempt"
    PASS = "pass"  # noqa: S105  # no password
    NOT_APPLICABLE = "not_applicable"

    @property
    def severity(self) -> int:
        """0 is the worst; a smaller number is a worse verdict."""
        return _SEVERITY[self]

    def at_or_above(self, threshold: Verdict) -> bool:
        """Return whether this is as bad as the threshold, or worse.

        Args:
            threshold: the mildest verdict that counts.

        Example:
            >>> Verdict.BREACH.at_or_above(Verdict.OVERDUE), Verdict.PASS.at_or_above(Verdict.OVERDUE)
            (True, False)
        """
        return self.severity <= threshold.severity


_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}

SATISFIED = frozenset(
    {Verdict.PASS, Verdict.EXEMPT, Verdict.DEEMED, Verdict.DEVIATION_JUSTIFIED, Verdict.NOT_APPLICABLE}
)
"""Verdicts under which a requirement that repeats the duty is true."""

UNSETTLED = frozenset({Verdict.NEEDS_JUDGEMENT, Verdict.NEEDS_PARAMETER, Verdict.PROVISIONAL})
"""Verdicts under which a requirement that repeats the duty is unknown."""

ADVERSE = frozenset(
    {
        Verdict.BREACH, Verdict.OVERDUE, Verdict.INVALID, Verdict.INCOMPLETE,
        Verdict.DEVIATION, Verdict.FINDING, Verdict.LAPSED, Verdict.OUT_OF_TIME,
    }
)  # fmt: skip
"""Verdicts to the disadvantage of whoever owes the duty."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of several verdicts; ``not_applicable`` where there is none.

    Example:
        >>> worst([Verdict.PASS, Verdict.BREACH]).value, worst([]).value
        ('breach', 'not_applicable')
    """
    return min(verdicts, key=_SEVERITY.__getitem__, default=Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class AnchorRef:
    """Anchor of a resolved limit: the event (if it happened), and its day: actual, planned or unknown."""

    KEYS: ClassVar = ("event", "date", "kind")

    kind: AnchorKind
    date: dt.date | None = None
    event: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ActRef:
    """The act by which a duty was performed (or missed too late)."""

    event: int
    date: dt.date


class CountProof:
    """Something that can show how a day was found, day by day, once it is asked."""

    __slots__ = ()

    def working(self) -> LimitProof | None:
        """The limit with start, amount, every counted and every skipped day; None where there is no day."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """For pydantic: an instance as it is, written as the limit it shows.  pydantic is loaded by whoever asks."""
        from pydantic_core import core_schema

        shown = core_schema.plain_serializer_function_ser_schema(
            lambda proof: proof.working(), return_schema=handler.generate_schema(LimitProof | None)
        )
        return core_schema.is_instance_schema(source, serialization=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One verdict with its reasons: a line of the audit.

    ``due`` is the last day of a forward limit, ``latest`` the last lawful day of a backward one, ``earliest`` the first
    day of a minimum window.  ``working`` shows the count day by day; ``missing`` what would make it complete;
    ``needs`` the facts that somebody has to determine, ``outcomes`` the verdicts that their answers can still lead to;
    ``waits_for`` the act that starts the clock; ``subcase`` the subcase that the line is from, where it stands among
    those of its parent.
    """

    KEYS: ClassVar = (
        "obligation", "item", "clause", "force", "edition", "verdict", "detail", "due", "latest", "earliest",
        "date_status", "anchor", "actual", "missing", "needs", "waits_for", "interpretations", "presumptions",
        "calendar", "working", "subcase", "needs_by", "outcomes",
    )  # fmt: skip

    obligation: str
    verdict: Verdict
    item: str | None = None
    clause: str | None = None
    force: Force | None = None
    edition: str | None = None
    detail: tuple[str, ...] = ()
    due: dt.date | None = None
    latest: dt.date | None = None
    earliest: dt.date | None = None
    date_status: Firmness | None = None
    anchor: AnchorRef | None = None
    actual: ActRef | None = None
    missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    needs_by: dict[str, tuple[str, ...]] = field(default_factory=dict)  # for each fact the roles that may settle it
    outcomes: tuple[Verdict, ...] = ()
    interpretations: tuple[str, ...] = ()
    presumptions: tuple[str, ...] = ()
    calendar: str | None = None
    proof: CountProof | None = field(default=None, repr=False, compare=False)
    notes: tuple[Note, ...] = ()
    who: tuple[str, ...] = ()
    subcase: str | None = None
    is_action: bool = False  # the line is about an act as such (deemed, capped, by the wrong role), not about a duty

    @property
    def working(self) -> Working | None:
        """Proof of the line: the count of its limit, made on demand, and the notes; None where there is neither."""
        limit = self.proof.working() if self.proof is not None else None
        return Working(limit, self.notes) if limit is not None or self.notes else None

    def note(self, kind: type[N]) -> N | None:
        """The note of a kind; None where there is none."""
        return next((note for note in self.notes if isinstance(note, kind)), None)

    @property
    def day(self) -> dt.date | None:
        """The day that matters: due, latest or earliest, whichever the limit has."""
        return self.due or self.latest or self.earliest


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """All verdicts of one case, in the order of the definition."""

    case: str
    process: str
    state: str
    verdicts: tuple[Judgement, ...] = ()
    parents: tuple[Parent, ...] = ()
    subcases: tuple[SubcaseAudit, ...] = ()

    @property
    def lines(self) -> tuple[Judgement, ...]:
        """Its lines, and those of the subcases that are part of it, which say so."""
        subcase_lines = [
            (subcase.case, line) for subcase in self.subcases if not subcase.linked for line in subcase.audit.lines
        ]
        return (
            *self.verdicts,
            *(line if line.subcase else replace(line, subcase=case) for case, line in subcase_lines),
        )

    @property
    def worst(self) -> Verdict:
        """Overall verdict: the worst of its lines, and of the subcases that are part of it."""
        verdicts = [line.verdict for line in self.verdicts]
        return worst([*verdicts, *(subcase.audit.worst for subcase in self.subcases if not subcase.linked)])


@dataclass(frozen=True, slots=True)
class SubcaseAudit:
    """Audit of a subcase, with its name under the parent; ``linked``: it was attached, not opened there.

    A subcase that was opened under its parent is part of it, and its verdicts count there; one that stands on its own
    answers for itself and is only shown.
    """

    KEYS: ClassVar = ("case", "name", "process", "state", "linked", "worst")

    name: str
    linked: bool
    audit: CaseAudit

    @property
    def case(self) -> str:
        """The id of the subcase."""
        return self.audit.case

    @property
    def process(self) -> str:
        """The process it runs."""
        return self.audit.process

    @property
    def state(self) -> str:
        """The state it is in."""
        return self.audit.state

    @property
    def worst(self) -> Verdict:
        """The worst of its lines."""
        return self.audit.worst


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One line that is different; None where there was, or is, no such line."""

    case: str
    obligation: str
    item: str | None
    before: Judgement | None
    after: Judgement | None


@dataclass(frozen=True, slots=True)
class AlternativeAudit:
    """An audit judged again by other readings of the law: alternatives by the number of their register entry."""

    readings: dict[str, str]
    cases: tuple[CaseAudit, ...]
    changes: tuple[VerdictChange, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Audit of one or more cases as of a civil day, by what was known at an instant.

    ``reread`` holds the same cases by other readings of the law, where some were asked for.
    """

    as_of: dt.date
    known_at: dt.datetime
    cases: tuple[CaseAudit, ...] = field(default=())
    reread: AlternativeAudit | None = None

    @property
    def worst(self) -> Verdict:
        """The worst verdict of all cases."""
        return worst(case.worst for case in self.cases)


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(
        __name__,
        {
            "ActSeen": "ActRef",
            "AnchorSeen": "AnchorRef",
            "Change": "VerdictChange",
            "Proof": "CountProof",
            "Reread": "AlternativeAudit",
        },
    )
