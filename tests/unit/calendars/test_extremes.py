"""The calendars that an open one may become, against every way in which its festivals may fall or be arranged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from tests.property.made_calendars import EVERY_DAY, FIRST, LAST, ONE

from zhengxie_flow.calendars import Facts, Layer, Notice, Snapshot
from zhengxie_flow.calendars.compose import layered, weekly_timeline
from zhengxie_flow.calendars.extremes import MARGIN, extremes, one_more_off
from zhengxie_flow.calendars.hours import HourRules, hours_end, hours_interval
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.calendars.outlook import Outlook
from zhengxie_flow.calendars.term import TermRules, count_term
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import load

REST = frozenset({5, 6})
WEEKLY = bytes(day.weekday() not in REST for day in EVERY_DAY)
AS_OF = date(2025, 6, 1)


def notice(off: list[tuple[date, int]], *, estimated: bool = False, level: str = "library") -> Notice:
    """Runs of days off, each from a day on."""
    spans = tuple((first.toordinal(), first.toordinal() + length - 1) for first, length in off)
    days = frozenset(day for low, high in spans for day in range(low, high + 1))
    return Notice("n", 2026, FIRST, spans, level=level, estimated=days if estimated else frozenset())  # type: ignore[arg-type]


def listed(certain: list[tuple[date, int]], feasts: list[tuple[date, int]]) -> Timeline:
    """A calendar of a library: certain days off, and feasts whose date is estimated."""
    facts = Facts("made", FIRST, (), rest_days=REST)
    notices = (notice(certain), notice(feasts, estimated=True))
    kept = Outlook(date(2025, 12, 31))
    return Timeline("made", FIRST, WEEKLY, notices=notices, firm_through=LAST, facts=facts, outlook=kept)


CERTAIN = [(date(2026, 3, 12), 1), (date(2026, 5, 1), 3)]
FEASTS = [
    (date(2026, 3, 10), 2),  # its later end meets a certain day off
    (date(2026, 3, 20), 1),  # a Friday: a day later it is on a Saturday
    (date(2026, 4, 6), 3),
    (date(2026, 4, 13), 1),  # a Monday
    (date(2026, 5, 2), 1),  # inside certain days off
]
CALENDAR = Snapshot(listed(CERTAIN, FEASTS), AS_OF)


def worlds() -> Iterator[Mapping[date, bool]]:
    """Every calendar that can come: each feast a day earlier, as estimated, or a day later."""
    certain = {first + place * ONE for first, length in CERTAIN for place in range(length)}
    days = [date(2026, 2, 1) + place * ONE for place in range(130)]
    for moved in product((-1, 0, 1), repeat=len(FEASTS)):
        off = certain | {
            first + (place + shift) * ONE
            for (first, length), shift in zip(FEASTS, moved, strict=True)
            for place in range(length)
        }
        yield {day: day.weekday() not in REST and day not in off for day in days}


WORLDS = list(worlds())


def test_the_fewest_and_the_most_days_off_are_those_of_all_that_can_come():
    fewest, most = extremes(CALENDAR)
    for day in WORLDS[0]:
        assert fewest.is_working_day(day) is any(world[day] for world in WORLDS), day
        assert most.is_working_day(day) is all(world[day] for world in WORLDS), day
    for calendar in (fewest, most):
        assert (calendar.as_of, calendar.first, calendar.last) == (AS_OF, FIRST, LAST + MARGIN * ONE)
        for place in range(1, MARGIN + 1):
            assert calendar.is_working_day(LAST + place * ONE) is ((LAST + place * ONE).weekday() not in REST)


def walked(world: Mapping[date, bool], day: date, number: int) -> date:
    step = ONE if number > 0 else -ONE
    left = abs(number)
    while left:
        day += step
        left -= world[day]
    return day


@pytest.mark.parametrize("number", [1, 2, 3, 7, 20])
def test_a_count_lies_between_the_days_that_can_come(number):
    """The bounds are reached by some arrangement, but where two feasts may take one day, which is counted twice."""
    for place in range(60):
        start = date(2026, 3, 1) + place * ONE
        forward, backward = CALENDAR.within(start, number), CALENDAR.before(start + 30 * ONE, number)
        after = {walked(world, start, number) for world in WORLDS}
        before = {walked(world, start + 30 * ONE, -number) for world in WORLDS}
        assert (forward.earliest, forward.latest) == (min(after), max(after)), start
        assert (backward.earliest, backward.latest) == (min(before), max(before)), start
        assert forward.status == ("firm" if len(after) == 1 else "provisional")
        assert backward.status == ("firm" if len(before) == 1 else "provisional")


def test_the_days_of_an_estimated_feast_and_those_beside_it_may_change():
    certain = {first + place * ONE for first, length in CERTAIN for place in range(length)}
    near = {first + place * ONE for first, length in FEASTS for place in range(-1, length + 1)}
    for day in list(WORLDS[0])[5:-5]:
        changes = day in near - certain and day.weekday() not in REST
        assert CALENDAR.may_change(day, day) is changes, day
        assert (CALENDAR.explain(day).status == "provisional") is changes, day
        assert changes or len({world[day] for world in WORLDS}) == 1
        assert CALENDAR.may_change(day, day + 3 * ONE) is any(
            CALENDAR.may_change(day + place * ONE, day + place * ONE) for place in range(4)
        )


def test_what_a_local_layer_settles_is_certain_whatever_feast_is_near():
    beside = date(2026, 4, 14)  # the day after an estimated feast
    assert CALENDAR.may_change(beside, beside)
    for off, work in (((), (beside,)), (((beside, 1),), ())):
        days = notice(list(off), level="organisation")._replace(work=tuple(day.toordinal() for day in work))
        local = Snapshot(layered(CALENDAR.timeline, (Layer("town", "organisation", (days,)),)))
        assert not local.may_change(beside, beside)
        assert local.is_working_day(beside) is bool(work)
    weaker = replace(
        CALENDAR.timeline, notices=(*CALENDAR.timeline.notices, notice([])._replace(work=(beside.toordinal(),)))
    )
    assert Snapshot(weaker).may_change(beside, beside)


LISTED_THROUGH = date(2026, 4, 30)


@pytest.mark.parametrize(("near", "taken"), [
    (date(2026, 4, 1), date(2026, 5, 1)), (date(2026, 4, 30), date(2026, 5, 1)), (date(2026, 5, 1), date(2026, 5, 1)),
    (date(2026, 5, 2), date(2026, 5, 4)), (date(2026, 5, 4), date(2026, 5, 4)), (date(2026, 5, 8), date(2026, 5, 8)),
])  # fmt: skip
def test_one_more_day_off_is_the_first_working_day_that_a_list_lacks(near, taken):
    base = weekly_timeline("week", REST, FIRST, LAST)
    layer = Layer(
        "town",
        "organisation",
        (notice([(date(2026, 4, 8), 1)], level="organisation"),),
        complete_through=LISTED_THROUGH,
    )
    calendar = Snapshot(layered(base, (layer,)), AS_OF)
    (less,) = one_more_off(calendar, near)
    changed = [day for day in EVERY_DAY if less.is_working_day(day) is not calendar.is_working_day(day)]
    assert changed == [taken]
    assert not less.is_working_day(taken)
    assert (less.as_of, less.first, less.last) == (AS_OF, calendar.first, calendar.last)


def listed_through(day: date, off: tuple[date, ...] = ()) -> Snapshot:
    """A week whose list of days off is complete up to a day."""
    days = notice([(taken, 1) for taken in off], level="organisation")
    layer = Layer("town", "organisation", (days,), (OfficeHours(time(17), opens=time(9)),), complete_through=day)
    return Snapshot(layered(weekly_timeline("week", REST, FIRST, LAST), (layer,)), AS_OF)


LISTED = listed_through(LISTED_THROUGH)
EXTRA = [
    listed_through(LAST, (LISTED_THROUGH + n * ONE,)) for n in range(1, 75) if (LISTED_THROUGH + n * ONE).weekday() < 5
]
"""The calendars in which one day off more came after the list ended."""


def test_an_ordinary_count_lies_between_the_days_that_one_day_off_more_leads_to():
    for place, number in product(range(22), (1, 2, 6)):
        start = date(2026, 4, 20) + place * ONE
        for ask in (
            lambda calendar, start=start, number=number: calendar.within(start, number),
            lambda calendar, start=start, number=number: calendar.before(start, number),
            lambda calendar, start=start, number=number: calendar.within(start, number, "calendar_day"),
        ):
            ends = {ask(other).date for other in (LISTED, *EXTRA)}
            assert (ask(LISTED).earliest, ask(LISTED).latest) == (min(ends), max(ends)), (start, number)


def test_layers_of_which_no_day_is_covered_are_refused():
    base = weekly_timeline("week", REST, FIRST, LAST)
    beyond = LAST + ONE
    with pytest.raises(CalendarError) as refused:
        layered(base, (Layer("town", "organisation", (), complete_from=beyond),))
    params = {"calendar": "week", "first": beyond, "last": LAST}
    assert (refused.value.code, refused.value.params) == ("ZX2061", params)
    assert layered(base, (Layer("town", "organisation", (), complete_from=LAST),)).first == LAST


@pytest.mark.parametrize(("unit", "direction", "roll"), [
    ("working_day", "forward", "none"), ("working_day", "backward", "none"), ("working_day", "forward", "next"),
    ("calendar_day", "forward", "next"), ("calendar_day", "forward", "previous"), ("calendar_day", "backward", "previous"),
    ("week", "minimum", "next"), ("month", "forward", "next"),
])  # fmt: skip
def test_a_term_by_rules_lies_between_the_days_that_one_day_off_more_leads_to(unit, direction, roll):
    for place, amount in product(range(0, 22, 3), (1,) if unit == "month" else (1, 6)):
        start = date(2026, 4, 20) + place * ONE
        rules = TermRules(LISTED, LISTED, unit, direction=direction, roll=roll)
        count = count_term(rules, start, amount)
        ends = {
            count_term(replace(rules, counted=other, rolled=other), start, amount).date for other in (LISTED, *EXTRA)
        }
        assert (count.earliest, count.latest) == (min(ends), max(ends)), (start, amount)
        assert count.status == ("firm" if len(ends) == 1 else "provisional"), (start, amount)


@pytest.mark.parametrize(("unit", "regime"), [
    ("hour", "elapsed"), ("hour", "rolls"), ("hour", "without_days_off"), ("working_hour", "elapsed"), ("half_working_day", "elapsed"),
])  # fmt: skip
@pytest.mark.parametrize("amount", [1, 60, -20])
def test_a_term_in_hours_lies_between_the_days_that_one_day_off_more_leads_to(unit, regime, amount):
    number = amount if unit != "half_working_day" else max(abs(amount) // 5, 1) * (1 if amount > 0 else -1)
    rules = HourRules(LISTED, UTC, regime)
    for place in range(0, 30, 4):
        start = datetime(2026, 4, 25, 15, tzinfo=UTC) + place * ONE
        end = hours_end(rules, start, number, unit)
        days = {hours_end(replace(rules, calendar=other), start, number, unit).date() for other in (LISTED, *EXTRA)}
        low, high = hours_interval(rules, start, end, (number, unit))
        assert (low, high) == (min(days), max(days)), start


@pytest.mark.parametrize("regime", ["rolls", "without_days_off", "elapsed"])
def test_hours_near_a_feast_have_bounds_and_far_from_one_they_have_none(regime):
    rules = HourRules(CALENDAR, UTC, regime)
    fewest, most = extremes(CALENDAR)
    for place, amount in product(range(40), (20, -20)):
        start = datetime(2026, 3, 25, 15, tzinfo=UTC) + place * ONE
        end = hours_end(rules, start, amount, "hour")
        ends = {hours_end(replace(rules, calendar=other), start, amount, "hour").date() for other in (fewest, most)}
        wanted = {end.date(), *ends} if regime != "elapsed" else {end.date()}
        assert hours_interval(rules, start, end, (amount, "hour")) == (min(wanted), max(wanted)), start


def test_the_calendars_counted_and_rolled_over_may_each_lack_a_day():
    """By two calendars the bounds are those of every pair of what they may become."""
    loose, firm = LISTED, Snapshot(weekly_timeline("week", REST, FIRST, LAST))
    for place in range(4, 11):
        start = date(2026, 4, 22) + place * ONE
        for counted, rolled in ((loose, firm), (firm, loose)):
            rules = TermRules(counted, rolled, "working_day", count="clear_days", clear_edge="any", roll="next")
            count = count_term(rules, start, 3)
            ends = {
                count_term(replace(rules, counted=one, rolled=other), start, 3).date
                for one in (EXTRA if counted is loose else [firm])
                for other in (EXTRA if rolled is loose else [firm])
            }
            assert (count.earliest, count.latest) == (min(count.date, *ends), max(count.date, *ends)), start


def test_no_day_off_is_missing_where_every_list_is_complete():
    for name in ("cn", "week"):
        calendar = load("cn") if name == "cn" else Snapshot(weekly_timeline("week", REST, FIRST, LAST))
        assert list(one_more_off(calendar, date(2026, 5, 1))) == []


def test_no_day_off_is_taken_after_the_last_day():
    base = weekly_timeline("week", REST, FIRST, LAST)
    layer = Layer("town", "organisation", (), complete_through=LISTED_THROUGH)
    calendar = Snapshot(layered(base, (layer,)))
    assert list(one_more_off(calendar, LAST + timedelta(days=1))) == []


@pytest.mark.parametrize("as_of", [date(2025, 1, 10), date(2026, 1, 10)])
def test_a_country_becomes_what_any_of_its_precedents_makes_of_each_day(as_of):
    """Of a year without a notice: a day may be worked if under some precedent it is, and off if under some it is not."""
    calendar = load("cn", as_of)
    fewest, most = extremes(calendar)
    spread, timeline = calendar.spread, calendar.timeline
    for place in range(calendar.timeline.size):
        day = date.fromordinal(timeline.base + 1 + place)
        if day <= calendar.firm_through:
            answers = {calendar.is_working_day(day)}
        else:
            ordinary = timeline.weekly[place] == 1
            flips = [dict(changes) for _, changes in spread.flips.get(day.toordinal(), ())]
            sizes = [spread.sizes[festival] for festival, _ in spread.flips.get(day.toordinal(), ())]
            answers = set()
            for chosen in product(*map(range, sizes)):
                met = [changes[way] > 0 for changes, way in zip(flips, chosen, strict=True) if way in changes]
                answers |= set(met) or {ordinary}
        assert fewest.is_working_day(day) is (True in answers), day
        assert most.is_working_day(day) is (False not in answers), day
