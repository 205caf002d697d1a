"""Lapses of limits whose last day is not firm: they happen, and the journal learns of them once the day is firm."""

from __future__ import annotations

from datetime import date

from tests.support import CALENDARS, DATA, cn, shanghai, tell

from zhengxie_flow.engine import compile_process, derive, receipts_of
from zhengxie_flow.model.event import is_provisional
from zhengxie_flow.reading.definitions import Files

LAPSE = compile_process(Files(DATA / "time" / "processes", DATA / "time" / "rules").load("time/lapse").definition)
SUMMONED = {"at": "2026-12-28", "do": "summon"}
NOW = shanghai("2027-03-01T09:00:00")
NOTICE = {
    "id": "next_year", "level": "organisation",
    "notices": [{"notice_no": "2027", "published": "2026-11-20", "off_days": ["2027-01-01", "2027-01-02", "2027-01-03"]}],
}  # fmt: skip


def story():
    return tell(SUMMONED, opened="2026-12-01", compiled=LAPSE, items={})


def test_a_lapse_on_a_day_that_is_not_firm_is_derived_and_not_written():
    case = story().case
    derived = derive(LAPSE, case, cn, date(2027, 2, 26))
    assert derived.view.state == "given_up"
    assert [is_provisional(event.sequence) for event in derived.unwritten] == [True]
    assert receipts_of(derived, NOW) == ()
    assert not derived.written


def test_nothing_happens_before_the_last_day_on_which_it_may_end():
    case = story().case
    days = [date(2027, 1, 1).fromordinal(date(2027, 1, 1).toordinal() + number) for number in range(60)]
    states = [derive(LAPSE, case, cn, day).view.state for day in days]
    line = next(day for day, state in zip(days, states, strict=True) if state == "given_up")
    assert set(states[: days.index(line)]) == {"open"}
    assert set(states[days.index(line) :]) == {"given_up"}
    assert line > CALENDARS.snapshot("cn", date(2026, 12, 28)).within(date(2026, 12, 28), 5).latest


def test_what_is_recorded_after_it_is_numbered_by_the_journal():
    case = story().case
    derived = derive(LAPSE, case, cn, date(2027, 2, 26))
    assert derived.numbered.version == case.version
    again = derive(LAPSE, derived.numbered, cn, date(2027, 2, 26))
    assert again.view.state == "given_up"
