"""Looking the calendar over: what others say, and whether a notice is overdue."""

from datetime import date

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendar_doctor import Disagreement, LibraryComparison, examine
from zhengxie_flow.reading.holidays_adapter import library_days


@pytest.mark.parametrize(
    ("today", "overdue"),
    [("2026-11-22", None), ("2026-11-30", None), ("2026-12-01", 2027), ("2027-03-01", 2027), ("2025-12-31", None)],
)
def test_the_next_notice_is_due_in_december(cal: Snapshot, today: str, overdue: int | None) -> None:
    told = examine(cal, date.fromisoformat(today), {"nobody": lambda _first, _last: {}})
    assert told.overdue == overdue
    assert told.healthy == (overdue is None)


def test_the_newest_notice_and_its_age(cal: Snapshot) -> None:
    told = examine(cal, date(2026, 11, 22), {"nobody": lambda _first, _last: {}})
    assert (told.newest, told.published, told.age) == ("国办发明电〔2025〕7号", date(2025, 11, 4), 383)
    assert told.comparisons == (LibraryComparison("nobody", 0),)


def test_the_installed_library_agrees(cal: Snapshot) -> None:
    told = examine(cal, date(2026, 11, 22))
    compared = {one.library: one for one in told.comparisons}
    assert compared["holidays"].days == 7305
    assert told.healthy


def test_a_library_that_is_behind_is_named(cal: Snapshot) -> None:
    def behind(first: date, last: date) -> dict[date, bool]:
        return library_days(first, last) | {date(2019, 5, 2): True, date(2019, 4, 28): False}

    def absent(_first: date, _last: date) -> dict[date, bool]:
        raise CalendarError("ZX2019", country="CN")

    told = examine(cal, date(2026, 11, 22), {"behind": behind, "absent": absent})
    assert [one.disagreements for one in told.comparisons] == [
        (Disagreement(date(2019, 4, 28), working=True), Disagreement(date(2019, 5, 2), working=False)),
        (),
    ]
    assert [one.days for one in told.comparisons] == [7305, 0]
    assert not told.healthy
