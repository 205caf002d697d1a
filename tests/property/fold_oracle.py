"""The fold in its plainest form, one event after the other by copying the whole case: slow, and easy to believe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from zhengxie_flow.engine.events.evolve import effective, fold
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.body_parts import read_moment
from zhengxie_flow.model.case import Act, Assertion, Case, Explanation, Item, Parent, Plan, RoleAssignment, StatePeriod
from zhengxie_flow.model.event import Event


def plain_fold(events: Sequence[Event]) -> Case:
    opened = fold(events[:1])
    case = replace(opened, events=tuple(events), version=events[-1].sequence)
    happened = [event for event in effective(events)[1:] if event.type != "recomputed"]
    told = sorted(happened, key=lambda event: (event.day(case.zone), event.sequence))
    for event in told:
        case = _applied(case, event)
    return replace(case, last=max([opened.last, *((event.day(case.zone), event.sequence) for event in told)]))


def _applied(case: Case, event: Event) -> Case:  # noqa: C901 - one step for each table
    key, body, kind = (event.day(case.zone), event.sequence), plain(event.body), str(event.type)
    acts, facts, plans, items = dict(case.acts), dict(case.facts), dict(case.plans), dict(case.items)
    timeline, stays, explanations, parents = case.timeline, case.stays, case.explanations, case.parents
    of_items = dict(case.acts_of_items)
    if kind in ("act", "deemed", "subcase"):
        act = Act(key, event.action, event.by, event.item, body.get("fields", {}), event, event.actor)
        timeline = (*timeline, act)
        acts[act.action] = (*acts.get(act.action, ()), act)
        if event.item is not None:
            of_items[act.action, event.item] = (*of_items.get((act.action, event.item), ()), act)
    if "state" in body:
        stays = (*stays, StatePeriod(key, body["state"]["to"], event.sequence))
    for name, value in body.get("facts", {}).items():
        about = (event.item if kind == "determined" else None, name)
        facts[about] = (*facts.get(about, ()), Assertion(key, value, event.by))
    for entry in body.get("items", {}).get("added", ()):
        added = Item(entry["type"], entry["id"], key, entry["fields"])
        items[added.type] = {**items.get(added.type, {}), added.id: added}
    for entry in body.get("items", {}).get("ended", ()):
        of_type = items.get(entry["type"], {})
        if entry["id"] in of_type and of_type[entry["id"]].ended is None:  # gone is gone
            items[entry["type"]] = {**of_type, entry["id"]: replace(of_type[entry["id"]], ended=key)}
    if kind == "planned":
        about = (event.action, event.item)
        plans[about] = (*plans.get(about, ()), Plan(key, read_moment(body["to"])))
    if kind == "explained":
        told = (body["obligation"], event.item, event.by, body["reason"], body.get("public", False))
        explanations = (*explanations, Explanation(key, *told))
    if kind == "linked":
        parents = (*parents, Parent(**body["parent"]))
    return replace(
        case, acts=acts, facts=facts, plans=plans, items=items,
        timeline=timeline, stays=stays, explanations=explanations, parents=parents, assignments=_assigned(case, event),
        acts_of_items=of_items,
    )  # fmt: skip


def _assigned(case: Case, event: Event) -> tuple[RoleAssignment, ...]:
    if event.type != "assigned":
        return case.assignments
    body = plain(event.body)
    key = (date.fromisoformat(body["from"]), event.sequence)
    made = RoleAssignment(key, body["role"], body.get("office"), body.get("person"))
    return tuple(sorted((*case.assignments, made), key=lambda entry: entry.key))
