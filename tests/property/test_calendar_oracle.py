"""Every operation of the calendar against a walk from day to day over the notices as they stand in the files.

The walk shares no code with the calendar: it reads the YAML with another reader, keeps a set of days, and counts by
stepping.  It is slow and plain on purpose.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st
from ruamel.yaml import YAML

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "rules" / "calendars" / "cn"
OVERLAYS: dict[str, Any] = YAML(typ="safe").load(ROOT / "tests" / "data" / "calendar.yaml")["overlays"]
ONE = timedelta(days=1)


def parse(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def spans(values: list[Any]) -> set[date]:
    days: set[date] = set()
    for value in values:
        low, _, high = str(value).partition("/")
        day = parse(low)
        while day <= parse(high or low):
            days.add(day)
            day += ONE
    return days


@lru_cache
def sources() -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, list[Any]]]:
    reader = YAML(typ="safe")
    notices = [one for path in sorted(FOLDER.glob("2*.yaml")) for one in reader.load(path)["notices"]]
    statutory = reader.load(FOLDER / "statutory.yaml")["statutory"]
    return notices, statutory, reader.load(FOLDER / "lunar.yaml")["festivals"]


class Walk:
    """A calendar as a dictionary of days."""

    def __init__(self, as_of: date, overlays: tuple[str, ...] = ()) -> None:
        notices, _, _ = sources()
        seen = [one for one in notices if self.published(one) <= as_of]
        years = {one["year"] for one in seen}
        self.firm = date(max(years), 12, 23)
        self.first, self.last = date(2007, 1, 1), date(max(years) + 2, 12, 31)
        self.worked: dict[date, bool] = {}
        day = self.first
        while day <= self.last:
            self.worked[day] = day.weekday() < 5
            day += ONE
        for year in (max(years) + 1, max(years) + 2):
            for day in self.nominal(year, as_of):
                self.worked[day] = False
        for one in sorted(seen, key=lambda one: (self.published(one), "amends" in one)):
            self.apply(one)
        for name in overlays:
            self.apply(OVERLAYS[name])

    @staticmethod
    def published(one: dict[str, Any]) -> date:
        return parse(one["published"]) if "published" in one else date(one["year"], 1, 1)

    def apply(self, one: dict[str, Any]) -> None:
        for day in spans(one["off_days"]):
            if day in self.worked:
                self.worked[day] = False
        for day in spans(one["work_days"]):
            if day in self.worked:
                self.worked[day] = True

    @staticmethod
    def nominal(year: int, as_of: date) -> list[date]:
        _, statutory, lunar = sources()
        text = [t for t in statutory if parse(t["published"]) <= as_of and parse(t["in_force"]) <= date(year, 1, 1)][-1]
        days = []
        for written in (str(day) for listed in text["days"].values() for day in listed):
            if written[0].isdigit():
                days.append(date.fromisoformat(f"{year}-{written}"))
                continue
            name, offset = (written[:-2], int(written[-2:])) if written[-2] in "+-" else (written, 0)
            days.append(next(parse(day) for day in lunar[name] if parse(day).year == year) + offset * ONE)
        for day in sorted(days):
            lieu = day
            while day.weekday() >= 5 and (lieu in days or lieu.weekday() >= 5):
                lieu += ONE
            if lieu != day:
                days.append(lieu)
        return days

    def add(self, day: date, n: int) -> date | None:
        step = ONE if n > 0 else -ONE
        if day not in self.worked:
            return None
        left = abs(n)
        while left:
            day += step
            if day not in self.worked:
                return None
            left -= self.worked[day]
        return day

    def roll(self, day: date) -> date | None:
        while day in self.worked and not self.worked[day]:
            day += ONE
        return day if day in self.worked else None


AS_OF = [
    date(2007, 1, 1), date(2012, 6, 1), date(2013, 5, 5), date(2014, 12, 15), date(2014, 12, 16), date(2015, 5, 12),
    date(2015, 5, 13), date(2018, 12, 10), date(2019, 3, 21), date(2019, 3, 22), date(2020, 1, 26), date(2020, 1, 27),
    date(2024, 11, 9), date(2024, 11, 11), date(2024, 11, 12), date(2026, 11, 22),
]  # fmt: skip

layers = st.sampled_from([(), ("yanbian",), ("liangshan",), ("liangshan", "yanbian")])


@cache
def calendars(as_of: date, overlays: tuple[str, ...]) -> tuple[Snapshot, Walk]:
    given = [{"id": name, **OVERLAYS[name]} for name in overlays]
    return load("cn", as_of=as_of, overlays=given, root=ROOT / "rules"), Walk(as_of, overlays)


pairs = st.builds(calendars, st.sampled_from(AS_OF), layers)


@st.composite
def pair_and_day(draw: st.DrawFn) -> tuple[Snapshot, Walk, date]:
    cal, walk = draw(pairs)
    return cal, walk, draw(st.dates(walk.first, walk.last))


amounts = st.integers(1, 300)


@pytest.mark.parametrize("as_of", AS_OF, ids=str)
@pytest.mark.parametrize("overlays", [(), ("yanbian",), ("liangshan",)], ids=lambda names: "+".join(names) or "none")
def test_every_day_of_every_calendar(as_of: date, overlays: tuple[str, ...]) -> None:
    cal, walk = calendars(as_of, overlays)
    assert (cal.first, cal.last, cal.firm_through) == (walk.first, walk.last, walk.firm)
    wrong = [day for day, worked in walk.worked.items() if cal.is_working_day(day) != worked]
    assert wrong == []


@given(pair_and_day(), st.integers(-300, 300).filter(bool))
def test_add(at: tuple[Snapshot, Walk, date], n: int) -> None:
    cal, walk, day = at
    expected = walk.add(day, n)
    if expected is None:
        with pytest.raises(CalendarError) as caught:
            cal.add(day, n)
        assert caught.value.code == "ZX2008"
    else:
        assert cal.add(day, n) == expected


@given(pair_and_day(), st.integers(0, 800))
def test_count(at: tuple[Snapshot, Walk, date], width: int) -> None:
    cal, walk, first = at
    last = min(first + width * ONE, walk.last)
    stepped = [first + i * ONE for i in range((last - first).days + 1)]
    assert cal.count(first, last) == sum(walk.worked[day] for day in stepped)


@given(pair_and_day(), amounts, st.sampled_from(["within", "before", "clear_days", "minimum", "minimum clear"]))
def test_limits_in_working_days(at: tuple[Snapshot, Walk, date], n: int, kind: str) -> None:
    cal, walk, day = at
    signed = {"within": n, "before": -n, "clear_days": -n - 1, "minimum": n, "minimum clear": n + 1}[kind]
    expected = walk.add(day, signed)
    assume(expected is not None)
    reckoned = {
        "within": lambda: cal.within(day, n),
        "before": lambda: cal.before(day, n),
        "clear_days": lambda: cal.before(day, n, count="clear_days"),
        "minimum": lambda: cal.minimum(day, n, unit="working_day"),
        "minimum clear": lambda: cal.minimum(day, n, unit="working_day", count="clear_days"),
    }[kind]()
    assert reckoned.date == expected
    step = ONE if signed > 0 else -ONE
    walked = [day + i * step for i in range(1, abs((expected - day).days) + 1)]
    assert list(reckoned.counted) == [one for one in walked if walk.worked[one]]
    assert [one.date for one in reckoned.skipped] == [one for one in walked if not walk.worked[one]]
    assert len(reckoned.counted) == abs(signed)
    assert (reckoned.status == "firm") == all(one <= walk.firm for one in walked)
    assert reckoned.earliest <= reckoned.date <= reckoned.latest


@given(pair_and_day(), st.integers(1, 60), st.sampled_from(["calendar_day", "month", "year"]))
def test_limits_in_calendar_units(at: tuple[Snapshot, Walk, date], n: int, unit: str) -> None:
    cal, walk, day = at

    def shifted(amount: int) -> date:
        if unit == "calendar_day":
            return day + amount * ONE
        year, month = day.year, day.month
        for _ in range(abs(amount) * (12 if unit == "year" else 1)):
            month += 1 if amount > 0 else -1
            if month in (0, 13):
                year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
        return date(year, month, min(day.day, monthrange(year, month)[1]))

    assert cal.before(day, n, unit=unit).date == shifted(-n)
    assert cal.before(day, n, unit=unit, count="clear_days").date == shifted(-n) - ONE
    assert cal.minimum(day, n, unit=unit).date == shifted(n)
    assert cal.minimum(day, n, unit=unit, count="clear_days").date == shifted(n) + ONE
    assert cal.minimum(day, n, unit=unit).status == "firm"
    rolled = walk.roll(shifted(n))
    if rolled is None:
        with pytest.raises(CalendarError):
            cal.within(day, n, unit=unit)
    else:
        reckoned = cal.within(day, n, unit=unit)
        assert (reckoned.date, reckoned.raw, reckoned.rolled) == (rolled, shifted(n), rolled != shifted(n))
        assert reckoned.earliest <= reckoned.date <= reckoned.latest
        assert reckoned.counted[-1:] == (shifted(n),)
        assert len(reckoned.skipped) == (rolled - shifted(n)).days


@given(pair_and_day(), amounts)
def test_adding_and_counting_agree(at: tuple[Snapshot, Walk, date], n: int) -> None:
    cal, walk, day = at
    assume(walk.add(day, n) is not None and day < walk.last)
    end = cal.add(day, n)
    assert cal.count(day + ONE, end) == n
    assert cal.is_working_day(end)
    if cal.is_working_day(day):
        assert cal.add(end, -n) == day
