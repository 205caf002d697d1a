"""What a limit shows beside its day: what it presumes, waits for and asks, what its anchor is, and by which calendar it counts."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from tests.support import cn
from tests.unit.engine.limits.test_clocks_by_walking import CALENDAR as MADE, LAW
from tests.unit.engine.test_limits import did, lines, the
from tests.unit.engine.test_resolving import FIVE, owed, resolved, rounds, view_of

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine.limits.anchors import AnchorState, resolve_anchor
from zhengxie_flow.engine.limits.answers import MAX_RUNS, AssumedAnswers, assumed, possible_outcomes
from zhengxie_flow.engine.limits.attempted_extensions import changes_of
from zhengxie_flow.engine.limits.calculator import OneOffTerm, count_one_off
from zhengxie_flow.engine.limits.resolve import resolve_limit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Item, Key, end_of
from zhengxie_flow.model.condition import Compare, FieldRef, Not, Test
from zhengxie_flow.model.convention import read_conventions
from zhengxie_flow.model.limit import DueAnchor, FirstOf, LastOf, NamedAnchor, Part

ONE = timedelta(days=1)
CALENDAR = cn(date(2026, 3, 1))
RECEIVED = did("2026-03-02", "receive")  # a Monday
PRESUMING = {
    "hard": {"type": "bool", "presumed": False, "by": "office"},
    "rare": {"type": "bool", "presumed": True, "by": "office"},
}


def after(amount: int, unit: Any = "working_day", start: date = date(2026, 3, 2)) -> date:
    return CALENDAR.within(start, amount, unit).date


@pytest.mark.parametrize("when", ["rare", "hard"])
@pytest.mark.parametrize("changeable", [{}, {"extended_by": {"action": "extend", "add": 2}}])
def test_a_choice_that_rests_on_what_is_presumed_says_so(when, changeable):
    choose = [{"when": when, "within": 3}, {"within": 7}]
    limit = {"unit": "working_day", "after": "receive", "choose": choose, **changeable}
    found = resolved(limit, [RECEIVED], facts=PRESUMING)
    assert found.day == after(3 if when == "rare" else 7)
    assert found.presumed == ((when,) if when == "rare" else ())


ROWS = {"period": {"law": "1", "rows": [
    {"id": "old", "basis": "doc-1", "in_force": {"to": "2026-03-01"}, "within": 9, "unit": "working_day"},
    {"id": "new", "basis": "doc-2", "in_force": {"from": "2026-03-02"}, "within": 4, "unit": "working_day"},
]}}  # fmt: skip


@pytest.mark.parametrize(("at", "amount"), [("2026-02-27", 9), ("2026-03-02", 4), ("2026-03-03", 4)])
def test_the_row_in_force_on_the_day_the_clock_starts_counts_whatever_stands_before_it(at, amount):
    limit = {"after": "receive", "parameter": "period"}
    found = resolved(limit, [did(at, "receive")], parameters=ROWS)
    assert found.day == after(amount, start=date.fromisoformat(at))


def test_a_limit_is_shown_in_the_unit_of_the_part_that_counts():
    choose = [{"when": {"place": "north"}, "within": 3, "unit": "working_day"}, {"within": 3, "unit": "calendar_day"}]
    here = {"at": "2026-03-01", "determine": {"place": "south"}, "reason": "r"}
    found = resolved({"after": "receive", "choose": choose}, [here, RECEIVED])
    assert found.days_after(date(2026, 3, 5), date(2026, 3, 10)) == (5, "calendar_day")
    assert found.working_calendar is None


def test_every_combination_of_answers_is_worked_out_up_to_a_bound():
    view = view_of(FIVE, [RECEIVED], "2026-03-03")

    def asking(number: int) -> tuple[int, bool]:
        def ask(assumed: CaseView) -> tuple[bool, ...]:
            assert assumed.answers is not None
            return tuple(assumed.answers.answer((f"question {place}",), (f"q{place}",)) for place in range(number))

        outcomes = possible_outcomes(view, ask)
        return len(set(outcomes.results)), outcomes.complete

    assert [asking(number) for number in (1, 3, 7)] == [(2, True), (8, True), (128, True)]
    assert asking(8) == (128, False)
    assert MAX_RUNS == 2**7


def test_of_a_condition_and_its_opposite_one_holds_at_each_place():
    """One that compares two fields is asked for each place; what is not so holds where it does not."""
    condition = Compare(name="place", test=Test(equals=FieldRef(field="day")))
    view, places = view_of(FIVE, [RECEIVED], "2026-03-03"), [end_of(date(2026, 3, day)) for day in (3, 4)]
    run = AssumedAnswers((True, False))
    asked = view.answering(run)
    for place in (*places, *places):
        found = assumed(asked, condition, Scope(), Trace(), place)
        assert assumed(asked, Not.model_validate({"not": condition}), Scope(), Trace(), place) is (not found)
        assert found is (place == places[0])
    assert len(run.answers) == 2
    assert assumed(view, Not.model_validate({"not": condition}), Scope(), Trace()) is None


class Due:
    """A duty that is to end on a day on which another act is itself only due."""

    def __call__(self, obligation: str, _item: Item | None, /, *, until: Key | None = None) -> AnchorState:  # noqa: ARG002
        return AnchorState("projected", date(2026, 3, 20), waits_for=(obligation,))

    def rounds(self, _obligation: str, _item: Item | None, /) -> tuple[AnchorState, ...]:
        return ()


@pytest.mark.parametrize(("kind", "day"), [(FirstOf, date(2026, 3, 10)), (LastOf, date(2026, 3, 20))])
def test_a_day_among_several_is_projected_where_any_of_them_is(kind, day):
    told = [{"at": "2026-03-01", "determine": {"day": "2026-03-10"}, "reason": "r"}]
    view = view_of(FIVE, told, "2026-03-03")
    parts = (NamedAnchor(name="day"), DueAnchor(due="other"))
    anchor = FirstOf(first_of=parts) if kind is FirstOf else LastOf(last_of=parts)
    state = resolve_anchor(view, anchor, None, Due())
    assert (state.kind, state.day, state.waits_for) == ("projected", day, ("other",))
    assert state.by_time is (kind is FirstOf)


def test_an_act_that_came_before_an_item_is_no_event_that_its_act_is_due_before():
    enter = {"by": "office", "adds": "guest"}
    told = [did("2026-03-02", "publish"), did("2026-03-03", "enter", **{"for": "g2"})]
    duty = {
        "welcome": {
            "law": "1",
            "for": "guest",
            "do": "each",
            "limit": {"at_least": 1, "unit": "calendar_day", "before": "publish"},
        }
    }
    for again in ((), (did("2026-03-05", "publish"),)):
        view = view_of(FIVE, [*told, *again], "2026-03-06", actions={"enter": enter}, obligations=duty)
        days = {item: resolve_day(view, item) for item in ("g1", "g2")}
        assert days == {"g1": date(2026, 3, 1), "g2": date(2026, 3, 4) if again else None}


def resolve_day(view: CaseView, item: str) -> date | None:
    return resolve_limit(view, owed(view, "welcome", item)).day


def test_an_extension_for_another_item_is_none_of_a_closed_round():
    enter = {"by": "office", "adds": "guest"}
    more = {"by": "office", "for": "guest"}
    limit = {"within": 5, "unit": "working_day", "after": "receive", "extended_by": {"action": "more", "add": 2}}
    duty = {"welcome": {"law": "1", "for": "guest", "do": "each", "limit": limit}}
    told = [
        RECEIVED, did("2026-03-02", "enter", **{"for": "g2"}), did("2026-03-03", "each", **{"for": "g1"}),
        did("2026-03-04", "more", **{"for": "g2"}), did("2026-03-05", "more", **{"for": "g1"}),
    ]  # fmt: skip
    view = view_of(FIVE, told, "2026-03-06", actions={"enter": enter, "more": more}, obligations=duty)
    found = {
        item: [(change.act.item, str(change.verdict)) for change in changes_of(view, owed(view, "welcome", item))]
        for item in ("g1", "g2")
    }
    assert found == {"g1": [("g1", "invalid")], "g2": [("g2", "pass")]}


def test_an_extension_of_a_later_round_lengthens_none_before_it():
    limit = {**FIVE, "extended_by": {"action": "extend", "add": 2}, "occurrence": "each"}
    told = [RECEIVED, did("2026-03-03", "answer"), did("2026-03-04", "receive"), did("2026-03-05", "extend")]
    found = rounds(limit, told, "2026-03-06")
    assert [part.limit.day for part in found] == [after(5), after(7, start=date(2026, 3, 4))]
    assert [len(part.limit.changes) for part in found] == [0, 1]


MONTHLY = {"every": {"period": "month"}}


def test_a_day_that_recurs_ends_with_its_day():
    found = rounds(MONTHLY, [RECEIVED], "2026-04-20")
    days = [date(2026, 3, 31), date(2026, 4, 30)]
    assert [(part.limit.anchor.kind, part.limit.anchor.day, part.limit.anchor.key) for part in found] == [
        ("actual", days[0], end_of(days[0])), ("planned", days[1], end_of(days[1])),
    ]  # fmt: skip


@pytest.mark.parametrize(("named", "closed"), [
    ("2026-04", [False, True, False]), ("２０２６-04", [True, False, False]), ("0001", [True, False, False]), ("0000-05", [True, False, False]),
    ("0001-05", [False] * 3), ("2026", [True, False, False]), (None, [True, False, False]),
])  # fmt: skip
def test_an_act_closes_the_period_it_names_and_where_it_names_none_the_oldest(named, closed):
    answer = {"by": "office", "with": {"period": {"type": "text"}}}
    limit = {"every": {"period": "month", "named_by": "period"}}
    fields = {} if named is None else {"with": {"period": named}}
    found = rounds(limit, [RECEIVED, did("2026-05-04", "answer", **fields)], "2026-05-05", actions={"answer": answer})
    assert [bool(part.acts) for part in found] == closed


@pytest.mark.parametrize(("minute", "verdict"), [(29, "pending"), (30, "pass"), (31, "pass")])
def test_an_act_at_the_very_instant_at_which_a_clock_starts_does_not_come_before_it(minute, verdict):
    told = [
        did("2026-03-03T09:30:00+08:00", "receive"), did(f"2026-03-03T09:{minute}:00+08:00", "answer"),
    ]  # fmt: skip
    told.sort(key=lambda entry: entry["at"])
    found = the(lines({"within": 5, "unit": "working_day", "after": "receive"}, told, "2026-03-04"))
    assert str(found.verdict) == verdict


def order(*editions: dict[str, Any]) -> dict[str, Any]:
    written = {"language": 1, "convention": "order", "law": "1", "editions": list(editions)}
    return {"convention": "order", "conventions": {"order": written}}


@pytest.mark.parametrize(("day", "due"), [("2026-03-07", "2026-03-07"), ("2026-03-14", "2026-03-16")])
def test_a_day_that_was_set_rolls_by_the_edition_in_force_on_it(day, due):
    editions = order(
        {"in_force": {"to": "2026-03-09"}, "rules": {"roll": {"forward": "next", **LAW}}},
        {"in_force": {"from": "2026-03-10"}, "rules": {"roll": {"forward": "next", "set_day": "next", **LAW}}},
    )
    told = [{"at": "2026-03-01", "determine": {"day": day}, "reason": "r"}]
    found = the(lines({"by_date": "day"}, told, "2026-03-03", **editions))
    assert found.due == date.fromisoformat(due)


INCLUDING = order({"rules": {"count": {"is": "first_day_included", **LAW}, "roll": {"forward": "next", **LAW}}})


def test_the_proof_names_how_the_day_of_the_event_was_counted():
    for limit in (FIVE, {**FIVE, "extended_by": {"action": "extend", "add": 2}}):
        proof = the(lines(limit, [RECEIVED], "2026-03-03", **INCLUDING)).working.limit
        assert proof is not None
        assert (proof.convention, proof.date) == ("first_day_included", date(2026, 3, 6))


def test_a_term_by_itself_shows_its_count_and_the_clause_of_its_roll():
    rules = {"roll": {"forward": "next", "law": "of the roll"}, "count": {"is": "event_excluded", **LAW}}
    written = {"language": 1, "convention": "order", "law": "1", "editions": [{"rules": rules}]}
    part = Part.model_validate({"within": 4, "unit": "calendar_day", "after": "x", "convention": "order"})
    start = date(2026, 4, 7)  # a Tuesday
    for stops, added in (((), ()), ((), (7,)), (((date(2026, 4, 8), date(2026, 4, 15)),), ())):
        (found,) = count_one_off(OneOffTerm(part, start, stops, added), MADE, read_conventions({"order": written}), UTC)
        assert found.count is not None
        assert found.count.date == found.day
        assert found.steps[-1].kind == "rolled"
        assert "of the roll" in str(found.steps[-1])
    plain = Part.model_validate({"within": 4, "unit": "calendar_day", "after": "x"})
    (found,) = count_one_off(OneOffTerm(plain, start), MADE, {}, UTC)
    assert found.count is not None and found.count.date == found.day
