"""Acts asked for that would be void or forbidden: an extension without effect, one too early, one that must not be.

They are judged as the audit would judge them once done, so what is accepted here is never invalid, capped or too early
there.  Doing late what is owed is no reason to refuse: the audit says how late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.editions.governing import in_force
from zhengxie_flow.engine.editions.volumes import binds
from zhengxie_flow.engine.judging.discharge import obligation_status
from zhengxie_flow.engine.judging.judge import judged
from zhengxie_flow.engine.judging.status import Owed
from zhengxie_flow.engine.limits.attempted_extensions import changes_of
from zhengxie_flow.engine.limits.extensions import AppliedExtension
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_limit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason
from zhengxie_flow.model.case import Item
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict

V = Verdict
TOO_EARLY = "too_early"
FORBIDDEN = "forbidden"


def refusals_for_void_act(after: CaseView, sequence: int, duties: Iterable[str]) -> Iterator[Reason]:
    """Reasons to refuse an act because it would be void or forbidden.

    Args:
        after: The case as it would be right after the act.
        sequence: The number of the act in the journal.
        duties: The obligations that it may lengthen the limit of, do too early, or must not be done under.

    Yields:
        One reason for each obligation, with its clause.
    """
    law = in_force(after, after.day) if after.compiled.editions else after
    bound = [name for name in duties if binds(law.compiled, law.case, name, law.day)]
    owed = {name: duty for name in bound if (duty := law.compiled.process.obligations.get(name)) is not None}
    applied = {name: list(_changes(law, name, duty, sequence)) for name, duty in owed.items()}
    effective = any(not change.of_closed_round for changes in applied.values() for change, _ in changes)
    for name, duty in owed.items():
        extensions = (
            _extension(name, duty, (change, unit))
            for change, unit in applied[name]
            if not (effective and change.of_closed_round)  # it is meant for a limit that still runs
        )
        reason = next((reason for reason in extensions if reason is not None), None) or _forbidden(
            after, name, duty, sequence
        )
        if reason is not None:
            yield reason


def _changes(
    law: CaseView, name: str, duty: Obligation, sequence: int
) -> Iterator[tuple[AppliedExtension, str | None]]:
    """Effect of an act on the limits of a duty that it is meant to lengthen, with the unit of the limit."""
    for limit in duty.limit.components if duty.limit is not None else ():
        for item in _owners(law, duty) if limit.changeable else ():
            owed = owed_limit(law, name, duty, item)._replace(limit=limit)
            resolved = resolve_limit(law, owed)
            unit = resolved.part.unit if resolved.part is not None else None
            changes = [change for change in resolved.changes if change.act.sequence == sequence]
            if not changes and limit.extended_by:
                changes = [change for change in changes_of(law, owed) if change.act.sequence == sequence]
            yield from ((change, unit) for change in changes)


def _owners(law: CaseView, duty: Obligation) -> list[Item | None]:
    return [None] if duty.for_ is None else [*law.items(duty.for_)]


def _extension(name: str, duty: Obligation, applied: tuple[AppliedExtension, str | None]) -> Reason | None:
    """The reason an extension is void in whole or in part; a cap says what is left."""
    change, unit = applied
    clause = clause_of(duty.law[:1])
    if change.verdict is V.PASS:
        return None
    if change.verdict is V.NEEDS_JUDGEMENT:
        return Reason(name, "unknown", change.needs, clause)
    detail = "capped" if change.verdict is V.CAPPED else next(iter(change.detail), "invalid")
    return Reason(name, "false", change.needs, clause, detail=detail, left=change.left, unit=unit)


def _forbidden(after: CaseView, name: str, duty: Obligation, sequence: int) -> Reason | None:
    """The reason an act comes before the minimum window of a hard duty, or against a prohibition."""
    if not duty.forbids and not duty.sets_minimum:
        return None
    for view, line in judged(after, name):
        if line.actual is None or line.actual.event != sequence:
            continue
        detail = TOO_EARLY if duty.sets_minimum else FORBIDDEN
        if line.verdict in (V.BREACH, V.INCOMPLETE):
            needs = line.missing if line.verdict is V.INCOMPLETE else ()
            return Reason(name, "false", needs, clause_of(duty.law[:1]), detail=detail, day=line.earliest)
        if line.verdict in (V.NEEDS_JUDGEMENT, V.PROVISIONAL) and _in_doubt(view, name, line):
            return Reason(name, "unknown", line.needs, clause_of(duty.law[:1]), detail=detail, day=line.earliest)
    return None


def _in_doubt(view: CaseView, name: str, line: Judgement) -> bool:
    """True where the act itself may be too early, and not only whether the duty applies is unknown."""
    duty = view.compiled.process.obligations.get(name)
    if duty is None:
        return False
    item = view.case.items.get(duty.for_ or "", {}).get(line.item or "")
    status = obligation_status(view, Owed(name, duty, item))
    return status.verdict is V.PROVISIONAL or bool(ADVERSE.intersection(status.outcomes or (status.verdict,)))
