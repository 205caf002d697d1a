"""Layers, office hours and notices on any calendar, a week of one's own, and the layers that come with the package."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhengxie_flow.calendars import CHINA_TIME, deemed_day
from zhengxie_flow.calendars.union import with_days_off
from zhengxie_flow.errors import CalendarError, InvalidDefinition, NotFound
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.resources import rules_dir

OFFICE = """
language: 1
calendar: NL
level: organisation
zh: 示例机关
en: an example office
notices:
- {notice_no: example 1, published: 2026-03-01, off_days: [2026-05-15], work_days: [2026-05-16]}
office_hours:
- {closes: "17:00", basis: example 2}
"""
SIX_DAYS = """
language: 1
week: [mon, tue, wed, thu, fri, sat]
level: organisation
zh: 六天工作周
en: a week of six days
covers: {from: 2020-01-01, to: 2027-12-31}
notices:
- {notice_no: list of days off, off_days: [2026-10-01/2026-10-03]}
"""


@pytest.fixture
def calendars(rules: Path, tmp_path: Path) -> CalendarFiles:
    folder = tmp_path / "calendars" / "local"
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (folder / "six_days.yaml").write_text(SIX_DAYS, encoding="utf-8")
    (folder / "plain.yaml").write_text(
        "language: 1\nweek: [mon, tue, wed, thu, fri]\nlevel: organisation\n", encoding="utf-8"
    )
    return CalendarFiles(rules, tmp_path)


def test_a_layer_on_another_country(calendars: CalendarFiles) -> None:
    office = calendars.snapshot("NL+office", date(2026, 3, 1))
    assert (office.name, office.is_working_day(date(2026, 5, 16))) == ("NL+office", True)
    explained = office.explain(date(2026, 5, 15))
    assert (explained.working, explained.reason, explained.instrument) == (False, "local_holiday", "example 1")
    assert office.explain(date(2026, 4, 27)).reason == "public_holiday"
    assert office.within(date(2026, 5, 13), 1).date == date(2026, 5, 16)
    assert calendars.snapshot("NL+office", date(2026, 2, 28)).is_working_day(date(2026, 5, 15))  # not published yet
    assert calendars.snapshot("NL+office", date(2026, 3, 9)) is not office
    assert calendars.snapshot("NL+office", date(2026, 3, 9)).timeline is office.timeline


def test_office_hours_on_another_country(calendars: CalendarFiles) -> None:
    late = datetime(2026, 3, 4, 17, 30, tzinfo=CHINA_TIME)
    hours = calendars.snapshot("NL+office").office_hours
    assert deemed_day(late, CHINA_TIME, hours) == date(2026, 3, 5)
    assert calendars.snapshot("NL").office_hours == ()


def test_a_week_of_six_days_with_its_days_off(calendars: CalendarFiles) -> None:
    week = calendars.snapshot("six_days")
    assert week.name == "six_days"
    assert (week.first, week.firm_through) == (date(2020, 1, 1), date(2027, 12, 31))
    assert week.add(date(2026, 9, 30), 1) == date(2026, 10, 5)  # 1 to 3 October off, then Sunday
    assert [week.explain(date(2026, 10, day)).reason for day in (3, 4, 5)] == [
        "local_holiday",
        "weekend",
        "working_week",
    ]
    after = week.within(date(2027, 12, 30), 5)
    assert (after.status, after.date, after.latest) == ("provisional", date(2028, 1, 5), date(2028, 1, 6))
    with pytest.raises(CalendarError) as refused:
        week.is_working_day(date(2019, 12, 31))
    assert refused.value.code == "ZX2008"


def test_a_plain_week_has_no_holidays(calendars: CalendarFiles) -> None:
    plain = calendars.snapshot("plain")
    assert all(plain.is_working_day(plain.first + timedelta(days=i)) == ((i + 5) % 7 < 5) for i in range(3000))
    assert (plain.firm_through, plain.within(date(2030, 1, 1), 30).status) == (plain.last, "firm")


def test_a_week_as_a_value(calendars: CalendarFiles) -> None:
    name: dict[str, Any] = {"week": ["sun", "mon", "tue", "wed", "thu"], "off_days": ["2026-10-01"]}
    week = calendars.snapshot(name)
    assert week is calendars.snapshot(dict(name))
    assert week.within(date(2026, 9, 30), 1).date == date(2026, 10, 4)
    assert calendars.snapshot({"week": ["mon"]}).add(date(2026, 9, 28), 1) == date(2026, 10, 5)
    with pytest.raises(InvalidDefinition):
        calendars.snapshot({"week": []})
    with pytest.raises(InvalidDefinition) as both:
        calendars.snapshot({"week": ["mon"], "calendar": "NL"})
    assert both.value.code == "ZX2062"


def test_the_holidays_of_one_calendar_on_top_of_another(calendars: CalendarFiles) -> None:
    """Federal and state holidays count together forward, the federal ones alone backward."""
    federal, together = calendars.snapshot("US"), calendars.snapshot("US+US-MA")
    patriots = date(2025, 4, 21)
    assert federal.is_working_day(patriots)
    assert together.explain(patriots).name == "Patriots' Day"
    for state in ("CA", "MA", "TX"):
        own, both = calendars.snapshot(f"US-{state}"), calendars.snapshot(f"US+US-{state}")
        for day in (date(2026, 1, 1) + timedelta(days=i) for i in range(365)):
            assert both.is_working_day(day) == (federal.is_working_day(day) and own.is_working_day(day))
    on_china = calendars.snapshot("cn+NL", date(2026, 11, 22))
    assert not on_china.is_working_day(date(2026, 4, 27))
    assert on_china.is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize("name", ["cn+office", "US+office", "NL-Noord+six_days", "six_days+office"])
def test_a_layer_made_for_another_calendar(calendars: CalendarFiles, name: str) -> None:
    with pytest.raises(CalendarError) as refused:
        calendars.snapshot(name)
    assert refused.value.code == "ZX2017"


@pytest.mark.parametrize(("name", "code"), [("NL+nowhere", "ZX2016"), ("office", "ZX2018"), ("NL+XX", "ZX2018")])
def test_names_that_lead_nowhere(calendars: CalendarFiles, name: str, code: str) -> None:
    with pytest.raises(NotFound) as missing:
        calendars.snapshot(name)
    assert missing.value.code == code


def test_lists_that_cover_no_day_in_common(calendars: CalendarFiles) -> None:
    later = {"id": "later", "covers": {"from": "2041-01-01"}, "off_days": ["2041-01-01"]}
    with pytest.raises(CalendarError) as refused:
        calendars.snapshot("NL", overlays=[later])
    assert refused.value.code == "ZX2061"


def test_a_list_that_ends_makes_the_days_after_it_provisional_on_any_base(calendars: CalendarFiles) -> None:
    listed = {"id": "listed", "covers": {"from": "2025-01-01", "to": "2026-06-30"}, "off_days": ["2026-03-04"]}
    for base in ("cn", "NL", "plain", "US"):
        calendar = calendars.snapshot(base, date(2026, 11, 22), overlays=[listed])
        assert calendar.firm_through == date(2026, 6, 30)
        for day in (date(2026, 3, 2), date(2026, 6, 29), date(2026, 9, 7)):
            for limit in (calendar.within(day, 5), calendar.before(day, 5), calendar.within(day, 1, unit="month")):
                assert limit.earliest <= limit.date <= limit.latest
                if limit.status == "provisional":
                    assert limit.earliest < limit.latest, (base, limit)


def test_two_calendars_together_are_complete_as_long_as_both(calendars: CalendarFiles) -> None:
    """Where a law rolls over the days off of two calendars, what is open in either is open in both."""
    for own, other in (("US", "NL+atw"), ("NL+atw", "US"), ("NL", "RU"), ("US-MA", "US")):
        first, second = calendars.snapshot(own), calendars.snapshot(other)
        together = with_days_off(first, second)
        assert together.firm_through == min(first.firm_through, second.firm_through)
        for day in (date(2028, 12, 1), date(2029, 1, 8), date(2030, 6, 3)):
            limit = together.within(day, 10)
            assert (limit.status == "provisional") == (limit.earliest < limit.latest), (own, other, limit)
            assert (limit.status == "provisional") == (limit.date > together.firm_through), (own, other, limit)


@pytest.mark.parametrize(
    ("name", "start", "n", "unit", "last"),
    [
        ("NL+atw", "2026-03-24", 42, "calendar_day", "2026-05-06"),
        ("NL+atw", "2026-04-02", 42, "calendar_day", "2026-05-18"),
        ("NL+atw", "2024-03-28", 2, "working_day", "2024-04-03"),
        ("NL+atw", "2025-11-30", 3, "month", "2026-03-02"),
        ("DE-BB", "2025-10-17", 14, "calendar_day", "2025-11-03"),
        ("de-BE", "2025-10-17", 14, "calendar_day", "2025-10-31"),
        ("US", "2026-06-12", 21, "calendar_day", "2026-07-06"),
        ("US+US-MA", "2025-04-07", 14, "calendar_day", "2025-04-22"),
        ("GB-ENG+eng_court", "2024-12-13", 14, "calendar_day", "2024-12-30"),
        ("GB-ENG", "2024-12-13", 14, "calendar_day", "2024-12-27"),
        ("GB-ENG", "2026-04-01", 4, "working_day", "2026-04-09"),
    ],
)
def test_the_days_of_other_legal_orders(
    calendars: CalendarFiles, name: str, start: str, n: int, unit: Any, last: str
) -> None:
    limit = calendars.snapshot(name).within(date.fromisoformat(start), n, unit=unit)
    assert (limit.date, limit.status) == (date.fromisoformat(last), "firm")


def test_the_dutch_act_has_its_days_every_year(calendars: CalendarFiles) -> None:
    act = calendars.snapshot("NL+atw")
    assert (act.first, act.firm_through) == (date(2023, 1, 1), date(2028, 12, 31))
    assert not any(act.is_working_day(date(year, 5, 5)) for year in range(2023, 2041))
    assert calendars.snapshot("NL").is_working_day(date(2026, 5, 5))
    good_fridays = [(2023, 4, 7), (2024, 3, 29), (2025, 4, 18), (2026, 4, 3), (2027, 3, 26), (2028, 4, 14)]
    assert not any(act.is_working_day(date(*day)) for day in good_fridays)
    later = act.within(date(2029, 5, 7), 5)
    assert (later.status, later.latest - later.date) == ("provisional", timedelta(days=1))


def test_the_federal_holidays_are_the_eleven_as_observed(calendars: CalendarFiles) -> None:
    federal = calendars.snapshot("US")
    for year in range(2022, 2031):
        days = {date(year, 1, 1) + timedelta(days=i) for i in range(365)}
        off = [day for day in days if federal.explain(day).reason in ("public_holiday", "public_in_lieu")]
        ordinary = [day for day in off if day.weekday() < 5]
        # A New Year's Day on a Saturday is observed in the year before.
        fallen = (date(year, 1, 1).weekday() == 5, date(year + 1, 1, 1).weekday() == 5)
        assert len(ordinary) == 11 - fallen[0] + fallen[1], year


def test_every_packaged_layer_is_whole_and_says_what_it_covers() -> None:
    from zhengxie_flow.reading.calendar_files import read_layer

    for path in sorted((rules_dir() / "calendars" / "local").glob("*.yaml")):
        layer = read_layer(path)
        assert layer.base is not None
        assert layer.complete_from is not None and layer.complete_through is not None, path.stem
        assert CalendarFiles().snapshot(f"{layer.base}+{layer.id}").firm_through == layer.complete_through
