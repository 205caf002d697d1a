"""A calendar of twelve days: every run off, every question and every place at its edges, against plain lists of days."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date, datetime, time
from itertools import product
from typing import Any

import numpy as np
import pytest

from zhengxie_flow.calendars import Facts, Notice, Snapshot
from zhengxie_flow.calendars.facts import StatutoryText
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.calendars.reasons import reasons_of
from zhengxie_flow.calendars.timeline import Timeline
from zhengxie_flow.errors import CalendarError

FIRST = date(2026, 3, 4)  # a Wednesday
SIZE = 12
REST = frozenset({5, 6})
BASE = FIRST.toordinal()
DAYS = [date.fromordinal(BASE + place) for place in range(SIZE)]
AROUND = range(-3, SIZE + 3)
WEEKLY = [day.weekday() not in REST for day in DAYS]


def notice(off: tuple[tuple[int, int], ...] = (), **more: Any) -> Notice:
    """A notice whose days are told by their places from the first day."""
    days = {key: tuple(BASE + place for place in more.pop(key, ())) for key in ("work", "clears")}
    spans = tuple((BASE + low, BASE + high) for low, high in off)
    return Notice(
        **{"number": "n", "year": 2026, "published": date(2026, 1, 1), "level": "library", **more}, off=spans, **days
    )


def calendar(*notices: Notice, through: int = SIZE, **more: Any) -> Snapshot:
    facts = more.pop("facts", Facts("small", FIRST, (), rest_days=REST))
    last = date.fromordinal(BASE + through - 1)
    timeline = Timeline("small", FIRST, bytes(WEEKLY), notices=notices, firm_through=last, facts=facts, **more)
    return Snapshot(timeline, date(2026, 2, 2))


def worked(snapshot: Snapshot) -> list[bool]:
    return [snapshot.is_working_day(day) for day in DAYS]


SPANS = [(low, high) for low, high in product(AROUND, AROUND) if low <= high]


def test_every_run_of_days_off_is_off_as_far_as_the_data_goes():
    for low, high in SPANS:
        wanted = [ordinary and not low <= place <= high for place, ordinary in enumerate(WEEKLY)]
        assert worked(calendar(notice(((low, high),)))) == wanted, (low, high)


def test_each_day_of_work_and_each_cleared_day_is_changed_as_far_as_the_data_goes():
    everything = notice(((0, SIZE - 1),))
    for place in AROUND:
        off = worked(calendar(everything, notice(work=(place,))))
        assert off == [other == place for other in range(SIZE)]
        on = worked(calendar(everything, notice(clears=(place,))))
        assert on == [other == place and WEEKLY[other] for other in range(SIZE)]
        taken_back = worked(calendar(notice(work=range(SIZE)), notice(clears=(place,))))
        assert taken_back == [other != place or WEEKLY[other] for other in range(SIZE)]
        both = worked(calendar(notice(((place, place),), work=(place,))))
        assert both == [ordinary or other == place for other, ordinary in enumerate(WEEKLY)]


def test_the_later_of_two_notices_wins():
    assert worked(calendar(notice(work=(3,)), notice(((3, 3),))))[3] is False
    assert worked(calendar(notice(((3, 3),)), notice(work=(3,))))[3] is True


OFF = [(), ((4, 6),), ((0, 2),), ((9, 11),), ((0, 11),), ((1, 1), (10, 10))]
"""Days off in the middle, at each end, all, and just inside the ends."""


def outside(ask: Any, day: date, n: int | None) -> None:
    """A question that cannot be answered says which day lies outside which data."""
    with pytest.raises(CalendarError) as refused:
        ask()
    assert refused.value.code == "ZX2008"
    assert refused.value.params == {"calendar": "small", "day": day, "n": n, "first": FIRST, "last": DAYS[-1]}


@pytest.mark.parametrize("off", OFF)
def test_every_question_has_the_answer_of_a_plain_list(off):
    snapshot = calendar(notice(off))
    flags = [ordinary and not any(low <= place <= high for low, high in off) for place, ordinary in enumerate(WEEKLY)]
    working = [place for place in range(SIZE) if flags[place]]
    for place in AROUND:
        day = date.fromordinal(BASE + place)
        inside = 0 <= place < SIZE
        if not inside:
            outside(lambda day=day: snapshot.is_working_day(day), day, None)
        for n in (-13, *range(-8, 0), *range(1, 9), 13):
            found = [other for other in working if other > place][n - 1 : n] if n > 0 else [other for other in working if other < place][n:][:1]  # fmt: skip
            enough = len([other for other in working if (other > place if n > 0 else other < place)]) >= abs(n)
            if inside and enough:
                assert snapshot.add(day, n) == DAYS[found[0]], (day, n)
            else:
                outside(lambda day=day, n=n: snapshot.add(day, n), day, n)
        for other in AROUND:
            last = date.fromordinal(BASE + other)
            if other < place:
                with pytest.raises(CalendarError) as refused:
                    snapshot.count(day, last)
                assert (refused.value.code, refused.value.params) == ("ZX2007", {"first": day, "last": last})
            elif inside and other < SIZE:
                assert snapshot.count(day, last) == sum(flags[place : other + 1])
            else:
                outside(lambda day=day, last=last: snapshot.count(day, last), day if place < 0 else last, None)


@pytest.mark.parametrize("off", OFF)
def test_a_term_in_calendar_days_ends_on_the_first_working_day_that_the_data_holds(off):
    snapshot = calendar(notice(off))
    working = [place for place in range(SIZE) if snapshot.is_working_day(DAYS[place])]
    for place, n in product(range(SIZE), range(1, SIZE + 1)):
        due = [other for other in working if other >= place + n]
        raw = date.fromordinal(BASE + place + n)
        if place + n < SIZE and due:
            count = snapshot.within(DAYS[place], n, "calendar_day")
            assert (count.date, count.raw, count.rolled) == (DAYS[due[0]], raw, due[0] != place + n)
            assert list(count.counted) == DAYS[place + 1 : place + n + 1]
            assert [day.date for day in count.skipped] == DAYS[place + n + 1 : due[0] + 1]
        else:
            outside(lambda place=place, n=n: snapshot.within(DAYS[place], n, "calendar_day"), raw, None)


@pytest.mark.parametrize("off", OFF)
def test_a_whole_array_is_counted_as_each_of_its_days(off):
    snapshot = calendar(notice(off))
    for n in (-9, -2, -1, 1, 2, 9):
        ends = {}
        for day in DAYS:
            try:
                ends[day] = snapshot.add(day, n)
            except CalendarError:
                with pytest.raises(CalendarError) as refused:
                    snapshot.add_many(np.array([day], "datetime64[D]"), n)
                params = {"calendar": "small", "day": day, "n": n, "first": FIRST, "last": DAYS[-1]}
                assert (refused.value.code, refused.value.params) == ("ZX2008", params)
        several = np.array([list(ends)], "datetime64[D]")
        assert snapshot.add_many(several, n).tolist() == [list(ends.values())]
        for place in (-1, SIZE):
            beyond = date.fromordinal(BASE + place)
            with pytest.raises(CalendarError) as refused:
                snapshot.add_many(np.array([*ends, beyond], "datetime64[D]"), n)
            assert (refused.value.code, refused.value.params["day"]) == ("ZX2008", beyond)


def test_without_numpy_no_array_is_counted(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(CalendarError) as refused:
        calendar().add_many(np.array(DAYS, "datetime64[D]"), 1)
    assert (refused.value.code, refused.value.params) == ("ZX2013", {})


@pytest.mark.parametrize("off", OFF)
def test_a_run_of_days_off_reaches_as_far_as_nothing_is_worked(off):
    timeline = calendar(notice(off)).timeline
    for place in range(SIZE):
        if not timeline.flags[place]:
            low = high = place
            while low > 0 and not timeline.flags[low - 1]:
                low -= 1
            while high < SIZE - 1 and not timeline.flags[high + 1]:
                high += 1
            assert timeline.run_off(BASE + place) == (BASE + low, BASE + high), place


def test_days_after_the_last_firm_one_are_provisional():
    for through in range(1, SIZE + 1):
        snapshot = calendar(through=through)
        for place, day in enumerate(DAYS):
            assert snapshot.explain(day).status == ("firm" if place < through else "provisional")
            assert snapshot.may_change(DAYS[0], day) is (place >= through)


def test_the_hash_is_that_of_what_decides_an_answer_and_of_nothing_else():
    """The form of the hashed text is kept: journals name calendars by it."""
    hours = (
        OfficeHours(time(17), date(2026, 1, 1), date(2026, 12, 31), "basis"),
        OfficeHours(time(16, 30), opens=time(9), breaks=((time(12), time(13, 30)),)),
    )
    issued = notice(((1, 2),), work=(3,), clears=(4,), number="国办", source="library 1", level="country")
    snapshot = calendar(issued, through=9, office_hours=hours)
    content = {
        "calendar": "small",
        "first": "2026-03-04",
        "firm_through": "2026-03-12",
        "weekly": hashlib.sha256(bytes(WEEKLY)).hexdigest(),
        "office_hours": [
            ["17:00:00", "2026-01-01", "2026-12-31"],
            ["16:30:00", "None", "None", "09:00:00", [["12:00:00", "13:30:00"]]],
        ],
        "notices": [
            ["country", "国办", "2026-01-01", [[BASE + 1, BASE + 2]], [BASE + 3], [BASE + 4], "library 1"],
        ],
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert snapshot.calendar_hash == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    beside = Snapshot(snapshot.timeline, None, {"b": calendar(), "a": calendar(issued)})
    joined = f"{snapshot.calendar_hash}|{calendar(issued).calendar_hash}|{calendar().calendar_hash}"
    assert beside.calendar_hash == "sha256:" + hashlib.sha256(joined.encode()).hexdigest()


@pytest.mark.parametrize("level", ["province", "prefecture", "organisation"])
def test_a_local_notice_names_local_days(level):
    issued = notice(((1, 2),), work=(3,), level=level)
    assert reasons_of(issued, Facts("small", FIRST, ())) == {
        BASE + 1: "local_holiday", BASE + 2: "local_holiday", BASE + 3: "local_make_up",
    }  # fmt: skip


@pytest.mark.parametrize("level", ["statutory", "in_lieu"])
def test_a_day_without_a_notice_is_named_by_its_level(level):
    assert reasons_of(notice(((1, 1),), work=(3,), level=level), Facts("small", FIRST, ())) == {BASE + 1: level}


@pytest.mark.parametrize(("name", "reason"), [
    ("Day", "public_holiday"), ("Day (observed)", "public_in_lieu"), ("Day (in lieu)", "public_in_lieu"),
    ("Substitute Holiday", "public_in_lieu"), ("Day off (substituted from 01/02/2026)", "public_moved_rest"),
    (None, "public_holiday"),
])  # fmt: skip
def test_a_day_off_of_a_library_is_told_apart_by_its_name(name, reason):
    names = None if name is None else {BASE + 1: name}
    issued = notice(((1, 1),), work=(3,), names=names)
    assert reasons_of(issued, Facts("small", FIRST, ())) == {BASE + 1: reason, BASE + 3: "public_make_up"}


STATUTORY = Facts(
    "small", FIRST, (), rest_days=REST,
    statutory=(StatutoryText("s", date(2025, 1, 1), date(2025, 1, 1), (("new_year", "03-05", 0), ("new_year", "03-05", 1))),),
)  # fmt: skip


@pytest.mark.parametrize(("occasion", "work", "reasons"), [
    (None, (10,), {1: "holiday", 2: "holiday", 3: "weekend", 5: "moved_rest", 6: "moved_rest", 10: "make_up"}),
    (("纪念", "Memorial"), (10,), {1: "holiday", 2: "holiday", 3: "weekend", 5: "extra_day_off", 6: "moved_rest", 10: "make_up"}),
    (("纪念", "Memorial"), (), {1: "holiday", 2: "holiday", 3: "weekend", 5: "extra_day_off", 6: "extra_day_off"}),
    (("纪念", "Memorial"), (4, 10, 11), {1: "holiday", 2: "holiday", 3: "weekend", 5: "moved_rest", 6: "moved_rest",
                                     4: "make_up", 10: "make_up", 11: "make_up"}),
])  # fmt: skip
def test_each_day_off_of_a_notice_is_told_apart(occasion, work, reasons):
    issued = notice(((1, 3), (5, 6)), work=work, level="country", occasion=occasion)
    assert reasons_of(issued, STATUTORY) == {BASE + place: reason for place, reason in reasons.items()}


def test_a_cleared_day_is_said_to_be_and_without_a_text_every_day_off_is_a_holiday():
    issued = notice(((1, 3),), clears=(2, 8), level="country")
    assert reasons_of(issued, Facts("small", FIRST, ())) == {
        BASE + 1: "holiday", BASE + 2: "cleared", BASE + 3: "holiday", BASE + 8: "cleared",
    }  # fmt: skip


def test_an_explained_day_has_all_that_its_notice_says():
    issued = notice(
        ((1, 3),), number="7", level="country", occasion=("纪念", "Memorial"), names={BASE + 2: "Second"}, source="src"
    )  # fmt: skip
    snapshot = calendar(issued, notice(work=(3,), level="province", number="8"), through=2, facts=STATUTORY)
    first, second, third = (snapshot.explain(DAYS[place]) for place in (1, 2, 3))
    assert (first.date, first.working, first.reason, first.status) == (DAYS[1], False, "holiday", "firm")
    assert (second.reason, second.status, second.name, second.instrument) == ("holiday", "provisional", "Second", "7")
    assert (first.name, first.level, first.source, first.occasion) == (None, "country", "src", ("纪念", "Memorial"))
    assert first.festivals == second.festivals == ("new_year",)
    assert (third.reason, third.working, third.level, third.festivals) == ("local_make_up", True, "province", ())
    for place, reason in ((0, "working_week"), (4, "weekend"), (5, "working_week")):
        plain = snapshot.explain(DAYS[place])
        assert (plain.reason, plain.working) == (reason, WEEKLY[place])
        assert (plain.instrument, plain.level, plain.festivals, plain.name) == (None, None, (), None)


def test_what_is_no_day_is_refused_by_every_question():
    snapshot = calendar()
    at = datetime(2026, 3, 5, 12)  # noqa: DTZ001
    for ask in (
        lambda: snapshot.is_working_day(at), lambda: snapshot.add(at, 1), lambda: snapshot.count(at, DAYS[3]),
        lambda: snapshot.count(DAYS[0], at), lambda: snapshot.within(at, 2), lambda: snapshot.before(at, 2),
        lambda: snapshot.before(at, 2, "clear_days"), lambda: snapshot.minimum(at, 2), lambda: snapshot.explain(at),
    ):  # fmt: skip
        with pytest.raises(CalendarError) as refused:
            ask()
        assert refused.value.code == "ZX2001"


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", None])
def test_what_is_no_amount_is_refused_by_every_count(n):
    snapshot, day = calendar(), DAYS[4]
    code = "ZX2004" if n == 0 else "ZX2006" if n == -1 else "ZX2005"
    for unit, word in product(("working_day", "calendar_day", "month"), ("event_excluded", "clear_days")):
        for ask in (snapshot.within, snapshot.minimum):
            with pytest.raises(CalendarError) as refused:
                ask(day, n, unit, word)
            assert refused.value.code == code, (ask, unit, word)
        with pytest.raises(CalendarError) as refused:
            snapshot.before(day, n, word, unit)
        assert refused.value.code == code, (unit, word)
