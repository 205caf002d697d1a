"""Laws of time limits, each against a walk over the notices themselves that shares no code with the engine.

A later anchor, a rest day more, days suspended, months that end on their last day, chains of planned days, and what
happens when extension, suspension, restart and replanning meet on one clock.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import assume, example, given, settings, strategies as st
from tests.property.test_calendar_oracle import Walk
from tests.support import CALENDARS, cn, tries

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

ONE = timedelta(days=1)
AS_OF = date(2026, 11, 20)
WALK = Walk(AS_OF)
ACTS = ("a0", "a1", "a2", "a3", "a4", "a5", "a6", "stop", "resume", "extend", "restart")

UNITS = ("working_day", "calendar_day", "month", "year")
starts = st.dates(date(2015, 1, 1), date(2024, 6, 30))
amounts = {"working_day": 60, "calendar_day": 120, "month": 14, "year": 2}
limits = st.sampled_from(UNITS).flatmap(lambda unit: st.tuples(st.integers(1, amounts[unit]), st.just(unit)))


# -- the oracle


def stepped(day: date, n: int, unit: str) -> date:
    """A day plus (or minus) an amount, not rolled, by stepping."""
    if unit in ("month", "year"):
        month = day.year * 12 + day.month - 1 + n * (12 if unit == "year" else 1)
        year, month = divmod(month, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    left = abs(n)
    while left:
        day += ONE if n > 0 else -ONE
        left -= unit == "calendar_day" or WALK.worked[day]
    return day


def rolled(day: date, unit: str) -> date:
    while unit != "working_day" and not WALK.worked[day]:
        day += ONE
    return day


def due_by_walking(start: date, n: int, unit: str) -> date:
    return rolled(stepped(start, n, unit), unit)


# -- the engine


@lru_cache(maxsize=2048)
def statute(*duties: tuple[str, tuple[tuple[str, Any], ...]]) -> CompiledProcess:
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "actions": {name: {"by": "office", "with": {"days": {"type": "int"}}} for name in ACTS},
        "obligations": {f"d.{act}": {"law": "1", "do": act, "limit": _thawed(limit)} for act, limit in duties},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/clock", "process": process}))


def frozen(limit: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((key, frozen(value) if isinstance(value, dict) else value) for key, value in limit.items())


def _thawed(limit: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {key: _thawed(value) if isinstance(value, tuple) else value for key, value in limit}


def found(
    duties: dict[str, dict[str, Any]], told: list[dict[str, Any]], as_of: date = AS_OF, calendars: Any = cn
) -> dict[str, Judgement]:
    """The lines of an audit after some happenings, by obligation."""
    compiled = statute(*((act, frozen(limit)) for act, limit in duties.items()))
    first = min((date.fromisoformat(one["at"]) for one in told), default=as_of)
    story, _ = begin(
        ScriptSource(compiled, calendars), "c", Opening(), Attribution(by="office", at=first), instant(first, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        for _ in story.apply(happening, instant(happening.at, compiled)):
            pass
    return {
        line.obligation: line
        for line in audit(derive(compiled, story.case, calendars, as_of)).verdicts
        if not line.is_action
    }


def known(_: date) -> Any:
    """Every notice that is out now, whatever the day of the audit."""
    return cn(AS_OF)


def did(day: date, act: str, **fields: Any) -> dict[str, Any]:
    return {"at": day.isoformat(), "do": act} | ({"with": fields} if fields else {})


def planned(day: date, act: str, to: date) -> dict[str, Any]:
    return {"at": day.isoformat(), "plan": act, "to": to.isoformat()}


def end(limit: dict[str, Any], start: date, **more: Any) -> date:
    line = found({"a1": limit}, [did(start, "a0")], **more)["d.a1"]
    day = line.day
    assert day is not None, line
    return day


FORWARD = "within", "after"
BACKWARD = "at_least", "before"
WINDOW = "at_least", "after"


def limit_of(kind: tuple[str, str], amount: int, unit: str) -> dict[str, Any]:
    return {kind[0]: amount, "unit": unit, kind[1]: "a0"}


# -- laws of one limit


@settings(max_examples=tries(180))
@given(starts, limits)
@example(date(2026, 1, 31), (1, "month"))  # 28 February 2026 is a Saturday that is worked
@example(date(2026, 1, 30), (1, "month"))
@example(date(2024, 1, 31), (1, "month"))  # a leap year
@example(date(2024, 2, 29), (1, "year"))
@example(date(2023, 8, 31), (1, "month"))  # rolls over the national holiday
@example(date(2025, 12, 31), (2, "month"))
@example(date(2026, 1, 5), (40, "calendar_day"))  # 14 February 2026 is a Saturday that is worked
@example(date(2024, 12, 26), (1, "month"))  # 26 January 2025 is a Sunday that is worked
def test_a_forward_limit_ends_where_the_walk_does(start, limit):
    amount, unit = limit
    assert end(limit_of(FORWARD, amount, unit), start) == due_by_walking(start, amount, unit)


@settings(max_examples=tries(75))
@given(starts, limits)
@example(date(2026, 3, 31), (1, "month"))
def test_backward_limits_and_windows_end_where_the_walk_does_and_never_roll(start, limit):
    amount, unit = limit
    assert end(limit_of(BACKWARD, amount, unit), start) == stepped(start, -amount, unit)
    assert end(limit_of(WINDOW, amount, unit), start) == stepped(start, amount, unit)


@settings(max_examples=tries(75))
@given(starts, st.integers(0, 45), limits, st.sampled_from([FORWARD, BACKWARD, WINDOW]))
@example(date(2026, 1, 28), 3, (1, "month"), FORWARD)  # three days, one month end
def test_a_later_anchor_never_gives_an_earlier_day(start, later, limit, kind):
    written = limit_of(kind, *limit)
    assert end(written, start) <= end(written, start + later * ONE)


@settings(max_examples=tries(75))
@given(starts, st.integers(-70, 130), limits)
def test_a_rest_day_more_never_shortens_the_time_there_is(start, offset, limit):
    """A forward day never comes sooner, a backward one never later."""
    rest = start + offset * ONE
    layer = {"id": "more", "off_days": [rest.isoformat()], "work_days": []}

    def with_layer(as_of: date) -> Any:
        return CALENDARS.snapshot("cn", as_of, overlays=[layer])

    assert not with_layer(AS_OF).is_working_day(rest)
    forward, backward = limit_of(FORWARD, *limit), limit_of(BACKWARD, *limit)
    assert end(forward, start, calendars=with_layer) >= end(forward, start)
    assert end(backward, start, calendars=with_layer) <= end(backward, start)


@settings(max_examples=tries(75))
@given(starts, limits, st.integers(0, 50), st.integers(0, 60))
def test_what_is_suspended_moves_the_end_by_just_as_much(start, limit, stop_after, held):
    """The un-rolled end moves by the units the stretch holds: working days in working days, else calendar days."""
    amount, unit = limit
    stop = start + stop_after * ONE
    plain = stepped(start, amount, unit)
    assume(stop < plain)
    resume = stop + held * ONE
    written = limit_of(FORWARD, amount, unit) | {"suspended": {"from": "stop", "until": "resume"}}
    told = [did(start, "a0"), did(stop, "stop"), did(resume, "resume")]
    days = [stop + n * ONE for n in range(1, held + 1)]
    counted = sum(WALK.worked[day] for day in days) if unit == "working_day" else held
    moved = stepped(plain, counted, "working_day" if unit == "working_day" else "calendar_day")
    line = found({"a1": written}, told)["d.a1"]
    assert line.due == rolled(moved, unit)


# -- chains


@settings(max_examples=tries(75))
@given(
    st.lists(limits.filter(lambda limit: limit[1] != "year"), min_size=3, max_size=6),
    starts,
    st.integers(0, 6),
    st.data(),
)
def test_a_chain_of_planned_days_is_counted_step_by_step(chain, start, done, data):
    """Each link hangs on the last one: on its act where it was done, else on the day it is due."""
    duties = {
        f"a{n}": {"within": amount, "unit": unit, "after": f"a{n - 1}"} for n, (amount, unit) in enumerate(chain, 1)
    }
    told, expected, anchor = [did(start, "a0")], [], start
    for n, (amount, unit) in enumerate(chain, 1):
        due = due_by_walking(anchor, amount, unit)
        assume(due < date(2026, 9, 1))  # beyond the days that are published nothing is firm
        expected.append(due)
        anchor = due
        if n <= done:
            anchor += data.draw(st.integers(0, (due - start).days), label=f"early {n}") * -ONE
            anchor = max(anchor, date.fromisoformat(told[-1]["at"]))
            told.append(did(anchor, f"a{n}"))
    lines = found(duties, told, as_of=max(date.fromisoformat(told[-1]["at"]), start), calendars=known)
    assert [lines[f"d.a{n}"].due for n in range(1, len(chain) + 1)] == expected
    undone = [lines[f"d.a{n}"] for n in range(done + 2, len(chain) + 1)]
    assert all(line.anchor is not None and line.anchor.kind == "projected" for line in undone)
    assert all(line.verdict == "pending" for line in undone)


@settings(max_examples=tries(60))
@given(st.lists(limits.filter(lambda limit: limit[1] != "year"), min_size=3, max_size=6), starts, st.integers(0, 90))
def test_a_chain_may_hang_on_a_plan(chain, start, away):
    duties = {
        f"a{n}": {"within": amount, "unit": unit, "after": f"a{n - 1}"} for n, (amount, unit) in enumerate(chain, 1)
    }
    anchor = start + away * ONE
    expected = []
    for amount, unit in chain:
        anchor = due_by_walking(anchor, amount, unit)
        expected.append(anchor)
        assume(anchor < date(2026, 9, 1))  # beyond the days that are published nothing is firm
    lines = found(duties, [planned(start, "a0", start + away * ONE)], as_of=start, calendars=known)
    for n, due in enumerate(expected, 1):
        assert lines[f"d.a{n}"].due == due
        assert lines[f"d.a{n}"].verdict == "pending"


# -- what meets on one clock


RUNNING = {
    "suspended": {"from": "stop", "until": "resume"},
    "extended_by": {"action": "extend", "add": {"field": "days"}},
    "restarts_on": "restart",
}


@settings(max_examples=tries(75))
@given(
    starts,
    st.integers(30, 90),
    st.integers(1, 25),
    st.integers(1, 20),
    st.integers(0, 20),
    st.sampled_from(["calendar_day", "working_day"]),
)
def test_suspended_and_then_extended_is_both(start, amount, held, add, stop_after, unit):
    written = limit_of(FORWARD, amount, unit) | RUNNING
    stop = start + stop_after * ONE
    resume = stop + held * ONE
    told = [did(start, "a0"), did(stop, "stop"), did(resume, "resume"), did(resume, "extend", days=add)]
    counted = held if unit == "calendar_day" else sum(WALK.worked[stop + n * ONE] for n in range(1, held + 1))
    expected = rolled(stepped(start, amount + add + counted, unit), unit)
    assert found({"a1": written}, told)["d.a1"].due == expected
    asked_first = [told[0], did(start, "extend", days=add), *told[1:3]]
    assert found({"a1": written}, asked_first)["d.a1"].due == expected


@settings(max_examples=tries(75))
@given(starts, st.integers(20, 60), st.integers(1, 25), st.integers(1, 20), st.integers(1, 15), st.data())
def test_an_extension_asked_for_while_the_clock_stands_still_counts(start, amount, held, add, stop_after, data):
    """Even later than the day on which it would have run out had it not been stopped."""
    written = limit_of(FORWARD, amount, "calendar_day") | RUNNING
    stop = start + stop_after * ONE
    asked = stop + data.draw(st.integers(0, held + 60), label="asked") * ONE
    resume = asked + data.draw(st.integers(0, held), label="resumed") * ONE
    told = [did(start, "a0"), did(stop, "stop"), did(asked, "extend", days=add), did(resume, "resume")]
    expected = rolled(start + (amount + add + (resume - stop).days) * ONE, "calendar_day")
    assert found({"a1": written}, told)["d.a1"].due == expected


@settings(max_examples=tries(75))
@given(starts, limits, st.integers(1, 20), st.integers(0, 25), st.integers(0, 40))
def test_a_restart_forgets_what_was_added_and_held_before(start, limit, add, asked, again):
    amount, unit = limit
    written = limit_of(FORWARD, amount, unit) | RUNNING
    restart = start + (asked + again) * ONE
    told = [
        did(start, "a0"),
        did(start + asked * ONE, "extend", days=add),
        did(start, "stop"),
        did(restart, "resume"),
        did(restart, "restart"),
    ]
    told.sort(key=lambda one: (one["at"], ["a0", "stop", "extend", "resume", "restart"].index(one["do"])))
    assert found({"a1": written}, told)["d.a1"].due == due_by_walking(restart, amount, unit)


@settings(max_examples=tries(75))
@given(
    starts,
    st.integers(1, 20),
    st.lists(st.integers(15, 90), min_size=3, max_size=3),
    st.integers(0, 60),
    st.integers(0, 90),
    st.booleans(),
)
def test_a_backward_limit_is_tested_again_by_each_of_its_plans(start, amount, plans, noticed, looked, held):
    """The event is planned and moved twice; only where it stands now, or when it happened, counts."""
    written = limit_of(BACKWARD, amount, "working_day")
    notice, as_of = start + noticed * ONE, start + (20 + looked) * ONE
    moves = [planned(start + n * ONE, "a0", start + (30 + to) * ONE) for n, to in enumerate(plans)]
    told = sorted([*moves, did(notice, "a1")], key=lambda one: one["at"])
    event = start + (30 + plans[-1]) * ONE
    held = held and notice <= event <= as_of
    if held:
        told.append(did(event, "a0"))
    told = [one for one in told if date.fromisoformat(one["at"]) <= as_of]
    line = found({"a1": written}, told, as_of=as_of, calendars=known)["d.a1"]
    latest = stepped(event, -amount, "working_day")
    assert line.latest == latest
    if notice <= min(latest, as_of):
        expected = "pass"
    elif held:
        expected = "breach"
    else:
        expected = "overdue" if as_of > latest else "pending"
    assert line.verdict == expected, (latest, event)
