"""Every kind of anchor on one case, at several places in it: the whole state, each field that is set.

The expected states were read one by one against the rules of time; a later change of any field shows here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.support import cn, story_of

from zhengxie_flow.engine import CompiledProcess, compile_process, derive
from zhengxie_flow.engine.limits.anchors import NOTHING_DUE, AnchorState, occurrences, placed, planned, resolve_anchor
from zhengxie_flow.engine.limits.counted_acts import matching
from zhengxie_flow.engine.limits.resolve import _DueDays
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import BEGINNING, Item, end_of
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.limit import Anchor

FIVE = {"within": 5, "unit": "calendar_day"}
DECISION = {
    "language": 1, "decision": "plan", "law": "1", "policy": "unique", "inputs": ["large"], "outputs": {"start": {"type": "date"}},
    "rows": [{"id": "1", "large": True, "then": {"start": "2026-01-07"}}, {"id": "2", "large": False, "then": {"start": "2026-03-12"}}],
}  # fmt: skip
CASE: dict[str, Any] = {
    "act": "receive", "field": "receive.paid", "instant": "receive.sent", "fact": "day", "moment": "meeting", "true": "begun",
    "where": {"done": "receive", "where": {"urgent": True}}, "either": {"done": ["receive", "publish"]}, "due": {"due": "o.answer"},
    "first": {"first_of": ["publish", "receive", "day"]}, "last": {"last_of": ["publish", "receive", "day"]}, "output": "plan.start",
    "planned": "publish", "projected": "answer", "last happened": {"last_of": ["receive", "begun"]},
    "first to come": {"first_of": ["publish", "day"]}, "first projected": {"first_of": ["answer", "day"]},
    "last projected": {"last_of": ["answer", "begun"]}, "first due": {"first_of": ["publish", {"due": "o.answer"}]},
}  # fmt: skip
OWN: dict[str, Any] = {
    "own act": "invite", "own field": "invite.on", "item field": "visit", "own due": {"due": "o.reply"},
    "own where": {"done": "invite", "where": {"kind": "expert"}}, "own first": {"first_of": ["invite", "publish"]},
    "own last": {"last_of": ["invite", "publish"]}, "own projected": "reply", "entered": "replace", "of the case": "receive",
    "due of the case": {"due": "o.answer"},
}  # fmt: skip
ANCHORS = CASE | OWN
TOLD: list[dict[str, Any]] = [
    {"at": "2026-03-02", "do": "receive", "with": {"paid": "2026-03-09", "urgent": False}},
    {"at": "2026-03-03", "do": "invite", "for": "g1", "with": {"on": "2026-03-05"}},
    {"at": "2026-03-04", "do": "invite", "for": "g2"},
    {"at": "2026-03-04", "determine": {"day": "2026-03-20"}, "reason": "r"},
    {"at": "2026-03-05", "determine": {"meeting": "2026-03-06T20:00:00+00:00"}, "reason": "r"},
    {"at": "2026-03-05", "determine": {"begun": True}, "reason": "r"},
    {"at": "2026-03-05", "determine": {"large": False}, "reason": "r"},
    {
        "at": "2026-03-06",
        "do": "receive",
        "with": {"paid": "2026-03-07", "urgent": True, "sent": "2026-03-07T01:00:00+08:00"},
    },
    {"at": "2026-03-06", "plan": "publish", "to": "2026-03-25"},
    {"at": "2026-03-06", "plan": "reply", "for": "g2", "to": "2026-03-26"},
    {"at": "2026-03-07", "do": "replace", "for": "g1", "with": {"successor": "g3"}},
    {"at": "2026-03-08", "do": "invite", "for": "g3", "with": {"on": "2026-03-19"}},
    {"at": "2026-03-12", "determine": {"begun": True}, "reason": "said again"},
]
GUESTS = {"guest": {"g1": {"visit": "2026-03-08", "kind": "expert"}, "g2": {"kind": "public"}}}


def statute() -> CompiledProcess:
    duties = {
        f"a.{name}": {"law": "1", "do": "file", "limit": {**FIVE, "after": anchor}} for name, anchor in CASE.items()
    }
    duties |= {
        f"a.{name}": {"law": "1", "for": "guest", "do": "file_each", "limit": {**FIVE, "after": anchor}}
        for name, anchor in OWN.items()
    }
    each = {"by": "office", "for": "guest"}
    process = {
        "language": 1, "process": "anchors", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "facts": {
            "day": {"type": "date", "by": "office"}, "meeting": {"type": "instant", "by": "office"},
            "begun": {"type": "bool", "by": "office"}, "large": {"type": "bool", "by": "office"},
        },
        "items": {"guest": {"fields": {"visit": {"type": "date"}, "kind": {"type": "text"}}}},
        "actions": {
            **{name: {"by": "office"} for name in ("publish", "answer", "file")},
            "receive": {"by": "office", "with": {"paid": {"type": "date"}, "sent": {"type": "instant"}, "urgent": {"type": "bool"}}},
            "invite": {**each, "with": {"on": {"type": "date"}}}, "reply": each, "file_each": each,
            "replace": {"by": "office", "replaces": "guest"},
        },
        "obligations": {
            **{ident.replace(" ", "_"): duty for ident, duty in duties.items()},
            "o.answer": {"law": "1", "do": "answer", "limit": {**FIVE, "after": "receive"}},
            "o.reply": {"law": "1", "for": "guest", "do": "reply", "limit": {**FIVE, "after": "invite"}},
        },
    }  # fmt: skip
    return compile_process(resolve({"id": "x/anchors", "process": process, "decisions": [DECISION]}))


COMPILED = statute()


def view_at(number: int, day: str) -> CaseView:
    """The case after so many happenings, as of a day."""
    told = [{"by": "office", **written} for written in TOLD[:number]]
    story = story_of(COMPILED, *told, opened="2026-03-01", by="office", items=GUESTS)
    return derive(COMPILED, story.case, cn, date.fromisoformat(day)).view


def anchor_of(name: str) -> Anchor:
    limit = COMPILED.process.obligations["a." + name.replace(" ", "_")].limit
    assert limit is not None and limit.after is not None
    return limit.after


def asked(view: CaseView) -> Iterator[tuple[str, str | None, Item | None]]:
    """Each anchor of the case, and each of an item for every item."""
    for name in CASE:
        yield name, None, None
    for name in OWN:
        for ident, item in sorted(view.case.items["guest"].items()):
            yield name, ident, item


def shown(state: AnchorState) -> dict[str, Any]:
    """The fields that say something."""
    fields = {name: getattr(state, name) for name in AnchorState.__dataclass_fields__}
    return {name: value for name, value in fields.items() if value not in (None, (), False)}


def states(view: CaseView) -> dict[tuple[str, str | None], dict[str, Any]]:
    due = _DueDays(view, view.calendar(), ())
    return {(name, ident): shown(resolve_anchor(view, anchor_of(name), item, due)) for name, ident, item in asked(view)}


def occurring(view: CaseView) -> dict[tuple[str, str | None], list[tuple[date | None, int | None]]]:
    due = _DueDays(view, view.calendar(), ())
    return {
        (name, ident): [(s.day, s.event) for s in occurrences(view, anchor_of(name), item, due)]
        for name, ident, item in asked(view)
    }


def at(day: int, order: int) -> tuple[date, int]:
    return date(2026, 3, day), order


def mar(day: int) -> date:
    return date(2026, 3, day)


CHINA = timezone(timedelta(hours=8))

AT_FIRST: dict[tuple[str, str | None], dict[str, Any]] = {
    ("act", None): {"kind": "unknown", "waits_for": ("receive",)},
    ("field", None): {"kind": "unknown", "waits_for": ("receive",)},
    ("instant", None): {"kind": "unknown", "waits_for": ("receive",)},
    ("fact", None): {"kind": "unknown", "waits_for": ("day",)},
    ("moment", None): {"kind": "unknown", "waits_for": ("meeting",)},
    ("true", None): {"kind": "unknown", "waits_for": ("begun",)},
    ("where", None): {"kind": "unknown", "waits_for": ("receive",)},
    ("either", None): {"kind": "unknown", "waits_for": ("receive", "publish")},
    ("due", None): {"kind": "unknown", "waits_for": ("receive",)},
    ("first", None): {"kind": "unknown", "waits_for": ("publish", "receive", "day")},
    ("last", None): {"kind": "unknown", "waits_for": ("publish", "receive", "day")},
    ("output", None): {"kind": "unknown", "waits_for": ("large",), "set_at": BEGINNING},
    ("planned", None): {"kind": "unknown", "waits_for": ("publish",)},
    ("projected", None): {"kind": "unknown", "waits_for": ("answer",)},
    ("last happened", None): {"kind": "unknown", "waits_for": ("receive", "begun")},
    ("first to come", None): {"kind": "unknown", "waits_for": ("publish", "day")},
    ("first projected", None): {"kind": "unknown", "waits_for": ("answer", "day")},
    ("last projected", None): {"kind": "unknown", "waits_for": ("answer", "begun")},
    ("first due", None): {"kind": "unknown", "waits_for": ("publish", "receive")},
    ("own act", "g1"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own act", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own field", "g1"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own field", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("item field", "g1"): {"kind": "planned", "day": mar(8), "key": at(8, 0), "by_time": True, "set_at": BEGINNING},
    ("item field", "g2"): {"kind": "unknown", "waits_for": ("visit",)},
    ("own due", "g1"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own due", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own where", "g1"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own where", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own first", "g1"): {"kind": "unknown", "waits_for": ("invite", "publish")},
    ("own first", "g2"): {"kind": "unknown", "waits_for": ("invite", "publish")},
    ("own last", "g1"): {"kind": "unknown", "waits_for": ("invite", "publish")},
    ("own last", "g2"): {"kind": "unknown", "waits_for": ("invite", "publish")},
    ("own projected", "g1"): {"kind": "unknown", "waits_for": ("reply",)},
    ("own projected", "g2"): {"kind": "unknown", "waits_for": ("reply",)},
    ("entered", "g1"): {"kind": "unknown", "waits_for": ("replace",)},
    ("entered", "g2"): {"kind": "unknown", "waits_for": ("replace",)},
    ("of the case", "g1"): {"kind": "unknown", "waits_for": ("receive",)},
    ("of the case", "g2"): {"kind": "unknown", "waits_for": ("receive",)},
    ("due of the case", "g1"): {"kind": "unknown", "waits_for": ("receive",)},
    ("due of the case", "g2"): {"kind": "unknown", "waits_for": ("receive",)},
}  # fmt: skip

TO_COME: dict[tuple[str, str | None], dict[str, Any]] = {
    ("act", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("field", None): {"kind": "planned", "day": mar(9), "key": at(9, 2), "event": 2, "by_time": True, "set_at": at(2, 2)},
    ("instant", None): {"kind": "planned", "day": mar(7), "key": at(7, 9), "event": 9, "moment": datetime(2026, 3, 7, 1, tzinfo=CHINA), "by_time": True, "set_at": at(6, 9)},
    ("fact", None): {"kind": "planned", "day": mar(20), "key": at(20, 5), "event": 5, "by_time": True, "set_at": BEGINNING},
    ("moment", None): {"kind": "planned", "day": mar(7), "key": at(7, 6), "event": 6, "moment": datetime(2026, 3, 6, 20, tzinfo=UTC), "by_time": True, "set_at": BEGINNING},
    ("true", None): {"kind": "actual", "day": mar(5), "key": at(5, 7), "event": 7},
    ("where", None): {"kind": "actual", "day": mar(6), "key": at(6, 9), "event": 9},
    ("either", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("due", None): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "by_time": True, "set_at": at(2, 2)},
    ("first", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("last", None): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("output", None): {"kind": "planned", "day": mar(12), "key": at(12, 0), "by_time": True, "set_at": BEGINNING},
    ("planned", None): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",)},
    ("last happened", None): {"kind": "actual", "day": mar(5), "key": at(5, 7), "event": 7},
    ("first to come", None): {"kind": "planned", "day": mar(20), "key": at(20, 5), "event": 5, "waits_for": ("publish",), "by_time": True, "set_at": BEGINNING},
    ("first projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",), "by_time": True},
    ("last projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",)},
    ("first due", None): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "waits_for": ("publish",), "by_time": True, "set_at": at(2, 2)},
    ("own act", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own act", "g2"): {"kind": "actual", "day": mar(4), "key": at(4, 4), "event": 4, "item": ("guest", "g2")},
    ("own field", "g1"): {"kind": "actual", "day": mar(5), "key": at(5, 3), "event": 3, "set_at": at(3, 3)},
    ("own field", "g2"): {"kind": "unknown", "waits_for": ("invite.on",)},
    ("item field", "g1"): {"kind": "planned", "day": mar(8), "key": at(8, 0), "by_time": True, "set_at": BEGINNING},
    ("item field", "g2"): {"kind": "unknown", "waits_for": ("visit",)},
    ("own due", "g1"): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 3, "low": mar(9), "high": mar(9), "by_time": True, "item": ("guest", "g1"), "set_at": at(3, 3)},
    ("own due", "g2"): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 4, "low": mar(9), "high": mar(9), "by_time": True, "item": ("guest", "g2"), "set_at": at(4, 4)},
    ("own where", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own where", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own first", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own first", "g2"): {"kind": "actual", "day": mar(4), "key": at(4, 4), "event": 4, "item": ("guest", "g2")},
    ("own last", "g1"): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("own last", "g2"): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("own projected", "g1"): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("reply",), "item": ("guest", "g1")},
    ("own projected", "g2"): {"kind": "planned", "day": mar(26), "waits_for": ("reply",)},
    ("entered", "g1"): {"kind": "unknown", "waits_for": ("replace",)},
    ("entered", "g2"): {"kind": "unknown", "waits_for": ("replace",)},
    ("of the case", "g1"): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("of the case", "g2"): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("due of the case", "g1"): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "by_time": True, "set_at": at(2, 2)},
    ("due of the case", "g2"): {"kind": "planned", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "by_time": True, "set_at": at(2, 2)},
}  # fmt: skip

COME: dict[tuple[str, str | None], dict[str, Any]] = {
    ("act", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("field", None): {"kind": "actual", "day": mar(9), "key": at(9, 2), "event": 2, "set_at": at(2, 2)},
    ("instant", None): {"kind": "actual", "day": mar(7), "key": at(7, 9), "event": 9, "moment": datetime(2026, 3, 7, 1, tzinfo=CHINA), "set_at": at(6, 9)},
    ("fact", None): {"kind": "planned", "day": mar(20), "key": at(20, 5), "event": 5, "by_time": True, "set_at": BEGINNING},
    ("moment", None): {"kind": "actual", "day": mar(7), "key": at(7, 6), "event": 6, "moment": datetime(2026, 3, 6, 20, tzinfo=UTC), "set_at": BEGINNING},
    ("true", None): {"kind": "actual", "day": mar(5), "key": at(5, 7), "event": 7},
    ("where", None): {"kind": "actual", "day": mar(6), "key": at(6, 9), "event": 9},
    ("either", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("due", None): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "set_at": at(2, 2)},
    ("first", None): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("last", None): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("output", None): {"kind": "actual", "day": mar(12), "key": at(12, 0), "set_at": BEGINNING},
    ("planned", None): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",)},
    ("last happened", None): {"kind": "actual", "day": mar(5), "key": at(5, 7), "event": 7},
    ("first to come", None): {"kind": "planned", "day": mar(20), "key": at(20, 5), "event": 5, "waits_for": ("publish",), "by_time": True, "set_at": BEGINNING},
    ("first projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",), "by_time": True},
    ("last projected", None): {"kind": "projected", "day": mar(9), "low": mar(9), "high": mar(9), "waits_for": ("answer",)},
    ("first due", None): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "set_at": at(2, 2)},
    ("own act", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own act", "g2"): {"kind": "actual", "day": mar(4), "key": at(4, 4), "event": 4, "item": ("guest", "g2")},
    ("own act", "g3"): {"kind": "actual", "day": mar(8), "key": at(8, 13), "event": 13, "item": ("guest", "g3")},
    ("own field", "g1"): {"kind": "actual", "day": mar(5), "key": at(5, 3), "event": 3, "set_at": at(3, 3)},
    ("own field", "g2"): {"kind": "unknown", "waits_for": ("invite.on",)},
    ("own field", "g3"): {"kind": "planned", "day": mar(19), "key": at(19, 13), "event": 13, "by_time": True, "set_at": at(8, 13)},
    ("item field", "g1"): {"kind": "actual", "day": mar(8), "key": at(8, 0), "set_at": BEGINNING},
    ("item field", "g2"): {"kind": "unknown", "waits_for": ("visit",)},
    ("item field", "g3"): {"kind": "unknown", "waits_for": ("visit",)},
    ("own due", "g1"): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 3, "low": mar(9), "high": mar(9), "item": ("guest", "g1"), "set_at": at(3, 3)},
    ("own due", "g2"): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 4, "low": mar(9), "high": mar(9), "item": ("guest", "g2"), "set_at": at(4, 4)},
    ("own due", "g3"): {"kind": "planned", "day": mar(13), "key": end_of(mar(13)), "event": 13, "low": mar(13), "high": mar(13), "by_time": True, "item": ("guest", "g3"), "set_at": at(8, 13)},
    ("own where", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own where", "g2"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own where", "g3"): {"kind": "unknown", "waits_for": ("invite",)},
    ("own first", "g1"): {"kind": "actual", "day": mar(3), "key": at(3, 3), "event": 3, "item": ("guest", "g1")},
    ("own first", "g2"): {"kind": "actual", "day": mar(4), "key": at(4, 4), "event": 4, "item": ("guest", "g2")},
    ("own first", "g3"): {"kind": "actual", "day": mar(8), "key": at(8, 13), "event": 13, "item": ("guest", "g3")},
    ("own last", "g1"): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("own last", "g2"): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("own last", "g3"): {"kind": "planned", "day": mar(25), "waits_for": ("publish",)},
    ("own projected", "g1"): {"kind": "unknown", "waits_for": ("reply",)},
    ("own projected", "g2"): {"kind": "planned", "day": mar(26), "waits_for": ("reply",)},
    ("own projected", "g3"): {"kind": "projected", "day": mar(13), "low": mar(13), "high": mar(13), "waits_for": ("reply",), "item": ("guest", "g3")},
    ("entered", "g1"): {"kind": "actual", "day": mar(7), "key": at(7, 12), "event": 12, "item": ("guest", "g1")},
    ("entered", "g2"): {"kind": "unknown", "waits_for": ("replace",)},
    ("entered", "g3"): {"kind": "actual", "day": mar(7), "key": at(7, 12), "event": 12, "item": ("guest", "g1")},
    ("of the case", "g1"): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("of the case", "g2"): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("of the case", "g3"): {"kind": "actual", "day": mar(2), "key": at(2, 2), "event": 2},
    ("due of the case", "g1"): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "set_at": at(2, 2)},
    ("due of the case", "g2"): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "set_at": at(2, 2)},
    ("due of the case", "g3"): {"kind": "actual", "day": mar(9), "key": end_of(mar(9)), "event": 2, "low": mar(9), "high": mar(9), "set_at": at(2, 2)},
}  # fmt: skip

OCCURRED: dict[tuple[str, str | None], list[tuple[date | None, int | None]]] = {
    ("act", None): [(mar(2), 2), (mar(6), 9)],
    ("field", None): [(mar(9), 2), (mar(7), 9)],
    ("instant", None): [(mar(7), 9)],
    ("fact", None): [],
    ("moment", None): [(mar(7), 6)],
    ("true", None): [(mar(5), 7)],
    ("where", None): [(mar(6), 9)],
    ("either", None): [(mar(2), 2), (mar(6), 9)],
    ("due", None): [(mar(9), 2)],
    ("first", None): [(mar(2), 2), (mar(6), 9)],
    ("last", None): [],
    ("output", None): [(mar(12), None)],
    ("planned", None): [],
    ("projected", None): [],
    ("last happened", None): [(mar(5), 7)],
    ("first to come", None): [],
    ("first projected", None): [],
    ("last projected", None): [],
    ("first due", None): [(mar(9), 2)],
    ("own act", "g1"): [(mar(3), 3)],
    ("own act", "g2"): [(mar(4), 4)],
    ("own act", "g3"): [(mar(8), 13)],
    ("own field", "g1"): [(mar(5), 3)],
    ("own field", "g2"): [],
    ("own field", "g3"): [(mar(19), 13)],
    ("item field", "g1"): [(mar(8), None)],
    ("item field", "g2"): [],
    ("item field", "g3"): [],
    ("own due", "g1"): [(mar(9), 3)],
    ("own due", "g2"): [(mar(9), 4)],
    ("own due", "g3"): [(mar(13), 13)],
    ("own where", "g1"): [(mar(3), 3)],
    ("own where", "g2"): [],
    ("own where", "g3"): [],
    ("own first", "g1"): [(mar(3), 3)],
    ("own first", "g2"): [(mar(4), 4)],
    ("own first", "g3"): [(mar(8), 13)],
    ("own last", "g1"): [],
    ("own last", "g2"): [],
    ("own last", "g3"): [],
    ("own projected", "g1"): [],
    ("own projected", "g2"): [],
    ("own projected", "g3"): [],
    ("entered", "g1"): [(mar(7), 12)],
    ("entered", "g2"): [],
    ("entered", "g3"): [(mar(7), 12)],
    ("of the case", "g1"): [(mar(2), 2), (mar(6), 9)],
    ("of the case", "g2"): [(mar(2), 2), (mar(6), 9)],
    ("of the case", "g3"): [(mar(2), 2), (mar(6), 9)],
    ("due of the case", "g1"): [(mar(9), 2)],
    ("due of the case", "g2"): [(mar(9), 2)],
    ("due of the case", "g3"): [(mar(9), 2)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "day", "expected"), [(0, "2026-03-01", AT_FIRST), (10, "2026-03-06", TO_COME), (13, "2026-03-12", COME)]
)
def test_the_state_of_each_anchor(
    number: int, day: str, expected: dict[tuple[str, str | None], dict[str, Any]]
) -> None:
    assert states(view_at(number, day)) == expected


def test_every_time_each_anchor_happened() -> None:
    assert occurring(view_at(13, "2026-03-12")) == OCCURRED
    view = view_at(13, "2026-03-12")
    for name in CASE:
        without = [state.event for state in occurrences(view, anchor_of(name), None)]
        assert without == ([] if "due" in name else [event for _, event in OCCURRED[name, None]])


def test_of_an_act_by_which_an_item_replaced_another_both_are_about_it() -> None:
    view = view_at(13, "2026-03-12")
    found = {
        ident: [act.sequence for act in matching(view, ("replace", "invite", "publish"), item)]
        for ident, item in view.case.items["guest"].items()
    }
    assert found == {"g1": [3, 12], "g2": [4], "g3": [12, 13]}
    assert [act.sequence for act in matching(view, ("invite",), None)] == [3, 4, 13]


def test_what_lies_before_a_place_is_no_anchor() -> None:
    view = view_at(13, "2026-03-12")
    due = _DueDays(view, view.calendar(), ())
    for name in ("act", "either", "where"):
        (first, *later) = occurrences(view, anchor_of(name), None)
        assert resolve_anchor(view, anchor_of(name), None, due, placed(first)) == first
        after = resolve_anchor(view, anchor_of(name), None, due, (placed(first)[0], placed(first)[1] + 1))
        assert after == (later[0] if later else AnchorState("unknown", waits_for=("receive",)))
    for name, since, event in (("first", at(2, 3), 9), ("last happened", at(2, 3), 9), ("last happened", at(2, 2), 7)):
        assert resolve_anchor(view, anchor_of(name), None, due, since).event == event


def test_where_no_day_of_another_duty_is_known_none_is_due() -> None:
    view = view_at(13, "2026-03-12")
    assert resolve_anchor(view, anchor_of("due"), None, NOTHING_DUE) == AnchorState("unknown", waits_for=("o.answer",))
    assert NOTHING_DUE.rounds("o.answer", None) == ()
    last = AnchorState("unknown", waits_for=("publish", "o.answer"))
    assert resolve_anchor(view_at(8, "2026-03-08"), anchor_of("first due"), None, NOTHING_DUE) == last


def test_the_plan_of_an_item_is_its_own() -> None:
    view = view_at(13, "2026-03-12")
    items = view.case.items["guest"]
    assert planned(view, "reply", items["g2"]) == AnchorState("planned", mar(26), waits_for=("reply",))
    assert planned(view, "reply", items["g1"]) is None
    assert planned(view, "publish", items["g1"]) == AnchorState("planned", mar(25), waits_for=("publish",))
    assert planned(view, "publish", None, at(6, 10)) is None
    assert planned(view, "day", None) is None


def test_what_a_verdict_shows_of_an_anchor() -> None:
    view = view_at(13, "2026-03-12")
    due = _DueDays(view, view.calendar(), ())
    reference = resolve_anchor(view, anchor_of("act"), None, due).reference()
    assert (reference.kind, reference.date, reference.event) == ("actual", mar(2), 2)


@pytest.mark.parametrize(
    ("state", "whole"),
    [
        (AnchorState("actual", mar(9), at(9, 2), 2, set_at=at(2, 2)), True),
        (AnchorState("planned", mar(9), at(9, 2), 2, set_at=BEGINNING), True),
        (AnchorState("actual", mar(9), at(9, 2), 2), False),
        (AnchorState("actual", mar(9), end_of(mar(9)), 2, set_at=at(2, 2)), False),
        (
            AnchorState("actual", mar(9), at(9, 2), 2, moment=datetime(2026, 3, 9, 1, tzinfo=CHINA), set_at=at(2, 2)),
            False,
        ),
        (AnchorState("unknown", set_at=BEGINNING), False),
    ],
)
def test_a_civil_day_that_was_set_is_a_whole_day(state: AnchorState, whole: bool) -> None:
    assert state.whole_day is whole
    assert placed(AnchorState("planned", mar(9))) == at(9, 0)
    assert placed(AnchorState("unknown")) == (date.max, 0)
