"""Deadlines for calendar programs, read back by a parser of their format."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check

from zhengxie_flow import Engine
from zhengxie_flow.reports.ics import uid

NOW = "2026-11-22T09:00:00+08:00"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A case whose consultation is planned to end on a day from which nobody knows the calendar."""
    monkeypatch.setenv("ZHENGXIE_CLOCK", NOW)
    monkeypatch.setenv("ZHENGXIE_LANG", "en")
    lines = [
        "open jilin/consultation --case c1 --by general_office --set phase=pre_decision",
        "plan c1 end_consultation --to 2026-12-10 --by undertaking_department",
    ]
    assert run("init", tmp_path / "home").code == 0
    monkeypatch.chdir(tmp_path / "home")
    assert [run(*line.split()).err for line in lines] == ["", ""]
    return tmp_path / "home"


def events(text):
    calendar = icalendar.Calendar.from_ical(text)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def exported(*more):
    answer = run("due", "--ics", "-", *more)
    assert (answer.code, answer.err) == (0, "")
    return answer.out


@pytest.mark.usefixtures("home")
def test_one_all_day_event_a_deadline_and_what_may_move_is_tentative():
    found = events(exported())
    dated = [row for row in run("--format", "json", "due").data["deadlines"] if row["day"] is not None]
    assert len(found) == len(dated) >= 2
    opinion = next(event for title, event in found.items() if event.decoded("dtstart") == date(2026, 12, 17))
    report = next(event for title, event in found.items() if event.decoded("dtstart") == date(2026, 12, 24))
    assert (str(opinion["status"]), str(report["status"])) == ("CONFIRMED", "TENTATIVE")
    assert opinion.decoded("dtend") == date(2026, 12, 18)
    assert "(provisional)" in str(report["summary"])
    assert "(provisional)" not in str(opinion["summary"])
    assert str(report["summary"]).startswith("c1 by: ")
    assert "provisional: between 2026-12-24" in str(report["description"])
    assert "clause: 7.4" in str(report["description"])
    assert opinion.decoded("dtstamp") == datetime.fromisoformat(NOW).astimezone(UTC)


@pytest.mark.usefixtures("home")
def test_a_later_file_moves_the_event_instead_of_adding_one(monkeypatch):
    before = {str(event["uid"]): event for event in events(exported()).values()}
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-11-23T09:00:00+08:00")
    run("plan", "c1", "end_consultation", "--to", "2026-12-09", "--by", "undertaking_department")
    after = {str(event["uid"]): event for event in events(exported()).values()}
    assert after.keys() == before.keys()
    moved = [name for name in after if after[name].decoded("dtstart") != before[name].decoded("dtstart")]
    assert len(moved) == 2
    for name in moved:
        assert after[name]["sequence"] > before[name]["sequence"]
        assert after[name].decoded("last-modified") > before[name].decoded("last-modified")


@pytest.mark.usefixtures("home")
def test_the_same_at_the_same_time_is_the_same_to_the_byte():
    assert exported() == exported()
    assert "\r\n" in exported()
    assert all(len(line.encode()) <= 75 for line in exported().split("\r\n"))


def test_identity_is_of_case_obligation_and_item(home):
    with Engine(home / "zhengxie.db", project=home, read_only=True) as engine:
        rows = [row for row in engine.due() if row.day is not None]
        stored = {uid(row) for row in rows}
    assert len(stored) == len(rows)
    assert stored == {str(event["uid"]) for event in events(exported()).values()}


def test_a_file_is_written_whole_and_the_answer_stays(home):
    answer = run("--format", "json", "due", "--ics", "due.ics", "--until", "2026-12-17")
    check(answer, "due")
    assert answer.data["ics"] == "due.ics"
    text = (home / "due.ics").read_bytes()
    assert {event.decoded("dtstart") for event in events(text).values()} == {date(2026, 12, 17)}
    assert [path.name for path in home.glob("due*")] == ["due.ics"]
    assert run("due", "--ics", "due.ics", "--until", "2026-11-01").out == "(none)\n"
    assert events((home / "due.ics").read_bytes()) == {}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("args", "code", "exit_code"),
    [(("--ics", "-"), "ZX6062", 2), (("--ics", "gone/due.ics"), "ZX6063", 6), (("--ics", "."), "ZX6063", 6)],
)
def test_what_cannot_be_written_is_told(args, code, exit_code):
    answer = run("--format", "json", "due", *args)
    assert (answer.error["code"], answer.code) == (code, exit_code)


@pytest.mark.usefixtures("home")
def test_without_the_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    answer = run("due", "--ics", "-")
    assert (answer.code, answer.out) == (2, "")
    assert "zhengxie-flow[ics]" in answer.err


@pytest.mark.usefixtures("home")
def test_titles_follow_the_language_and_dates_do_not():
    zh, en = (events(exported("--lang", lang)) for lang in ("zh", "en"))
    assert zh.keys() != en.keys()
    assert any("暂定" in title for title in zh)
    days = [[event.decoded("dtstart") for event in found.values()] for found in (zh, en)]
    assert days[0] == days[1]
    assert all(day - date(2026, 12, 1) > timedelta(0) for day in days[0])


def entry(case: str, item: str, what: str):
    from zhengxie_flow.ports import DeadlineRow, Head
    from zhengxie_flow.reports.ics import Entry

    now = datetime(2026, 11, 22, tzinfo=UTC)
    row = DeadlineRow(
        case=case, obligation="a7.2.notice", item=item, clause="7", bearer=None, direction="forward", amount=3, unit="working_day",
        anchor=None, anchor_date=None, anchor_kind="actual", consumed=0, running_since=None, day=date(2026, 12, 17),
        earliest=None, latest=None, status="firm", open=True, calendar="sha256:0",
    )  # fmt: skip
    head = Head(
        case=case, process="p", definition="d", version=1, state="s", opened=date(2026, 1, 1), updated=now, hash="h"
    )
    return Entry(row, head, what, "谁\r\nATTACH:http://evil")


HOSTILE = (
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil", "a;b,c\\d:e", "x\rATTENDEE:mailto:e@x", "x\nURL:http://evil", "\x00\x1b[31m",
    "line\u2028sep\u2029arator", "long" * 5_000, "😀" * 200, "\\n\\,\\;", '";VALUE=URI:x', "BEGIN:VALARM",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_breaks_out_of_its_line(text: str):
    from zhengxie_flow.reports.ics import document

    content = document([entry(text, text, text), entry("next", "g1", "what")], datetime(2026, 11, 22, tzinfo=UTC), "zh")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not [line for line in lines if b"\r" in line or b"\n" in line or b"\x1b" in line or b"\x00" in line]
    names = {line.partition(b":")[0].partition(b";")[0] for line in lines if line and not line.startswith(b" ")}
    assert names <= {
        b"BEGIN", b"END", b"PRODID", b"VERSION", b"METHOD", b"X-WR-CALNAME", b"UID", b"DTSTAMP", b"LAST-MODIFIED", b"SEQUENCE",
        b"DTSTART", b"DTEND", b"SUMMARY", b"DESCRIPTION", b"STATUS", b"TRANSP",
    }  # fmt: skip
    read = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert [str(event["dtstart"].dt) for event in read] == ["2026-12-17"] * 2
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 2
