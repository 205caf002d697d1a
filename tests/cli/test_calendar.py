"""The calendar from the command line: days, counts and the notices behind them."""

from __future__ import annotations

import pytest
from tests.cli.program import run


def answer(*args):
    return run("--format", "json", "calendar", *args)


@pytest.mark.parametrize(
    ("day", "working", "reason"),
    [
        ("2026-02-17", False, "holiday"),
        ("2026-02-28", True, "make_up"),
        ("2026-03-01", False, "weekend"),
        ("2026-03-02", True, "working_week"),
    ],
)
def test_a_day_says_whether_and_why(day, working, reason):
    data = answer("day", day).data
    assert (data["working"], data["reason"]) == (working, reason)


def test_a_day_for_people_names_the_notice_and_the_festival():
    assert run("--lang", "zh", "calendar", "day", "2026-02-17").out == (
        "2026-02-17 周二 休息日 法定节假日（国办发明电〔2025〕7号） 春节\n"
    )


def test_counting_forward_backward_and_between_shows_every_day():
    forward = answer("add", "2026-02-10", "6").data
    assert (forward["date"], forward["status"], len(forward["counted"])) == ("2026-02-25", "firm", 6)
    backward = answer("before", "2026-03-04", "15").data
    assert backward["date"] == "2026-02-05"
    assert answer("before", "2026-03-04", "15", "--clear-days").data["date"] == "2026-02-04"
    between = answer("count", "2026-09-18", "2026-09-22").data
    assert between["count"] == len(between["counted"]) == 4
    lines = run("--lang", "en", "calendar", "count", "2026-09-18", "2026-09-22").out.splitlines()
    assert lines[0] == "2026-09-18 to 2026-09-22, both included: 4 working days"
    assert lines[2].split() == ["-", "2026-09-19", "Sat", "weekend"]
    assert lines[3].split(maxsplit=3)[3] == "make-up working day (国办发明电〔2025〕7号)"


def test_a_day_that_no_notice_covers_yet_is_provisional():
    data = answer("before", "2027-01-14", "5").data
    assert (data["status"], data["earliest"] < data["latest"]) == ("provisional", True)
    assert "provisional: between" in run("--lang", "en", "calendar", "before", "2027-01-14", "5").out


def test_as_of_keeps_the_notices_published_by_a_day():
    known, unknown = answer("day", "2026-02-28"), answer("day", "2026-02-28", "--as-of", "2025-06-30")
    assert (known.data["working"], unknown.data["working"]) == (True, False)
    assert known.data["edition"] != unknown.data["edition"]


@pytest.mark.parametrize(
    ("args", "exit_code", "code"),
    [
        (("day", "2026-02-30"), 2, "ZX2003"),
        (("day", "1066-10-14"), 2, "ZX2008"),
        (("add", "2026-03-04", "0"), 2, "ZX2004"),
        (("add", "2026-03-04", "--", "-5"), 2, "ZX2006"),
        (("add", "2026-03-04", "1.5"), 2, "ZX6005"),
        (("count", "2026-03-04", "2026-03-01"), 2, "ZX2007"),
        (("day", "2026-03-04", "--calendar", "xx"), 4, "ZX20"),
        (("day", "2026-03-04", "--as-of", "1999-01-01"), 2, "ZX2010"),
    ],
)
def test_a_question_without_an_answer_is_refused(args, exit_code, code):
    found = answer(*args)
    assert found.code == exit_code
    assert found.error["code"].startswith(code)


def test_other_countries_by_their_code():
    data = answer("day", "2026-04-27", "--calendar", "NL").data
    assert (data["working"], data["calendar"]) == (False, "NL")
