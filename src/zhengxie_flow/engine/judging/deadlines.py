"""The projections a journal keeps beside its events: the head of a case and its deadline rows.

Both are rebuildable: dropping them and projecting the case again gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.editions.governing import ids_in_editions
from zhengxie_flow.engine.judging.closing import OPEN
from zhengxie_flow.engine.judging.judge import judged
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_limit
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.document import AnchorKind, LimitDirection, one_of
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import Judgement, Verdict

_STILL_OPEN = OPEN | {Verdict.OVERDUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One time limit of a case, as plain values."""

    obligation: str
    item: str | None
    clause: str | None
    bearer: str | None
    direction: LimitDirection
    amount: int | None
    unit: str | None
    anchor: str | None
    anchor_date: date | None
    anchor_kind: AnchorKind
    consumed: int
    running_since: date | None
    day: date | None
    earliest: date | None
    latest: date | None
    status: Annotated[str, one_of("firm", "provisional", "unknown")]
    open: bool
    calendar: str
    edition: str
    round: int


def deadlines(derived: DerivedCase) -> Iterator[Deadline]:
    """Project every limit of a case, open or settled, to its day.

    Args:
        derived: The case as of the day to judge by.

    Yields:
        One row for each obligation with a limit, and for each item it is owed for.
    """
    view = derived.view
    for name in ids_in_editions(derived.compiled, lambda edition: tuple(edition.process.obligations)):
        for by_edition, line in judged(view, name):
            duty = by_edition.compiled.process.obligations.get(name)
            timed = duty is not None and duty.limit is not None
            if timed and line.verdict not in (Verdict.NOT_APPLICABLE, Verdict.EXEMPT):
                yield _row(by_edition, name, line)


def _row(view: CaseView, name: str, line: Judgement) -> Deadline:
    duty = view.compiled.obligation(name)
    limit = duty.limit
    assert limit is not None  # noqa: S101  # deadlines() passes only duties with a limit
    item = view.case.items[duty.for_][line.item] if duty.for_ and line.item else None
    resolved = (
        line.proof if isinstance(line.proof, ResolvedLimit) else resolve_limit(view, owed_limit(view, name, duty, item))
    )
    ends = resolved.day is not None and resolved.direction != "order_after"  # mere order after an act has no last day
    return Deadline(
        obligation=name,
        item=line.item,
        clause=line.clause,
        bearer=duty.who[0] if duty.who else None,
        direction=resolved.direction,
        amount=resolved.part.amount if resolved.part else None,
        unit=resolved.part.unit if resolved.part else None,
        anchor=_anchor_name(resolved.part.anchor if resolved.part else limit.anchor),
        anchor_date=resolved.anchor.day,
        anchor_kind="projected" if resolved.projected else resolved.anchor.kind,
        consumed=resolved.consumed,
        running_since=resolved.running_since,
        day=resolved.day if ends else None,
        earliest=resolved.low if ends else None,
        latest=resolved.high if ends else None,
        status=("firm" if resolved.firm else "provisional") if ends else "unknown",
        open=line.verdict in _STILL_OPEN and _can_be_done(view, duty),
        calendar=resolved.snapshot.calendar_hash,
        edition=view.compiled.hash,
        round=line.round,
    )


def _can_be_done(view: CaseView, duty: Obligation) -> bool:
    """True unless the case has ended in a state that allows no act of the duty: what was missed then stays missed."""
    ended = view.compiled.final.get(view.state)
    return not ended or any(view.compiled.machine.allowed(view.state, action) for action in duty.do)


def _anchor_name(anchor: Any) -> str | None:
    """The name of the anchor, where it has one."""
    name: str | None = getattr(anchor, "name", None) or getattr(anchor, "due", None)
    return name
