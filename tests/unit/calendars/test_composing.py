"""How a calendar is put together from made-up facts: texts in force, days in lieu, layers, and what was known when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations

import pytest

from zhengxie_flow.calendars import OfficeHours, Snapshot
from zhengxie_flow.calendars.compose import compose, visible_notices
from zhengxie_flow.calendars.facts import LEVELS, Facts, Layer, Notice, StatutoryText
from zhengxie_flow.calendars.nominal import festivals, nominal_notices, statutory_text

ONE = timedelta(days=1)
OLD = StatutoryText("text 1", date(2020, 6, 1), date(2021, 1, 1), (("founding", "12-25", 0), ("founding", "12-25", -1)))
NEW = StatutoryText(
    "text 2", date(2022, 6, 1), date(2023, 1, 1), (("founding", "12-25", 0), ("harvest", "harvest moon", 1), ("new_year", "01-01", 0))
)  # fmt: skip
LATE = StatutoryText("text 3", date(2023, 6, 1), date(2024, 1, 2), (("founding", "12-31", 0),))
FACTS = Facts(
    "xx", date(2021, 1, 1), (Notice("n1", 2021, date(2020, 12, 1), ()),), (OLD, NEW, LATE),
    {"harvest moon": {year: date(year, 9, 30).toordinal() for year in range(2021, 2030)}}, frozenset({4, 5}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("year", "as_of", "text"),
    [
        (2020, None, None), (2021, None, OLD), (2022, None, OLD), (2023, None, NEW), (2024, None, NEW), (2025, None, LATE),
        (2021, date(2020, 5, 31), None), (2021, date(2020, 6, 1), OLD), (2023, date(2022, 5, 31), OLD), (2025, date(2023, 5, 31), NEW),
    ],
)  # fmt: skip
def test_the_text_in_force_on_new_years_day_as_published(
    year: int, as_of: date | None, text: StatutoryText | None
) -> None:
    assert statutory_text(FACTS, year, as_of) is text
    assert statutory_text(replace(FACTS, statutory=FACTS.statutory[::-1]), year, as_of) is text


def test_the_days_of_festivals_by_the_sun_and_the_moon() -> None:
    eve, day = (date(2022, 12, d).toordinal() for d in (24, 25))
    assert festivals(FACTS, OLD, 2022) == {"founding": (eve, day)}
    assert festivals(FACTS, NEW, 2023) == {
        "founding": (date(2023, 12, 25).toordinal(),),
        "harvest": (date(2023, 10, 1).toordinal(),),
        "new_year": (date(2023, 1, 1).toordinal(),),
    }


@pytest.mark.parametrize("rest", [{5, 6}, {4, 5}, {6}, set()])
@pytest.mark.parametrize("year", range(2021, 2028))
def test_days_in_lieu_are_the_next_days_that_would_be_worked(year: int, rest: set[int]) -> None:
    facts = replace(FACTS, rest_days=frozenset(rest))
    text = statutory_text(facts, year)
    assert text is not None
    statutory, lieu = nominal_notices(facts, year)
    days = sorted(day for listed in festivals(facts, text, year).values() for day in listed)
    assert statutory == Notice(text.number, year, text.published, tuple((day, day) for day in days), level="statutory")
    off, moved = set(days), []
    for day in days:
        if date.fromordinal(day).weekday() in rest:
            next_day = day
            while next_day in off or date.fromordinal(next_day).weekday() in rest:
                next_day += 1
            off.add(next_day)
            moved.append((next_day, next_day))
    assert lieu == Notice(text.number, year, text.published, tuple(moved), level="in_lieu")
    assert nominal_notices(facts, year, date(2020, 5, 31)) == ()


def test_what_was_known_and_recorded_by_a_moment() -> None:
    noon = datetime(2022, 5, 2, 12, tzinfo=UTC)
    shipped = Notice("shipped", 2022, date(2022, 5, 1), ())
    taken = Notice("taken", 2022, date(2022, 5, 1), (), recorded_at=noon)
    undated = Notice("undated", 2022, None, ())
    every = (shipped, taken, undated)
    assert visible_notices(every) == every
    assert visible_notices(every, date(2021, 12, 31)) == ()
    assert visible_notices(every, date(2022, 1, 1)) == (undated,)
    assert visible_notices(every, date(2022, 4, 30)) == (undated,)
    assert visible_notices(every, date(2022, 5, 1)) == every
    assert visible_notices(every, None, noon - timedelta(microseconds=1)) == (shipped, undated)
    assert visible_notices(every, None, noon) == every
    layer = Layer("town", "prefecture", (taken,))
    for known_at, there in ((noon, True), (noon - ONE, False)):
        names = [notice.number for notice in compose(FACTS, known_at=known_at, overlays=(layer,)).notices]
        assert ("taken" in names) == there
    for as_of, there in ((date(2022, 5, 1), True), (date(2022, 4, 30), False)):
        names = [notice.number for notice in compose(FACTS, as_of, overlays=(layer,)).notices]
        assert ("taken" in names) == there


def test_which_years_are_nominal_and_up_to_where_the_days_are_firm() -> None:
    timeline = compose(FACTS)
    assert (timeline.first, timeline.last, timeline.firm_through) == (
        date(2021, 1, 1),
        date(2023, 12, 31),
        date(2021, 12, 23),
    )
    assert [(n.number, n.year, n.level) for n in timeline.notices] == [
        ("text 1", 2022, "statutory"), ("text 1", 2022, "in_lieu"), ("text 2", 2023, "statutory"), ("text 2", 2023, "in_lieu"),
        ("n1", 2021, "country"),
    ]  # fmt: skip
    gap = replace(FACTS, notices=(*FACTS.notices, Notice("n3", 2023, date(2022, 12, 1), ())))
    assert (compose(gap).firm_through, compose(gap).last) == (date(2021, 12, 23), date(2025, 12, 31))
    amended = replace(FACTS, notices=(*FACTS.notices, Notice("a2", 2022, date(2022, 2, 1), (), amends="n2")))
    assert compose(amended).last == date(2023, 12, 31)
    whole = replace(gap, notices=(*gap.notices, Notice("n2", 2022, date(2021, 12, 1), ())))
    assert compose(whole).firm_through == date(2023, 12, 23)
    assert [n.number for n in compose(whole, date(2021, 12, 1)).notices if n.level == "country"] == ["n1", "n2"]


def test_the_week_begins_where_the_data_does() -> None:
    for first in (date(2021, 1, 1) + ONE * i for i in range(8)):
        timeline = compose(replace(FACTS, first=first))
        for index, worked in enumerate(timeline.weekly):
            assert worked == ((first + ONE * index).weekday() not in (4, 5))
        assert timeline.size == len(timeline.weekly) == (timeline.last - first).days + 1


LOCAL = ("country", "province", "prefecture", "organisation")


@pytest.mark.parametrize("order", list(permutations(LOCAL[1:])))
def test_the_nearer_layer_wins_whatever_the_order_they_are_named_in(order: tuple[str, ...]) -> None:
    """Each level turns one day more; the nearest that names a day decides it, its reason and the office hours."""
    monday = date(2021, 3, 1).toordinal()
    turns = {level: monday + index for index, level in enumerate(LOCAL)}
    layers = {}
    for level in LOCAL[1:]:
        off = tuple((day, day) for other, day in turns.items() if LOCAL.index(other) < LOCAL.index(level))
        own = turns[level]
        layers[level] = Layer(level, level, (Notice(level, 2021, None, (*off, (own, own)) if level == "organisation" else off, (own,) if level != "organisation" else (), level=level),), (OfficeHours(time(16 + LOCAL.index(level))),))  # type: ignore[arg-type]  # fmt: skip
    timeline = compose(FACTS, overlays=tuple(layers[level] for level in order))
    assert timeline.name == "+".join(["xx", *order])
    assert [notice.level for notice in timeline.notices[-3:]] == list(LOCAL[1:])
    assert timeline.office_hours == (OfficeHours(time(19)),)
    assert compose(FACTS, overlays=(replace(layers["province"], office_hours=()),)).office_hours == ()
    assert compose(FACTS, overlays=tuple(replace(layers[level], office_hours=() if level == "organisation" else layers[level].office_hours) for level in order)).office_hours == (OfficeHours(time(18)),)  # fmt: skip
    cal = Snapshot(timeline)
    for day in turns.values():
        assert cal.explain(date.fromordinal(day)).instrument == "organisation"
        assert not cal.is_working_day(date.fromordinal(day))
    assert {level: cal.explain(date.fromordinal(day)).reason for level, day in turns.items()} == dict.fromkeys(
        LOCAL, "local_holiday"
    )


def test_levels_are_the_weakest_first() -> None:
    assert LEVELS == ("statutory", "in_lieu", "library", "country", "province", "prefecture", "organisation")


REASONS = {
    "statutory": ("statutory", "make_up"), "in_lieu": ("in_lieu", "make_up"), "library": ("public_holiday", "public_make_up"),
    "province": ("local_holiday", "local_make_up"), "prefecture": ("local_holiday", "local_make_up"), "organisation": ("local_holiday", "local_make_up"),
}  # fmt: skip


@pytest.mark.parametrize("level", ["library", "province", "prefecture", "organisation"])
def test_the_reason_of_a_day_is_that_of_its_level(level: str) -> None:
    off, work = (date(2021, 4, day).toordinal() for day in (5, 9))
    notice = Notice("n", 2021, None, ((off, off + 1),), (work,), level=level)  # type: ignore[arg-type]
    cal = Snapshot(compose(replace(FACTS, notices=(*FACTS.notices, notice))))
    told = {day: cal.explain(date.fromordinal(day)) for day in (off - 1, off, off + 1, off + 2, work)}
    assert {day: (seen.working, seen.reason) for day, seen in told.items()} == {
        off - 1: (True, "working_week"),
        off: (False, REASONS[level][0]),
        off + 1: (False, REASONS[level][0]),
        off + 2: (True, "working_week"),
        work: (True, REASONS[level][1]),
    }
    assert {(told[day].instrument, told[day].level) for day in (off, off + 1, work)} == {("n", level)}


def test_the_first_and_the_last_day_can_be_arranged_and_no_day_beyond() -> None:
    plain = compose(FACTS)
    first, last = plain.base + 1, plain.base + plain.size
    worked = Notice("worked", 2021, None, (), (first - 1, first, last, last + 1))
    assert compose(replace(FACTS, notices=(*FACTS.notices, worked))).flags == b"\1" + plain.flags[1:-1] + b"\1"
    off = Notice("off", 2021, None, ((first - 9, last + 9),))
    assert compose(replace(FACTS, notices=(*FACTS.notices, off))).flags == bytes(plain.size)
    cleared = Notice("cleared", 2021, None, (), (), (first - 1, first, last, last + 1))
    again = compose(replace(FACTS, notices=(*FACTS.notices, off, cleared))).flags
    assert again == plain.weekly[:1] + bytes(plain.size - 2) + plain.weekly[-1:]


def test_a_run_of_days_off_is_found_whole() -> None:
    """Around each day off of three years, against stepping to the left and to the right."""
    chance = (date(2021, 1, 1) + ONE * i for i in range(0, 1000, 37))
    notices = tuple(
        Notice(f"w{i}", 2021, None, ((d.toordinal(), d.toordinal() + i % 5),)) for i, d in enumerate(chance)
    )
    timeline = compose(replace(FACTS, notices=(*FACTS.notices, *notices)))
    first, last = timeline.base + 1, timeline.base + timeline.size
    for day in range(first, last + 1):
        if timeline.flags[day - first]:
            continue
        low = high = day
        while low > first and not timeline.flags[low - 1 - first]:
            low -= 1
        while high < last and not timeline.flags[high + 1 - first]:
            high += 1
        assert timeline.run_off(day) == (low, high)


def test_the_hash_says_everything_that_decides_an_answer() -> None:
    base = compose(FACTS)
    hours = (OfficeHours(time(17), date(2021, 1, 1), date(2021, 6, 30)),)
    notice = base.notices[-1]
    others = [
        replace_timeline(base, name="yy"),
        replace_timeline(base, first=date(2021, 1, 8)),
        replace_timeline(base, firm_through=date(2021, 12, 24)),
        replace_timeline(base, weekly=base.weekly[::-1]),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(number="n2"))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(level="province"))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(published=date(2020, 12, 2)))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(off=((1, 2),)))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(work=(1,)))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(clears=(1,)))),
        replace_timeline(base, notices=(*base.notices[:-1], notice._replace(source="a library"))),
        replace_timeline(base, office_hours=hours),
        replace_timeline(base, office_hours=(replace(hours[0], closes=time(18)),)),
        replace_timeline(base, office_hours=(replace(hours[0], valid_from=date(2021, 1, 2)),)),
        replace_timeline(base, office_hours=(replace(hours[0], valid_to=date(2021, 6, 29)),)),
    ]
    hashes = [timeline.calendar_hash for timeline in (base, *others)]
    assert len(set(hashes)) == len(hashes)
    assert compose(FACTS).calendar_hash == base.calendar_hash
    # Journals keep these hashes: the text that is hashed never changes.
    assert base.calendar_hash == "sha256:3ae5e6f1347ace9709117b184475bec1b13d52f17cfdd85a5031d7abdd318270"


def replace_timeline(timeline: object, **changed: object) -> object:
    from zhengxie_flow.calendars.timeline import Timeline

    assert isinstance(timeline, Timeline)
    kept = {"notices": timeline.notices, "firm_through": timeline.firm_through, "facts": timeline.facts, "office_hours": timeline.office_hours}  # fmt: skip
    head = {"name": timeline.name, "first": timeline.first, "weekly": timeline.weekly}
    return Timeline(**(head | kept | changed))  # type: ignore[arg-type]
