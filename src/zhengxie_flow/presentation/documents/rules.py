"""The documents of decisions: explained, asked about, proved, compared, read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.model.document import Hash, one_of
from zhengxie_flow.rules import Ruleset
from zhengxie_flow.rules.diff import DecisionChange
from zhengxie_flow.rules.next_question import NextQuestion
from zhengxie_flow.rules.parameters import ParameterRules
from zhengxie_flow.rules.prove import Counterexample, DecisionProblem, DecisionProof
from zhengxie_flow.rules.trace import DecisionStatus, DecisionTrace, Ending

RuleKind = Annotated[str, one_of("decision", "parameter")]
Settled = Annotated[str, one_of("proved", "refuted", "not_proved")]


@dataclass(frozen=True, slots=True)
class Explanations:
    """The explanations of decisions over a case, or (``case`` null) over facts."""

    case: str | None
    decisions: tuple[DecisionTrace, ...]


@dataclass(frozen=True, slots=True)
class AnswerDocument:
    """A kind of answer, and how the decision can then end."""

    value: Any
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class QuestionDocument:
    """A fact to find out, and how many kinds of answers settle the decision at once."""

    fact: str
    settles: int
    answers: tuple[AnswerDocument, ...]


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A decision with the questions to ask, the most useful first."""

    decision: str
    status: DecisionStatus
    outcome: str | None
    endings: tuple[Ending, ...]
    exact: bool
    questions: tuple[QuestionDocument, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The open questions of decisions over a case, or (``case`` null) over facts."""

    case: str | None
    decisions: tuple[OpenDecision, ...]


@dataclass(frozen=True, slots=True)
class ReplayedOutcome:
    """The outcome of a decision over facts."""

    status: DecisionStatus
    outcome: str | None
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultDocument:
    """A fault of a decision: the rules concerned with their places, and a counterexample."""

    claim: str
    rules: tuple[str, ...]
    name: str | None
    case: Counterexample | None
    replayed: ReplayedOutcome | None
    places: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ProvedDecision:
    """The proof of a decision, claim by claim."""

    decision: str
    kind: RuleKind
    hash: Hash
    branches: int
    claims: Mapping[str, Settled]
    faults: tuple[FaultDocument, ...]


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs of every decision."""

    decisions: tuple[ProvedDecision, ...]


@dataclass(frozen=True, slots=True)
class ChangedDecision:
    """The change of a decision; where it is decided otherwise, a case with its outcome before and after."""

    decision: str
    kind: RuleKind
    change: Annotated[str, one_of("same", "changed", "added", "removed", "not_proved")]
    case: Counterexample | None
    old: ReplayedOutcome | None
    new: ReplayedOutcome | None
    branches: int


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """An open case that is decided otherwise: its outcome, or status, before and after."""

    case: str
    decision: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """The changes of every decision; ``cases`` null where open cases were not asked for."""

    decisions: tuple[ChangedDecision, ...]
    cases: tuple[ChangedCase, ...] | None


@dataclass(frozen=True, slots=True)
class ReadbackDecision:
    """A decision as plain sentences."""

    decision: str
    kind: RuleKind
    hash: Hash
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readback:
    """Every decision as plain sentences."""

    decisions: tuple[ReadbackDecision, ...]


def kind_of(ruleset: Ruleset) -> str:
    """Return the kind of rules: ``decision`` or ``parameter``."""
    return "parameter" if isinstance(ruleset, ParameterRules) else "decision"


def open_decision(decision: str, asked: NextQuestion) -> OpenDecision:
    """Build the document of a decision's next questions."""
    standing = asked.standing
    return OpenDecision(
        decision=decision,
        status=standing.resolved.status,
        outcome=standing.resolved.outcome,
        endings=endings(standing.endings),
        exact=standing.exact,
        questions=tuple(
            QuestionDocument(
                question.fact,
                question.settles,
                tuple(AnswerDocument(answer.value, endings(answer.endings)) for answer in question.answers),
            )
            for question in asked.questions
        ),
    )


def endings(pairs: Iterable[tuple[str, str | None]]) -> tuple[Ending, ...]:
    """Convert pairs of status and outcome to the possible endings of a decision.

    Example:
        >>> endings([("decided", "required")])
        (Ending(status='decided', outcome='required'),)
    """
    return tuple(Ending(status, outcome) for status, outcome in pairs)


def proved_decision(ruleset: Ruleset, proof: DecisionProof, places: Mapping[str, str]) -> ProvedDecision:
    """Build the document of a proof.

    Args:
        ruleset: The rules that were proved.
        proof: Its claims and faults.
        places: ``file:line`` of each rule by its id.
    """
    return ProvedDecision(
        decision=proof.decision,
        kind=kind_of(ruleset),
        hash=proof.hash,
        branches=proof.branches,
        claims=proof.claims,
        faults=tuple(_fault(fault, places) for fault in proof.faults),
    )


def _fault(fault: DecisionProblem, places: Mapping[str, str]) -> FaultDocument:
    return FaultDocument(
        claim=fault.claim,
        rules=fault.rules,
        name=fault.name,
        case=fault.case,
        replayed=_replayed(fault.outcome),
        places=tuple(places.get(rule) for rule in fault.rules),
    )


def _replayed(resolved: Resolved | None) -> ReplayedOutcome | None:
    return None if resolved is None else ReplayedOutcome(resolved.status, resolved.outcome, resolved.fired)


def changed_decision(change: DecisionChange) -> ChangedDecision:
    """Build the document of a changed decision."""
    return ChangedDecision(
        decision=change.decision,
        kind=change.kind,
        change=change.change,
        case=change.case,
        old=_replayed(change.old),
        new=_replayed(change.new),
        branches=change.branches,
    )
