"""Days that no notice has settled yet: status, nominal date, interval, and how good the interval is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.reading.calendars import CalendarFiles

ONE = timedelta(days=1)


def test_where_firmness_ends(cal: Snapshot) -> None:
    assert cal.firm_through == date(2026, 12, 23)
    assert cal.within(date(2026, 12, 16), 5).status == "firm"
    assert cal.within(date(2026, 12, 17), 5).status == "provisional"
    assert cal.before(date(2026, 12, 24), 15).status == "firm"  # the event day itself is not counted
    assert cal.before(date(2026, 12, 25), 15).status == "provisional"


def test_firm_days_have_no_interval(cal: Snapshot) -> None:
    firm = cal.within(date(2026, 9, 1), 15)
    assert (firm.status, firm.earliest, firm.latest) == ("firm", firm.date, firm.date)


def test_the_next_notice_settles_december(calendars: CalendarFiles) -> None:
    before = calendars.snapshot("cn", date(2018, 12, 5)).within(date(2018, 12, 24), 5)
    after = calendars.snapshot("cn", date(2018, 12, 6)).within(date(2018, 12, 24), 5)
    assert (before.date, before.status) == (date(2018, 12, 31), "provisional")
    assert (after.date, after.status) == (date(2018, 12, 29), "firm")
    assert before.earliest <= after.date <= before.latest


def test_calendar_units_roll_over_days_that_are_not_settled(cal: Snapshot) -> None:
    rolled = cal.within(date(2027, 1, 27), 10, unit="calendar_day")  # ends on the Saturday of the Spring Festival
    assert (rolled.raw, rolled.status) == (date(2027, 2, 6), "provisional")
    assert rolled.earliest <= rolled.date <= rolled.latest
    assert rolled.latest > rolled.date
    assert rolled.earliest >= date(2027, 2, 6)


def back_test(cal: Snapshot, *, only_earlier: bool) -> dict[int, tuple[float, float]]:
    """Each year 2014-2026 without its own notices: share of real results inside, mean width in days."""
    facts = cal.timeline.facts
    totals = {5: [0, 0, 0], -15: [0, 0, 0]}
    for year in range(2014, 2027):
        left = tuple(n for n in facts.notices if (n.year < year if only_earlier else n.year != year))
        blind = Snapshot(compose(replace(facts, notices=left)))
        day = date(year, 1, 1)
        while day.year == year:
            for n, total in totals.items():
                real = cal.add(day, n)
                if max(day, real) <= cal.firm_through:
                    guess = blind.within(day, n) if n > 0 else blind.before(day, -n)
                    assert guess.status == "provisional"
                    total[0] += guess.earliest <= real <= guess.latest
                    total[1] += 1
                    total[2] += (guess.latest - guess.earliest).days
            day += ONE
    return {n: (inside / tried, width / tried) for n, (inside, tried, width) in totals.items()}


@pytest.mark.parametrize("only_earlier", [False, True], ids=["other years", "earlier years only"])
def test_back_test(cal: Snapshot, only_earlier: bool) -> None:
    result = back_test(cal, only_earlier=only_earlier)
    assert result[5][0] >= 0.99
    assert result[-15][0] >= 0.99
    assert result[5][1] <= 2.5
    assert result[-15][1] <= 6


def test_the_interval_is_what_the_precedents_allow(cal: Snapshot) -> None:
    """Enumerate every combination of the precedents that a window can meet, and count each out by walking.

    Exactly that, and where two festivals share a day at least that.
    """
    exact = 0
    spread = cal.spread
    chance = Random(20261122)
    for _ in range(40):
        start = date(2027, 1, 1) + ONE * chance.randrange(330)
        n = chance.randrange(1, 12)
        window = {day: dict(spread.flips.get(day, ())) for day in range(start.toordinal() + 1, start.toordinal() + 28)}
        met = sorted({festival for changes in window.values() for festival in changes})
        found = set()
        for choice in product(*(range(spread.sizes[festival]) for festival in met)):
            chosen = dict(zip(met, choice, strict=True))
            left, day = n, start
            while left:
                day += ONE
                worked = int(day.weekday() < 5)
                for festival, changes in window.get(day.toordinal(), {}).items():
                    worked += dict(changes).get(chosen[festival], 0)
                left -= min(max(worked, 0), 1)
            found.add(day)
        low, high = spread.forward(start, n)
        assert low <= min(found) <= max(found) <= high
        if all(len(changes) < 2 for changes in window.values()):
            assert (low, high) == (min(found), max(found))
            exact += low < high
    assert exact >= 10


def test_a_local_layer_is_settled_whatever_the_notice_says(calendars: CalendarFiles) -> None:
    local = {"off_days": ["2027-03-01", "2027-03-02"], "work_days": ["2027-03-06"], "id": "town"}
    with_layer = calendars.snapshot("cn", date(2026, 11, 22), overlays=[local])
    plain = calendars.snapshot("cn", date(2026, 11, 22))
    assert with_layer.name == "cn+town"
    shifted = with_layer.within(date(2027, 2, 26), 5)
    assert (plain.within(date(2027, 2, 26), 5).date, shifted.date) == (date(2027, 3, 5), date(2027, 3, 8))
    assert shifted.status == "provisional"
    assert date(2027, 3, 1) not in shifted.counted
    assert shifted.earliest > plain.within(date(2027, 2, 26), 5).earliest


def test_an_interval_may_reach_beyond_the_data(cal: Snapshot) -> None:
    last = cal.within(date(2028, 12, 27), 2)
    assert last.date == date(2028, 12, 29)
    assert last.latest >= last.date
    everything = cal.count(cal.first, date(2027, 6, 29))
    first = cal.before(date(2027, 6, 30), everything)
    assert first.date == date(2007, 1, 4)
    assert first.earliest <= first.date <= first.latest
