"""Counting whole numpy arrays gives what counting one by one gives."""

from datetime import date, datetime, timedelta

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.errors import CalendarError

np = pytest.importorskip("numpy", reason="numpy is not installed")


def days(first: date, size: int) -> "np.ndarray":
    return np.datetime64(first) + np.arange(size)


@pytest.mark.parametrize("n", [1, 5, 250, -1, -15, -250])
def test_the_same_as_one_by_one(cal: Snapshot, n: int) -> None:
    starts = days(date(2008, 6, 1), 6500)
    expected = [cal.add(day, n) for day in starts.tolist()]
    assert cal.add_many(starts, n).tolist() == expected
    assert cal.add_many(starts, n).dtype == np.dtype("datetime64[D]")


def test_shapes_and_strides(cal: Snapshot) -> None:
    grid = days(date(2026, 1, 1), 60).reshape(6, 10)
    assert cal.add_many(grid, 5).shape == (6, 10)
    assert cal.add_many(grid.T[::2], 5)[0, 0] == np.datetime64(cal.add(date(2026, 1, 1), 5))
    assert cal.add_many(grid[:0], 5).shape == (0, 10)
    assert cal.add_many(np.datetime64("2026-06-01"), 5) == np.datetime64("2026-06-08")


@pytest.mark.parametrize(
    ("given", "n", "code"),
    [
        (["2026-06-01"], 0, "ZX2004"),
        (["2026-06-01"], 1.5, "ZX2005"),
        (["2026-06-01", "NaT"], 5, "ZX2003"),
        (["2006-12-31"], 5, "ZX2008"),
        (["2029-01-01"], -5, "ZX2008"),
        (["2026-06-01", "2028-12-29"], 5, "ZX2008"),
        (["2007-01-08"], -15, "ZX2008"),
        (["2026-06-01"], 10**7, "ZX2008"),
    ],
)
def test_refused(cal: Snapshot, given: list[str], n: int, code: str) -> None:
    with pytest.raises(CalendarError) as caught:
        cal.add_many(np.array(given, dtype="datetime64[D]"), n)
    assert caught.value.code == code


@pytest.mark.parametrize("given", [[1, 2], ["2026-06-01T10:00"], [1.5]])
def test_only_days(cal: Snapshot, given: list[object]) -> None:
    array = np.array(given, dtype="datetime64[m]") if isinstance(given[0], str) else np.array(given)
    with pytest.raises(CalendarError) as caught:
        cal.add_many(array, 5)
    assert caught.value.code == "ZX2003"


def test_a_list_of_dates_will_do(cal: Snapshot) -> None:
    starts = [date(2026, 6, 1) + timedelta(days=i) for i in range(9)]
    assert cal.add_many(np.array(starts, dtype="datetime64[D]"), 5).tolist() == [cal.add(day, 5) for day in starts]
    with pytest.raises(CalendarError):
        cal.add_many(np.array([datetime(2026, 6, 1, 9)]), 5)  # noqa: DTZ001 - instants are no days
