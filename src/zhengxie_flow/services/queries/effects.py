"""Effects of an act on the duties of its case: the verdicts that rest on it, and how late it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhengxie_flow.engine import audit, derive
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.model.working import Delay
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import read_derived


@dataclass(frozen=True, slots=True, kw_only=True)
class ActEffect:
    """The verdict that an act leads to on one obligation, or on itself, as the case stands after it.

    ``obligation`` is the id of the obligation, or of the action where the act as such is judged (an extension).
    """

    obligation: str
    item: str | None
    clause: str | None
    verdict: Verdict
    detail: tuple[str, ...]
    due: dt.date | None
    late_by: Delay | None
    needs: tuple[str, ...]


def effects(context: Context, event: Event, after: Case | None = None) -> tuple[ActEffect, ...]:
    """Work out what an act, done or only previewed, makes of the obligations of its case.

    Args:
        context: The ports.
        event: The event of the act.
        after: The case after the act, where it was only previewed.

    Returns:
        One effect for each line of the audit that rests on the act, worst first.

    Raises:
        NotFound: ZX4002, there is no such case.
    """
    derived = read_derived(context, event.case)
    if after is not None:
        derived = derive(derived.compiled, after, derived.calendars, derived.as_of)
    judged = audit(derived)
    lines = [line for line in judged.verdicts if line.actual is not None and line.actual.event == event.sequence]
    lines.sort(key=lambda line: line.verdict.severity)
    return tuple(_effect(line) for line in lines)


def _effect(line: Judgement) -> ActEffect:
    return ActEffect(
        obligation=line.obligation,
        item=line.item,
        clause=line.clause,
        verdict=line.verdict,
        detail=line.detail,
        due=line.due or line.latest,
        late_by=delay_of(line),
        needs=line.needs,
    )


def delay_of(line: Judgement) -> Delay | None:
    """Work out by how much the act of a line came after the last day of its limit; None where it did not."""
    if line.late_by is not None:
        return line.late_by
    day, resolved = line.due or line.latest, line.proof
    if day is None or line.actual is None or line.actual.date <= day or not isinstance(resolved, ResolvedLimit):
        return None
    return Delay(*resolved.days_after(day, line.actual.date))
