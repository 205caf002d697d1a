"""What the arithmetic of days refuses, each with its code and what was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhengxie_flow.calendars.arithmetic import civil_day, counted, including, shift, whole_amount
from zhengxie_flow.errors import CalendarError

DAY = date(2026, 3, 4)


class Birthday(date):
    """A day of a kind of its own."""


def refused(ask: Callable[[], Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(CalendarError) as raised:
        ask()
    return raised.value.code, raised.value.params


@pytest.mark.parametrize(("value", "code", "given"), [
    (datetime(2026, 3, 4, 12), "ZX2001", "2026-03-04T12:00:00"),  # noqa: DTZ001
    (datetime(2026, 3, 4, 12, tzinfo=UTC), "ZX2002", "2026-03-04T12:00:00+00:00"),
    ("2026-03-04", "ZX2003", "'2026-03-04'"), (20260304, "ZX2003", "20260304"), (None, "ZX2003", "None"),
])  # fmt: skip
def test_what_is_no_civil_day(value, code, given):
    assert refused(lambda: civil_day(value)) == (code, {"given": given})


def test_a_civil_day_is_a_plain_one():
    assert civil_day(DAY) is DAY
    plain = civil_day(Birthday(2026, 3, 4))
    assert (type(plain), plain) == (date, DAY)


@pytest.mark.parametrize(("n", "code", "params"), [
    (0, "ZX2004", {}), (1.0, "ZX2005", {"given": "1.0"}), ("1", "ZX2005", {"given": "'1'"}), (True, "ZX2005", {"given": "True"}),
    (False, "ZX2005", {"given": "False"}), (None, "ZX2005", {"given": "None"}), (-1, "ZX2006", {"given": -1}),
    (-7, "ZX2006", {"given": -7}),
])  # fmt: skip
def test_what_is_no_amount(n, code, params):
    assert refused(lambda: whole_amount(n)) == (code, params)
    if code == "ZX2006":
        assert whole_amount(n, negative=True) == n
    else:
        assert refused(lambda: whole_amount(n, negative=True)) == (code, params)


@pytest.mark.parametrize("n", [1, 2, 10**9])
def test_what_is_an_amount(n):
    assert whole_amount(n) == whole_amount(n, negative=True) == n


@pytest.mark.parametrize("unit", ["calendar_day", "week", "half_month", "month", "year"])
@pytest.mark.parametrize("n", [10**6, -(10**6), 10**12])
def test_a_day_that_no_calendar_has(unit, n):
    wanted = ("ZX2008", {"day": DAY, "first": date.min, "last": date.max})
    if unit in ("calendar_day", "week") and abs(n) == 10**6 and unit == "calendar_day":
        n *= 10
    assert refused(lambda: shift(DAY, n, unit)) == wanted
    assert refused(lambda: including(DAY, n, unit))[0] == "ZX2008"


def test_what_is_no_unit_and_what_is_no_word():
    unit: Any = "fortnight"
    assert refused(lambda: shift(DAY, 1, unit)) == ("ZX2011", {"given": "fortnight"})
    word: Any = "roughly"
    for counting in ("working_day", "month"):
        assert refused(lambda counting=counting: counted(lambda day, _: day, DAY, 1, (counting, word))) == (
            "ZX2012",
            {"given": "roughly"},
        )
