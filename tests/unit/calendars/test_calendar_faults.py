"""What an error of legal time says: the code, and every parameter that its message needs, for each kind of wrong input."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import pytest

from zhengxie_flow.calendars import CHINA_TIME, OfficeHours, Snapshot, add_hours, deemed_day
from zhengxie_flow.calendars.arithmetic import civil_day, shift, whole_amount
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.nominal import festivals, statutory_text
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import CalendarFiles

DAY = date(2026, 8, 31)
NAIVE = datetime(2026, 8, 31, 9)  # noqa: DTZ001 - the point of the case
AWARE = datetime(2026, 8, 31, 9, tzinfo=UTC)
FIRST, LAST = date(2007, 1, 1), date(2028, 12, 31)
ALWAYS = {"first": date.min, "last": date.max}
DATA = {"calendar": "cn", "first": FIRST, "last": LAST}


class NoOffset(tzinfo):
    """A zone that does not say how far it is from UTC."""

    def utcoffset(self, _moment: datetime | None) -> timedelta | None:
        return None


class MarkedDay(date):
    """A civil day of another class, as pandas and freezegun have one."""


ADRIFT = datetime(2026, 8, 31, 9, tzinfo=NoOffset())
FAR = datetime(9999, 12, 31, 12, tzinfo=UTC)
NEXT_YEAR: Any = "next year"
CASES: list[tuple[Callable[[Snapshot], Any], str, dict[str, Any]]] = [
    (lambda _: civil_day(NAIVE), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (lambda _: civil_day(AWARE), "ZX2002", {"given": "2026-08-31T09:00:00+00:00"}),
    (lambda _: civil_day("2026-08-31"), "ZX2003", {"given": "'2026-08-31'"}),
    (lambda _: whole_amount(True), "ZX2005", {"given": "True"}),
    (lambda _: whole_amount("5"), "ZX2005", {"given": "'5'"}),
    (lambda _: whole_amount(0), "ZX2004", {}),
    (lambda _: whole_amount(0, negative=True), "ZX2004", {}),
    (lambda _: whole_amount(-1), "ZX2006", {"given": -1}),
    (lambda _: shift(DAY, 9999, "year"), "ZX2008", {"day": DAY, **ALWAYS}),
    (lambda _: shift(DAY, 10**12, "calendar_day"), "ZX2008", {"day": DAY, **ALWAYS}),
    (lambda _: shift(DAY, 1, "fortnight"), "ZX2011", {"given": "fortnight"}),  # type: ignore[arg-type]
    (lambda _: deemed_day(DAY), "ZX2003", {"given": "datetime.date(2026, 8, 31)"}),  # type: ignore[arg-type]
    (lambda _: deemed_day(NAIVE), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (lambda _: deemed_day(ADRIFT), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (
        lambda _: deemed_day(AWARE, CHINA_TIME, [OfficeHours(time(17)), OfficeHours(time(18))]),
        "ZX2014",
        {"day": DAY, "first": time(17), "second": time(18)},
    ),
    (lambda _: add_hours(DAY, 1), "ZX2003", {"given": "datetime.date(2026, 8, 31)"}),  # type: ignore[arg-type]
    (lambda _: add_hours(NAIVE, 1), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (lambda _: add_hours(ADRIFT, 1), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (lambda _: add_hours(AWARE, 0), "ZX2004", {}),
    (lambda _: add_hours(AWARE, 1.5), "ZX2005", {"given": "1.5"}),  # type: ignore[arg-type]
    (lambda _: add_hours(FAR, 13), "ZX2008", {"day": FAR, "n": 13, **ALWAYS}),
    (lambda cal: cal.is_working_day(NAIVE), "ZX2001", {"given": "2026-08-31T09:00:00"}),
    (lambda cal: cal.is_working_day(FIRST - timedelta(1)), "ZX2008", {"day": date(2006, 12, 31), "n": None, **DATA}),
    (lambda cal: cal.is_working_day(LAST + timedelta(1)), "ZX2008", {"day": date(2029, 1, 1), "n": None, **DATA}),
    (lambda cal: cal.explain(date(1999, 1, 1)), "ZX2008", {"day": date(1999, 1, 1), "n": None, **DATA}),
    (lambda cal: cal.add(LAST, 1), "ZX2008", {"day": LAST, "n": 1, **DATA}),
    (lambda cal: cal.add(FIRST, -1), "ZX2008", {"day": FIRST, "n": -1, **DATA}),
    (lambda cal: cal.add(DAY, 0), "ZX2004", {}),
    (lambda cal: cal.add(DAY, 1.0), "ZX2005", {"given": "1.0"}),  # type: ignore[arg-type]
    (lambda cal: cal.add(DAY, -1.0), "ZX2005", {"given": "-1.0"}),  # type: ignore[arg-type]
    (lambda cal: cal.count(DAY, FIRST), "ZX2007", {"first": DAY, "last": FIRST}),
    (lambda cal: cal.count(date(2006, 1, 1), DAY), "ZX2008", {"day": date(2006, 1, 1), "n": None, **DATA}),
    (lambda cal: cal.count(DAY, date(2030, 1, 1)), "ZX2008", {"day": date(2030, 1, 1), "n": None, **DATA}),
    (lambda cal: cal.count(DAY, AWARE), "ZX2002", {"given": "2026-08-31T09:00:00+00:00"}),
    (lambda cal: cal.count(AWARE, DAY), "ZX2002", {"given": "2026-08-31T09:00:00+00:00"}),
    (lambda cal: cal.within(DAY, -2), "ZX2006", {"given": -2}),
    (lambda cal: cal.within(LAST, 9), "ZX2008", {"day": LAST, "n": 9, **DATA}),
    (lambda cal: cal.within(DAY, -2, "month"), "ZX2006", {"given": -2}),
    (lambda cal: cal.within(date(2028, 12, 29), 1, "calendar_day"), "ZX2008", {"day": date(2028, 12, 30), "n": None, **DATA}),
    (lambda cal: cal.within(LAST, 1, "calendar_day"), "ZX2008", {"day": date(2029, 1, 1), "n": None, **DATA}),
    (lambda cal: cal.within(date(2006, 12, 30), 1, "calendar_day"), "ZX2008", {"day": date(2006, 12, 31), "n": None, **DATA}),
    (lambda cal: cal.before(DAY, -2), "ZX2006", {"given": -2}),
    (lambda cal: cal.before(DAY, True), "ZX2005", {"given": "True"}),
    (lambda cal: cal.before(DAY, 5, NEXT_YEAR), "ZX2012", {"given": "next year"}),
    (lambda cal: cal.minimum(DAY, 5, count=NEXT_YEAR), "ZX2012", {"given": "next year"}),
    (lambda cal: cal.minimum(DAY, 5, NEXT_YEAR), "ZX2011", {"given": "next year"}),
    (lambda cal: cal.minimum(DAY, 0), "ZX2004", {}),
    (
        lambda cal: compose(cal.timeline.facts, date(2006, 5, 1)),
        "ZX2010",
        {"calendar": "cn", "as_of": date(2006, 5, 1), "first": FIRST},
    ),
    (lambda cal: festivals(replace(cal.timeline.facts, lunar={}), text_of(cal), 2027), "ZX2009", {"festival": "spring_festival", "year": 2027}),
]  # fmt: skip


def text_of(cal: Snapshot) -> Any:
    return statutory_text(cal.timeline.facts, 2027)


@pytest.mark.parametrize(("call", "code", "params"), CASES)
def test_an_error_says_what_was_wrong(
    cal: Snapshot, call: Callable[[Snapshot], Any], code: str, params: dict[str, Any]
) -> None:
    with pytest.raises(CalendarError) as caught:
        call(cal)
    assert (caught.value.code, caught.value.params) == (code, params)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_day_of_another_class_is_that_day(cal: Snapshot) -> None:
    day, later = MarkedDay(2026, 8, 31), MarkedDay(2026, 9, 25)
    assert type(civil_day(day)) is date and civil_day(day) == DAY
    assert cal.is_working_day(day) is True
    assert cal.add(day, 5) == cal.add(DAY, 5)
    assert cal.count(day, later) == cal.count(DAY, later) == cal.count(day, date(2026, 9, 25))
    assert cal.within(day, 1, "month").date == cal.within(DAY, 1, "month").date


@pytest.mark.parametrize("n", [1, 2, 10**6])
def test_a_whole_amount_is_returned(n: int) -> None:
    assert whole_amount(n) == n
    assert whole_amount(-n, negative=True) == -n


def test_arrays_need_numpy(cal: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "numpy":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CalendarError) as caught:
        cal.add_many([DAY], 5)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.params) == ("ZX2013", {})


ARRAYS: list[tuple[list[str], int, str, dict[str, Any]]] = [
    (["2026-06-01", "NaT"], 5, "ZX2003", {"given": "NaT"}),
    (["2026-06-01", "2006-12-31"], 5, "ZX2008", {"day": date(2006, 12, 31), "n": 5, **DATA}),
    (["2026-06-01", "2029-01-01"], -5, "ZX2008", {"day": date(2029, 1, 1), "n": -5, **DATA}),
    (["2026-06-01", "2028-12-29"], 5, "ZX2008", {"day": date(2028, 12, 29), "n": 5, **DATA}),
    (["2026-06-01", "2007-01-01"], -5, "ZX2008", {"day": FIRST, "n": -5, **DATA}),
]


@pytest.mark.parametrize(("days", "n", "code", "params"), ARRAYS)
def test_an_error_about_an_array_names_the_day(
    cal: Snapshot, days: list[str], n: int, code: str, params: dict[str, Any]
) -> None:
    np = pytest.importorskip("numpy", reason="numpy is not installed")
    with pytest.raises(CalendarError) as caught:
        cal.add_many(np.array(days, dtype="datetime64[D]"), n)
    assert (caught.value.code, caught.value.params) == (code, params)
    with pytest.raises(CalendarError) as caught:
        cal.add_many(np.array(days, dtype="datetime64[s]"), n)
    assert (caught.value.code, caught.value.params) == ("ZX2003", {"given": "datetime64[s]"})


def test_the_first_and_the_last_day_are_answered(cal: Snapshot) -> None:
    np = pytest.importorskip("numpy", reason="numpy is not installed")
    assert (cal.first, cal.last) == (FIRST, LAST)
    assert cal.is_working_day(FIRST) is False
    assert cal.is_working_day(LAST) is False
    assert cal.count(FIRST, LAST) == cal.count(FIRST, DAY) + cal.count(DAY + timedelta(1), LAST)
    assert cal.add(FIRST, 1) == date(2007, 1, 4)
    assert cal.add(LAST, -1) == date(2028, 12, 29)
    assert cal.add_many(np.array([FIRST], dtype="datetime64[D]"), 1).tolist() == [date(2007, 1, 4)]
    assert cal.add_many(np.array([LAST], dtype="datetime64[D]"), -1).tolist() == [date(2028, 12, 29)]


def test_no_calendar_before_its_first_notice(calendars: CalendarFiles) -> None:
    with pytest.raises(CalendarError) as caught:
        calendars.snapshot("cn", date(2006, 12, 31))
    assert caught.value.params["first"] == FIRST


def test_the_last_firm_day_is_firm(cal: Snapshot) -> None:
    assert cal.explain(cal.firm_through).status == "firm"
    assert cal.explain(cal.firm_through + timedelta(1)).status == "provisional"
    assert repr(cal) == f"Snapshot('cn', as_of=2026-11-22, calendar_hash={cal.calendar_hash[:19]!r})"
