"""The document of a schedule: every lawful date of a process, from the planned days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.events.decide import known_action
from zhengxie_flow.engine.limits.schedule import Bound, LawfulDays, Schedule, schedule
from zhengxie_flow.model.document import Firmness, Hash


@dataclass(frozen=True, slots=True)
class LawfulSpan:
    """The lawful days of an act, first and last, and the duties that bound them; null where no limit does."""

    action: str
    planned: date | None
    earliest: date | None
    latest: date | None
    status: Firmness
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScheduleClash:
    """A conflict of limits: an act without a lawful day, the duties concerned, and lawful days for the planned acts."""

    action: str
    because: tuple[str, ...]
    instead: tuple[LawfulSpan, ...]


@dataclass(frozen=True, slots=True)
class ScheduleDocument:
    """The lawful dates of a process; ``calendar`` is the content hash of the calendar."""

    process: str
    possible: bool
    calendar: Hash
    actions: tuple[LawfulSpan, ...]
    clashes: tuple[ScheduleClash, ...]


def planned_schedule(
    compiled: CompiledProcess, calendar: Snapshot, plans: Mapping[str, date], today: date | None = None
) -> Schedule:
    """Propagate planned days through the limits of a process.

    Args:
        compiled: The process.
        calendar: The calendar it counts by.
        plans: The planned days by action.
        today: The day before which nothing can be done any more; None to leave that open.

    Raises:
        NotFound: ZX1201, the process has no such action.
    """
    for name in plans:
        known_action(compiled, name)
    return schedule(compiled, calendar, plans, today)


def schedule_document(process: str, planned: Schedule) -> ScheduleDocument:
    """Build the document of a schedule.

    Args:
        process: The id of the process.
        planned: The lawful days of its actions.

    Returns:
        The actions that have a day to keep to, by that day, and the conflicts.
    """
    clashes = (ScheduleClash(clash.action, clash.because, _spans(clash.instead.items())) for clash in planned.clashes)
    return ScheduleDocument(
        process, not planned.clashes, planned.edition, _spans(bounded(planned)), tuple(clashes)
    )  # fmt: skip


def bounded(planned: Schedule) -> list[tuple[str, LawfulDays]]:
    """List the acts that have a day to keep to, by that day."""
    days = [
        (bound.day, name, span)
        for name, span in planned.spans.items()
        if (bound := span.latest or span.earliest) is not None and (span.latest or bound.because)
    ]
    return [(name, span) for _, name, span in sorted(days, key=lambda entry: entry[:2])]


def bounds(span: LawfulDays) -> tuple[Bound, ...]:
    """List the bounds of an act, the last day first."""
    return tuple(bound for bound in (span.latest, span.earliest) if bound is not None)


def _spans(spans: Iterable[tuple[str, LawfulDays]]) -> tuple[LawfulSpan, ...]:
    return tuple(_span(name, span) for name, span in spans)


def _span(action: str, span: LawfulDays) -> LawfulSpan:
    return LawfulSpan(
        action=action,
        planned=span.planned,
        earliest=span.earliest.day if span.earliest else None,
        latest=span.latest.day if span.latest else None,
        status="firm" if all(bound.firm for bound in bounds(span)) else "provisional",
        because=tuple(dict.fromkeys(name for bound in bounds(span) for name in bound.because)),
    )
