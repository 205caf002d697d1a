"""Audit cases, as of a civil day and by what was known at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from zhengxie_flow import engine
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.verdict import Audit, CaseAudit, SubcaseAudit
from zhengxie_flow.services.context import Context


def audit(
    context: Context,
    cases: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Audit:
    """The verdicts of some cases (None: of all that were known), by default as things stand now."""
    known = known_at or context.now()
    judged = tuple(each(context, cases, as_of=as_of, known_at=known_at))
    # Cases of several zones may be on different civil days at one instant; the latest of them is the day of the whole.
    day = as_of or max((day for day, _ in judged), default=known.date())
    return Audit(day, known, tuple(one for _, one in judged))


def each(
    context: Context, cases: Sequence[str] | None, *, as_of: date | None = None, known_at: datetime | None = None
) -> Iterator[tuple[date, CaseAudit]]:
    """The audit case by case, with the day it is of; of all cases, those not yet known or begun then are left out."""
    for name in cases if cases is not None else [head.case for head in context.journal.heads()]:
        try:
            compiled, case = context.read(name, known_at)
        except NotFound:
            if cases is not None:
                raise
            continue
        day = as_of or (known_at or context.now()).astimezone(compiled.zone).date()
        if cases is None and day < min([case.opened, *(act.day for act in case.timeline[:1])]):
            continue  # not yet begun on that day
        yield day, _judged(context, compiled, case, day, known_at)


def _judged(
    context: Context,
    compiled: CompiledProcess,
    case: Case,
    day: date,
    known_at: datetime | None,
    above: tuple[str, ...] = (),
) -> CaseAudit:
    """The audit of a case with those of its subcases; one that lies above itself is not followed again."""
    own = engine.audit(compiled, case, partial(context.calendar, compiled), day)
    below: list[SubcaseAudit] = []
    for name in compiled.process.subcases:
        view = engine.view_of(compiled, case, partial(context.calendar, compiled), day)
        for seen in view.subcases(name):
            if seen.case not in (*above, case.id):
                process, known = context.read(seen.case, known_at)
                judged = _judged(context, process, known, day, known_at, (*above, case.id))
                below.append(SubcaseAudit(name, seen.linked, judged))
    return replace(own, parents=case.parents, subcases=tuple(below))
