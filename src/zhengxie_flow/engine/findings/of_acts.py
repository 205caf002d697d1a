"""Findings on acts that no article names but every audit looks for: order, authority, extensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhengxie_flow.engine.audit_line import act_ref, clause_of, edition_label
from zhengxie_flow.engine.authority import NOT_IN_FORCE, may_act, missing_authority
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.findings.of_record import DELEGATION, IDS as RECORD, irregularities
from zhengxie_flow.engine.limits.anchors import matching
from zhengxie_flow.engine.limits.resolve import clocks, resolve_limit
from zhengxie_flow.engine.state_machine.items import disallowed
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Assertion
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.findings import BeforeAnchor, FindingNote, ItemOutOfOrder, OutOfOrder
from zhengxie_flow.model.verdict import ActRef, Judgement, Verdict

ORDER = "integrity.order"
AUTHORITY = "integrity.authority"
IDS = frozenset({ORDER, AUTHORITY}) | RECORD


def findings(view: CaseView, lines: Sequence[Judgement] = ()) -> Iterator[Judgement]:
    """All findings on the acts of a case so far, and the acts that the law deems done.

    Args:
        view: The case up to a position on its timeline.
        lines: The verdicts on its duties; the acts that performed them need proof.
    """
    for act in view.past(view.case.timeline):
        if act.event is not None and act.event.type is EventType.DEEMED:
            yield _about_act(view, act, Verdict.DEEMED)
            continue
        if act.event is not None and act.event.type is EventType.SUBCASE:
            continue  # judged in the case where it was done
        yield from _authority(view, act)
        yield from _out_of_order(view, act)
    yield from _extensions(view)
    yield from _determined_by_others(view)
    yield from _before_its_anchor(view)
    yield from irregularities(view, lines)


def _determined_by_others(view: CaseView) -> Iterator[Judgement]:
    """A fact asserted by a role that may not determine it stands on the record, and the record says so."""
    determinations = {event.sequence for event in view.case.events if event.type is EventType.DETERMINED}
    for (item, name), assertions in view.case.facts.items():
        allowed = view.may_determine(item, name)
        for assertion in view.past(assertions):
            if (
                assertion.key[1] in determinations
                and allowed
                and assertion.by is not None
                and assertion.by not in allowed
            ):
                yield _determination(view, AUTHORITY, item, name, assertion, "wrong_authority", allowed)
            elif assertion.key[1] in determinations and (
                defect := missing_authority(view.compiled, view.case, assertion.by, assertion.key)
            ):
                ident = AUTHORITY if defect == NOT_IN_FORCE else DELEGATION
                yield _determination(view, ident, item, name, assertion, defect, allowed)


def _determination(
    view: CaseView, ident: str, item: str | None, name: str, assertion: Assertion, detail: str, allowed: tuple[str, ...]
) -> Judgement:
    return Judgement(
        obligation=ident,
        verdict=Verdict.FINDING,
        item=item,
        edition=edition_label(view.compiled),
        detail=(detail,),
        actual=ActRef(assertion.key[1], assertion.key[0]),
        needs=(name,),
        who=allowed,
    )


def _authority(view: CaseView, act: Act) -> Iterator[Judgement]:
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
    yield _about_act(view, act, verdict, (detail,))


def _extensions(view: CaseView) -> Iterator[Judgement]:
    """Every act that meant to lengthen a limit: whether it did, in full or capped."""
    for duty in view.compiled.process.obligations.values():
        if duty.limit is None:
            continue
        for limit in (part for part in duty.limit.components if part.extended_by):
            for item in [None] if duty.for_ is None else view.items(duty.for_):
                runs = [resolve_limit(then, limit, item).changes for then in clocks(view, limit, item)]
                latest = {extension.act.key: extension for changes in reversed(runs) for extension in changes}
                for extension in latest.values():
                    yield _about_act(view, extension.act, extension.verdict, extension.detail)


def _about_act(view: CaseView, act: Act, verdict: Verdict, detail: tuple[str, ...] = ()) -> Judgement:
    action = view.compiled.action(act.action)
    return Judgement(
        obligation=act.action,
        verdict=verdict,
        item=act.item,
        clause=clause_of(action.law),
        edition=edition_label(view.compiled),
        detail=detail,
        actual=act_ref(act),
        who=action.by,
        is_action=True,
    )


def _out_of_order(view: CaseView, act: Act) -> Iterator[Judgement]:
    """An act from a state (of the case, or of its item) that does not allow it moved it all the same."""
    state = view.at(act.key).state
    if not edition_governing_life(view.compiled, view.case, act.key).machine.allowed(state, act.action):
        yield _order(view, act, OutOfOrder(act.action, state))
    item_state = disallowed(view, act)
    if item_state is not None:
        yield _order(view, act, ItemOutOfOrder(act.action, item_state))


def _before_its_anchor(view: CaseView) -> Iterator[Judgement]:
    """An act that answers a forward duty before the act its clock hangs on."""
    for name, duty in view.compiled.process.obligations.items():
        if duty.limit is None:
            continue
        for item in [None] if duty.for_ is None else view.items(duty.for_):
            resolved = resolve_limit(view, duty.limit, item)
            if resolved.direction in ("backward", "order_before"):
                continue
            anchor = resolved.began  # what was done before the clock started anew answered it as it ran then
            early = next(matching(view, duty.do, item), None)
            if early is not None and anchor.actual and anchor.day is not None and early.day < anchor.day:
                yield _order(view, early, BeforeAnchor(early.action, name, anchor.day))


def _order(view: CaseView, act: Act, note: FindingNote) -> Judgement:
    return Judgement(
        obligation=ORDER,
        verdict=Verdict.FINDING,
        item=act.item,
        edition=edition_label(view.compiled),
        actual=act_ref(act),
        notes=(note,),
    )
