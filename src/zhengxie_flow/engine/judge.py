"""The verdict on one duty: its standing, then its force, excuses, exemptions, and the end of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate, evaluate_optional
from zhengxie_flow.conditions.evaluate import Truth, conjunction
from zhengxie_flow.engine.discharge import Standing, stand
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item, Key, end_of
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.process import Action, Obligation, Requirement
from zhengxie_flow.model.verdict import ActSeen, Judgement, Verdict, worst

V = Verdict
OPEN = frozenset({V.PENDING, V.PROVISIONAL})
_NOT_YET_JUDGED = OPEN | {V.NOT_APPLICABLE, V.EXEMPT}


def judge_obligation(view: CaseView, ident: str, item: Item | None) -> Judgement:
    """The verdict on one obligation (of one item, where it is owed for each)."""
    duty = view.compiled.obligation(ident)
    trace = Trace()
    scope = Scope(item=item, this=item)
    applies = conjunction(
        (
            evaluate_optional(view.compiled.process.when, view, scope, trace),
            evaluate_optional(duty.when, view, scope, trace),
        )
    )
    if applies is False:
        return _line(view, ident, duty, item, Standing(V.NOT_APPLICABLE), trace)
    standing = stand(view, duty, item)
    if _before_force(view, standing):
        return _line(view, ident, duty, item, Standing(V.NOT_APPLICABLE, standing.window), trace)
    grant = lifting_grant(view, ident, duty.law)
    if grant is not None and not _settled_before(view, ident, duty, item, standing, grant.key):
        lifted = Standing(V.EXEMPT, standing.window)
        return _line(view, ident, duty, item, lifted, trace, note={"lifted_by": grant.sequence})
    line = _ended(view, ident, duty, item, standing, trace)
    return _if_applies(line, applies, trace)


def _if_applies(line: Judgement, applies: Truth, trace: Trace) -> Judgement:
    """Unknown whether the duty holds at all: that must be judged first, once there is anything to judge."""
    if applies is not None:
        return line
    needs = tuple(dict.fromkeys((*line.needs, *trace.needs)))
    return replace(line, needs=needs, verdict=line.verdict if line.verdict in _NOT_YET_JUDGED else V.NEEDS_JUDGEMENT)


def _before_force(view: CaseView, standing: Standing) -> bool:
    """Whether the last day to perform lies before the process came into force."""
    begin = view.compiled.process.in_force.from_
    return (
        begin is not None and standing.window is not None and standing.window.day is not None
    ) and standing.window.day < begin


def _settled_before(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: Standing, key: Key
) -> bool:
    """Whether a duty was already performed or already past due at a place in time; nothing cures that afterwards."""
    if standing.act is not None and standing.act.key < key:
        return True
    before = view.at(key)
    then = _ended(before, ident, duty, item, stand(before, duty, item), Trace())
    return then.verdict in (V.BREACH, V.OVERDUE, V.DEVIATION, V.INCOMPLETE)


def _ended(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: Standing, trace: Trace
) -> Judgement:
    """The duty with its force, and what the end of the case or a closing act makes of it."""
    closing = next(iter(view.acts(view.compiled.closers.get(ident, ()))), None)
    final = view.compiled.final.get(view.state)
    line = _weighed(view, ident, duty, item, standing, trace)
    if closing is not None:
        return _after_closing(view, ident, duty, item, standing, trace, closing)
    if not final or standing.performed:
        return line
    end = view.stay.key
    then = stand(_just_after(view, end), duty, item)
    if then.verdict not in OPEN:
        return line
    if final == "withdrawn" or duty.force == "may" or _not_yet_due(then):
        return _line(view, ident, duty, item, replace(then, verdict=V.NOT_APPLICABLE, detail=(view.state,)), trace)
    missed = replace(then, verdict=V.BREACH, detail=(view.state,))
    return _weighed(view, ident, duty, item, missed, trace, note={"ended_by": view.stay.event})


def _not_yet_due(standing: Standing) -> bool:
    """A running clock with a day still to come."""
    window = standing.window
    if window is None or window.direction == "order_after":
        return False
    return window.anchor.actual and (window.day is not None or window.suspended)


def _after_closing(
    view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: Standing, trace: Trace, closing: Act
) -> Judgement:
    """After an act that closes it, a duty not performed is missed: incomplete for an item, a breach otherwise."""
    line = _weighed(view, ident, duty, item, standing, trace)
    in_time = standing.act is not None and (item is not None or standing.act.key < closing.key)
    if in_time or duty.force == "may":
        return line
    if standing.act is None and standing.verdict not in OPEN:
        return line
    note = {"ended_by": closing.sequence}
    if item is not None:
        open_ = replace(standing, verdict=V.INCOMPLETE, missing=(item.id,), waits_for=())
        return _line(view, ident, duty, item, open_, trace, note=note)
    return _weighed(view, ident, duty, item, replace(standing, verdict=V.BREACH, waits_for=()), trace, note=note)


def _just_after(view: CaseView, key: Key) -> CaseView:
    return view.at((key[0], key[1] + 1))


def _weighed(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: Standing,
    trace: Trace,
    note: dict[str, Any] | None = None,
) -> Judgement:
    """The standing with the duty's force; a soft duty departed from with a reason in time is justified."""
    verdict = weigh(standing.verdict, duty.force)
    if duty.force == "may" and not standing.performed:
        verdict = V.NOT_APPLICABLE
    if duty.force == "should" and verdict in (V.DEVIATION, V.OVERDUE) and _excused(view, ident, duty, item, standing):
        verdict = V.DEVIATION_JUSTIFIED
    return _line(view, ident, duty, item, replace(standing, verdict=verdict), trace, note)


def weigh(verdict: Verdict, force: str) -> Verdict:
    """How heavily a plain verdict weighs: ``should`` softens a breach, ``by_reference`` each step once."""
    if verdict is V.BREACH and force in ("should", "by_reference"):
        return V.DEVIATION
    if verdict is V.DEVIATION and force == "by_reference":
        return V.FINDING
    return verdict


def _excused(view: CaseView, ident: str, duty: Obligation, item: Item | None, standing: Standing) -> bool:
    """Whether a reason was given by the due day (for a minimum window: by the act); unknown excuses nothing."""
    window = standing.window
    if window is None or window.day is None:
        return False
    by = standing.act.key if window.direction == "minimum" and standing.act else end_of(window.day)
    then = view.at(by)
    if duty.excused_by is not None:
        return evaluate(duty.excused_by, then, Scope(item=item, this=item)) is True
    about = (None, item.id if item is not None else None)
    return any(told.obligation == ident and told.item in about for told in then.past(view.case.explanations))


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
            clause=_clause(exemption.law),
            force="may",
            edition=edition(view),
            detail=detail,
            actual=_acted(grants[0] if grants else None),
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


def judge_requirement(view: CaseView, action: str, requirement: Requirement, item: Item | None) -> Judgement:
    """The verdict on a requirement: the worst of the acts it was judged at; an act not done is pending."""
    acts = [
        act
        for act in view.acts((action,))
        if item is None or act.item == item.id or view.compiled.action(action).item_type != item.type
    ]
    grant = lifting_grant(view, requirement.id, requirement.law)
    judged = [_at_act(view, requirement, item, act) for act in acts if grant is None or act.key < grant.key]
    if judged:
        return min(judged, key=lambda line: line.verdict.severity)
    verdict, detail = V.PENDING, tuple[str, ...]()
    if grant is not None:
        verdict = V.EXEMPT
    elif view.compiled.final.get(view.state):
        verdict, detail = V.NOT_APPLICABLE, (view.state,)
    waits_for = (action,) if verdict is V.PENDING else ()
    return _requirement_line(view, requirement, item, verdict, Trace(), None, detail, waits_for)


def _at_act(view: CaseView, requirement: Requirement, item: Item | None, act: Act) -> Judgement:
    trace, scope, then = Trace(), Scope(act=act, item=item, this=item), view.at(act.key)
    holds = requirement_holds(then, requirement, scope, trace)
    verdict = requirement_verdict(requirement, holds)
    return _requirement_line(view, requirement, item, verdict, trace, act)


def requirement_holds(view: CaseView, requirement: Requirement, scope: Scope, trace: Trace) -> Truth | str:
    """Whether a requirement holds at an act; ``"not_applicable"`` where its ``when`` is false."""
    applies = evaluate_optional(requirement.when, view, scope, trace)
    if applies is False:
        return "not_applicable"
    holds = evaluate(requirement.that, view, scope, trace)
    return holds if applies or holds is True else None


def requirement_verdict(requirement: Requirement, holds: Truth | str) -> Verdict:
    """What a requirement's value weighs: false is a breach by law, a finding where no law stands behind it."""
    if holds == "not_applicable":
        return V.NOT_APPLICABLE
    if holds is None:
        return V.NEEDS_JUDGEMENT
    if holds:
        return V.PASS
    return weigh(V.BREACH, requirement.force) if requirement.law else V.FINDING


def _requirement_line(
    view: CaseView,
    requirement: Requirement,
    item: Item | None,
    verdict: Verdict,
    trace: Trace,
    act: Act | None,
    detail: tuple[str, ...] = (),
    waits_for: tuple[str, ...] = (),
) -> Judgement:
    unmet = verdict not in (V.PASS, V.NOT_APPLICABLE)
    return Judgement(
        obligation=requirement.id,
        verdict=verdict,
        item=item.id if item else None,
        clause=_clause(requirement.law),
        force=requirement.force,
        edition=edition(view),
        detail=detail,
        actual=_acted(act),
        missing=tuple(trace.absent) if unmet else (),
        needs=tuple(trace.needs) if verdict is V.NEEDS_JUDGEMENT else (),
        waits_for=waits_for,
        interpretations=requirement.interpretation,
        presumptions=tuple(trace.presumed),
        who=view.compiled.action(view.compiled.requirements[requirement.id][0]).by,
    )


def judge(view: CaseView, ident: str, item: Item | None) -> Verdict:
    """How any duty stands; the worst over its items where it is owed for each and none is named."""
    return worst(line.verdict for line in lines(view, ident, item))


def lines(view: CaseView, ident: str, item: Item | None = None) -> list[Judgement]:
    """The verdicts on an obligation, requirement or exemption: one for each item where it is owed for each."""
    compiled = view.compiled
    if ident in compiled.process.exemptions:
        return [judge_exemption(view, ident)]
    if ident in compiled.requirements:
        action, requirement = compiled.requirements[ident]
        about = _about(view, compiled.action(action).item_type, item)
        present = [one for one in about if one is None or any(act.item == one.id for act in view.acts((action,)))]
        return [judge_requirement(view, action, requirement, one) for one in present or [None]]
    kind = compiled.obligation(ident).for_
    return [judge_obligation(view, ident, one) for one in _about(view, kind, item)]


def _about(view: CaseView, kind: str | None, item: Item | None) -> Iterable[Item | None]:
    if kind is None:
        return [None]
    return [item] if item is not None and item.type == kind else view.items(kind)


def edition(view: CaseView) -> str:
    """Which edition of the process judges: its id and the day it came into force."""
    begin = view.compiled.process.in_force.from_
    return view.compiled.id if begin is None else f"{view.compiled.id}@{begin.isoformat()}"


def _clause(law: tuple[ClauseRef, ...]) -> str | None:
    return ", ".join(map(str, law)) or None


def _acted(act: Act | None) -> ActSeen | None:
    return None if act is None else ActSeen(act.sequence, act.day)


def _line(
    view: CaseView,
    ident: str,
    duty: Obligation,
    item: Item | None,
    standing: Standing,
    trace: Trace,
    note: dict[str, Any] | None = None,
) -> Judgement:
    window = standing.window
    direction = window.direction if window else None
    day = window.day if window else None
    extra = {**(note or {}), **({"hindsight": standing.hindsight} if standing.hindsight else {})}
    facts = view.compiled.process.facts
    presumed = tuple(trace.presumed)
    behind = [entry for name in presumed if name in facts for entry in facts[name].interpretation]
    return Judgement(
        obligation=ident,
        verdict=standing.verdict,
        item=item.id if item else None,
        clause=_clause(duty.law),
        force=duty.force,
        edition=edition(view),
        detail=standing.detail,
        due=day if direction in ("forward", "by_date") else None,
        latest=day if direction in ("backward", "order_before") else None,
        earliest=day if direction == "minimum" else None,
        date_status=None if window is None or day is None else ("firm" if window.firm else "provisional"),
        anchor=window.anchor.seen() if window else None,
        actual=_acted(standing.act),
        missing=standing.missing,
        needs=standing.needs,
        waits_for=standing.waits_for,
        interpretations=tuple(dict.fromkeys((*duty.interpretation, *behind))),
        presumptions=presumed,
        calendar=window.snapshot.edition if window else None,
        proof=window,
        notes=extra,
        who=duty.who,
    )
