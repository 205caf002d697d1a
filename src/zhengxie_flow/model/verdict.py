"""Verdicts on duties: eighteen of them, worst first, and the audit lines that give the grounds."""

from __future__ import annotations

import datetime as dt  # what is seen has a ``date`` of its own
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.assignment import RoleAssignment
from zhengxie_flow.model.bearer import Bearer
from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.document import AnchorKind, Firmness, Force, LimitDirection
from zhengxie_flow.model.volume import OWN
from zhengxie_flow.model.working import (
    Delay,
    EndedBy,
    FailedConditions,
    LimitProof,
    LineReason,
    Note,
    PassedOver,
    ReasonKind,
    Working,
)

N = TypeVar("N", bound=Note)


class Verdict(StrEnum):
    """The verdict on one obligation, declared worst first; a case shows the worst of its lines."""

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

ADVERSE = frozenset({
    Verdict.BREACH, Verdict.OVERDUE, Verdict.INVALID, Verdict.INCOMPLETE,
    Verdict.DEVIATION, Verdict.FINDING, Verdict.LAPSED, Verdict.OUT_OF_TIME,
})  # fmt: skip
"""Verdicts to the disadvantage of whoever owes the duty."""

REASONED = ADVERSE | {Verdict.NEEDS_JUDGEMENT, Verdict.NEEDS_PARAMETER, Verdict.CAPPED}
"""Verdicts that have a reason: something is not in order, or not settled."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of several verdicts; ``not_applicable`` where there is none.

    Example:
        >>> worst([Verdict.PASS, Verdict.BREACH]).value, worst([]).value
        ('breach', 'not_applicable')
    """
    return min(verdicts, key=_SEVERITY.__getitem__, default=Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class AnchorRef:
    """Anchor of a resolved limit: the event (if it happened), and its day: actual, planned, projected or unknown."""

    KEYS: ClassVar = ("event", "date", "kind")

    kind: AnchorKind
    date: dt.date | None = None
    event: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ActRef:
    """The act by which an obligation was performed (or missed too late)."""

    KEYS: ClassVar = ("event", "date")

    event: int
    date: dt.date
    action: str | None = field(default=None, compare=False)


class CountProof:
    """Something that can show how a day was found, day by day, once it is asked."""

    __slots__ = ()

    @property
    def projected(self) -> bool:
        """True where the day hangs on one that is itself only to come."""
        return False

    @property
    def direction(self) -> LimitDirection:
        """The direction of the limit."""
        raise NotImplementedError

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
    those of its parent.  ``early`` names an act before its clock started; ``control`` marks what is no law, and
    ``volume`` names the text it is from (None: the record alone shows it).
    """

    KEYS: ClassVar = (
        "obligation", "item", "clause", "force", "edition", "verdict", "detail", "due", "latest", "earliest",
        "date_status", "anchor", "actual", "missing", "needs", "waits_for", "interpretations", "presumptions",
        "calendar", "working", "subcase", "needs_by", "outcomes", "early", "projected", "control", "sentence",
        "late_by", "round", "follows_from", "volume", "depends_on_reading", "title", "bearers",
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
    early: ActRef | None = None
    control: bool = False
    is_action: bool = False  # the line is about an act as such (deemed, capped, by the wrong role), not about a duty
    late_by: Delay | None = field(default=None, compare=False)  # it grows by the day while the duty is not performed
    early_by: Delay | None = field(default=None, compare=False)
    as_of: dt.date | None = field(default=None, compare=False)  # up to which an act not done is counted late
    volume: str | None = OWN
    round: int = 1  # of its limit, counted from 1: each further occurrence of the anchor may open one
    follows_from: str | None = None  # the duty from whose breach it follows: one wrong, several lines
    sentence: str | None = field(default=None, compare=False)  # composed where it is shown, in the asked language
    title: str | None = field(default=None, compare=False)  # the label of the obligation, likewise
    bearers: tuple[Bearer, ...] = field(default=(), compare=False)  # the roles in ``who``, likewise
    depends_on_reading: tuple[str, ...] | None = field(default=None, compare=False)  # None: no other was tried
    assigned: dict[str, RoleAssignment] = field(default_factory=dict, compare=False)  # of the roles in ``who``

    @property
    def working(self) -> Working | None:
        """Proof of the line: the count of its limit, the notes, the reason of an adverse verdict; None without any."""
        limit = self.proof.working() if self.proof is not None else None
        reason = self.reason
        return Working(limit, self.notes, reason) if limit is not None or self.notes or reason is not None else None

    @property
    def reason(self) -> LineReason | None:
        """The reason for an adverse verdict; None for any other."""
        if self.verdict not in REASONED:
            return None
        settled_by = {name: self.needs_by.get(name, ()) for name in self.needs}
        return LineReason(reason_kind(self), self.clause, self.missing, self.late_by, self.early_by, settled_by)

    @property
    def projected(self) -> bool:
        """True where its day is counted from a day on which another act is itself only due."""
        of_anchor = self.anchor is not None and self.anchor.kind == "projected"
        return of_anchor or (self.proof is not None and self.proof.projected)

    def note(self, kind: type[N]) -> N | None:
        """The note of a kind; None where there is none."""
        return next((note for note in self.notes if isinstance(note, kind)), None)

    @property
    def day(self) -> dt.date | None:
        """The day that counts: due, latest or earliest, whichever the limit has."""
        return self.due or self.latest or self.earliest


_BY_VERDICT: dict[Verdict, ReasonKind] = {
    Verdict.NEEDS_JUDGEMENT: "undetermined", Verdict.NEEDS_PARAMETER: "unset", Verdict.CAPPED: "capped",
}  # fmt: skip
_UNAUTHORISED = frozenset({"wrong_authority", "not_in_force", "not_delegated", "delegation_lapsed"})


def reason_kind(line: Judgement) -> ReasonKind:
    """The kind of reason for an adverse verdict."""
    if line.verdict in _BY_VERDICT:
        return _BY_VERDICT[line.verdict]
    if line.obligation.startswith("integrity."):
        return "record"
    if _UNAUTHORISED.intersection(line.detail):
        return "unauthorised"
    if "retroactive" in line.detail:
        return "retroactive"
    if line.note(PassedOver) is not None and line.actual is None:
        return "passed_over"
    if line.note(FailedConditions) is not None:
        return "unmet"
    if line.verdict is Verdict.INCOMPLETE:
        return _incomplete_kind(line)
    return "void" if line.verdict is Verdict.INVALID else _lateness_kind(line)


def _incomplete_kind(line: Judgement) -> ReasonKind:
    if line.note(EndedBy) is not None:
        return "left_open"
    return "unrecorded" if line.proof is None else "baseless"


def _lateness_kind(line: Judgement) -> ReasonKind:
    """The kind of reason for missing a limit."""
    if line.early_by is not None:
        return "early"
    if line.note(EndedBy) is not None and line.late_by is None:
        return "ended"
    if line.proof is None:
        return "departed"
    if line.proof.direction == "order_before":
        return "misordered"
    late = line.late_by is not None or (line.actual is not None and line.day is not None)
    if line.actual is not None:
        return "late" if late else "untimely"
    return "undone"


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """All verdicts of one case, in the order of the definition.

    ``controls`` are all its internal controls; ``verdicts`` holds only those that are broken.
    """

    case: str
    process: str
    state: str
    verdicts: tuple[Judgement, ...] = ()
    parents: tuple[Parent, ...] = ()
    subcases: tuple[SubcaseAudit, ...] = ()
    controls: tuple[Judgement, ...] = ()
    title: str | None = None

    @property
    def lines(self) -> tuple[Judgement, ...]:
        """Its lines, and those of the subcases that are part of it, which say so."""
        parts = [subcase for subcase in self.subcases if not subcase.linked]
        subcase_lines = [(part.case, line) for part in parts for line in part.audit.lines]
        own = (line if line.subcase else replace(line, subcase=case) for case, line in subcase_lines)
        return (*self.verdicts, *own)

    @property
    def worst(self) -> Verdict:
        """Overall verdict: the worst of its lines but controls, and of the subcases that are part of it."""
        verdicts = [line.verdict for line in self.verdicts if not line.control]
        return worst([*verdicts, *(subcase.audit.worst for subcase in self.subcases if not subcase.linked)])


@dataclass(frozen=True, slots=True)
class SubcaseAudit:
    """Audit of a subcase, with its name under the parent; ``linked``: it was attached, not opened there.

    One opened under its parent is part of it, and its verdicts count there; another answers for itself and is shown.
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
    """Audit of cases as of a civil day, by what was known at an instant; ``reread`` by other readings too."""

    as_of: dt.date
    known_at: dt.datetime
    cases: tuple[CaseAudit, ...] = field(default=())
    reread: AlternativeAudit | None = None

    @property
    def worst(self) -> Verdict:
        """The worst verdict of all cases."""
        return worst(case.worst for case in self.cases)


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {
        "ActSeen": "ActRef", "AnchorSeen": "AnchorRef", "Change": "VerdictChange", "Proof": "CountProof",
        "Reread": "AlternativeAudit",
    })  # fmt: skip
