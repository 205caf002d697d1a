"""The part of a limit that counts: as written, by choice, or from the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine.limits.anchors import AnchorState, LimitScope, resolve_anchor
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.case import Item, end_of
from zhengxie_flow.model.limit import Limit, Part
from zhengxie_flow.model.personal import readable


@dataclass(frozen=True, slots=True)
class ChosenPart:
    """The part of a limit that counts, its anchor, and what is missing where none counts yet."""

    part: Part | None
    anchor: AnchorState
    parameter: str | None = None
    presumed: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def choose(scope: LimitScope, limit: Limit, start: AnchorState | None = None) -> ChosenPart:
    """The part that counts: as written, by choice, or from the rules; read on the day it starts, or at a start."""
    chosen = _chosen(scope, limit, start)
    if chosen.part is None or chosen.part.amount_field is None:
        return chosen
    return _with_amount(scope, chosen, chosen.part, chosen.part.amount_field)


def _with_amount(scope: LimitScope, chosen: ChosenPart, part: Part, name: str) -> ChosenPart:
    """The part with the amount that the act which starts the clock names."""
    anchor = chosen.anchor
    if not anchor.actual:
        return replace(chosen, anchor=AnchorState("unknown", waits_for=anchor.waits_for, by_time=anchor.by_time))
    act = next((act for act in scope.view.case.timeline if act.sequence == anchor.event), None)
    value = None if act is None else readable(act.fields.get(name))
    if not isinstance(value, int) or value < 1:
        return replace(chosen, part=None, needs=(name,))
    return replace(chosen, part=part.model_copy(update={"within": value}))


def _chosen(scope: LimitScope, limit: Limit, start: AnchorState | None) -> ChosenPart:
    view, item = scope.view, scope.item
    if limit.parameter is None and not limit.choose:
        return ChosenPart(limit, start or _anchor(scope, limit))
    always = Period()
    options: list[tuple[Any, Period, Part]] = [(choice.when, always, limit.filled(choice)) for choice in limit.choose]
    if limit.parameter is not None:
        parameter = view.compiled.definition.parameters.get(limit.parameter)
        rows = parameter.rows if parameter is not None else ()
        options = [(row.when, row.in_force, limit.filled(row)) for row in rows]
        if parameter is not None and parameter.default is not None:
            options.append((None, always, limit.filled(parameter.default)))
    for when, in_force, part in options:
        anchor = start or _anchor(scope, part)
        if not in_force.covers(anchor.day or view.day):
            continue
        trace = Trace()
        truth = _when_started(view, when, anchor, item, trace)
        if truth:
            return ChosenPart(part, anchor, presumed=tuple(trace.presumed))
    return ChosenPart(None, start or _anchor(scope, limit), parameter=limit.parameter)


def _anchor(scope: LimitScope, part: Part) -> AnchorState:
    """The anchor of a part; of a backward limit for an item, what happened before it came into the case is none."""
    if part.anchor is None:
        return AnchorState("unknown")
    since = scope.item.key if scope.item is not None and part.before is not None else None
    return resolve_anchor(scope.view, part.anchor, scope.item, scope.due, since)


def _when_started(view: CaseView, when: Any, anchor: AnchorState, item: Item | None, trace: Trace) -> bool | None:
    """The truth of a condition on the day the clock started; a first answer given later counts from then."""
    if when is None:
        return True
    start = view if anchor.day is None else view.read_at(end_of(anchor.day))
    return holds(view, when, start, Scope(item=item), trace)
