"""What stops and extensions hang on: fields of their acts, of the item, the stop in which they are given; rows with anchors of their own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.limits.test_clocks_by_walking import LAW
from tests.unit.engine.limits.test_hanging_by_item import ADDS, ITEMS
from tests.unit.engine.test_limits import did, lines, the
from tests.unit.engine.test_resolving import FIVE, owed, resolved, rounds, view_of

from zhengxie_flow.engine import compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.limits.attempted_extensions import changes_of
from zhengxie_flow.engine.limits.counted_acts import performed_by
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

ONE = timedelta(days=1)
CALENDAR = cn(date(2026, 3, 1))
START = date(2026, 3, 2)  # a Monday
RECEIVED = did("2026-03-02", "receive")


def after(amount: int, start: date = START) -> date:
    return CALENDAR.within(start, amount).date


DAYS = {"extend": {"by": "office", "with": {"days": {"type": "int"}}}}


@pytest.mark.parametrize(("days", "amount"), [(3, 8), (4, 6), (None, 5)])
def test_an_extension_goes_as_far_as_the_first_rule_that_its_own_field_meets(days, amount):
    rules = [{"action": "extend", "when": {"days": 3}, "add": 3}, {"action": "extend", "when": {"days": 4}, "add": 1}]
    told = [RECEIVED, did("2026-03-04", "extend", **({} if days is None else {"with": {"days": days}}))]
    view = view_of({**FIVE, "extended_by": rules}, told, "2026-03-05", actions=DAYS)
    (change,) = changes_of(view, owed(view))
    assert (str(change.verdict), change.units) == (("pass", amount - 5) if days else ("needs_judgement", 0))


def each(keys: dict[str, Any], told: list[dict[str, Any]], as_of: str) -> dict[str | None, date | None]:
    """The last day of a duty for each of two papers, one of which names the 6th of March."""
    papers = [
        did("2026-03-02", "file", **{"for": name, "with": {"day": day}})
        for name, day in (("a", "2026-03-06"), ("b", "2026-03-09"))
    ]
    found = lines(
        FIVE, [RECEIVED, *papers, *told], as_of, actions={"file": ADDS}, **ITEMS,
        obligations={"each.paper": {"law": "1", "for": "paper", "do": "accept", "limit": {**FIVE, **keys}}},
    )  # fmt: skip
    return {line.item: line.due for line in found if line.obligation == "each.paper"}


def test_a_stop_and_an_extension_for_items_of_one_kind_move_theirs_alone():
    told = [did("2026-03-03", "stop"), did("2026-03-05", "resume")]
    stop = {"suspended": {"from": "stop", "until": "resume", "when": {"day": "2026-03-06"}}}
    assert each(stop, told, "2026-03-06") == {"a": after(7), "b": after(5)}
    extension = {"extended_by": {"action": "restart", "add": 3, "when": {"day": "2026-03-06"}}}
    assert each(extension, [did("2026-03-03", "restart")], "2026-03-06") == {"a": after(8), "b": after(5)}


STOPS = {"suspended": {"from": "stop", "until": "resume"}}


@pytest.mark.parametrize(("extension", "last"), [
    ({"add": 2}, after(5 + 2 + 3)),
    ({"add": 2, "up_to": 1}, after(5 + 1 + 3)),
    ({"to": {"within": 9, "unit": "working_day"}}, after(9 + 3)),
    ({"to": {"within": 9, "unit": "working_day"}, "up_to": 2}, after(5 + 2 + 3)),
])  # fmt: skip
def test_an_extension_while_the_clock_stands_still_is_added_and_the_stop_as_well(extension, last):
    limit = {**FIVE, **STOPS, "extended_by": {"action": "extend", **extension}}
    told = [RECEIVED, did("2026-03-04", "stop"), did("2026-03-05", "extend"), did("2026-03-09", "resume")]
    view = view_of(limit, told[:3], "2026-03-06")
    (change,) = changes_of(view, owed(view))
    assert str(change.verdict) == ("capped" if "up_to" in extension else "pass")
    found = resolved(limit, told[:3], "2026-03-06")
    assert (found.day, found.stopped_since, len(found.changes)) == (None, date(2026, 3, 4), 1)
    assert resolved(limit, told, "2026-03-10").day == last


@pytest.mark.parametrize("stops", [1, 2, 3])
def test_what_ran_before_each_stop_is_consumed(stops):
    told = [RECEIVED]
    for place in range(stops):
        told += [did(f"2026-03-{4 + 7 * place:02}", "stop"), did(f"2026-03-{6 + 7 * place:02}", "resume")]
    told.pop()
    found = resolved({**FIVE, "within": 30, **STOPS}, told, "2026-03-27")
    stopped = {date(2026, 3, day + 7 * place) for place in range(stops - 1) for day in (5, 6)}
    last = date(2026, 3, 4 + 7 * (stops - 1))
    ran = [START + n * ONE for n in range(1, (last - START).days + 1)]
    assert found.consumed == sum(day.weekday() < 5 and day not in stopped for day in ran)
    assert found.left == 30 - found.consumed


def test_an_act_without_effect_does_not_hide_the_one_after_it():
    actions = {"answer": {"by": "office", "with": {"text": {"type": "text"}}, "void_without": ["text"]}}
    told = [RECEIVED, did("2026-03-03", "answer"), did("2026-03-04", "answer", **{"with": {"text": "so"}})]
    view = view_of(FIVE, told, "2026-03-05", actions=actions)
    assert [act.day for act in performed_by(view, ("answer",), None)] == [date(2026, 3, 4)]


def row(ident: str, days: int, **more: Any) -> dict[str, Any]:
    return {"id": ident, "basis": "doc-1", "within": days, "unit": "working_day", "after": "receive", **more}


def test_rows_with_an_anchor_of_their_own_open_a_round_at_each_of_its_occurrences():
    parameters = {
        "period": {
            "law": "1",
            "rows": [row("north", 3, when={"place": "north"}), row("south", 4, when={"place": "south"})],
        }
    }
    told = [
        {"at": "2026-03-01", "determine": {"place": "south"}, "reason": "r"},
        RECEIVED, did("2026-03-03", "answer"), did("2026-03-09", "receive"),
    ]  # fmt: skip
    found = rounds({"parameter": "period"}, told, "2026-03-10", parameters=parameters)
    assert [(part.limit.day, len(part.acts)) for part in found] == [(after(4), 1), (after(4, date(2026, 3, 9)), 0)]


def test_where_no_row_is_in_force_nothing_is_its_anchor():
    parameters = {"period": {"law": "1", "rows": [row("old", 3, in_force={"to": "2026-02-01"})]}}
    found = resolved({"parameter": "period"}, [RECEIVED], "2026-03-10", parameters=parameters)
    assert (found.day, found.anchor.kind, found.parameter) == (None, "unknown", "period")


@pytest.mark.parametrize(("early", "verdict"), [({}, "pending"), ({"early": "counts"}, "pass")])
def test_an_act_at_an_instant_before_the_clock_started_counts_where_early_ones_do(early, verdict):
    told = [did("2026-03-03T09:29:00+08:00", "answer"), did("2026-03-03T09:30:00+08:00", "receive")]
    found = the(lines({**FIVE, **early}, told, "2026-03-04"))
    assert str(found.verdict) == verdict


@pytest.mark.parametrize("day", range(1, 24))
def test_a_set_day_around_a_festival_not_arranged_has_the_bounds_of_its_roll(day):
    rules = {"roll": {"forward": "next", "set_day": "next", **LAW}}
    written = {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules}]}
    shown = date(2027, 2, day)
    told = [{"at": "2026-11-01", "determine": {"day": shown.isoformat()}, "reason": "r"}]
    found = the(lines({"by_date": "day"}, told, "2026-11-03", convention="order", conventions={"order": written}))
    wanted = cn(date(2026, 11, 3)).within(shown - ONE, 1, unit="calendar_day")
    limit = found.working.limit
    assert found.due == wanted.date
    assert limit is not None
    low, high = limit.possible or (limit.date, limit.date)
    assert low <= wanted.earliest <= wanted.latest <= high
    assert (low < high) is (wanted.earliest < wanted.latest)


def test_each_act_after_a_time_that_must_pass_is_judged_by_itself():
    limit = {"at_least": 5, "unit": "calendar_day", "after": "receive"}
    told = [RECEIVED, did("2026-03-04", "answer"), did("2026-03-09", "answer"), did("2026-03-10", "receive")]
    found = rounds(limit, told, "2026-03-11")
    assert [(part.limit.day, part.limit.number, [act.day.day for act in part.acts]) for part in found] == [
        (date(2026, 3, 7), 1, [4]), (date(2026, 3, 7), 2, [9]), (date(2026, 3, 15), 3, []),
    ]  # fmt: skip


@pytest.mark.parametrize("until", ["2026-03-10", None])
def test_the_office_that_may_extend_must_have_authority(until):
    """A role in force from the fifth on: its extension before is void for that, the later one counts."""
    told = [RECEIVED, did("2026-03-04", "extend", by="deputy"), did("2026-03-06", "extend", by="deputy")]
    process = {
        "language": 1, "process": "clock", "law": "x-1", "states": {"open": {}},
        "roles": {"office": {}, "deputy": {"in_force": {"from": "2026-03-05", **({"to": until} if until else {})}}},
        "actions": {"receive": {"by": "office"}, "answer": {"by": "office"}, "extend": {"by": ["office", "deputy"]}},
        "obligations": {"the.duty": {"law": "1", "do": "answer", "limit": {**FIVE, "extended_by": {"action": "extend", "add": 2}}}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/clock", "process": process}))
    story, _ = begin(
        ScriptSource(compiled, cn), "c", Opening(), Attribution(by="office", at=START), instant(START, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        list(story.apply(happening, instant(happening.at, compiled)))
    view = derive(compiled, story.case, cn, date(2026, 3, 9)).view
    found = [(str(change.verdict), change.detail) for change in changes_of(view, owed(view))]
    assert found == [("invalid", ("not_in_force",)), ("pass", ())]


PROLONGED = {"suspended": [{"from": "stop", "until": "resume"}, {"from": "publish", "until": "reply"}]}


@pytest.mark.parametrize(("unit", "left"), [("working_day", 18), ("calendar_day", 17)])
def test_a_clock_stands_still_since_the_first_of_the_stops_that_run_into_one_another(unit, left):
    """From Wednesday the fourth; a second stop prolongs the first from inside, and one before both had ended."""
    limit = {"within": 20, "unit": unit, "after": "receive", **PROLONGED}
    told = [
        RECEIVED, did("2026-03-04", "stop"), did("2026-03-09", "publish"), did("2026-03-11", "resume"), did("2026-03-12", "stop"),
    ]  # fmt: skip
    for number, (since, units) in {
        1: (None, None),
        2: (4, left + (unit != "working_day")),
        4: (4, left + (unit != "working_day")),
    }.items():
        found = resolved(limit, told[:number], "2026-03-13")
        assert (found.stopped_since, found.left) == (since and date(2026, 3, since), units), number
        assert found.working_calendar == ("cn" if unit == "working_day" else None)
    apart = [RECEIVED, did("2026-03-03", "stop"), did("2026-03-04", "resume"), did("2026-03-09", "stop")]
    assert resolved(limit, apart[:3], "2026-03-10").stopped_since is None
    assert resolved(limit, apart, "2026-03-10").stopped_since == date(2026, 3, 9)


def test_a_clock_that_stopped_after_its_bare_end_has_nothing_left():
    limit = {
        "within": 5,
        "unit": "calendar_day",
        "after": "receive",
        **STOPS,
    }  # until Saturday the seventh, rolled to Monday
    for day, left in ((6, 1), (7, 0), (8, 0), (9, 0)):
        found = resolved(limit, [RECEIVED, did(f"2026-03-{day:02}", "stop")], "2026-03-12")
        assert (found.left, found.stopped_since) == (left, date(2026, 3, day))


def test_a_limit_that_nothing_changes_never_stands_still():
    found = resolved(FIVE, [RECEIVED], "2026-03-04")
    assert (found.stopped_since, found.left, found.consumed, found.changes) == (None, None, 0, ())
