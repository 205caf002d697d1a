"""Powers that lift duties: whether one was exercised well, and what it lifted."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.seen import acted, clause_of, edition
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.verdict import Judgement, Verdict

V = Verdict


def lifting_grant(view: CaseView, ident: str, law: tuple[ClauseRef, ...]) -> Act | None:
    """The act, if any, by which a valid exemption lifted a duty or requirement."""
    for name, exemption in view.compiled.process.exemptions.items():
        if exemption.covers(ident, law):
            grants = view.acts((exemption.granted_by,))
            if grants and judge_exemption(view, name).verdict in (V.PASS, V.INCOMPLETE, V.BREACH):
                return grants[0]
    return None


def judge_exemption(view: CaseView, ident: str) -> Judgement:
    """Whether a power to exempt was exercised well: by whom it may, on a ground that holds, in time, on record."""
    exemption = view.compiled.exemption(ident)
    action = view.compiled.action(exemption.granted_by)
    grants = view.acts((exemption.granted_by,))
    trace = Trace()

    def line(verdict: Verdict, detail: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Judgement:
        return Judgement(
            obligation=ident,
            verdict=verdict,
            clause=clause_of(exemption.law),
            force="may",
            edition=edition(view),
            detail=detail,
            actual=acted(grants[0] if grants else None),
            missing=missing,
            needs=tuple(trace.needs),
            interpretations=exemption.interpretation,
            presumptions=tuple(trace.presumed),
            who=action.by,
        )

    if not grants:
        return line(V.NOT_APPLICABLE)
    grant = grants[0]
    if not may_act(action, grant.by, grant.item):
        return line(V.INVALID, ("wrong_authority",))
    scope = Scope(act=grant)
    before = view.at(grant.key)
    holds = evaluate_optional(exemption.when, before, scope, trace)
    if holds is not True:
        return line(V.INVALID if holds is False else V.NEEDS_JUDGEMENT)
    if exemption.before is not None and before.acts((exemption.before,)):
        return line(V.BREACH, ("retroactive",))
    missing = tuple(name for name in _must_record(before, exemption.when, scope) if grant.fields.get(name) is None)
    return line(V.INCOMPLETE, missing=missing) if missing else line(V.PASS)


def _must_record(view: CaseView, when: Any, scope: Scope) -> tuple[str, ...]:
    """What the rule behind a decision wants on record."""
    decided = getattr(when, "decided", None)
    return tuple(name for decision in decided or () for name in view.decision(decision, scope).must_record)


def may_act(action: Action, by: str | None, item: str | None) -> bool:
    """Whether a role may do an action; where an item type is named, the item itself acts.

    An action without ``by`` can only be deemed; an act of nobody (``by`` None) is one that was.
    """
    return by is None or by in action.by or (item is not None and by == item)
