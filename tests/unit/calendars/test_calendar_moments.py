"""From instants to days, and limits in hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from zhengxie_flow.calendars import CHINA_TIME, OfficeHours, add_hours, deemed_day
from zhengxie_flow.errors import CalendarError

CLOSING = time(17)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "cutoff", "day"),
    [
        ("2026-08-10T23:59:59.999999+08:00", None, date(2026, 8, 10)),
        ("2026-08-10T16:00:00+00:00", None, date(2026, 8, 11)),
        ("2026-08-10T15:59:59+00:00", None, date(2026, 8, 10)),
        ("2026-08-10T17:00:00+08:00", CLOSING, date(2026, 8, 10)),
        ("2026-08-10T17:00:00.000001+08:00", CLOSING, date(2026, 8, 11)),
        ("2026-12-31T18:00:00+08:00", CLOSING, date(2027, 1, 1)),
    ],
)
def test_deemed_day(moment: str, cutoff: time | None, day: date) -> None:
    assert deemed_day(at(moment), CHINA_TIME, cutoff) == day
    assert deemed_day(at(moment), ZoneInfo("Asia/Shanghai"), cutoff) == day


def test_office_hours_hold_only_while_they_are_valid() -> None:
    hours = [
        OfficeHours(time(17), None, date(2026, 5, 31), "winter hours"),
        OfficeHours(time(17, 30), date(2026, 6, 1), date(2026, 9, 30), "summer hours"),
    ]
    assert deemed_day(at("2026-05-31T17:15:00+08:00"), CHINA_TIME, hours) == date(2026, 6, 1)
    assert deemed_day(at("2026-06-01T17:15:00+08:00"), CHINA_TIME, hours) == date(2026, 6, 1)
    assert deemed_day(at("2026-10-01T23:15:00+08:00"), CHINA_TIME, hours) == date(2026, 10, 1)
    assert deemed_day(at("2026-06-01T17:45:00+08:00"), CHINA_TIME, hours[1]) == date(2026, 6, 2)


def test_two_office_hours_on_one_day_are_refused() -> None:
    with pytest.raises(CalendarError) as caught:
        deemed_day(at("2026-06-01T17:15:00+08:00"), CHINA_TIME, [OfficeHours(time(17)), OfficeHours(time(18))])
    assert caught.value.code == "ZX2014"


def test_naive_instants_are_refused() -> None:
    naive = datetime(2026, 8, 10, 17)  # noqa: DTZ001 - the point of the case
    for call in (lambda: deemed_day(naive), lambda: add_hours(naive, 2)):
        with pytest.raises(CalendarError) as caught:
            call()
        assert caught.value.code == "ZX2001"
    with pytest.raises(CalendarError) as caught:
        deemed_day(date(2026, 8, 10))  # type: ignore[arg-type]
    assert caught.value.code == "ZX2003"


def test_hours_are_elapsed_time() -> None:
    assert add_hours(at("2026-09-30T20:00:00+08:00"), 72) == at("2026-10-03T20:00:00+08:00")
    assert add_hours(at("2026-09-30T20:00:00+08:00"), -21) == at("2026-09-29T23:00:00+08:00")
    spring = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))  # clocks go forward that night
    assert add_hours(spring, 24).hour == 13
    assert add_hours(spring, 24) - spring.astimezone(UTC) == timedelta(hours=24)
    with pytest.raises(CalendarError):
        add_hours(spring, 0)
    with pytest.raises(CalendarError):
        add_hours(spring, 10**9)
