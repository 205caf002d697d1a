"""The firm horizon of every country of the library: which of its days are certain, and what an open one may become."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.holidays_adapter import country_timeline, library_through

CODES = sorted(holidays.list_supported_countries(include_aliases=False))
ONE = timedelta(days=1)
ESTIMATED = {"AE", "ID", "MV", "SA", "IN", "PS", "CI"}
"""Among them some whose estimates the library does not show: sighted moons of SA, CI and PS, almanacs of IN."""
ARRANGED = {"RU", "BY", "HU", "TW", "KR", "VN", "KZ", "UZ", "TH", "LV", "AR", "ZA", "PK"}
CERTAIN = {"NL", "DE", "GB", "US", "FR", "JP", "IL", "CA", "TV", "BV"}


@pytest.fixture(scope="module")
def all_countries() -> dict[str, Snapshot]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of years its tables do not cover
        return {code: Snapshot(country_timeline.__wrapped__(code)) for code in CODES}


def windows(calendar: Snapshot) -> Iterator[date]:
    """Days before and after the horizon, around feasts that are open, and far out."""
    yield from (calendar.firm_through + timedelta(days=offset) for offset in (-10, -3, 1))
    days = calendar.timeline.open_days
    yield from (
        date.fromordinal(days[place]) - timedelta(days=4) for place in range(0, len(days), max(len(days) // 4, 1))
    )
    yield calendar.last - timedelta(days=400)


def test_no_country_ends_in_the_past(all_countries: dict[str, Snapshot]) -> None:
    kept = library_through()
    early = {
        code: calendar.firm_through
        for code, calendar in all_countries.items()
        if calendar.firm_through.year < kept.year
    }
    assert early == {}
    assert all(calendar.last >= calendar.firm_through >= calendar.first for calendar in all_countries.values())


def test_an_interval_is_never_empty_and_never_a_single_day(all_countries: dict[str, Snapshot]) -> None:
    open_counts = dict.fromkeys(all_countries, 0)
    for code, calendar in all_countries.items():
        for day in windows(calendar):
            if not calendar.first + timedelta(days=60) < day < calendar.last - timedelta(days=60):
                continue
            for limit in (
                calendar.within(day, 5),
                calendar.before(day, 15),
                calendar.within(day, 1, unit="month"),
                calendar.minimum(day, 10, unit="working_day", count="clear_days"),
            ):
                assert limit.earliest <= limit.date <= limit.latest, (code, limit)
                assert (limit.status == "provisional") == (limit.earliest < limit.latest), (code, limit)
                open_counts[code] += limit.status == "provisional"
    never = {code for code, count in open_counts.items() if not count}
    assert never >= CERTAIN
    assert not never & (ESTIMATED | ARRANGED)


def test_estimated_feasts_are_open_and_the_days_around_them_certain(all_countries: dict[str, Snapshot]) -> None:
    kept = date(library_through().year, 12, 31)
    for code in ESTIMATED:
        timeline = all_countries[code].timeline
        assert timeline.estimated, code
        near = {day + offset for day in timeline.estimated for offset in (-1, 0, 1)}
        assert set(timeline.open_days) <= near
        following = [day for day in timeline.open_days if day > kept.toordinal()]
        if timeline.outlook is not None and timeline.outlook.arranged_through is None:
            assert all_countries[code].firm_through == date.fromordinal(following[0]) - ONE
    for code in CERTAIN:
        assert not all_countries[code].timeline.open_days, code
        assert all_countries[code].firm_through == all_countries[code].last, code


def test_what_the_library_estimates_without_saying_so_is_found() -> None:
    """The days of Saudi feasts after the library's own year: it knows that they are estimated, and hides it."""
    saudi = Snapshot(country_timeline("SA"))
    assert not [
        label for label in holidays.country_holidays("SA", years=2030, language="en_US").values() if "estim" in label
    ]
    assert {date.fromordinal(day).year for day in saudi.timeline.estimated} == set(
        range(library_through().year + 1, 2041)
    )


def test_a_government_that_arranges_every_year_is_firm_as_far_as_it_has(all_countries: dict[str, Snapshot]) -> None:
    for code in ARRANGED:
        outlook = all_countries[code].timeline.outlook
        assert outlook is not None and outlook.arranged_through is not None, code
        assert outlook.arranged_through.year >= library_through().year
        assert all_countries[code].firm_through <= outlook.arranged_through
    russia = all_countries["RU"]
    assert russia.firm_through == date(2027, 12, 23)
    limit = russia.within(date(2029, 2, 15), 5)  # other years worked a Saturday of February and gave the Monday
    assert (limit.earliest, limit.date, limit.latest) == (date(2029, 2, 21), date(2029, 2, 22), date(2029, 2, 26))


def test_a_table_that_ends_ends_the_calendar(all_countries: dict[str, Snapshot]) -> None:
    """Sri Lanka's moon days and Nepal's almanac stop: an answer beyond them would lack most holidays."""
    assert all_countries["LK"].last == date(2026, 12, 31)
    assert all_countries["NP"].last < date(2036, 1, 1)
    assert all_countries["IN"].last == date(2035, 12, 31)
    assert all_countries["ES"].first == date(2008, 1, 1)


def test_every_day_is_as_the_library_has_it(all_countries: dict[str, Snapshot]) -> None:
    for code in ("NL", "AE", "IL", "RU", "LK", "US", "JP"):
        calendar = all_countries[code]
        theirs = holidays.country_holidays(code, years=range(2000, 2042), language="en_US")
        size = (calendar.last - calendar.first).days + 1
        every = (calendar.first + timedelta(days=i) for i in range(size))
        assert [day for day in every if calendar.is_working_day(day) != theirs.is_working_day(day)] == [], code


@pytest.mark.parametrize(
    ("code", "day", "working", "reason"),
    [
        ("RU", "2026-01-09", False, "public_moved_rest"),
        ("RU", "2027-02-20", True, "public_make_up"),
        ("US", "2026-07-03", False, "public_in_lieu"),
        ("US", "2026-07-04", False, "public_holiday"),
        ("US", "2026-07-05", False, "weekend"),
        ("US", "2026-07-06", True, "working_week"),
        ("GB-ENG", "2026-12-28", False, "public_in_lieu"),
    ],
)
def test_reasons_of_other_countries(calendars: CalendarFiles, code: str, day: str, working: bool, reason: str) -> None:
    explained = calendars.snapshot(code).explain(date.fromisoformat(day))
    assert (explained.working, explained.reason) == (working, reason)
