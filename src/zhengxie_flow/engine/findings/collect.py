"""All findings of an audit on a case, in the order they are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhengxie_flow.engine.findings import persons, record, sequence
from zhengxie_flow.engine.findings.line import about_act, unless_unbound
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.verdict import Judgement, Verdict

_WITHOUT_ACTOR = (EventType.DEEMED, EventType.SUBCASE)


def findings(view: CaseView, lines: Sequence[Judgement] = ()) -> Iterator[Judgement]:
    """All findings on the acts of a case so far, and the acts that the law deems done.

    Who may do what a volume defines, and in which order, is no question where the volume does not bind.

    Args:
        view: The case up to a position on its timeline.
        lines: The verdicts on its duties; the acts that performed them need proof.
    """
    every = _findings(view, lines)
    return unless_unbound(view, every) if view.compiled.definition.volumes else every


def _findings(view: CaseView, lines: Sequence[Judgement]) -> Iterator[Judgement]:
    for act in view.past(view.case.timeline):
        if act.event is not None and act.event.type is EventType.DEEMED:
            yield about_act(view, act, Verdict.DEEMED)
            continue
        if act.event is not None and act.event.type is EventType.SUBCASE:
            continue  # judged in the case where it was done
        yield from persons.authority(view, act)
        yield from sequence.out_of_order(view, act)
    yield from sequence.undecided_ways(view)
    yield from sequence.extensions(view)
    yield from persons.determined_by_others(view)
    yield from persons.stated_by_others(view)
    yield from sequence.before_its_anchor(view)
    acts = [act for act in view.past(view.case.timeline) if act.event is None or act.event.type not in _WITHOUT_ACTOR]
    for act in acts:
        action = view.compiled.action(act.action)
        yield from sequence.gap(view, action, act)
        yield from persons.four_eyes_violations(view, action, act)
        yield from persons.delegations(view, action, act)
        yield from record.links(view, action, act)
    yield from sequence.never_stated(view)
    yield from persons.subcases_opened(view)
    yield from persons.countersigned_by_same_person(view)
    yield from record.receipts(view, acts, lines)
    yield from record.backdated(view)
    yield from record.after_close(view)
    yield from record.clock_behind(view)
