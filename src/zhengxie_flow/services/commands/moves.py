"""Move of a case to another edition of its process; the preview is the same code without the write."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhengxie_flow.engine import CompiledProcess, audit, evolve, fold
from zhengxie_flow.engine.editions.governing import GovernedCase, edition_governing_life
from zhengxie_flow.engine.events.moves import move as decide
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.difference import differences
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import VerdictChange
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import derived_case
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.writing import Submission, write_statement


@dataclass(frozen=True, slots=True)
class Moved:
    """Effect of a move, done or previewed.

    Attributes:
        event: The event ``moved``.
        before: The state before the move.
        after: The state after it.
        changes: Every verdict that changes, as of today.
        written: False for a preview.
        stored: All that was stored; None for a preview.
    """

    event: Event
    before: str
    after: str
    changes: tuple[VerdictChange, ...]
    written: bool
    stored: Written | None = None


def move(context: Context, submission: Submission, to: str, *, reason: str, basis: str | None = None) -> Moved:
    """Move a running case to another edition.

    Args:
        context: The ports.
        submission: The case, with the role and time of the decision.
        to: The edition, by its name or its first day.
        reason: The reason, as it is kept.
        basis: The document or clause it rests on.

    Returns:
        The event and its effect.

    Raises:
        NotFound: The case or the edition is unknown.
        UsageError: The case cannot move there.
        Refused: The edition does not let this role move the case.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"move:{to}", submission.case, submission.attribution))
    stored = write_statement(context, submission, lambda recording: decide(recording, to, reason=reason, basis=basis))
    before = fold(context.journal.events(submission.case)[: stored.event.sequence - 1])
    moved = effect_of(context, context.definitions.by_hash(before.definition), before, stored.event, written=True)
    return replace(moved, stored=stored)


def preview(context: Context, submission: Submission, to: str, *, reason: str, basis: str | None = None) -> Moved:
    """Preview `move` without writing.

    Args:
        context: The ports.
        submission: The case, with the role and time of the decision.
        to: The edition, by its name or its first day.
        reason: The reason.
        basis: The document or clause it rests on.

    Returns:
        The event that would be written, and its effect.

    Raises:
        NotFound: The case or the edition is unknown.
        UsageError: The case cannot move there.
        Refused: The edition does not let this role move the case.
    """
    compiled, current = context.read(submission.case)
    check_clock(context, current)
    recording = Recording(compiled, current, submission.attribution, context.recording_time(compiled))
    return effect_of(context, compiled, current, decide(recording, to, reason=reason, basis=basis), written=False)


def effect_of(context: Context, compiled: CompiledProcess, case: Case, event: Event, *, written: bool) -> Moved:
    """Work out what a move changes.

    Args:
        context: The ports.
        compiled: The definition that governs the case before.
        case: The case before.
        event: The event ``moved``.
        written: False for a preview.

    Returns:
        The event and its effect, as of today.
    """
    after = evolve(case, event)
    target = edition_governing_life(compiled, after)
    day = context.today(compiled)
    old = audit(derived_case(context, GovernedCase(compiled, case), day))
    new = audit(derived_case(context, GovernedCase(target, after), day))
    return Moved(event, case.state, after.state, tuple(differences(old, new)), written)
