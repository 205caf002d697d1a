"""Verdicts adjusted for the force of a duty, and reasons that excuse departing from a soft one."""

from __future__ import annotations

from zhengxie_flow.engine.statement_authority import may_state, roles_for_statement
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import BEFORE_ALL, Item, Key
from zhengxie_flow.model.process import Obligation, Requirement
from zhengxie_flow.model.verdict import Verdict

V = Verdict
SOFTENED = frozenset({V.DEVIATION, V.OVERDUE, V.FINDING})
"""Verdicts that a reason given in time turns into a justified departure, where the duty is soft."""


def soften(verdict: Verdict, force: str) -> Verdict:
    """Soften a plain verdict by one step: ``should`` softens a breach, ``by_reference`` also a deviation.

    >>> soften(Verdict.BREACH, "should").value
    'deviation'
    >>> soften(Verdict.BREACH, "must").value
    'breach'
    """
    if verdict is V.BREACH and force in ("should", "by_reference"):
        return V.DEVIATION
    if verdict is V.DEVIATION and force == "by_reference":
        return V.FINDING
    return verdict


def adjust_for_force(verdict: Verdict, duty: Obligation | Requirement) -> Verdict:
    """Adjust a plain verdict for the force of a duty; a duty followed by reference softens it by one step more."""
    verdict = soften(verdict, duty.force)
    return soften(verdict, "by_reference") if duty.by_reference and duty.force != "by_reference" else verdict


def is_soft(duty: Obligation | Requirement) -> bool:
    """Return whether a duty is comply-or-explain: a recorded reason excuses departing from it (Art. 16)."""
    return duty.by_reference or duty.force in ("should", "by_reference")


NOT_PUBLISHED = "not_published"
"""The reason for departing from a duty was recorded, but not made public."""


def reasons_given(then: CaseView, ident: str, item: Item | None, since: Key = BEFORE_ALL) -> tuple[str, ...] | None:
    """Details of the reasons recorded since a place for departing from a duty; None where there is no reason.

    Only the reason of whoever owes the duty counts, or of a role that the process names to explain.
    """
    allowed = roles_for_statement(then.compiled, "explain", ident)
    owners = (None, item.id if item is not None else None)
    names = _names(then, ident)
    explanations = [
        explanation
        for explanation in then.past(then.case.explanations)
        if explanation.obligation in names and explanation.item in owners and explanation.key > since
        if explanation.by is None or may_state(then.case, allowed, explanation.by)
    ]
    if not explanations:
        return None
    return () if any(explanation.public for explanation in explanations) else (NOT_PUBLISHED,)


def _names(then: CaseView, ident: str) -> tuple[str, ...]:
    """The names of a duty: today's, and those under which an earlier edition may have had it."""
    former = then.compiled.former
    if former is None:
        return (ident,)
    return (ident, *(before for before, name in former.duties.items() if name == ident))


def shown_force(duty: Obligation | Requirement) -> str:
    """The force that a line of the audit shows."""
    return "by_reference" if duty.by_reference and duty.force != "may" else duty.force
