"""Findings on who acted: authority, delegation, four eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.authority import NOT_IN_FORCE, four_eyes_violation, missing_authority, roles_named
from zhengxie_flow.engine.determinations import countersigned_pairs
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.findings.line import (
    AFTER_CLOSE,
    AUTHORITY,
    DELEGATION,
    FOUR_EYES,
    about_act,
    finding,
    of_fact,
)
from zhengxie_flow.engine.statement_authority import may_state, roles_for_statement
from zhengxie_flow.engine.validity import may_act
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.body import ExplainedBody, SubcaseBody
from zhengxie_flow.model.case import Act, Assertion, number_of
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import (
    FourEyesViolation,
    InvalidDelegation,
    OpenedSubcase,
)
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.statement import StatementKind
from zhengxie_flow.model.subcase import OPENED
from zhengxie_flow.model.verdict import ActRef, Judgement, Verdict

_STATEMENTS: Mapping[EventType, StatementKind] = {
    EventType.OPENED: "open", EventType.PLANNED: "plan", EventType.EXPLAINED: "explain", EventType.CORRECTED: "correct",
    EventType.ASSIGNED: "assign", EventType.URGED: "urge",
}  # fmt: skip


def authority(view: CaseView, act: Act) -> Iterator[Judgement]:
    """An act by a role that may not do it still happened: how much it weighs depends on what the clause says."""
    action = view.compiled.action(act.action)
    detail = "wrong_authority"
    if may_act(view.at(act.key), action, act.by, act.item):
        if missing_authority(view.compiled, view.case, act.by, act.key) != NOT_IN_FORCE:
            return
        detail = NOT_IN_FORCE
    verdict = Verdict.FINDING
    if action.power:
        verdict = Verdict.INVALID
    elif action.names_actor:
        verdict = Verdict.BREACH
    yield about_act(view, act, verdict, (detail,))


def determined_by_others(view: CaseView) -> Iterator[Judgement]:
    """A fact asserted by a role that may not determine it stands on the record, and the record says so."""
    determinations = {event.sequence for event in view.case.events if event.type is EventType.DETERMINED}
    for fact, assertions in view.case.facts.items():
        allowed = view.may_determine(*fact)
        for assertion in view.past(assertions):
            if (
                number_of(assertion.key) in determinations
                and allowed
                and assertion.by is not None
                and assertion.by not in allowed
            ):
                yield _determination(view, AUTHORITY, fact, assertion, "wrong_authority")
            elif number_of(assertion.key) in determinations and (
                defect := missing_authority(view.compiled, view.case, assertion.by, assertion.key)
            ):
                ident = AUTHORITY if defect == NOT_IN_FORCE else DELEGATION
                yield _determination(view, ident, fact, assertion, defect)


def _determination(
    view: CaseView, ident: str, fact: tuple[str | None, str], assertion: Assertion, detail: str
) -> Judgement:
    """One finding about the determination of a fact, which is named by its item (None: the case) and its name."""
    item, name = fact
    return Judgement(
        obligation=ident,
        verdict=Verdict.FINDING,
        item=item,
        edition=edition_label(view.compiled),
        volume=None if item is not None else of_fact(view, name),
        detail=(detail,),
        actual=ActRef(number_of(assertion.key), assertion.key[0]),
        needs=(name,),
        who=view.may_determine(item, name),
    )


def stated_by_others(view: CaseView) -> Iterator[Judgement]:
    """Statements and openings by a role that may not make them stand, and the record says so."""
    for event in effective(view.case.events):
        yield from _statement(view, event)
    for event in view.case.events:
        if event.type is EventType.CORRECTED:
            yield from _statement(view, event)


def _statement(view: CaseView, event: Event) -> Iterator[Judgement]:
    kind, duty = _STATEMENTS.get(event.type), None
    day = event.day(view.case.zone)
    if kind is None or event.by is None or (day > view.day and event.type is not EventType.CORRECTED):
        return
    if isinstance(event.body, ExplainedBody):
        duty = event.body.obligation
    allowed = roles_for_statement(view.compiled, kind, duty)
    if not may_state(view.case, allowed, event.by):
        yield finding(view, AUTHORITY, event, detail=("wrong_authority",), who=allowed)
    elif event.type is not EventType.OPENED and (
        defect := missing_authority(view.compiled, view.case, event.by, (day, event.sequence))
    ):
        ident = AUTHORITY if defect == NOT_IN_FORCE else DELEGATION
        yield finding(view, ident, event, detail=(defect,))


def four_eyes_violations(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """Four-eyes violations: an act by the person or role that must not do it."""
    for name in action.four_eyes:
        how = four_eyes_violation(view.compiled, view.case, act, name)
        if how is not None:
            yield finding(view, FOUR_EYES, act, detail=(how,), note=FourEyesViolation(act.action, name))


def countersigned_by_same_person(view: CaseView) -> Iterator[Judgement]:
    """Four-eyes violations: a countersignature by the person who made the determination."""
    persons = {event.sequence: event for event in view.case.events}
    for (item, name), assertions in view.case.facts.items():
        for first, second in countersigned_pairs(view.past(assertions), view.kind_of(item, name)):
            determining, countersigning = persons.get(number_of(first.key)), persons.get(number_of(second.key))
            if (
                determining is not None
                and countersigning is not None
                and determining.actor is not None
                and determining.actor == countersigning.actor
            ):
                yield finding(view, FOUR_EYES, countersigning, detail=("same_actor",), needs=(name,))


def delegations(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """Acts by a role without the delegation it needs, or that name such a role in a field."""
    for role in (act.by, *roles_named(view.compiled, act)):
        defect = missing_authority(view.compiled, view.case, role, act.key)
        if defect is not None and defect != NOT_IN_FORCE:
            verdict = Verdict.INVALID if action.power and role == act.by else Verdict.FINDING
            note = InvalidDelegation(act.action, role)
            yield finding(view, DELEGATION, act, verdict=verdict, detail=(defect,), note=note)


def subcases_opened(view: CaseView) -> Iterator[Judgement]:
    """Subcases opened without authority, or under a case that had ended or not begun."""
    for name, kind in view.compiled.process.subcases.items():
        for act in view.acts((f"{name}.{OPENED}",)):
            body = act.event.body if act.event is not None else None
            opened = OpenedSubcase(act.action, body.subcase.case if isinstance(body, SubcaseBody) else "")
            defect = missing_authority(view.compiled, view.case, act.by, act.key)
            if kind.by and act.by is not None and act.by not in kind.by:
                yield finding(view, AUTHORITY, act, detail=("wrong_authority",), note=opened, who=kind.by)
            elif defect is not None:
                yield finding(view, DELEGATION, act, detail=(defect,), note=opened)
            if view.compiled.final.get(view.at(act.key).state) or act.day < view.case.opened:
                yield finding(view, AFTER_CLOSE, act, note=opened)
