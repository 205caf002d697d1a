"""Findings on when acts came: out of order, before their anchor, with a gap, lengthening a time limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from zhengxie_flow.calendars.arithmetic import shift
from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.editions.volumes import binds
from zhengxie_flow.engine.findings.line import ANCHOR, ORDER, about_act, finding, of_duty
from zhengxie_flow.engine.limits.attempted_extensions import changes_of
from zhengxie_flow.engine.limits.counted_acts import matching
from zhengxie_flow.engine.limits.extensions import AppliedExtension
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_rounds
from zhengxie_flow.engine.state_machine.items import WITHDRAWN, disallowed
from zhengxie_flow.engine.state_machine.ways import OpenWay, open_ways
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.counting import CalendarUnit, Unit, in_working_days, unit_of_days
from zhengxie_flow.model.findings import (
    BeforeAnchor,
    Gap,
    ItemOutOfOrder,
    NeverStated,
    OutOfOrder,
)
from zhengxie_flow.model.internal_control import Follows
from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.limit import NamedAnchor
from zhengxie_flow.model.process import Action, Move
from zhengxie_flow.model.verdict import Judgement, Verdict


def out_of_order(view: CaseView, act: Act) -> Iterator[Judgement]:
    """An act from a state (of the case, or of its item) that does not allow it moved it all the same."""
    then = view.at(act.key)
    state, machine = then.state, edition_governing_life(view.compiled, view.case, act.key).machine
    if not machine.allowed(state, act.action) or _closed_way(view, machine.ways(act.action), act, state):
        yield finding(view, ORDER, act, OutOfOrder(act.action, state))
    item_state = disallowed(view, act)
    if item_state is not None:
        yield finding(view, ORDER, act, ItemOutOfOrder(act.action, item_state))


def _closed_way(view: CaseView, ways: Sequence[Move | ItemStep], act: Act, state: str) -> bool:
    """True where every way of an act from a state is under a condition that is false."""
    here = [way for way in ways if state in way.from_]
    if not here or any(way.when is None for way in here):
        return False
    item = next((items[act.item] for items in view.case.items.values() if act.item in items), None)
    then, scope = view.read_at(act.key), Scope(act=act, item=item, this=item)
    return all(evaluate_optional(way.when, then, scope, Trace()) is False for way in here)


def undecided_ways(view: CaseView) -> Iterator[Judgement]:
    """Every act of which nobody can say yet which way it took: the case, or its item, stays where it was."""
    for way in open_ways(view):
        if not way.answered and (len(way.reached.states) > 1 or not _shared(view, way)):
            yield replace(about_act(view, way.act, Verdict.NEEDS_JUDGEMENT), needs=way.needs)


def _shared(view: CaseView, way: OpenWay) -> bool:
    """True where several ways lead to the one state that is possible; a lone way may be none that is open."""
    ways = view.compiled.action(way.act.action)
    goals = [step.to for step in (ways.ways if way.item is None else ways.item) if way.before in step.from_]
    return goals.count(way.reached.sure(way.before)) > 1


def before_its_anchor(view: CaseView) -> Iterator[Judgement]:
    """An act that answers a forward duty before the act its clock hangs on."""
    for name, duty in view.compiled.process.obligations.items():
        if duty.limit is None:
            continue
        for item in [None] if duty.for_ is None else view.items(duty.for_):
            resolved = resolve_rounds(view, owed_limit(view, name, duty, item))[0].limit
            if resolved.direction in ("backward", "earliest", "order_before"):
                continue
            anchor = resolved.began  # what was done before the clock started anew answered it as it ran then
            if resolved.opened is not None:
                continue  # a day that was set is the last one, not the first
            early = next(matching(view, duty.do, item), None)
            if early is None or not anchor.actual or anchor.day is None or early.day >= anchor.day:
                continue
            if binds(view.compiled, view.case, name, early.day):
                note = BeforeAnchor(early.action, name, anchor.day)
                yield finding(view, ORDER, early, note, volume=of_duty(view, name))


def extensions(view: CaseView) -> Iterator[Judgement]:
    """Every act that meant to lengthen a limit: whether it did, in full or capped.

    What came after a round was closed lengthened another limit at most; only an act that found none open is void.
    """
    changes = list(_changes(view))
    effective = {change.act.sequence for change in changes if not change.of_closed_round}
    for change in changes:
        if not change.of_closed_round:
            yield about_act(view, change.act, change.verdict, change.detail, change.needs)
        elif change.act.sequence not in effective:
            effective.add(change.act.sequence)  # said of the act, not of each limit
            yield about_act(view, change.act, change.verdict, change.detail)


def _changes(view: CaseView) -> Iterator[AppliedExtension]:
    """The attempted extensions of all limits."""
    for name, duty in view.compiled.process.obligations.items():
        if duty.limit is None:
            continue
        for limit in (part for part in duty.limit.components if part.extended_by):
            for item in [None] if duty.for_ is None else view.items(duty.for_):
                for change in changes_of(view, owed_limit(view, name, duty, item)._replace(limit=limit)):
                    if binds(view.compiled, view.case, name, change.act.day):
                        yield change


def gap(view: CaseView, action: Action, act: Act) -> Iterator[Judgement]:
    """An act that states the end of others, later than the latest of them by more than may lie between."""
    follows = action.follows
    if follows is None:
        return
    per_item = action.item_type is not None
    earlier = [
        previous
        for previous in view.at(act.key).acts(follows.acts)
        if not per_item
        or view.compiled.action(previous.action).item_type != action.item_type
        or previous.item == act.item
    ]
    if not earlier or earlier[-1].day == act.day:
        return
    previous, (amount, unit) = earlier[-1], _allowed(view, follows, act)
    if act.day > _last_allowed(view, previous.day, amount, unit):
        unit = unit_of_days(unit)
        gap = days_between(view, previous.day, act.day, unit)
        note = Gap(act.action, previous.action, previous.day, gap, unit)
        yield finding(view, ANCHOR, act, detail=("gap",), note=note)


def never_stated(view: CaseView) -> Iterator[Judgement]:
    """Acts whose end nobody stated although no more are planned and what counts from that end would be due by now."""
    if view.compiled.final.get(view.state) == WITHDRAWN:
        return
    for name, action in view.compiled.process.actions.items():
        if action.follows is None or action.item_type is not None or view.acts((name,)):
            continue
        earlier = view.acts(action.follows.acts)
        if not earlier or any(_still_planned(view, act) for act in action.follows.acts):
            continue
        last = earlier[-1]
        for duty, due in _counted_from(view, name, last.day):
            if due < view.day:
                note = NeverStated(name, last.action, last.day, duty, due)
                yield finding(view, ANCHOR, last, detail=("never_stated",), note=note)


def _still_planned(view: CaseView, action: str) -> bool:
    """True where an act is planned for a day that is not over."""
    to = view.plan(action, None)
    return to is not None and to >= view.day


def _counted_from(view: CaseView, action: str, day: date) -> Iterator[tuple[str, date]]:
    """The obligations whose time runs from an act, with the last day it would have, had the act been done on a day."""
    for name, duty in view.compiled.process.obligations.items():
        limit = duty.limit
        if limit is None or not isinstance(limit.after, NamedAnchor) or limit.after.name != action:
            continue
        if limit.amount is None or limit.unit is None or not duty.obliges:
            continue
        if evaluate_optional(duty.when, view, Scope(), Trace()) is False:
            continue
        yield name, _last_allowed(view, day, limit.amount, limit.unit)


def _allowed(view: CaseView, follows: Follows, act: Act) -> tuple[int, Unit]:
    """The days that may lie between, and their unit; 0 where no number is set."""
    if follows.within is not None:
        return follows.within.days, follows.within.unit
    parameter = view.compiled.definition.parameters.get(follows.parameter or "")
    scope, then = Scope(act=act), view.at(act.key)
    for row in parameter.rows if parameter is not None else ():
        if row.in_force.covers(act.day) and evaluate_optional(row.when, then, scope, Trace()) is True:
            return row.amount or 0, row.unit or "working_day"
    if parameter is not None and parameter.default is not None:
        return parameter.default.amount or 0, parameter.default.unit or "working_day"
    return 0, "working_day"


def _last_allowed(view: CaseView, first: date, amount: int, unit: Unit) -> date:
    """The last day on which an act may follow another."""
    match unit:
        case "working_day":
            return view.calendar().add(first, amount + 1) - timedelta(days=1)  # days off after it are none of them
        case "calendar_day" | "week" | "half_month" | "month" | "year":
            return shift(first, amount, unit)
        case "hour" | "working_hour" | "half_working_day":
            return first  # acts are compared by their days
        case _:
            assert_never(unit)


def days_between(view: CaseView, first: date, last: date, unit: CalendarUnit) -> int:
    """The number of days after the first, up to and including the last: working days, or days of the civil calendar."""
    if in_working_days(unit):
        return view.calendar().count(date.fromordinal(first.toordinal() + 1), last)
    return (last - first).days
