"""Streams over many cases: one case at a time, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import CaseAudit
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.audit import Auditor, chosen_case


def audits(
    context: Context, names: Iterable[str], as_of: date | None = None, known_at: datetime | None = None
) -> Iterator[CaseAudit]:
    """Judge cases one by one; those not known by then or not begun on the day are left out.

    Args:
        context: The ports.
        names: The ids of the cases.
        as_of: The civil day; None for today in the zone of each process.
        known_at: The instant up to which events count as recorded; None for all.

    Yields:
        The audit of each case.
    """
    for name in names:
        chosen = chosen_case(context, name, as_of, known_at)
        if chosen is not None:
            day, compiled, case = chosen
            yield Auditor(context, known_at).judge(compiled, case, day)


def events(context: Context, names: Iterable[str]) -> Iterator[Event]:
    """Read the events of cases, one case after the other.

    Args:
        context: The ports.
        names: The ids of the cases.

    Yields:
        The events of each case in the order of the journal.
    """
    for name in names:
        yield from context.journal.events(name)
