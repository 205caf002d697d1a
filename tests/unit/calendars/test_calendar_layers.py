"""Local layers and other countries."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zhengxie_flow.calendars import CHINA_TIME, Layer, Notice, deemed_day
from zhengxie_flow.errors import CalendarError, InvalidDefinition, NotFound
from zhengxie_flow.reading.calendars import CalendarFiles

OVERLAYS: dict[str, Any] = YAML(typ="safe").load(Path(__file__).parents[2] / "data" / "calendar.yaml")["overlays"]

TOWN = """
language: 1
calendar: cn
level: prefecture
zh: 示例州
en: an example prefecture
notices:
- notice_no: 示例〔2026〕1号
  published: 2026-03-01
  occasion: {zh: 建州纪念日, en: foundation day}
  off_days: [2026-09-03/2026-09-04]
  work_days: [2026-09-05]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "calendars" / "local"
    folder.mkdir(parents=True)
    (folder / "town.yaml").write_text(TOWN, encoding="utf-8")
    return tmp_path


def test_days_off_and_make_up_days(calendars: CalendarFiles) -> None:
    plain = calendars.snapshot("cn", date(2026, 11, 22))
    for name, days in OVERLAYS.items():
        local = calendars.snapshot("cn", date(2026, 11, 22), overlays=[{"id": name, **days}])
        assert local.name == f"cn+{name}"
        assert local.calendar_hash != plain.calendar_hash
        changed = dict.fromkeys(days["off_days"], False) | dict.fromkeys(days["work_days"], True)
        for text, worked in changed.items():
            told = local.explain(date.fromisoformat(text))
            assert (told.working, told.reason) == (worked, "local_make_up" if worked else "local_holiday")
            assert told.instrument == name


def test_a_layer_counts_only_where_it_is_asked_for(rules: Path, project: Path) -> None:
    calendars = CalendarFiles(rules, project)
    as_of = date(2026, 11, 22)
    day = date(2026, 9, 3)
    assert calendars.snapshot("cn", as_of).is_working_day(day)
    told = calendars.snapshot("cn+town", as_of).explain(day)
    assert (told.working, told.instrument, told.level) == (False, "示例〔2026〕1号", "prefecture")
    assert told.occasion == ("建州纪念日", "foundation day")
    assert told.festivals == ()
    assert (
        calendars.snapshot("cn", as_of, overlays=["town"]).calendar_hash
        == calendars.snapshot("cn+town", as_of).calendar_hash
    )


def test_a_layer_too_is_known_from_its_publication_on(rules: Path, project: Path) -> None:
    calendars = CalendarFiles(rules, project)
    day = date(2026, 9, 3)
    assert calendars.snapshot("cn+town", date(2026, 2, 28)).is_working_day(day)
    assert not calendars.snapshot("cn+town", date(2026, 3, 1)).is_working_day(day)


def test_the_nearer_level_wins_whatever_the_order(calendars: CalendarFiles) -> None:
    day = date(2026, 9, 3).toordinal()

    def layer(level: Any, *, work: bool) -> Layer:
        off = () if work else ((day, day),)
        notice = Notice(number=level, year=2026, published=date.min, off=off, work=(day,) if work else (), level=level)
        return Layer(level, level, (notice,))

    for layers in (
        [layer("province", work=False), layer("organisation", work=True)],
        [layer("organisation", work=True), layer("province", work=False)],
    ):
        told = calendars.snapshot("cn", None, overlays=layers).explain(date(2026, 9, 3))
        assert (told.working, told.instrument) == (True, "organisation")


def test_a_file_outside_the_rules(project: Path, calendars: CalendarFiles) -> None:
    path = project / "calendars" / "local" / "town.yaml"
    assert calendars.snapshot("cn", None, overlays=[path]).name == "cn+town"


def test_office_hours_of_a_layer(rules: Path, project: Path) -> None:
    hours = """office_hours:
- {closes: "17:00", valid: {to: 2026-05-31}, basis: 示例〔2025〕9号}
- {closes: "17:30", valid: {from: 2026-06-01}, basis: 示例〔2026〕3号}
"""
    (project / "calendars" / "local" / "late.yaml").write_text(TOWN + hours, encoding="utf-8")
    calendars = CalendarFiles(rules, project)
    town, late = (calendars.snapshot(f"cn+{name}", date(2026, 11, 22)) for name in ("town", "late"))
    assert town.office_hours == ()
    assert late.calendar_hash != town.calendar_hash
    at = datetime.fromisoformat("2026-05-29T17:15:00+08:00")
    assert deemed_day(at, CHINA_TIME, late.office_hours) == date(2026, 5, 30)
    assert deemed_day(at.replace(month=6), CHINA_TIME, late.office_hours) == date(2026, 6, 29)
    only_hours = {"id": "office", "level": "organisation", "office_hours": [{"closes": "16:30", "basis": "notice"}]}
    nearest = calendars.snapshot("cn+late", None, overlays=[only_hours])
    assert deemed_day(at, CHINA_TIME, nearest.office_hours[:1]) == date(2026, 5, 30)
    assert [hours.basis for hours in nearest.office_hours] == ["notice"]
    with pytest.raises(InvalidDefinition) as caught:
        calendars.snapshot("cn", None, overlays=[{**only_hours, "office_hours": [{"closes": "24:30", "basis": "x"}]}])
    assert caught.value.code == "ZX2025"


def test_faults(rules: Path, project: Path) -> None:
    calendars = CalendarFiles(rules, project)
    for name in ("cn+nowhere", "cn+../cn/2026"):
        with pytest.raises(NotFound) as caught:
            calendars.snapshot(name)
        assert caught.value.code == "ZX2016"
    with pytest.raises(CalendarError) as refused:
        calendars.snapshot("NL+town")
    assert refused.value.code == "ZX2017"
    with pytest.raises(InvalidDefinition) as invalid:
        calendars.snapshot("cn", None, overlays=[{"off_days": ["2026-02-30"]}])
    assert invalid.value.code == "ZX2020"
    with pytest.raises(InvalidDefinition):
        calendars.snapshot("cn", None, overlays=[{"off_dayz": ["2026-02-03"]}])


@pytest.mark.parametrize("name", ["NL", "nl", {"country": "NL"}, {"country": "NL", "subdivision": None}])
def test_another_country(calendars: CalendarFiles, name: Any) -> None:
    dutch = calendars.snapshot(name, date(2026, 11, 22))
    assert dutch.name == "NL"
    told = dutch.explain(date(2026, 4, 27))
    assert (told.working, told.reason, told.name) == (False, "public_holiday", "King's Day")
    assert told.source == "holidays 0.109"
    assert told.status == "firm"
    assert dutch.within(date(2026, 4, 24), 5).date == date(2026, 5, 4)  # Dutch limits never meet a make-up day
    assert dutch.as_of == date(2026, 11, 22)


def test_subdivisions_and_weekends_of_other_countries(calendars: CalendarFiles) -> None:
    bavaria = calendars.snapshot("DE-BY")
    assert not bavaria.is_working_day(date(2026, 1, 6))
    assert calendars.snapshot({"country": "DE", "subdivision": "BY"}).calendar_hash == bavaria.calendar_hash
    assert calendars.snapshot("DE-HH").is_working_day(date(2026, 1, 6))
    israel = calendars.snapshot("IL")
    assert israel.is_working_day(date(2026, 8, 9))  # a Sunday
    assert not israel.is_working_day(date(2026, 8, 7))


def test_feasts_that_are_only_estimated_are_not_firm(calendars: CalendarFiles) -> None:
    indonesia = calendars.snapshot("ID")
    assert indonesia.firm_through < indonesia.last
    day, widths = indonesia.firm_through - timedelta(days=20), set()
    for _ in range(900):
        day += timedelta(days=1)
        for reckoned in (indonesia.within(day, 5), indonesia.before(day, 15), indonesia.within(day, 1, unit="month")):
            assert reckoned.earliest <= reckoned.date <= reckoned.latest
            widths.add((reckoned.latest - reckoned.earliest).days)
    assert 0 in widths
    assert 0 < max(widths) < 15


@pytest.mark.parametrize("name", ["XX", "", "NL-ZZ", {"country": "NL", "subdivision": "ZZ"}, {}])
def test_no_such_country(calendars: CalendarFiles, name: Any) -> None:
    with pytest.raises(NotFound) as caught:
        calendars.snapshot(name)
    assert caught.value.code == "ZX2018"


def test_as_of_is_a_day(calendars: CalendarFiles) -> None:
    with pytest.raises(CalendarError):
        calendars.snapshot("cn", datetime(2026, 11, 22))  # noqa: DTZ001 - the point of the case


def test_feasts_move_as_a_whole_by_a_day(calendars: CalendarFiles) -> None:
    """Counted out by hand: the feast in question a day earlier, as estimated, a day later."""
    indonesia = calendars.snapshot("ID")
    timeline = indonesia.timeline
    feast = sorted(day for day in timeline.estimated if day > date(2030, 1, 1).toordinal())[:1]
    run = [day for day in range(feast[0], feast[0] + 6) if day in timeline.estimated]
    start = date.fromordinal(feast[0] - 12)
    results = set()
    for moved in (-1, 0, 1):
        off = {day + moved for day in run}
        left, day = 10, start.toordinal()
        while left:
            day += 1
            index = day - timeline.base - 1
            worked = timeline.flags[index] or (day in timeline.estimated and timeline.weekly[index])
            left -= 1 if worked and day not in off else 0
        results.add(date.fromordinal(day))
    reckoned = indonesia.within(start, 10)
    assert (reckoned.earliest, reckoned.latest) == (min(results), max(results))
