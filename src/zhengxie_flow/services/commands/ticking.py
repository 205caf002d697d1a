"""Ticking: writing what time alone has brought to cases, and projecting them as of today."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.errors import ChainBroken, UsageError
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.written import Written
from zhengxie_flow.services import publishing
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import outdated, reproject
from zhengxie_flow.services.queries.derived_cases import DEEPEST, open_subcases
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import commit, settled


@dataclass(frozen=True, slots=True)
class Ticked:
    """Effect of a tick on one case.

    Attributes:
        case: The id of the case.
        events: The events by which its journal now says what time has brought; none where only its projection was old.
        stored: All that was stored, also in its parents; None where that is nothing.
    """

    KEYS = ("case", "events")

    case: str
    events: tuple[Event, ...]
    stored: Written | None = None


def tick(
    context: Context, cases: Sequence[str] | None = None, *, now: datetime | None = None, dry_run: bool = False
) -> Iterator[Ticked]:
    """Write what time alone has brought to cases by now, one transaction per case; doing it again writes nothing.

    Args:
        context: The ports.
        cases: The ids of the cases; None for all whose projections do not hold today any more.
        now: The instant up to whose day time is taken to have passed; None for the present one.
        dry_run: True to find out what would be written, without writing.

    Yields:
        What was written, case by case, subcases before their parents.

    Raises:
        NotFound: ZX4002, there is no such case; those before it are kept.
        UsageError: ZX4012, ``now`` lies in the future.
        ChainBroken: The journal of a case was tampered with; where all are ticked, the others are ticked first.
        Conflict: Another program writes; the cases before are kept.
    """
    if not dry_run:
        ask_hook(context, AccessRequest("tick"))
    present = context.now()
    if now is not None and now > present:
        raise UsageError("ZX4012", given=now.isoformat(), now=present.isoformat())
    turn = _Turn(context, now or present, dry_run=dry_run)
    broken: ChainBroken | None = None
    for case in outdated(context) if cases is None else cases:
        try:
            yield from turn.take(case)
        except ChainBroken as error:
            if cases is not None:
                raise
            broken = broken or error  # one broken case keeps nobody else waiting
    if broken is not None:
        raise broken


def settle_subcases(context: Context, case: str) -> tuple[Event, ...]:
    """Write what time has brought to the subcases of a case, the lowest first, each in a transaction of its own.

    It happens before the case itself is written to, so that locks are only ever taken upwards.

    Args:
        context: The ports.
        case: The id of the case.

    Returns:
        Every event stored, also in their parents.
    """
    turn = _Turn(context, context.now(), only_receipts=True, done={case})
    ticked = (done for subcase in turn.below(context.read(case)) for done in turn.take(subcase))
    return tuple(event for done in ticked if done.stored is not None for event in done.stored.events)


@dataclass(slots=True)
class _Turn:
    """One tick over cases, each once and after its subcases.

    Attributes:
        context: The ports.
        now: The instant up to whose day time has passed.
        dry_run: True to write nothing.
        only_receipts: True to leave projections that are old as they are.
        done: The cases that had their turn.
    """

    context: Context
    now: datetime
    dry_run: bool = False
    only_receipts: bool = False
    done: set[str] = field(default_factory=set)

    def take(self, case: str, depth: int = DEEPEST) -> Iterator[Ticked]:
        """Tick a case after its subcases."""
        if case in self.done:
            return
        self.done.add(case)
        for subcase in self.below(self.context.read(case)) if depth else ():
            yield from self.take(subcase, depth - 1)
        yield repeated(self.context, lambda: self._settle(case))

    def below(self, governed: GovernedCase) -> Collection[str]:
        """The ids of the open subcases of a case."""
        subcases = open_subcases(self.context, governed, self._day(governed.compiled))
        return tuple(dict.fromkeys(subcase.case.id for _, subcase in subcases))

    def _day(self, compiled: CompiledProcess) -> date:
        return self.now.astimezone(compiled.zone).date()

    def _settle(self, case: str) -> Ticked:
        """Write what time has brought to one case, or only its projection where that is all that is old."""
        context = self.context
        compiled, current = context.read(case)
        if self.dry_run or self.only_receipts:
            check_clock(context, current)
            receipts = settled(context, compiled, current, self._day(compiled))[1]
            if self.dry_run or not receipts:
                return Ticked(case, receipts)
        with publishing.transaction(context) as transaction:
            head = transaction.head(case)
            if head is not None and head.version != current.version:  # it was written to meanwhile
                compiled = context.definitions.by_hash(head.definition)
                current = context.within(transaction, case)
            check_clock(context, current)
            after, receipts = settled(context, compiled, current, self._day(compiled))
            events: tuple[Event, ...] = ()
            if receipts:
                events = commit(context, transaction, GovernedCase(compiled, after), receipts)
            else:
                reproject(context, transaction, GovernedCase(compiled, current), context.today(compiled))
        return Ticked(case, events, Written.of(transaction.appended) if transaction.appended else None)
