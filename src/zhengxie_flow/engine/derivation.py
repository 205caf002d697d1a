"""The derived case: what was recorded, with everything that time alone has brought by the end of a day.

A limit that lapses may count as an act (a grant by silence, a right given up), and an act may count as another.  Such
acts follow from the recorded events, the definition and the calendar alone; every reading of a case works them out.
Those that the journal holds are receipts of them, not input: whether, and when, one was written changes no reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.deemed_acts import DEEPEST, cause_of, next_deemed, without_receipts
from zhengxie_flow.engine.events.evolve import effective, evolve, fold
from zhengxie_flow.engine.judging.judge import judge
from zhengxie_flow.engine.state_machine.ways import with_answered_ways
from zhengxie_flow.engine.view import Calendars, CaseView, view_on
from zhengxie_flow.model.body import CorrectedBody
from zhengxie_flow.model.case import Case, by_time
from zhengxie_flow.model.event import PROVISIONAL, Event, EventType, Mode, is_provisional


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedCase:
    """A case as of the end of a civil day: what every screen, list, verdict and act reads.

    Attributes:
        compiled: The definition of the case.
        calendars: The calendar as published by a day.
        as_of: The civil day.
        case: The case with every act that is deemed done by the end of the day.
        version: The version of the case in the journal.
        unwritten: The deemed acts without a receipt in the journal, in order; provisional ones never get one.
        void: The receipts of deemed acts that, by the events known now, did not take place.
    """

    compiled: CompiledProcess
    calendars: Calendars
    as_of: date
    case: Case
    version: int
    unwritten: tuple[Event, ...] = ()
    void: tuple[Event, ...] = ()

    @property
    def view(self) -> CaseView:
        """The case at the end of the day, ready to be judged."""
        return view_of(self.compiled, self.case, self.calendars, self.as_of)

    @property
    def numbered(self) -> Case:
        """The case numbered on from the journal: what the next event follows on."""
        return replace(self.case, version=self.version)

    @property
    def written(self) -> bool:
        """True where the journal says all that time has brought."""
        return not self.unwritten and not self.void


def view_of(compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date) -> CaseView:
    """A case at the end of a civil day as it is handed in, ready to be judged."""
    return view_on(compiled, case, calendars, judge, as_of)


def derive(compiled: CompiledProcess, case: Case, calendars: Calendars, as_of: date) -> DerivedCase:
    """Derive a case as of the end of a day.

    Args:
        compiled: The definition of the case.
        case: The case as recorded (fold it with ``known_at`` for an earlier knowledge).
        calendars: The calendar as published by a day.
        as_of: The civil day.

    Returns:
        The derived case.
    """
    case = with_answered_ways(view_of(compiled, case, calendars, as_of))
    if not compiled.deems:
        return DerivedCase(compiled=compiled, calendars=calendars, as_of=as_of, case=case, version=case.version)
    receipts = {cause_of(event): event for event in effective(case.events) if event.type is EventType.DEEMED}
    current = with_answered_ways(view_of(compiled, _without_receipts(case), calendars, as_of)) if receipts else case
    unwritten: list[Event] = []
    for _ in range(_most(case)):
        deemed = next_deemed(view_of(compiled, current, calendars, as_of))
        if deemed is None:
            break
        event, cause = deemed.event, deemed.act
        receipt = receipts.pop(cause_of(event), None)
        if receipt is None and deemed.provisional:
            event = replace(event, sequence=PROVISIONAL + len(unwritten) + 1)
            unwritten.append(event)
        elif receipt is None:
            unwritten.append(event)
        else:  # at its place in the journal; what it says is worked out anew
            event = replace(event, sequence=receipt.sequence, recorded=receipt.recorded, hash=receipt.hash)
        # With the act that it follows from, or after everything that people did on its day.
        place = by_time(deemed.day, event.sequence) if cause is None else cause.key
        version = current.version if is_provisional(event.sequence) else max(current.version, event.sequence)
        current = replace(evolve(current, event, place), version=version)
    return DerivedCase(
        compiled=compiled,
        calendars=calendars,
        as_of=as_of,
        case=current,
        version=case.version,
        unwritten=tuple(unwritten),
        void=tuple(receipts.values()),
    )


def _most(case: Case) -> int:
    """A bound on the deemed acts of a case: chains of them hang on its acts, and lapses on its items."""
    return DEEPEST * (1 + len(case.timeline) + sum(map(len, case.items.values())))


def _without_receipts(case: Case) -> Case:
    """The case as it was recorded, without the receipts of deemed acts and all that was said of them."""
    return replace(fold(without_receipts(case.events)), version=case.version)


def receipts_of(derived: DerivedCase, now: datetime) -> tuple[Event, ...]:
    """The events that bring a journal up to date with a derived case: new receipts, and void ones withdrawn.

    Args:
        derived: The derived case.
        now: The instant of recording.

    Returns:
        The events in journal order; each receipt has an idempotency key of its own.
    """
    written = tuple(
        replace(event, recorded=now, key=f"deemed:{cause_of(event)}:{event.sequence}")
        for event in derived.unwritten
        if not is_provisional(event.sequence)
    )
    return written + withdrawals(derived.case, derived.void, now)


def withdrawals(case: Case, void: Sequence[Event], now: datetime) -> tuple[Event, ...]:
    """The corrections that withdraw receipts of deemed acts which did not take place.

    Args:
        case: The case, with all events before them.
        void: The receipts.
        now: The instant of recording.

    Returns:
        The corrections in journal order.
    """
    return tuple(
        Event(
            case=case.id, sequence=case.version + 1 + index, type=EventType.CORRECTED, mode=Mode.RECORDED,
            occurred=now.astimezone(case.zone), recorded=now, action=event.action, item=event.item,
            body=CorrectedBody(reason=cause_of(event), retract=True), supersedes=event.sequence,
            definition=case.definition, calendar=event.calendar,
        )
        for index, event in enumerate(void)
    )  # fmt: skip


def has_receipts(case: Case) -> bool:
    """Return whether the journal of a case holds receipts of deemed acts."""
    return any(event.type is EventType.DEEMED for event in case.events)
