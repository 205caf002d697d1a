"""Powers that lift duties: whether one was exercised well, and what it lifted."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.editions import Governs, in_force
from zhengxie_flow.engine.seen import acted, clause_of, edition
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.verdict import Judgement, Verdict

V = Verdict


_LIFTS = frozenset({V.PASS, V.INCOMPLETE, V.BREACH})


def lifting_grant(view: CaseView, ident: str, law: tuple[ClauseRef, ...]) -> Act | None:
    """The first act, if any, by which a valid exemption lifted a duty or requirement; an invalid one before it lifts
    nothing and bars nothing.
    """
    for each in view.compiled.editions or (view.compiled,):  # a power is exercised under the law of its day
        for name, exemption in each.process.exemptions.items():
            if exemption.covers(ident, law):
                for grant in view.acts((exemption.granted_by,)):
                    then = in_force(view, grant.day)
                    if then.compiled is each and _judge_grant(then, name, grant).verdict in _LIFTS:
                        return grant
    return None


def judge_exemption(view: CaseView, ident: str, governs: Governs | None = None) -> Judgement:
    """Whether a power to exempt was exercised well: by whom it may, on a ground that holds, in time, on record.

    Exercised more than once, the worst exercise shows.  ``governs`` keeps those of the days that the edition at hand
    governs.
    """
    grants = view.acts((view.compiled.exemption(ident).granted_by,))
    judged = [_judge_grant(view, ident, grant) for grant in grants if governs is None or governs(grant.day)]
    if judged:
        return min(judged, key=lambda line: line.verdict.severity)
    return _line(view, ident, None, Trace(), V.NOT_APPLICABLE)


def _judge_grant(view: CaseView, ident: str, grant: Act) -> Judgement:
    exemption = view.compiled.exemption(ident)
    trace = Trace()
    if not may_act(view.compiled.action(exemption.granted_by), grant.by, grant.item):
        return _line(view, ident, grant, trace, V.INVALID, ("wrong_authority",))
    scope = Scope(act=grant)
    before = view.at(grant.key)
    holds = evaluate_optional(exemption.when, before, scope, trace)
    if holds is not True:
        return _line(view, ident, grant, trace, V.INVALID if holds is False else V.NEEDS_JUDGEMENT)
    if exemption.before is not None and before.acts((exemption.before,)):
        return _line(view, ident, grant, trace, V.BREACH, ("retroactive",))
    missing = tuple(name for name in _must_record(before, exemption.when, scope) if grant.fields.get(name) is None)
    return _line(view, ident, grant, trace, V.INCOMPLETE if missing else V.PASS, missing=missing)


def _line(
    view: CaseView,
    ident: str,
    grant: Act | None,
    trace: Trace,
    verdict: Verdict,
    detail: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
) -> Judgement:
    exemption = view.compiled.exemption(ident)
    return Judgement(
        obligation=ident,
        verdict=verdict,
        clause=clause_of(exemption.law),
        force="may",
        edition=edition(view),
        detail=detail,
        actual=acted(grant),
        missing=missing,
        needs=tuple(trace.needs),
        interpretations=exemption.interpretation,
        presumptions=tuple(trace.presumed),
        who=view.compiled.action(exemption.granted_by).by,
    )


def _must_record(view: CaseView, when: Any, scope: Scope) -> tuple[str, ...]:
    """What the rule behind a decision wants on record."""
    decided = getattr(when, "decided", None)
    return tuple(name for decision in decided or () for name in view.decision(decision, scope).must_record)


def may_act(action: Action, by: str | None, item: str | None) -> bool:
    """Whether a role may do an action; where an item type is named, the item itself acts.

    An action without ``by`` can only be deemed; an act of nobody (``by`` None) is one that was.
    """
    return by is None or by in action.by or (item is not None and by == item)
