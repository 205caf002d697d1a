"""A snapshot: what it refuses, how it explains a day, and what it shares."""

import copy
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.reading.calendars import CalendarFiles

DAY = date(2026, 8, 31)


def code(call: Any) -> str:
    with pytest.raises(CalendarError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (datetime(2026, 8, 31, 9), "ZX2001"),  # noqa: DTZ001 - the point of the case
        (datetime(2026, 8, 31, 9, tzinfo=UTC), "ZX2002"),
        ("2026-08-31", "ZX2003"),
        (None, "ZX2003"),
        (739859, "ZX2003"),
    ],
)
def test_only_civil_days(cal: Snapshot, given: Any, expected: str) -> None:
    calls = (
        lambda: cal.is_working_day(given),
        lambda: cal.explain(given),
        lambda: cal.add(given, 5),
        lambda: cal.count(given, DAY),
        lambda: cal.count(DAY, given),
        lambda: cal.within(given, 5),
        lambda: cal.within(given, 5, unit="month"),
        lambda: cal.before(given, 5),
        lambda: cal.minimum(given, 5),
    )
    assert {code(call) for call in calls} == {expected}


@pytest.mark.parametrize(("n", "expected"), [(0, "ZX2004"), (5.0, "ZX2005"), ("5", "ZX2005"), (None, "ZX2005")])
def test_only_whole_amounts(cal: Snapshot, n: Any, expected: str) -> None:
    calls = (
        lambda: cal.add(DAY, n),
        lambda: cal.within(DAY, n),
        lambda: cal.within(DAY, n, unit="calendar_day"),
        lambda: cal.before(DAY, n),
        lambda: cal.minimum(DAY, n),
    )
    assert {code(call) for call in calls} == {expected}


def test_limits_are_not_negative(cal: Snapshot) -> None:
    calls = (lambda: cal.within(DAY, -5), lambda: cal.before(DAY, -5), lambda: cal.minimum(DAY, -5))
    assert {code(call) for call in calls} == {"ZX2006"}


def test_reversed_range(cal: Snapshot) -> None:
    assert code(lambda: cal.count(DAY, date(2026, 8, 30))) == "ZX2007"
    assert cal.count(DAY, DAY) == 1


def test_days_outside_the_data(cal: Snapshot) -> None:
    before, after = date(2006, 12, 31), date(2029, 1, 1)
    calls = (
        lambda: cal.is_working_day(before),
        lambda: cal.is_working_day(after),
        lambda: cal.add(before, 5),
        lambda: cal.add(after, -5),
        lambda: cal.add(cal.first, -1),
        lambda: cal.add(cal.last, 1),
        lambda: cal.add(DAY, 10**9),
        lambda: cal.count(before, DAY),
        lambda: cal.count(DAY, after),
        lambda: cal.within(date(2028, 12, 30), 2, unit="calendar_day"),
        lambda: cal.minimum(DAY, 10**9),
        lambda: cal.within(DAY, 9999, unit="year"),
    )
    assert {code(call) for call in calls} == {"ZX2008"}


def test_unknown_words(cal: Snapshot) -> None:
    unit: Any = "fortnight"
    count: Any = "inclusive"
    assert code(lambda: cal.within(DAY, 5, unit=unit)) == "ZX2011"
    assert code(lambda: cal.before(DAY, 5, unit="hour")) == "ZX2011"  # type: ignore[arg-type]
    assert code(lambda: cal.before(DAY, 5, count=count)) == "ZX2012"
    assert code(lambda: cal.minimum(DAY, 5, count=count)) == "ZX2012"


@pytest.mark.parametrize(
    ("day", "working", "reason", "instrument", "festivals"),
    [
        ("2026-08-31", True, "working_week", None, ()),
        ("2026-08-30", False, "weekend", None, ()),
        ("2026-10-01", False, "holiday", "国办发明电〔2025〕7号", ("national_day",)),
        ("2026-09-26", False, "weekend", "国办发明电〔2025〕7号", ("mid_autumn",)),
        ("2026-09-20", True, "make_up", "国办发明电〔2025〕7号", ()),
        ("2025-10-06", False, "holiday", "国办发明电〔2024〕12号", ("mid_autumn", "national_day")),
        ("2018-12-31", False, "moved_rest", "国办发明电〔2018〕15号", ("new_year",)),
        ("2018-12-29", True, "make_up", "国办发明电〔2018〕15号", ()),
        ("2019-05-02", False, "moved_rest", "国办发明电〔2019〕3号", ("labour_day",)),
        ("2020-02-01", False, "cleared", "国办发明电〔2020〕1号", ("spring_festival",)),
        ("2015-09-03", False, "extra_day_off", "国发明电〔2015〕1号", ()),
        ("2015-09-04", False, "moved_rest", "国发明电〔2015〕1号", ()),
        ("2020-01-31", False, "extra_day_off", "国办发明电〔2020〕1号", ("spring_festival",)),
        ("2018-02-15", False, "moved_rest", "国办发明电〔2017〕12号", ("spring_festival",)),
        ("2018-02-16", False, "holiday", "国办发明电〔2017〕12号", ("spring_festival",)),
        ("2018-02-19", False, "moved_rest", "国办发明电〔2017〕12号", ("spring_festival",)),
        ("2026-10-04", False, "weekend", "国办发明电〔2025〕7号", ("national_day",)),
        ("2026-10-05", False, "moved_rest", "国办发明电〔2025〕7号", ("national_day",)),
        ("2024-02-09", True, "working_week", None, ()),
        ("2026-03-08", False, "weekend", None, ()),
        ("2023-03-08", True, "working_week", None, ()),
        ("2010-10-09", True, "make_up", "holidays-2010", ()),
        ("2027-02-08", False, "statutory", "国务院令第795号", ("spring_festival",)),
        ("2027-02-09", False, "in_lieu", "国务院令第795号", ("spring_festival",)),
    ],
)
def test_explain(
    cal: Snapshot, day: str, working: bool, reason: str, instrument: str | None, festivals: tuple[str, ...]
) -> None:
    told = cal.explain(date.fromisoformat(day))
    assert (told.working, told.reason, told.instrument) == (working, reason, instrument)
    assert set(told.festivals) == set(festivals)
    assert told.status == ("firm" if day <= "2026-12-23" else "provisional")


def test_explain_names_the_occasion_and_the_library(cal: Snapshot) -> None:
    occasion = cal.explain(date(2015, 9, 3)).occasion
    assert occasion is not None and "70" in occasion[0] and "70" in occasion[1]
    assert cal.explain(date(2010, 10, 9)).source == "holidays 0.109"
    assert cal.explain(date(2016, 10, 9)).source is None


def test_before_the_amendment_the_make_up_day_stood(calendars: CalendarFiles) -> None:
    snapshot = calendars.snapshot("cn", date(2020, 1, 26))
    assert snapshot.explain(date(2020, 2, 1)).reason == "make_up"


def test_snapshots_do_not_change(cal: Snapshot) -> None:
    with pytest.raises(AttributeError):
        cal.as_of = None
    with pytest.raises(AttributeError):
        del cal.timeline
    with pytest.raises(AttributeError):
        cal.unknown  # noqa: B018


def test_snapshots_travel(cal: Snapshot) -> None:
    for twin in (pickle.loads(pickle.dumps(cal)), copy.copy(cal), copy.deepcopy(cal)):  # noqa: S301
        assert (twin.calendar_hash, twin.as_of, twin.add(DAY, 5)) == (cal.calendar_hash, cal.as_of, cal.add(DAY, 5))


def test_days_that_know_the_same_share_everything(calendars: CalendarFiles) -> None:
    one, two = (calendars.snapshot("cn", day) for day in (date(2020, 1, 28), date(2020, 11, 24)))
    other = calendars.snapshot("cn", date(2020, 11, 25))
    assert one.timeline is two.timeline
    assert (one.as_of, two.as_of) == (date(2020, 1, 28), date(2020, 11, 24))
    assert other.calendar_hash != one.calendar_hash
    assert calendars.snapshot("cn", date(2020, 1, 28)) is one
    assert calendars.snapshot().calendar_hash == calendars.snapshot("cn", date(2026, 11, 22)).calendar_hash


def test_nothing_was_known_before_the_data(calendars: CalendarFiles) -> None:
    assert code(lambda: calendars.snapshot("cn", date(2006, 12, 31))) == "ZX2010"


def test_a_new_statutory_text_changes_the_nominal_year(calendars: CalendarFiles) -> None:
    eve = date(2025, 1, 28)
    assert calendars.snapshot("cn", date(2024, 11, 9)).is_working_day(eve)
    told = calendars.snapshot("cn", date(2024, 11, 10)).explain(eve)
    assert (told.working, told.reason, told.instrument) == (False, "statutory", "国务院令第795号")


def test_fresh_snapshots_answer_threads_alike(rules: Any) -> None:
    snapshot = CalendarFiles(rules).snapshot("cn", date(2021, 3, 3))
    with ThreadPoolExecutor(8) as pool:
        answers = set(
            pool.map(lambda _: (snapshot.within(DAY.replace(year=2021), 9).date, snapshot.calendar_hash), range(64))
        )
    assert len(answers) == 1


def test_the_normal_path_imports_nothing_heavy() -> None:
    import subprocess

    script = (
        "import sys; from datetime import date; from zhengxie_flow.reading.calendars import load;"
        "load('cn', as_of=date(2026, 11, 22)).add(date(2026, 8, 31), 5);"
        "heavy = {'holidays', 'numpy', 'sqlalchemy', 'alembic', 'transitions', 'pydantic', 'ruamel', 'typer'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
