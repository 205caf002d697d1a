"""Assignments over any history: on each day the last that has begun counts, whatever the order of telling."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st

from zhengxie_flow.engine.events.evolve import evolve, fold
from zhengxie_flow.model.assignment import assignment_periods
from zhengxie_flow.model.body import read_body
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType, Mode

FIRST, NOW = date(2026, 3, 2), datetime(2026, 4, 1, tzinfo=UTC)
days = st.integers(-5, 12)
told = st.tuples(
    days, st.sampled_from("ab"), days, st.sampled_from("xyz"), st.booleans(), st.none() | st.integers(0, 9)
)
"""An assignment: day told, role, first day, holder, whether a person; or the withdrawal of an earlier event."""


def _event(number: int, kind: EventType, day: date, body: dict[str, Any], supersedes: int | None = None) -> Event:
    return Event(
        case="c", sequence=number, type=kind, mode=Mode.RECORDED, occurred=day, recorded=NOW,
        body=read_body(kind, body), supersedes=supersedes,
    )  # fmt: skip


def _journal(history: list[Any]) -> list[Event]:
    opened = {"process": "p", "zone": "Asia/Shanghai", "state": {"to": "start"}}
    events = [_event(1, EventType.OPENED, FIRST, opened)]
    for day, role, begins, holder, person, withdrawn in history:
        number, when = len(events) + 1, FIRST + timedelta(day)
        made = [event.sequence for event in events if event.type is EventType.ASSIGNED]
        if withdrawn is not None and made:
            target = made[withdrawn % len(made)]
            events.append(_event(number, EventType.CORRECTED, when, {"reason": "r", "retract": True}, target))
            continue
        body = {"role": role, "from": (FIRST + timedelta(begins)).isoformat(), "person" if person else "office": holder}
        events.append(_event(number, EventType.ASSIGNED, when, body))
    return events


def _standing(events: list[Event]) -> set[int]:
    """The assignments that were not withdrawn."""
    withdrawn = {event.supersedes for event in events}
    return {event.sequence for event in events if event.type is EventType.ASSIGNED and event.sequence not in withdrawn}


@given(st.lists(told, max_size=9))
def test_the_last_assignment_that_has_begun_counts(history: list[Any]) -> None:
    events = _journal(history)
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    assert case is not None
    assert case == fold(events)
    standing = _standing(events)
    bodies: list[tuple[str, int, Any]] = [
        (event.body.from_, event.sequence, event.body)  # type: ignore[union-attr]  # an assignment
        for event in events
        if event.sequence in standing
    ]
    periods = list(assignment_periods(case.assignments))
    for offset in range(-7, 15):
        day = FIRST + timedelta(offset)
        for role in "ab":
            begun = [entry for entry in bodies if entry[2].role == role and entry[0] <= day.isoformat()]
            expected = max(begun, key=lambda entry: entry[:2])[2] if begun else None
            found = case.assigned(role, day)
            assert (found and (found.office, found.person)) == (expected and (expected.office, expected.person))
            covering = [
                period.assignment
                for period in periods
                if period.assignment.role == role
                and period.assignment.begins <= day
                and (period.ends is None or day <= period.ends)
            ]
            assert covering == ([found] if found else [])
