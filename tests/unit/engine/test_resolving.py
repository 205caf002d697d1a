"""Limits resolved: set days, hours, chains of days that are not firm, rounds that another act closes, several limits in one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_limits import did, lines

from zhengxie_flow.engine import compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.limits.attempted_extensions import changes_of
from zhengxie_flow.engine.limits.recurring import Round
from zhengxie_flow.engine.limits.resolve import OwedLimit, owed_limit, resolve_limit, resolve_rounds
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

CALENDAR = cn(date(2026, 11, 22))
NAMES = ("receive", "answer", "reply", "publish", "stop", "resume", "again")
FIVE: dict[str, Any] = {"within": 5, "unit": "working_day", "after": "receive"}
TEN: dict[str, Any] = {"within": 10, "unit": "working_day", "after": "receive"}


def view_of(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str, **more: Any) -> CaseView:
    actions: dict[str, Any] = {name: {"by": "office"} for name in NAMES}
    actions |= {"extend": {"by": "office"}, "each": {"by": "office", "for": "guest"}, **more.get("actions", {})}
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {role: {} for role in more.get("roles", ("office",))}, "states": {"open": {}}, "items": {"guest": {"fields": {}}},
        "facts": {"day": {"type": "date", "by": "office"}, "place": {"type": "text", "by": "office"}, **more.get("facts", {})}, "actions": actions,
        "obligations": {"the.duty": {"law": "1", "do": "answer", "limit": limit}, **more.get("obligations", {})},
    }  # fmt: skip
    parameters = {"parameters": more["parameters"]} if "parameters" in more else {}
    compiled = compile_process(resolve({"id": "x/clock", "process": process, **parameters}))
    first = date.fromisoformat(as_of) if not told else date.fromisoformat(str(told[0]["at"])[:10])
    opening = Opening(items={"guest": {"g1": {}}})
    story, _ = begin(
        ScriptSource(compiled, cn), "c", opening, Attribution(by="office", at=first), instant(first, compiled)
    )
    for written in told:
        happening = ScriptEvent.model_validate({"by": "office", **written})
        list(story.apply(happening, instant(happening.at, compiled)))
    return derive(compiled, story.case, cn, date.fromisoformat(as_of)).view


def owed(view: CaseView, name: str = "the.duty", item: str | None = None) -> OwedLimit:
    owner = None if item is None else view.case.items["guest"][item]
    return owed_limit(view, name, view.compiled.process.obligations[name], owner)


def resolved(
    limit: dict[str, Any], told: list[dict[str, Any]], as_of: str = "2026-03-20", **more: Any
) -> ResolvedLimit:
    view = view_of(limit, told, as_of, **more)
    return resolve_limit(view, owed(view))


def rounds(
    limit: dict[str, Any], told: list[dict[str, Any]], as_of: str = "2026-04-20", **more: Any
) -> tuple[Round, ...]:
    view = view_of(limit, told, as_of, **more)
    return resolve_rounds(view, owed(view))


def bounds(limit: ResolvedLimit) -> tuple[date | None, date | None, date | None]:
    return limit.low, limit.day, limit.high


RECEIVED = did("2026-03-02", "receive")
SET = {"at": "2026-03-02", "determine": {"day": "2026-03-13"}, "reason": "r"}


def test_before_a_day_that_was_set_is_the_day_before() -> None:
    before = resolved({"before": "day"}, [SET])
    assert bounds(before) == (date(2026, 3, 12),) * 3
    assert bounds(resolved({"by_date": "day"}, [SET])) == (date(2026, 3, 13),) * 3
    assert bounds(resolved({"after": "day"}, [SET])) == (date(2026, 3, 13),) * 3
    assert bounds(resolved({"before": "receive"}, [RECEIVED])) == (date(2026, 3, 2),) * 3
    assert resolved({"by_date": "day"}, [SET]).opened == (date.min, 0)
    assert resolved({"after": "day"}, [SET]).opened is None
    assert resolved({"before": "day"}, [SET]).opened is None


@pytest.mark.parametrize(
    ("limit", "moment"),
    [
        ({"within": 24, "unit": "hour", "after": "receive"}, "2026-03-04T01:30:00+08:00"),
        ({"within": 2, "unit": "hour", "after": "receive"}, "2026-03-03T03:30:00+08:00"),
        ({"at_least": 3, "unit": "hour", "after": "receive"}, "2026-03-03T04:30:00+08:00"),
        ({"at_least": 24, "unit": "hour", "before": "receive"}, "2026-03-02T01:30:00+08:00"),
        ({"at_least": 2, "unit": "hour", "before": "receive"}, "2026-03-02T23:30:00+08:00"),
    ],
)
def test_hours_run_from_an_instant_and_end_on_a_local_day(limit: dict[str, Any], moment: str) -> None:
    found = resolved(limit, [{**RECEIVED, "at": "2026-03-02T17:30:00+00:00"}])
    ended = datetime.fromisoformat(moment)
    assert found.moment == ended
    assert bounds(found) == (ended.date(),) * 3
    without = resolved(limit, [RECEIVED])
    assert (without.moment, bounds(without)) == (None, (None, None, None))


def test_a_day_outside_the_data_is_said_to_be() -> None:
    found = resolved({"within": 900, "unit": "working_day", "after": "receive"}, [RECEIVED])
    assert found.beyond is not None and found.beyond.code == "ZX2008"
    assert bounds(found) == (None, None, None)


def test_what_is_not_firm_has_the_bounds_of_the_count() -> None:
    told = [did("2026-12-21", "receive")]
    for limit, count in (
        (FIVE, CALENDAR.within(date(2026, 12, 21), 5)),
        ({"at_least": 5, "unit": "working_day", "after": "receive"}, CALENDAR.minimum(date(2026, 12, 21), 5, "working_day")),
        ({"at_least": 5, "unit": "working_day", "after": "receive", "count": "clear_days"}, CALENDAR.minimum(date(2026, 12, 21), 5, "working_day", "clear_days")),
    ):  # fmt: skip
        found = resolved(limit, told, "2026-12-22")
        assert count.status == "provisional" and count.earliest < count.latest
        assert bounds(found) == (count.earliest, count.date, count.latest)
        assert found.count is not None and found.count.date == count.date
        assert not found.firm
    stopped = {**FIVE, "suspended": {"from": "stop", "until": "resume"}}
    clocked = resolved(stopped, told, "2026-12-22")
    assert bounds(clocked) == bounds(resolved(FIVE, told, "2026-12-22"))
    assert clocked.count is not None


def test_the_bounds_of_a_chain_are_counted_from_the_bounds_of_its_links() -> None:
    first = {"obligations": {"first": {"law": "1", "do": "reply", "limit": TEN}}}
    start = CALENDAR.within(date(2026, 12, 14), 10)
    told = [did("2026-12-14", "receive")]
    for limit, method in (
        ({"within": 3, "unit": "working_day", "after": {"due": "first"}}, lambda day: CALENDAR.within(day, 3)),
        ({"at_least": 3, "unit": "working_day", "before": {"due": "first"}}, lambda day: CALENDAR.before(day, 3)),
        ({"at_least": 3, "unit": "calendar_day", "after": {"due": "first"}}, lambda day: CALENDAR.minimum(day, 3)),
    ):
        found = resolved(limit, told, "2026-12-22", **first)
        low, high = method(start.earliest), method(start.latest)
        assert bounds(found) == (low.earliest, method(start.date).date, high.latest)
        assert found.low is not None and found.high is not None and found.low < found.high
    order = resolved({"after": {"due": "first"}}, told, "2026-12-22", **first)
    assert bounds(order) == (start.earliest, start.date, start.latest)


def test_what_hangs_on_the_end_of_a_window_or_of_mere_order_waits() -> None:
    for other in ({"at_least": 3, "unit": "working_day", "after": "receive"}, {"after": "receive"}):
        found = resolved(
            {**FIVE, "after": {"due": "first"}},
            [RECEIVED],
            obligations={"first": {"law": "1", "do": "reply", "limit": other}},
        )
        assert (found.day, found.anchor.kind, found.anchor.waits_for) == (None, "unknown", ("first",))
    for obligations in (
        {"first": {"law": "1", "do": "reply"}},
        {"first": {"law": "1", "for": "guest", "do": "each", "limit": FIVE}},
    ):
        found = resolved({**FIVE, "after": {"due": "first"}}, [RECEIVED], obligations=obligations)
        assert (found.day, found.anchor.kind, found.anchor.waits_for) == (None, "unknown", ("first",))


def test_limits_that_hang_on_one_another_stay_unknown() -> None:
    chain = {"first": {"law": "1", "do": "reply", "limit": {**FIVE, "after": {"due": "the.duty"}}}}
    found = resolved({**FIVE, "after": {"due": "first"}}, [RECEIVED], obligations=chain)
    assert (found.day, found.anchor.kind) == (None, "unknown")
    several = {"earliest_of": [{**FIVE, "after": {"due": "first"}}, FIVE]}
    assert resolved(several, [RECEIVED], obligations=chain).day == date(2026, 3, 9)


def test_another_act_that_closes_a_round_is_no_act_of_it() -> None:
    closing = {"reply": {"by": "office", "closes": ["the.duty"]}}
    told = [
        RECEIVED,
        did("2026-03-04", "reply"),
        did("2026-03-05", "receive"),
        did("2026-03-06", "answer"),
        did("2026-03-07", "receive"),
    ]
    found = rounds(FIVE, told, actions=closing)
    assert [(part.limit.number, part.limit.anchor.event, [act.sequence for act in part.acts]) for part in found] == [
        (1, 2, [5]),
        (2, 4, [5]),
        (3, 6, []),
    ]
    without = rounds(FIVE, told)
    assert [(part.limit.number, part.limit.anchor.event, part.limit.repeated) for part in without] == [
        (1, 2, (4,)),
        (2, 6, ()),
    ]
    assert [part.limit.opened_at for part in without] == [None, (date(2026, 3, 7), 6)]
    assert [None if part.limit.first is None else part.limit.first.event for part in without] == [2, 6]
    single = rounds(FIVE, told[:1], actions=closing)
    assert [(part.limit.number, part.limit.first, part.acts) for part in single] == [(1, None, ())]


def test_the_end_of_each_round_of_another_duty_is_an_occurrence() -> None:
    told = [RECEIVED, did("2026-03-04", "reply"), did("2026-03-20", "receive")]
    first = {"obligations": {"first": {"law": "1", "do": "reply", "limit": FIVE}}}
    found = rounds({**FIVE, "after": {"due": "first"}}, told, **first)
    assert [(part.limit.number, part.limit.anchor.day) for part in found] == [
        (1, date(2026, 3, 9)),
        (2, date(2026, 3, 27)),
    ]


def test_several_limits_join_their_rounds() -> None:
    long = {"within": 20, "unit": "working_day", "after": "publish"}
    told = [did("2026-03-02", "publish"), RECEIVED, did("2026-03-04", "answer"), did("2026-03-16", "receive")]
    both = [FIVE, long]
    for word, days in (
        ("earliest_of", [date(2026, 3, 9), date(2026, 3, 23)]),
        ("latest_of", [date(2026, 3, 30), date(2026, 3, 30)]),
    ):
        found = rounds({word: both}, told)
        assert [(part.limit.number, part.limit.day) for part in found] == list(enumerate(days, 1))
        assert all(part.acts for part in found[:1])
    waiting = {"within": 5, "unit": "working_day", "after": "again"}
    assert rounds({"latest_of": [FIVE, waiting]}, told)[0].limit.day is None
    assert rounds({"earliest_of": [FIVE, waiting]}, told)[0].limit.day == date(2026, 3, 9)
    nested = {"earliest_of": [{"latest_of": [FIVE, long]}, {"within": 12, "unit": "working_day", "after": "publish"}]}
    assert rounds(nested, told)[0].limit.day == date(2026, 3, 18)


def test_each_anchor_that_the_rules_name_opens_rounds() -> None:
    choice = {
        "choose": [{"when": {"place": "north"}, "within": 3, "after": "publish"}, {"within": 5, "after": "receive"}],
        "unit": "working_day",
    }
    told = [
        RECEIVED,
        did("2026-03-03", "answer"),
        did("2026-03-05", "publish"),
        did("2026-03-06", "answer"),
        did("2026-03-09", "receive"),
    ]
    known = {"at": "2026-03-02", "determine": {"place": "south"}, "reason": "r"}
    found = rounds(choice, [known, *told])
    assert [part.limit.anchor.day for part in found] == [date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9)]


def test_extensions_of_a_clock_that_was_started_anew_stay_on_record() -> None:
    limit = {**FIVE, "restarts_on": "again", "extended_by": {"action": "extend", "add": 2}}
    told = [RECEIVED, did("2026-03-03", "extend"), did("2026-03-04", "again"), did("2026-03-05", "extend")]
    view = view_of(limit, told, "2026-03-06")
    (only,) = resolve_rounds(view, owed(view))
    assert [change.act.sequence for change in only.limit.forgotten] == [3]
    assert [change.act.sequence for change in only.limit.changes] == [5]
    assert [change.act.sequence for change in changes_of(view, owed(view))] == [3, 5]
    assert (only.limit.day, only.limit.number, only.limit.began.event, only.limit.anchor.event) == (
        date(2026, 3, 13),
        1,
        2,
        4,
    )
    after = rounds(limit, [*told[:2], did("2026-03-30", "again"), did("2026-03-31", "extend")])
    assert [
        (part.limit.number, part.limit.forgotten, [c.act.sequence for c in part.limit.changes]) for part in after
    ] == [(1, (), [3]), (2, (), [5])]


def test_a_clock_before_its_first_start_is_not_started_anew() -> None:
    limit = {**FIVE, "restarts_on": "again"}
    assert [part.limit.anchor.event for part in rounds(limit, [did("2026-03-01", "again"), RECEIVED])] == [3]
    assert resolved(limit, [did("2026-03-01", "again")]).day is None
    same = [RECEIVED, did("2026-03-02", "again")]
    assert [part.limit.anchor.event for part in rounds(limit, same)] == [3]
    itself = {**FIVE, "restarts_on": "receive"}
    assert [
        (part.limit.anchor.event, part.limit.number)
        for part in rounds(itself, [RECEIVED, did("2026-03-05", "receive")])
    ] == [(3, 1)]


NINE, TEN_O_CLOCK, ELEVEN = (f"2026-03-02T{hour:02}:00:00+08:00" for hour in (9, 10, 11))


@pytest.mark.parametrize(
    ("started", "answered", "counts"),
    [
        (TEN_O_CLOCK, NINE, False),  # both instants put the act before
        (TEN_O_CLOCK, ELEVEN, True),
        (TEN_O_CLOCK, "2026-03-02", True),
        ("2026-03-02", NINE, True),
        ("2026-03-02", "2026-03-02", True),
        ("2026-03-03", NINE, False),
        ("2026-03-03", "2026-03-02", False),
        (NINE, "2026-03-03T08:00:00+08:00", True),
    ],
)
@pytest.mark.parametrize("twice", [False, True])
def test_on_the_day_of_its_start_an_act_counts_whatever_its_order(
    started: str, answered: str, counts: bool, twice: bool
) -> None:
    """Also for a clock that goes on to further rounds, and in whichever order the two were recorded."""
    told = [did(answered, "answer"), did(started, "receive")]
    later = [did("2026-03-30", "receive")] if twice else []
    for order in (told, told[::-1]):
        acts = rounds(FIVE, [*order, *later])[0].acts
        due = date(2026, 3, 2) if started < "2026-03-03" else date(2026, 3, 3)
        assert [act.action for act in acts if twice or act.day >= due] == (["answer"] if counts else [])
        verdict = next(
            line.verdict for line in lines(FIVE, [*order, *later], "2026-03-30") if line.obligation == "the.duty"
        )
        assert verdict == ("pass" if counts else "overdue")


def test_an_act_that_closed_a_round_does_not_close_the_next_one_too() -> None:
    told = [RECEIVED, did("2026-03-04", "answer"), did("2026-03-04", "receive"), did("2026-03-30", "receive")]
    found = rounds(FIVE, told)
    assert [(part.limit.number, part.limit.anchor.event, [act.sequence for act in part.acts]) for part in found] == [
        (1, 2, [3]),
        (2, 4, []),
        (3, 5, []),
    ]
    assert [part.limit.day for part in found] == [date(2026, 3, 9), date(2026, 3, 11), date(2026, 4, 7)]


@pytest.mark.parametrize(("second", "count"), [(9, 1), (10, 2)])
def test_at_the_end_of_its_last_day_a_round_is_not_over_yet(second: int, count: int) -> None:
    """The other duty's second round ends on the very day on which this one does, or on the next; both are still open."""
    told = [RECEIVED, did("2026-03-04", "reply"), did(f"2026-03-{second:02}", "receive")]
    first = {"obligations": {"first": {"law": "1", "do": "reply", "limit": FIVE}}}
    found = rounds({**FIVE, "after": {"due": "first"}}, told, "2026-05-20", **first)
    assert found[0].limit.day == date(2026, 3, 16)
    assert len(found) == count
