"""Exemptions of which it is unknown whether they lift a duty: they lift nothing, but leave nothing adverse decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth, conjunction, disjunction
from zhengxie_flow.engine.editions.governing import in_force
from zhengxie_flow.engine.editions.volumes import binds, together
from zhengxie_flow.engine.exemptions.grants import exemptions_in, exercises, grant_of
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Item, Key
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.exemption import Exemption, when_of
from zhengxie_flow.model.verdict import Judgement, Verdict

V = Verdict


@dataclass(frozen=True, slots=True)
class DoubtfulLift:
    """An exemption of which it is unknown whether it lifts a duty: by which grant, and what would settle it."""

    key: Key | None
    needs: tuple[str, ...]


def doubtful_lifts(
    view: CaseView, ident: str, law: tuple[ClauseRef, ...], item: Item | None, moment: Key
) -> Iterator[DoubtfulLift]:
    """Exemptions that may reach a duty: they lift nothing, but what they leave adverse only a person can judge.

    Args:
        view: The case up to a position on its timeline.
        ident: The id of the duty or requirement.
        law: The clauses it cites.
        item: The item it is owed for, where it is owed for each.
        moment: The position at which the duty was performed or fell due.
    """
    for judged, name, exemption in exemptions_in(view):
        if not exemption.covers(ident, law) or not together(judged.compiled, name, ident):
            continue
        if exemption.by_law:
            then, trace = judged.read_at(moment), Trace()
            scope = Scope(item=item, this=item)
            holds = evaluate_optional(exemption.when, then, scope, trace)
            if judged is view and conjunction((holds, _reaches(then, exemption, ident, law, (scope, trace)))) is None:
                yield DoubtfulLift(None, tuple(trace.needs))
            continue
        for act in exercises(view, exemption):
            if act.item is not None and (item is None or act.item != item.id):
                continue
            if act.key >= moment or judged.compiled is not in_force(view, act.day).compiled:
                continue
            if not binds(judged.compiled, view.case, name, act.day):
                continue
            grant, trace = grant_of(judged, name, act), Trace()
            scope = Scope(act=act, item=item, this=item)
            valid = True if grant.lifts else None if grant.line.verdict is V.NEEDS_JUDGEMENT else False
            reaches = _reaches(judged.read_at(act.key), exemption, ident, law, (scope, trace))
            if moment <= grant.end and conjunction((valid, reaches)) is None:
                yield DoubtfulLift(act.key, tuple(dict.fromkeys((*grant.line.needs, *trace.needs))))


def in_doubt(line: Judgement, doubts: Sequence[DoubtfulLift]) -> Judgement:
    """An adverse line as exemptions leave it of which it is unknown whether they lift the duty."""
    if not doubts:
        return line
    needs = tuple(dict.fromkeys((*line.needs, *(name for doubt in doubts for name in doubt.needs))))
    outcomes = tuple(dict.fromkeys((*(line.outcomes or (line.verdict,)), V.EXEMPT)))
    return replace(line, verdict=V.NEEDS_JUDGEMENT, needs=needs, outcomes=outcomes)


def _reaches(
    view: CaseView, exemption: Exemption, ident: str, law: tuple[ClauseRef, ...], asked: tuple[Scope, Trace]
) -> Truth:
    """The truth that an exemption lifts a duty by one of its entries and that none of what it never lifts bars it."""
    lifting, barring = exemption.entries(ident, law)
    barred = disjunction(evaluate_optional(when_of(entry), view, *asked) for entry in barring)
    lifts = disjunction(evaluate_optional(when_of(entry), view, *asked) for entry in lifting)
    return conjunction((None if barred is None else not barred, lifts))
