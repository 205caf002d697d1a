"""Move of many running cases to another edition: one decision, an event in each case.

The plan is worked out by the code that makes the single move, so that preview and act cannot differ.  Cases are moved
a few in a transaction; who is killed meanwhile gives the same command again, and the cases that were moved are passed
over.  A decision is undone by another one: the move back, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from zhengxie_flow.engine import CompiledProcess, evolve
from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.editions.governing import GovernedCase, edition_governing_life
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.moves import find_edition, move as decide
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.errors import Conflict, NotFound, Refused, UsageError, Where, ZhengxieError
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.verdict import VerdictChange
from zhengxie_flow.services import publishing
from zhengxie_flow.services.appending import store_definition
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.chunking import next_size, seconds
from zhengxie_flow.services.commands.moves import effect_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import lock, stored_parents
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import commit, parents_ever, with_idempotency_key

Outcome = Literal["moved", "repeated", "present", "ended", "barred"]
"""Moved (or would be); moved by this very command before; under the edition already; ended; cannot move."""

FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 20, 5, 200
"""Cases in one transaction: at first, and the bounds within which the number follows the time that it took."""


@dataclass(frozen=True, slots=True)
class MoveDecision:
    """Decision by which cases move.

    Attributes:
        to: The edition, by its name, its first day or its label.
        attribution: The role that decides it, with time and idempotency key.
        reason: The reason, as it is kept.
        basis: The document or clause it rests on.
        process: The process whose cases move; None for all that have such an edition.
        state: The state of the cases that move; None for any.
    """

    to: str
    attribution: Attribution
    reason: str
    basis: str | None = None
    process: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class CaseMove:
    """Effect of a decision on one case, done or previewed.

    Attributes:
        case: The id of the case.
        process: The id of its process.
        outcome: What becomes of it.
        state: Its state before.
        state_after: Its state after; as before where it does not move.
        edition: The label of its edition before.
        edition_after: The label of its edition after.
        changes: Every verdict and day that changes, as of today.
        error: The reason why it cannot move.
    """

    case: str
    process: str
    outcome: Outcome
    state: str
    state_after: str
    edition: str
    edition_after: str
    changes: tuple[VerdictChange, ...] = ()
    error: ZhengxieError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A case that is to move: as it stood, and the event."""

    governed: GovernedCase
    event: Event
    row: CaseMove

    @property
    def case(self) -> str:
        return self.governed.case.id


def move_cases(
    context: Context, decision: MoveDecision, cases: Sequence[str], *, dry_run: bool = False
) -> Iterator[CaseMove]:
    """Move running cases to another edition.

    Args:
        context: The ports.
        decision: The decision.
        cases: The ids of the cases that it may be about (see `concerned`).
        dry_run: True to see the effect without writing.

    Yields:
        Every case that it is about, in their order; those that moved are stored by then.

    Raises:
        UsageError: ZX4029, there is no reason.
        Conflict: Others write all the time; the cases before are moved.
    """
    if not decision.reason.strip():
        raise UsageError("ZX4029")
    yield from _Moves(context, decision, dry_run=dry_run).take(cases)


def concerned(context: Context, decision: MoveDecision) -> tuple[str, ...]:
    """Find the cases of the processes that a decision is about.

    Args:
        context: The ports.
        decision: The decision.

    Returns:
        The ids of the cases whose process has such an edition, in order.

    Raises:
        NotFound: ZX1201, no case has such an edition; ZX4003, there is no such process.
    """
    process, heads = decision.process, tuple(context.journal.heads())
    if process is not None and not any(head.process == process for head in heads):
        process = context.definitions.by_id(process).id  # unknown, or called otherwise before
    reached: dict[str, NotFound | None] = {}
    selected: list[str] = []
    for head in heads:
        if process is not None and head.process != process:
            continue
        if head.definition not in reached:
            reached[head.definition] = _missing(context.definitions.by_hash(head.definition), decision.to)
        if reached[head.definition] is None:
            selected.append(head.case)
    missing = next((error for error in reached.values() if error is not None), None)
    if missing is not None and None not in reached.values():
        raise missing
    return tuple(selected)


def _missing(compiled: CompiledProcess, name: str) -> NotFound | None:
    try:
        find_edition(compiled, name)
    except NotFound as error:
        return error
    return None


@dataclass(slots=True)
class _Moves:
    """One run over the cases of a decision."""

    context: Context
    decision: MoveDecision
    dry_run: bool
    size: int = field(default_factory=lambda: FIRST_CHUNK)

    def take(self, cases: Sequence[str]) -> Iterator[CaseMove]:
        chunk: list[CaseMove | _Planned] = []
        waiting = 0
        for case in cases:
            planned = self._plan(case)
            if planned is None:
                continue
            chunk.append(planned)
            if isinstance(planned, _Planned) and not self.dry_run:
                waiting += 1
                alone = bool(parents_ever(planned.governed.case)) or bool(planned.governed.compiled.process.subcases)
                if alone or waiting >= self.size:  # one that others are bound up with is never planned beside them
                    yield from self._keep(chunk)
                    chunk, waiting = [], 0
        yield from self._keep(chunk)

    def _plan(self, case: str) -> CaseMove | _Planned | None:
        """Plan a case as it stands; None for one that it is not about."""
        context, decision = self.context, self.decision
        governed = context.read(case)
        compiled, current = governed
        home, target = edition_governing_life(compiled, current), find_edition(compiled, decision.to)
        key = decision.attribution.key
        state = context.derived(compiled, current).case.state
        labels = (edition_label(home), edition_label(target))

        def row(outcome: Outcome, error: ZhengxieError | None = None) -> CaseMove:
            return CaseMove(case, current.process, outcome, state, state, labels[0], labels[0], error=error)

        if key and any(event.key == key and event.type is EventType.MOVED for event in current.events):
            return row("repeated")
        if decision.state is not None and state != decision.state:
            return None
        if state in home.final:
            return row("ended")
        if home is target:
            return row("present")
        try:
            authorise(context, request_of(f"move:{decision.to}", case, decision.attribution), preview=self.dry_run)
            check_clock(context, current)
            recording = Recording(compiled, current, decision.attribution, context.recording_time(compiled))
            event = decide(recording, decision.to, reason=decision.reason, basis=decision.basis)
        except (Refused, UsageError, NotFound) as error:
            return row("barred", error)
        moved = effect_of(context, compiled, current, event, written=not self.dry_run)
        planned = CaseMove(case, current.process, "moved", moved.before, moved.after, *labels, moved.changes)
        return _Planned(governed, event, planned)

    def _keep(self, chunk: Sequence[CaseMove | _Planned]) -> Iterator[CaseMove]:
        """Store planned moves; where others were in the way, each case by itself."""
        planned = [entry for entry in chunk if isinstance(entry, _Planned)]
        done: dict[str, CaseMove | None] = {}
        if planned and not self.dry_run:
            began = seconds(self.context)
            try:
                self._commit(planned)
            except Conflict as error:
                if error.retry == "never":
                    raise
                done = {entry.case: repeated(self.context, partial(self._alone, entry.case)) for entry in planned}
            else:
                elapsed = seconds(self.context) - began
                self.size = next_size(self.size, len(planned), elapsed, (LEAST_CHUNK, MOST_CHUNK))
        for entry in chunk:
            row = entry.row if isinstance(entry, _Planned) else entry
            row_now = done.get(row.case, row)
            if row_now is not None:
                yield row_now

    def _alone(self, case: str) -> CaseMove | None:
        planned = self._plan(case)
        if not isinstance(planned, _Planned):
            return planned
        self._commit([planned])
        return planned.row

    def _commit(self, planned: Sequence[_Planned]) -> None:
        """Store the moves of some cases in one transaction."""
        context = self.context
        names = [name for entry in planned for name in (entry.case, *_parents(entry))]
        with publishing.transaction(context) as transaction:
            lock(transaction, names, stored_parents(context))
            for entry in planned:
                head, version = transaction.head(entry.case), entry.governed.case.version
                if head is None or head.version != version:
                    actual = 0 if head is None else head.version
                    where = Where(case=entry.case)
                    raise Conflict("ZX4031", where=where, retry="at_once", expected=version, version=actual)
            for entry in planned:
                event = with_idempotency_key(context, entry.event, self.decision.attribution.key or None)
                after = evolve(entry.governed.case, event)
                target = edition_governing_life(entry.governed.compiled, after)
                store_definition(transaction, target)
                commit(context, transaction, GovernedCase(target, after), (event,))


def _parents(entry: _Planned) -> Sequence[str]:
    return [parent.case for parent in parents_ever(entry.governed.case)]
