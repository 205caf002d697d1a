"""Corners of limits: one story each, with the whole of what it comes to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.test_limits import did, lines, the
from tests.unit.engine.test_resolving import FIVE, owed, rounds, view_of

from zhengxie_flow.engine.limits.attempted_extensions import _starting, changes_of
from zhengxie_flow.engine.limits.counting_out import counted
from zhengxie_flow.engine.limits.recurring import following
from zhengxie_flow.model.limit import Limit, Part
from zhengxie_flow.model.recurrence import Recurrence

RECEIVED = did("2026-03-02", "receive")
CALENDAR = cn(date(2026, 3, 1))


def shown(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str, **more: Any) -> list[tuple[str, int, Any]]:
    found = lines(limit, told, as_of, **more)
    return [(str(line.verdict), line.round, line.due) for line in found if line.obligation == "the.duty"]


def test_a_parameter_that_is_nowhere_is_needed():
    found = the(lines({"after": "receive", "parameter": "nowhere"}, [RECEIVED], "2026-03-03"))
    assert (str(found.verdict), found.needs, found.due) == ("needs_parameter", ("nowhere",), None)


@pytest.mark.parametrize("key", ["by", "by_date", "before", "after"])
def test_what_has_no_amount_is_not_counted(key):
    with pytest.raises(ValueError, match=r"^(by|by_date|order_before|order_after)$"):
        counted(CALENDAR, Part.model_validate({key: "receive"}), date(2026, 3, 2))


@pytest.mark.parametrize(("period", "first"), [
    ("month", "2026-04-01"), ("quarter", "2026-04-01"), ("half_year", "2026-07-01"), ("year", "2027-01-01"),
])  # fmt: skip
def test_a_period_is_owed_from_its_first_day_on(period, first):
    limit = {"every": {"period": period}}
    began = date.fromisoformat(first)
    before = date.fromordinal(began.toordinal() - 1)
    told = [{"at": "2026-03-02", "do": "receive"}]
    assert len(shown(limit, told, before.isoformat())) == 1
    assert len(shown(limit, told, first)) == 2


@pytest.mark.parametrize("order", ["receive first", "answer first"])
def test_an_act_on_the_day_of_the_anchor_is_judged_by_it_whatever_the_order(order):
    acts = [RECEIVED, did("2026-03-02", "answer")]
    told = acts if order == "receive first" else acts[::-1]
    found = the(lines({"at_least": 3, "unit": "calendar_day", "after": "receive"}, told, "2026-03-20"))
    assert (str(found.verdict), found.earliest) == ("breach", date(2026, 3, 5))


def test_extensions_before_each_restart_stand_on_record_and_lengthen_nothing_after_it():
    limit = {**FIVE, "extended_by": {"action": "extend", "add": 2}, "restarts_on": "again"}
    told = [
        RECEIVED, did("2026-03-03", "extend"), did("2026-03-04", "again"), did("2026-03-10", "extend"),
        did("2026-03-11", "again"), did("2026-03-16", "extend"),
    ]  # fmt: skip
    (found,) = rounds(limit, told, "2026-03-17")
    forgotten = [(change.act.day.day, str(change.verdict), change.units) for change in found.limit.forgotten]
    assert forgotten == [(3, "pass", 2), (10, "pass", 2)]
    assert [(change.act.day.day, str(change.verdict)) for change in found.limit.changes] == [(16, "pass")]
    assert found.limit.day == CALENDAR.within(date(2026, 3, 11), 7).date
    assert (found.limit.anchor.day, found.limit.began.day) == (date(2026, 3, 11), date(2026, 3, 2))


@pytest.mark.parametrize(("early", "verdicts"), [
    ({}, ["pass", "overdue"]),
    ({"early": "counts"}, ["pass", "pass"]),
    ({"early": "out_of_order"}, ["pass", "overdue"]),
])  # fmt: skip
def test_an_act_between_two_rounds_counts_for_the_later_where_early_ones_do(early, verdicts):
    told = [
        RECEIVED, did("2026-03-03", "answer"), did("2026-03-04", "answer"), did("2026-03-05", "receive"),
    ]  # fmt: skip
    assert [verdict for verdict, *_ in shown({**FIVE, **early}, told, "2026-04-20")] == verdicts


@pytest.mark.parametrize(("key", "keys"), [
    ("before", {"at_least": 5, "unit": "working_day"}), ("before", {"at_most": 5, "unit": "working_day"}), ("before", {}), ("by", {}),
])  # fmt: skip
@pytest.mark.parametrize("occurrence", [None, "each"])
def test_an_act_before_an_event_counts_for_what_has_to_be_done_before_it(key, keys, occurrence):
    """Whatever the instants of both; of each further event only what was done after the one before."""
    limit = {key: "receive", **keys, **({"occurrence": occurrence} if occurrence else {})}
    told = [
        did("2026-03-02T08:00:00+08:00", "answer"), did("2026-03-02T09:00:00+08:00", "answer"),
        did("2026-03-02T17:00:00+08:00", "receive"), did("2026-03-10", "answer"), did("2026-03-20", "receive"),
    ]  # fmt: skip
    found = rounds(limit, told, "2026-04-20")
    acts = [[act.key[0].day for act in part.acts] for part in found]
    each = occurrence == "each" or key == "by"
    assert acts == ([[2, 2, 10], [10]] if each else [[2, 2, 10]])
    assert [part.limit.number for part in found] == ([1, 2] if each else [1])
    assert [part.closed for part in found] == [None] * len(found)


def test_a_further_event_that_is_planned_has_a_round_of_its_own_where_each_has():
    limit = {"at_least": 5, "unit": "working_day", "before": "receive", "occurrence": "each"}
    told = [
        did("2026-03-02", "answer"),
        did("2026-03-12", "receive"),
        {"at": "2026-03-13", "plan": "receive", "to": "2026-04-15"},
    ]
    found = rounds(limit, told, "2026-03-14")
    assert [(part.limit.number, part.limit.anchor.kind, len(part.acts)) for part in found] == [
        (1, "actual", 1),
        (2, "planned", 0),
    ]
    assert [part.limit.day for part in found] == [
        CALENDAR.before(date(2026, 3, 12), 5).date,
        CALENDAR.before(date(2026, 4, 15), 5).date,
    ]
    earlier = [{"at": "2026-03-01", "plan": "receive", "to": "2026-04-15"}, *told[:2]]
    assert [part.limit.number for part in rounds(limit, earlier, "2026-03-14")] == [
        1
    ]  # that plan was of the event that came


# -- clocks that stand, go on, or are lengthened by the act that starts them


def test_a_clock_given_another_amount_has_that_amount_while_it_stands_too():
    limit = {
        **FIVE,
        "extended_by": {"action": "extend", "to": {"within": 9}},
        "suspended": {"from": "stop", "until": "resume"},
    }
    told = [RECEIVED, did("2026-03-03", "extend"), did("2026-03-04", "stop")]
    (still,) = rounds(limit, told, "2026-03-05")
    assert still.limit.part is not None
    assert (still.limit.day, still.limit.suspended, still.limit.part.amount) == (None, True, 9)
    (again,) = rounds(limit, [*told, did("2026-03-05", "resume")], "2026-03-06")
    assert again.limit.part is not None
    assert (again.limit.day, again.limit.part.amount) == (CALENDAR.within(date(2026, 3, 2), 10).date, 9)


@pytest.mark.parametrize(("today", "projected"), [("2026-03-06", True), ("2026-03-10", True), ("2026-03-11", False)])
def test_a_stop_whose_end_is_known_projects_the_day_until_it_has_come(today, projected):
    actions = {"stop": {"by": "office", "with": {"until": {"type": "date"}}}}
    limit = {**FIVE, "suspended": {"from": "stop", "until": "stop.until"}}
    told = [RECEIVED, did("2026-03-04", "stop", **{"with": {"until": "2026-03-10"}})]
    (found,) = rounds(limit, told, today, actions=actions)
    clock = found.limit.clock
    assert clock is not None
    assert (found.limit.projected, clock.resumes, clock.suspended) == (projected, projected, False)
    assert found.limit.stopped is projected
    assert found.limit.day == CALENDAR.within(date(2026, 3, 2), 9).date
    assert found.limit.running_since == date(2026, 3, 10)
    assert found.limit.consumed == 2
    closed = [*told, did("2026-03-05", "answer")]
    (ended,) = rounds(limit, closed, today, actions=actions)
    assert (ended.limit.projected, ended.limit.stopped) == (False, False)  # it was closed: nothing is waited for


def test_each_act_that_starts_a_clock_lengthens_that_clock_alone():
    actions = {"receive": {"by": "office", "with": {"days": {"type": "int"}}}}
    limit = {**FIVE, "extended_by": {"action": "receive", "add": {"field": "days"}}}
    told = [
        did("2026-03-02", "receive", **{"with": {"days": 4}}), did("2026-03-04", "answer"),
        did("2026-03-05", "receive", **{"with": {"days": 2}}), did("2026-03-06", "answer"), did("2026-03-09", "receive"),
    ]  # fmt: skip
    found = rounds(limit, told, "2026-03-10", actions=actions)
    starts = [date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9)]
    assert [part.limit.day for part in found] == [
        CALENDAR.within(start, amount).date for start, amount in zip(starts, (9, 7, 5), strict=True)
    ]
    assert [[change.units for change in part.limit.changes] for part in found] == [[4], [2], []]
    assert [part.closed is None for part in found] == [False, False, True]


def test_a_day_that_one_answer_leaves_open_has_no_bounds():
    limit = {**FIVE, "suspended": {"from": "stop", "until": "resume", "when": "complicated"}}
    found = the(lines(limit, [RECEIVED, did("2026-03-04", "stop")], "2026-03-05"))
    assert (found.due, found.date_status, found.needs) == (date(2026, 3, 9), "provisional", ("complicated",))
    assert found.working.limit.possible is None


def test_the_act_that_closed_a_round_is_told_where_acts_may_lengthen_it():
    told = [RECEIVED, did("2026-03-04", "answer")]
    (plain,) = rounds(FIVE, told, "2026-03-05")
    (lengthened,) = rounds({**FIVE, "extended_by": {"action": "extend", "add": 1}}, told, "2026-03-05")
    assert (plain.closed, lengthened.closed) == (None, plain.acts[0].key)


@pytest.mark.parametrize(("stop", "resume", "numbers"), [
    ("2026-03-05", None, [1]), ("2026-03-05", "2026-03-11", [1]), ("2026-03-05", "2026-03-06", [1, 2]), ("2026-03-10", None, [1, 2]),
])  # fmt: skip
def test_what_comes_while_a_clock_stands_opens_no_other_round(stop, resume, numbers):
    limit = {**FIVE, "suspended": {"from": "stop", "until": "resume"}}
    told = [
        RECEIVED,
        did(stop, "stop"),
        *([] if resume is None else [did(resume, "resume")]),
        did("2026-03-11", "receive"),
    ]
    told.sort(key=lambda entry: entry["at"])
    if resume == "2026-03-11":
        told = [told[0], told[1], told[3], told[2]]  # received again just before it goes on
    found = rounds(limit, told, "2026-03-12")
    assert [part.limit.number for part in found] == numbers


@pytest.mark.parametrize(("anchor", "names"), [
    ("receive", {"receive"}), ("receive.sent", {"receive"}), ({"done": ["receive", "publish"]}, {"receive", "publish"}),
    ({"done": "receive", "where": {"ready": True}}, {"receive"}), ({"due": "first"}, set()),
    ({"first_of": ["receive", "publish.on"]}, {"receive", "publish"}),
    ({"last_of": [{"first_of": ["receive", {"due": "first"}]}, {"done": ["stop", "resume"]}]}, {"receive", "stop", "resume"}),
])  # fmt: skip
def test_the_acts_that_start_a_clock_are_those_of_its_anchor(anchor, names):
    assert set(_starting(Limit.model_validate({"within": 5, "unit": "working_day", "after": anchor}))) == names
    chosen = {
        "unit": "working_day",
        "choose": [{"when": "ready", "within": 3, "after": "appeal"}, {"within": 5, "after": anchor}],
    }
    assert set(_starting(Limit.model_validate(chosen))) == {"appeal", *names}


@pytest.mark.parametrize(("anchor", "act", "voids"), [
    ("receive", "extend", True), ({"done": ["receive", "extend"]}, "extend", False),
    ({"first_of": ["receive", "extend"]}, "extend", False), ({"last_of": ["receive", "receive.sent"]}, "extend", True),
])  # fmt: skip
def test_an_extension_after_its_round_was_closed_is_void_unless_its_act_starts_the_clock(anchor, act, voids):
    actions = {"receive": {"by": "office", "with": {"sent": {"type": "date"}}}}
    limit = {"within": 5, "unit": "working_day", "after": anchor, "extended_by": {"action": "extend", "add": 2}}
    told = [
        did("2026-03-02", "receive", **{"with": {"sent": "2026-03-02"}}), did("2026-03-03", "answer"), did("2026-03-04", act),
    ]  # fmt: skip
    view = view_of(limit, told, "2026-03-05", actions=actions)
    found = [(str(change.verdict), change.detail) for change in changes_of(view, owed(view))]
    assert (("invalid", ("round_closed",)) in found) is voids


@pytest.mark.parametrize(("on", "amount"), [("2026-03-01", 5), ("2026-03-02", 7), ("2026-03-04", 7), ("2026-03-10", 5)])
def test_a_clock_that_a_set_day_starts_is_lengthened_from_that_day_on(on, amount):
    limit = {"within": 5, "unit": "working_day", "after": "day", "extended_by": {"action": "extend", "add": 2}}
    told = [{"at": "2026-02-27", "determine": {"day": "2026-03-02"}, "reason": "r"}, did(on, "extend")]
    found = the(lines(limit, told, "2026-03-20"))
    assert found.due == CALENDAR.within(date(2026, 3, 2), amount).date


@pytest.mark.parametrize(
    "keys", [{}, {"extended_by": {"action": "extend", "add": 2}}, {"suspended": {"from": "stop", "until": "resume"}}]
)
def test_what_is_counted_by_a_convention_names_it_whatever_changes_its_clock(keys):
    order = {
        "language": 1,
        "convention": "order",
        "law": "1",
        "editions": [{"rules": {"roll": {"forward": "next", "law": "1"}}}],
    }
    limit = {**FIVE, "unit": "calendar_day", **keys}
    found = the(lines(limit, [RECEIVED], "2026-03-03", convention="order", conventions={"order": order}))
    proof = found.working.limit
    assert (proof.counted_by, proof.excepted, proof.date) == ("order", None, date(2026, 3, 9))
    assert [step.kind for step in proof.steps] == ["nominal", "rolled"]


def test_a_day_that_an_act_names_may_be_the_start_and_the_act_an_extension():
    actions = {"fix": {"by": "office", "with": {"on": {"type": "date"}, "more": {"type": "int"}}}}
    limit = {
        "within": 5,
        "unit": "working_day",
        "after": "fix.on",
        "extended_by": {"action": "fix", "add": {"field": "more"}},
    }
    told = [did("2026-03-02", "fix", **{"with": {"on": "2026-03-10", "more": 2}})]
    for today in ("2026-03-03", "2026-03-12"):
        assert the(lines(limit, told, today, actions=actions)).due == CALENDAR.within(date(2026, 3, 10), 7).date


def test_a_stop_from_before_a_start_to_come_holds_it_too():
    actions = {"stop": {"by": "office", "with": {"until": {"type": "date"}}}}
    limit = {"within": 5, "unit": "working_day", "after": "day", "suspended": {"from": "stop", "until": "stop.until"}}
    told = [
        {"at": "2026-03-02", "determine": {"day": "2026-03-10"}, "reason": "r"},
        did("2026-03-03", "stop", **{"with": {"until": "2026-03-12"}}),
    ]  # fmt: skip
    for today, projected in (("2026-03-04", True), ("2026-03-10", True), ("2026-03-13", False)):
        (found,) = rounds(limit, told, today, actions=actions)
        assert (found.limit.day, found.limit.projected) == (CALENDAR.within(date(2026, 3, 10), 7).date, projected), (
            today
        )


def test_a_term_whose_first_day_is_its_last_is_counted_too():
    limit = {"within": 1, "unit": "calendar_day", "after": "receive", "count": "first_day_included"}
    for keys in ({}, {"extended_by": {"action": "extend", "add": 1}}):
        proof = the(lines({**limit, **keys}, [RECEIVED], "2026-03-02")).working.limit
        assert (proof.date, proof.counted, proof.skipped) == (date(2026, 3, 2), (date(2026, 3, 2),), ())


def test_what_is_left_of_a_cap_may_be_a_single_unit():
    limit = {**FIVE, "extended_by": {"action": "extend", "add": 4, "up_to": 5}}
    (found,) = rounds(limit, [RECEIVED, did("2026-03-03", "extend"), did("2026-03-04", "extend")], "2026-03-05")
    assert [(str(change.verdict), change.units, change.left) for change in found.limit.changes] == [
        ("pass", 4, None),
        ("capped", 1, 1),
    ]
    assert found.limit.day == CALENDAR.within(date(2026, 3, 2), 10).date


def test_an_act_after_a_further_occurrence_waits_from_that_one():
    window = {"at_least": 3, "unit": "calendar_day", "after": "receive"}
    told = [RECEIVED, did("2026-03-06", "answer"), did("2026-03-10", "receive"), did("2026-03-12", "answer")]
    found = [
        (str(line.verdict), line.round, line.earliest)
        for line in lines(window, told, "2026-03-20")
        if line.obligation == "the.duty"
    ]
    assert found == [("pass", 1, date(2026, 3, 5)), ("breach", 2, date(2026, 3, 13))]


@pytest.mark.parametrize(("stopped", "kind"), [(False, "planned"), (True, "projected")])
def test_what_hangs_on_a_clock_that_is_to_go_on_is_projected(stopped, kind):
    first = {"law": "1", "do": "accept", "limit": {**FIVE, "suspended": {"from": "stop", "until": "stop.until"}}}
    actions = {"stop": {"by": "office", "with": {"until": {"type": "date"}}}}
    limit = {"within": 3, "unit": "working_day", "after": {"due": "first"}}
    told = [RECEIVED, *([did("2026-03-03", "stop", **{"with": {"until": "2026-03-06"}})] if stopped else [])]
    found = the(lines(limit, told, "2026-03-04", obligations={"first": first}, actions=actions))
    assert (found.anchor.kind, found.projected) == (kind, stopped)


@pytest.mark.parametrize(("period", "day", "first"), [
    ("month", "2026-03-31", "2026-04-01"), ("month", "2026-12-01", "2027-01-01"), ("quarter", "2026-03-31", "2026-04-01"),
    ("quarter", "2026-04-01", "2026-07-01"), ("half_year", "2026-06-30", "2026-07-01"), ("half_year", "2026-07-01", "2027-01-01"),
    ("year", "2026-01-01", "2027-01-01"), ("year", "2026-12-31", "2027-01-01"),
])  # fmt: skip
def test_the_period_after_that_of_a_day(period, day, first):
    every = Recurrence.model_validate({"period": period})
    assert list(following(every, date.fromisoformat(day))) == [date.fromisoformat(first)]


def test_the_day_of_a_period_is_planned_until_it_has_come():
    told = [{"at": "2026-02-02", "do": "receive"}]
    found = rounds({"every": {"period": "month"}}, told, "2026-03-31")
    assert [(part.limit.anchor.kind, part.limit.anchor.by_time, part.limit.anchor.day.month) for part in found if part.limit.anchor.day] == [
        ("actual", False, 2), ("actual", False, 3),
    ]  # fmt: skip
    before = rounds({"every": {"period": "month"}}, told, "2026-03-30")
    assert [(part.limit.anchor.kind, part.limit.anchor.by_time) for part in before] == [
        ("actual", False),
        ("planned", True),
    ]
    assert [part.limit.opened_at for part in before] == [None, (date(2026, 3, 1), -1)]
    assert [part.limit.anchor.set_at for part in before] == [(date(2026, 2, 1), -1), (date(2026, 3, 1), -1)]


# -- items: what happens to one is nothing to another

PAPERS = {
    "items": {"paper": {"fields": {}}},
    "actions": {
        "add": {"by": "office", "adds": "paper"},
        **{name: {"by": "office", "for": "paper"} for name in ("receive", "answer", "restart", "stop", "resume", "extend")},
    },
    "duty": {"for": "paper"},
}  # fmt: skip


def of_papers(limit: dict[str, Any], told: list[dict[str, Any]], as_of: str) -> dict[Any, Any]:
    first = [did("2026-03-02", name, **{"for": paper}) for name in ("add", "receive") for paper in ("p1", "p2")]
    written = {key: dict(value) for key, value in PAPERS.items()}
    found = lines(limit, [*first, *told], as_of, **written)
    return {(line.item, line.round): line.due or line.latest for line in found if line.obligation == "the.duty"}


@pytest.mark.parametrize(("keys", "told", "amounts"), [
    ({"restarts_on": "restart"}, [did("2026-03-04", "restart", **{"for": "p1"})], (7, 5)),
    ({"suspended": {"from": "stop", "until": "resume"}},
     [did("2026-03-03", "stop", **{"for": "p1"}), did("2026-03-05", "resume", **{"for": "p1"})], (7, 5)),
    ({"extended_by": {"action": "extend", "add": 3}}, [did("2026-03-04", "extend", **{"for": "p2"})], (5, 8)),
])  # fmt: skip
def test_the_clock_of_each_item_is_changed_by_acts_about_it_alone(keys, told, amounts):
    limit = {"within": 5, "unit": "working_day", "after": "receive", **keys}
    found = of_papers(limit, told, "2026-03-06")
    assert found == {
        (paper, 1): CALENDAR.within(date(2026, 3, 2), amount).date
        for paper, amount in zip(("p1", "p2"), amounts, strict=True)
    }


def test_each_item_has_the_further_event_that_is_planned_for_it():
    limit = {"at_least": 5, "unit": "working_day", "before": "receive", "occurrence": "each"}
    told = [{"at": "2026-03-03", "plan": "receive", "for": "p1", "to": "2026-04-15"}]
    found = of_papers(limit, told, "2026-03-06")
    early, late = (CALENDAR.before(day, 5).date for day in (date(2026, 3, 2), date(2026, 4, 15)))
    assert found == {("p1", 1): early, ("p1", 2): late, ("p2", 1): early}
