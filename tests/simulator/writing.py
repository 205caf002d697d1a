"""A limit and its history in the words of the project: a process with one obligation, and a case file."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.simulator.histories import ITEM_ACTIONS, ITEMS, Story
from tests.simulator.limit import Anchor, Entry, ExtensionRule, Limit, StopRule

DUTY = "o.duty"
FIELDS = {
    "receive": {"complete": {"type": "bool"}},
    "serve": {"received": {"type": "date"}},
    "visit": {"until": {"type": "date"}},
    "set_day": {"until": {"type": "date"}},
    "prolong": {"days": {"type": "int"}},
}
ACTIONS = (
    "receive", "learn", "serve", "receive_each", "answer", "settle", "answer_each", "pause", "resume", "visit", "ask", "reply",
    "prolong", "set_day", "widen", "again",
)  # fmt: skip
KEYS = {
    "within_after": ("within", "after"),
    "at_least_after": ("at_least", "after"),
    "at_least_before": ("at_least", "before"),
}


def anchor_of(anchor: Anchor) -> Any:
    if anchor.fact is not None:
        return anchor.fact
    if anchor.day_field is not None:
        return f"{anchor.actions[0]}.{anchor.day_field}"
    if anchor.where is not None:
        return {"done": anchor.actions[0], "where": {anchor.where: True}}
    return anchor.actions[0] if len(anchor.actions) == 1 else {"first_of": list(anchor.actions)}


def stop_of(rule: StopRule) -> dict[str, Any]:
    until = f"{rule.begins[0]}.{rule.end_field}" if rule.end_field else rule.ends[0]
    return {"from": rule.begins[0], "until": until}


def extension_of(rule: ExtensionRule) -> dict[str, Any]:
    written: dict[str, Any] = {"action": rule.action}
    if rule.add is not None:
        written["add"] = rule.add
    if rule.add_field is not None:
        written["add"] = {"field": rule.add_field}
    if rule.within is not None:
        written["to"] = {"within": rule.within}
    if rule.day_field is not None:
        written["to"] = {"field": rule.day_field}
    if rule.when is not None:
        name, answer = rule.when
        written["when"] = name if answer else {"not": name}
    options = {"by": rule.by, "up_to": rule.up_to, "times": rule.times}
    return written | {key: value for key, value in options.items() if value is not None}


def limit_of(limit: Limit) -> dict[str, Any]:
    amount_key, anchor_key = KEYS[limit.direction]
    written: dict[str, Any] = {amount_key: limit.amount, "unit": limit.unit, anchor_key: anchor_of(limit.anchor)}
    options: dict[str, Any] = {
        "count": None if limit.convention == "event_excluded" else limit.convention,
        "roll": limit.roll,
        "month_end": "keep" if limit.keep_month_end else None,
        "occurrence": limit.occurrence,
        "suspended": [stop_of(rule) for rule in limit.stops],
        "extended_by": [extension_of(rule) for rule in limit.extensions],
        "restarts_on": list(limit.restarts_on),
        "late": None if limit.late == "breach" else limit.late,
        "early": "counts" if limit.early_counts else None,
    }
    return written | {key: value for key, value in options.items() if value}


def process_of(limit: Limit) -> dict[str, Any]:
    """A process in which every act may be done at any time, and one thing is owed."""
    actions: dict[str, Any] = {}
    for name in ACTIONS:
        actions[name] = {"by": ["office", "head"], "with": FIELDS.get(name, {})}
        if name in ITEM_ACTIONS:
            actions[name]["for"] = "matter"
    duty = {"law": "1", "who": "office", "do": list(limit.do), "limit": limit_of(limit)}
    return {
        "language": 1,
        "process": "walk",
        "law": "x-1",
        "roles": {"office": {}, "head": {}},
        "facts": {"grave": {"type": "bool", "by": "office"}, "since": {"type": "date", "by": "office"}},
        "items": {"matter": {"fields": {}}},
        "states": {"open": {}},
        "actions": actions,
        "obligations": {DUTY: duty | ({"for": "matter"} if limit.per_item else {})},
    }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def event_of(entry: Entry) -> dict[str, Any]:
    written: dict[str, Any] = {"at": entry.day.isoformat(), "by": entry.by}
    if entry.kind == "answer":
        return written | {"determine": {entry.name: plain(entry.value)}, "reason": "r"}
    if entry.kind == "plan":
        return written | {"plan": entry.name, "to": plain(entry.value)}
    written |= {"do": entry.name}
    written |= {"for": entry.item} if entry.item is not None else {}
    fields = {name: plain(value) for name, value in entry.fields.items()}
    return written | ({"with": fields} if fields else {})


def case_of(story: Story) -> dict[str, Any]:
    """The history up to the day one asks on, as a case file."""
    return {
        "language": 1,
        "case": f"story-{story.number}",
        "process": "x/walk",
        "opened": story.question.opened.isoformat(),
        "by": "office",
        "given": {"items": {"matter": {item: {} for item in ITEMS}}},
        "events": [event_of(entry) for entry in story.question.entries],
    }
