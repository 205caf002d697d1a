"""Exemptions by grant and by law: the verdict on each grant, the duties an exemption lifts, and for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengxie_flow.conditions import Scope, Trace, evaluate, evaluate_optional
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.failing import failed_conditions
from zhengxie_flow.conditions.truth import conjunction
from zhengxie_flow.engine.audit_line import act_ref, clause_of, edition_label
from zhengxie_flow.engine.authority import missing_authority
from zhengxie_flow.engine.editions.governing import Governs, in_force
from zhengxie_flow.engine.editions.volumes import binds, together
from zhengxie_flow.engine.validity import may_act, roles_for
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason, Unmet
from zhengxie_flow.model.case import LAST, Act, Item, Key, end_of
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.condition import Decided, FieldRef
from zhengxie_flow.model.exemption import Exemption, Lift, OfDuty, Replacement, entry_means, when_of
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.model.working import (
    AppliedExemption,
    FailedCondition,
    FailedConditions,
    GrantEnd,
    Grounds,
    LiftedBy,
    Note,
)
from zhengxie_flow.needs import NeededDetail

V = Verdict
NEVER: Key = (date.max, LAST)
WAIVED = "waived"
"""The duty was waived by the item it is owed for."""
_LIFTS = frozenset({V.PASS, V.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Grant:
    """One exercise of a power to exempt.

    ``end`` is the last position on the timeline at which it lifts and ``ended`` the cause (``expired``, ``revoked``);
    ``used`` is true where the act it was granted for followed in time: then it does not end.  ``grounds`` are the rules
    it rests on.
    """

    exemption: str
    act: Act
    line: Judgement
    end: Key
    ended: str | None
    used: bool
    grounds: tuple[str, ...] = ()

    @property
    def lifts(self) -> bool:
        """True where the exercise is valid enough to lift anything, whatever is still unknown about it."""
        return _LIFTS.issuperset(self.line.outcomes or (self.line.verdict,))

    def stands(self, view: CaseView) -> bool:
        """True where it lifts duties that fall due at the position of a view."""
        return self.lifts and self.act.key < view.until <= self.end


@dataclass(frozen=True, slots=True)
class ExemptionEffect:
    """The lifting of a duty by a grant, or by the law itself (``grant`` None); with ``to`` only of its limit."""

    exemption: str
    grant: Grant | None
    to: Replacement | None

    @property
    def key(self) -> Key | None:
        """The position of the grant on the timeline."""
        return self.grant.act.key if self.grant is not None else None


def exemptions_reaching(
    view: CaseView, ident: str, law: tuple[ClauseRef, ...], item: Item | None
) -> tuple[ExemptionEffect, ...]:
    """Exemptions that reach a duty or requirement: grants, the latest first, then exemptions by law.

    An invalid grant lifts nothing and bars nothing; a grant for an item lifts duties of that item alone.

    Args:
        view: The case up to a position on its timeline.
        ident: The id of the duty or requirement.
        law: The clauses it cites, which an exemption may name instead of the id.
        item: The item it is owed for, where it is owed for each.

    Returns:
        The effects, each wholly or by a shorter limit.
    """
    granted: list[ExemptionEffect] = []
    by_law: list[ExemptionEffect] = []
    for judged, name, exemption in exemptions_in(view):
        if not exemption.covers(ident, law) or not together(judged.compiled, name, ident):
            continue
        if exemption.granted_by is None:
            scope = Scope(item=item, this=item)
            entries = _entries(view, exemption, ident, law, scope) if judged is view else ()
            by_law += [ExemptionEffect(name, None, to) for to in entries]
            continue
        for act in exercises(view, exemption):
            if act.item is not None and (item is None or act.item != item.id):
                continue
            if judged.compiled is not in_force(view, act.day).compiled or not binds(
                judged.compiled, view.case, name, act.day
            ):
                continue  # a power is exercised under the law of its day
            grant = grant_of(judged, name, act)
            if grant.lifts:
                then, scope = judged.read_at(act.key), Scope(act=act, item=item, this=item)
                granted += [ExemptionEffect(name, grant, to) for to in _entries(then, exemption, ident, law, scope)]
    granted.sort(key=lambda effect: effect.key or NEVER, reverse=True)
    return (*granted, *by_law)


def exercises(view: CaseView, exemption: Exemption) -> Sequence[Act]:
    """The acts so far by which a power to exempt was exercised; none for an exemption by operation of law."""
    return view.acts((exemption.granted_by,)) if exemption.granted_by is not None else ()


def exemptions_in(view: CaseView) -> Iterator[tuple[CaseView, str, Exemption]]:
    """The exemptions of every edition, with the case as that edition views it."""
    for edition in view.compiled.editions or (view.compiled,):
        judged = view.under(edition)
        yield from ((judged, name, exemption) for name, exemption in edition.process.exemptions.items())


def _entries(
    view: CaseView, exemption: Exemption, ident: str, law: tuple[ClauseRef, ...], scope: Scope
) -> Iterator[Replacement | None]:
    """The lifting of a duty by an exemption: wholly (None) or to another limit; empty where it does not reach it.

    What may never be lifted stays barred unless its condition is false; what is lifted under a condition needs it true.
    """
    for bar in exemption.never_lifts:
        if entry_means(bar, ident, law) and evaluate_optional(when_of(bar), view, scope, Trace()) is not False:
            return
    meant = [entry for entry in exemption.lifts if entry_means(entry, ident, law) and _holds(view, entry, scope)]
    if meant:
        whole = any(not isinstance(entry, OfDuty) or entry.to is None for entry in meant)
        yield None if whole else next(entry.to for entry in meant if isinstance(entry, OfDuty))


def _holds(view: CaseView, entry: Lift, scope: Scope) -> bool:
    return evaluate_optional(when_of(entry), view, scope, Trace()) is True


def holds_at(view: CaseView, lifting: ExemptionEffect, moment: Key, item: Item | None) -> bool:
    """Return whether an exemption lifts a duty performed, or due, at a position on the timeline."""
    grant = lifting.grant
    if grant is not None:
        return moment <= grant.end
    scope = Scope(item=item, this=item)
    when = view.compiled.exemption(lifting.exemption).when
    return evaluate_optional(when, view.read_at(moment), scope, Trace()) is True


def with_granted_amount(view: CaseView, limit: Limit, lifting: ExemptionEffect, item: Item | None) -> Limit | None:
    """The limit with the amount that an exemption sets; None where that amount is not on record."""
    to = lifting.to
    if to is None:
        return None
    amount: Any = to.amount
    if isinstance(amount, FieldRef):
        act = lifting.grant.act if lifting.grant is not None else None
        then = view if act is None else view.at(act.key)
        amount = lookup(amount.field, then, Scope(act=act, item=item, this=item)).value
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        return None
    changed = {to.key: amount, "unit": to.unit or limit.unit, "count": to.count or limit.count}
    return limit.model_copy(update=changed)


def refusals_for_grant(view: CaseView, act: Act) -> Iterator[Reason]:
    """Reasons to refuse exercising a power now: no ground, too late, a field not on record."""
    for name, exemption in view.compiled.process.exemptions.items():
        if exemption.granted_by != act.action or not may_act(view, view.compiled.action(act.action), act.by, act.item):
            continue
        line = judge_grant(view, name, act)
        if line.verdict is V.INCOMPLETE:
            yield from (Reason(f"with.{field}", "unknown", (field,), line.clause) for field in line.missing)
        elif line.verdict is not V.PASS:
            value: Unmet = "unknown" if line.verdict is V.NEEDS_JUDGEMENT else "false"
            yield Reason(name, value, line.needs or tuple(map(NeededDetail, line.detail)), line.clause)


def grants(view: CaseView) -> tuple[Grant, ...]:
    """All exercises of powers to exempt so far, in the order of time."""
    exercised = [
        grant_of(view, name, act)
        for name, exemption in view.compiled.process.exemptions.items()
        for act in exercises(view, exemption)
    ]
    return tuple(sorted(exercised, key=lambda grant: grant.act.key))


def reached_duties(view: CaseView, grant: Grant) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The duties that a grant lifts wholly, and those whose limit it makes shorter."""
    exemption, then, scope = view.compiled.exemption(grant.exemption), view.read_at(grant.act.key), Scope(act=grant.act)
    process = view.compiled.process
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in view.compiled.requirements.items()}
    mine = [(name, law) for name, law in owed.items() if together(view.compiled, grant.exemption, name)]
    effects = [(name, to) for name, law in mine for to in _entries(then, exemption, name, law, scope)]
    return tuple(name for name, to in effects if to is None), tuple(name for name, to in effects if to is not None)


def grant_of(view: CaseView, name: str, act: Act) -> Grant:
    """One exercise of a power, judged, with how long it lifts."""
    exemption = view.compiled.exemption(name)
    served = next((later for later in view.acts(_listed(exemption.before)) if later.key > act.key), None)
    ends = [
        (later.key, "revoked")
        for later in view.acts(exemption.revoked_by)
        if later.key > act.key and _may_end(view, later)
    ]
    last = _last_day(view, exemption, act)
    if last is not None:
        ends.append((end_of(last), "expired"))
    end, why = min(ends, default=(NEVER, None))
    used = served is not None and served.key < end
    ended = None if used or view.until <= end else why
    line = judge_grant(view, name, act)
    rules = grounds(view, exemption, act)
    notes: tuple[Note, ...] = (*line.notes, Grounds(rules)) if rules else line.notes
    if end != NEVER:
        notes = (*notes, GrantEnd(end[0], ended))
    return Grant(name, act, replace(line, notes=notes), NEVER if used else end, ended, used, rules)


def _may_end(view: CaseView, act: Act) -> bool:
    """True where the role had authority to end a grant."""
    return may_act(view.at(act.key), view.compiled.action(act.action), act.by, act.item)


def _last_day(view: CaseView, exemption: Exemption, act: Act) -> date | None:
    """The last day on which a grant lifts; None where it has none."""
    if exemption.expires is None:
        return None
    day = lookup(exemption.expires, view.at(act.key), Scope(act=act)).value
    return None if day is None else date.fromisoformat(str(day)[: len("2026-01-01")])


def _listed(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def judge_exemption(view: CaseView, ident: str, governs: Governs | None = None) -> Judgement:
    """The verdict on a power to exempt: exercised with authority, on a ground that holds, in time, on record.

    Exercised more than once, the worst grant shows.  An exemption by law passes where its condition holds.

    Args:
        view: The case, by the edition that judges, up to some position on its timeline.
        ident: The id of the exemption.
        governs: The days that the edition at hand governs; None for all.

    Returns:
        The audit line.
    """
    exemption = view.compiled.exemption(ident)
    if exemption.granted_by is None:
        trace = Trace()
        holds = evaluate_optional(exemption.when, view, Scope(), trace)
        return _line(view, ident, None, trace, GrantVerdict(V.PASS if holds else V.NOT_APPLICABLE))
    acts = [act for act in exercises(view, exemption) if governs is None or governs(act.day)]
    judged = [grant_of(view, ident, act).line for act in acts]
    if judged:
        return min(judged, key=lambda line: line.verdict.severity)
    return _line(view, ident, None, Trace(), GrantVerdict(V.NOT_APPLICABLE))


def judge_grant(view: CaseView, ident: str, grant: Act) -> Judgement:
    """The audit line of one exercise of a power."""
    trace = Trace()
    return _line(view, ident, grant, trace, _verdict_on(view, view.compiled.exemption(ident), grant, trace))


@dataclass(frozen=True, slots=True)
class GrantVerdict:
    """The verdict on an exercise of a power, with its reason and the fields that are not on record."""

    verdict: Verdict
    detail: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: tuple[FailedCondition, ...] = ()
    outcomes: tuple[Verdict, ...] = ()


def _verdict_on(view: CaseView, exemption: Exemption, grant: Act, trace: Trace) -> GrantVerdict:
    """The verdict on one exercise of a power, the first that fits: authority, time, ground, record."""
    before, scope = view.at(grant.key), Scope(act=grant)
    if not may_act(before, view.compiled.action(grant.action), grant.by, grant.item):
        return GrantVerdict(V.INVALID, ("wrong_authority",))
    if (defect := missing_authority(view.compiled, view.case, grant.by, grant.key)) is not None:
        return GrantVerdict(V.INVALID, (defect,))
    if exemption.before is not None and before.acts((exemption.before,)):
        return GrantVerdict(V.BREACH, ("retroactive",))
    reading = view.read_at(grant.key)
    conditions = [condition for condition in (exemption.when, exemption.element) if condition is not None]
    holds = conjunction([evaluate(condition, reading, scope, trace) for condition in conditions])
    if holds is not True:
        failed = tuple(entry for each in conditions for entry in failed_conditions(each, reading, scope))
        return GrantVerdict(V.INVALID if holds is False else V.NEEDS_JUDGEMENT, failed=failed)
    required = _must_record(reading, exemption, scope, trace)
    missing = tuple(name for name in required if recorded_field(before, grant, name) is None)
    if missing and not any(required[name] for name in missing):
        return GrantVerdict(V.NEEDS_JUDGEMENT, missing=missing, outcomes=(V.INCOMPLETE, V.PASS))
    return GrantVerdict(V.INCOMPLETE if missing else V.PASS, missing=missing)


def recorded_field(view: CaseView, grant: Act, name: str) -> Any:
    """A field of a grant as it was recorded; one that asserts a fact may have been asserted before."""
    value = grant.fields.get(name)
    kind = view.compiled.action(grant.action).fields.get(name)
    return view.fact(name).value if value is None and isinstance(kind, FactRef) else value


def _must_record(view: CaseView, exemption: Exemption, scope: Scope, trace: Trace) -> dict[str, bool]:
    """The fields that the exemption, and the rule behind its decision, require on record; False where they may."""
    required: dict[str, bool] = {}
    for decision in exemption.when.decided if isinstance(exemption.when, Decided) else ():
        required |= dict.fromkeys(view.decision(decision, scope).must_record, True)
    for entry in exemption.must_record:
        holds = evaluate_optional(entry.when, view, scope, trace)
        if holds is not False:
            required[entry.field] = required.get(entry.field, False) or holds is True
    return required


def grounds(view: CaseView, exemption: Exemption, grant: Act) -> tuple[str, ...]:
    """The rules that held at a grant and opened the power: the grounds it rests on."""
    if not isinstance(exemption.when, Decided):
        return ()
    then, scope = view.read_at(grant.key), Scope(act=grant)
    return tuple(rule for name in exemption.when.decided for rule in then.decision(name, scope).fired)


def _line(view: CaseView, ident: str, grant: Act | None, trace: Trace, outcome: GrantVerdict) -> Judgement:
    exemption = view.compiled.exemption(ident)
    action = None if exemption.granted_by is None else view.compiled.action(exemption.granted_by)
    interpretations = list(exemption.interpretation)
    if action is not None and action.by_parameter is not None:
        interpretations += view.parameter(action.by_parameter, Scope()).interpretations
    for name in trace.presumed:
        kind: Any = view.compiled.process.facts.get(name) or (action.fields.get(name) if action is not None else None)
        interpretations += kind.interpretation if isinstance(kind, ValueType) else ()
    return Judgement(
        obligation=ident,
        verdict=outcome.verdict,
        clause=clause_of(exemption.law),
        force="may",
        edition=edition_label(view.compiled),
        volume=view.compiled.volume_of(ident),
        detail=outcome.detail,
        actual=act_ref(grant),
        missing=outcome.missing,
        needs=tuple(trace.needs),
        outcomes=outcome.outcomes,
        interpretations=tuple(dict.fromkeys(interpretations)),
        presumptions=tuple(trace.presumed),
        notes=(FailedConditions(outcome.failed),) if outcome.failed else (),
        who=() if action is None else roles_for(view, action),
    )


def waived(lifting: ExemptionEffect, item: Item | None) -> bool:
    """True where the item that a duty is owed for waived it by its own act."""
    return item is not None and lifting.grant is not None and lifting.grant.act.by == item.id


def lifted_by(view: CaseView, effects: tuple[ExemptionEffect, ...]) -> LiftedBy:
    """The exemptions of a duty as an audit line shows them, the decisive one first."""
    return LiftedBy(tuple(_applied(view, lifting) for lifting in effects))


def _applied(view: CaseView, lifting: ExemptionEffect) -> AppliedExemption:
    exemption, grant = view.compiled.exemption(lifting.exemption), lifting.grant
    return AppliedExemption(
        exemption=lifting.exemption,
        event=None if grant is None else grant.act.sequence,
        date=None if grant is None else grant.act.day,
        by=None if grant is None else grant.act.by,
        until=None if grant is None or grant.end == NEVER else grant.end[0],
        clause=clause_of(exemption.law),
        interpretations=tuple(exemption.interpretation),
        partial=lifting.to is not None,
    )
