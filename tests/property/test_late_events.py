"""Events told in any order, late ones and corrections among them, lead to the case that a plain fold finds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
from tests.property.fold_oracle import plain_fold

from zhengxie_flow.engine import evolve, fold
from zhengxie_flow.model.body import read_body
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType, Mode

FIRST = date(2026, 1, 5)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
names = st.sampled_from(["a", "b", "c"])
facts = st.dictionaries(names, st.booleans(), min_size=1)
ended = st.builds(lambda name, n: {"type": f"kind_{name}", "id": f"i{n}"}, names, st.integers(1, 3))
added = ended.map(lambda entry: {**entry, "fields": {}})
items = st.fixed_dictionaries(
    {}, optional={kind: st.lists(entry, max_size=2) for kind, entry in (("added", added), ("ended", ended))}
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "facts": facts,
        "items": items,
        "state": st.builds(lambda to: {"to": to}, names),
        "fields": st.builds(lambda value: {"x": value}, names),
    },
)
SUBCASE = {"name": "s", "case": "b", "process": "q", "state": "t", "final": False, "event": 1}
_COUNTED = {"day": None, "earliest": None, "latest": None, "status": "unknown", "calendar": "c"}
RECOMPUTED = {
    "obligation": "o", "old": _COUNTED, "new": _COUNTED, "notices": [], "moved_earlier": False, "advised_day_past": False,
}  # fmt: skip
bodies = {
    EventType.ACT: changes,
    EventType.DEEMED: changes.map(lambda change: {**change, "deemed_by": "d//1"}),
    EventType.SUBCASE: changes.map(lambda change: {**change, "subcase": SUBCASE}),
    EventType.DETERMINED: st.builds(lambda facts: {"facts": facts, "reason": "r"}, facts),
    EventType.PLANNED: st.builds(lambda n: {"to": (FIRST + timedelta(n)).isoformat()}, st.integers(0, 9)),
    EventType.EXPLAINED: st.builds(lambda name: {"obligation": name, "reason": "r", "public": False}, names),
    EventType.LINKED: st.builds(lambda name: {"parent": {"case": name, "subcase": "s", "linked": True}}, names),
    EventType.ASSIGNED: st.builds(
        lambda role, n, office: {"role": role, "from": (FIRST + timedelta(n)).isoformat(), "office": office},
        names,
        st.integers(-3, 9),
        names,
    ),
    EventType.RECOMPUTED: st.just(RECOMPUTED),
    EventType.CORRECTED: st.one_of(
        st.just({"reason": "r", "retract": True}),
        st.builds(
            lambda n: {"reason": "r", "replacement": {"occurred": (FIRST + timedelta(n)).isoformat()}},
            st.integers(0, 9),
        ),
    ),
}
told = st.sampled_from(list(bodies)).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.integers(-3, 9), names, st.none() | names, bodies[kind], st.integers(0, 30)
    )
)
stories = st.lists(told, max_size=14)


def _events(story: list[Any], opening: dict[str, Any]) -> list[Event]:
    """A journal; a correction means one of the events before it."""
    body = {"process": "p", "zone": "Asia/Shanghai", "state": {"to": "start"}, **opening}
    common = {"case": "c", "mode": Mode.RECORDED, "recorded": NOW}
    events = [
        Event(sequence=1, type=EventType.OPENED, occurred=FIRST, body=read_body(EventType.OPENED, body), **common)
    ]
    for kind, day, action, item, change, which in story:
        corrected = kind is EventType.CORRECTED
        if corrected and len(events) == 1:
            continue
        events.append(
            Event(
                sequence=len(events) + 1, type=kind, occurred=FIRST + timedelta(day), action=action, item=item,
                body=read_body(kind, change),
                supersedes=2 + which % (len(events) - 1) if corrected else None, **common,
            )
        )  # fmt: skip
    return events


def _orders(case: Case) -> list[list[Any]]:
    """The order in which everything is listed: verdicts come in it."""
    tables = [case.acts, case.facts, case.plans, case.items, *case.items.values()]
    return [list(table) for table in tables]


openings = st.fixed_dictionaries({}, optional={"facts": facts, "items": st.builds(lambda one: {"added": [one]}, added)})


@given(stories, openings)
def test_events_in_any_order_lead_to_the_same_case(story, opening):
    events = _events(story, opening)
    case = None
    for number, event in enumerate(events, 1):
        case = evolve(case, event)
        known = plain_fold(events[:number])
        assert case == fold(events[:number]) == known
        assert _orders(case) == _orders(fold(events[:number])) == _orders(known)
