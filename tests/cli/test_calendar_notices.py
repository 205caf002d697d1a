"""Notices from the command line: taking one in, what it moves, and whether the calendar is well."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check

AFTER = "2026-11-30T09:00:00+08:00"
NUMBER = "示例发明电〔2026〕1号"
# A made-up arrangement: nobody has announced 2027.
NOTICE = f"""\
notice_no: {NUMBER}
year: 2027
published: 2026-11-28
url: https://example.org/notice
text_sha256: "{"0" * 64}"
entered_by: clerk one
verified_by: clerk two
off_days: [2026-12-31/2027-01-02, 2027-02-05/2027-02-12, 2027-04-03/2027-04-05, 2027-05-01/2027-05-05,
           2027-06-09, 2027-09-15, 2027-10-01/2027-10-07]
work_days: [2026-12-27, 2027-01-31, 2027-02-14, 2027-05-08, 2027-09-26, 2027-10-09]
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A new project with a notice beside it, at a time when the notice is out."""
    monkeypatch.setenv("ZHENGXIE_CLOCK", AFTER)
    assert run("init", tmp_path / "home").code == 0
    (tmp_path / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def take(*more):
    return run("--format", "json", "calendar", "import", "../notice.yaml", *more)


@pytest.fixture
def running(home, monkeypatch):
    """The project with a case whose consultation ends on 24 December."""
    assert (home / "zhengxie.toml").is_file()
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-11-22T09:00:00+08:00")
    assert run("db", "upgrade").code == 0
    lines = [
        "open jilin/consultation --case c1 --by general_office --set phase=pre_decision",
        "plan c1 end_consultation --to 2026-12-24 --by undertaking_department",
    ]
    assert [run(*line.split()).err for line in lines] == ["", ""]
    monkeypatch.setenv("ZHENGXIE_CLOCK", AFTER)


def test_a_notice_is_taken_into_a_project_without_a_database(home):
    (home / "zhengxie.db").unlink()
    data = take().data
    assert [notice["notice_no"] for notice in data["new"]] == [NUMBER]
    assert (data["known"], data["warnings"], data["deadlines"]) == ([], [], None)
    assert data["difference"]["new_firm_through"] == "2027-12-23"
    assert (home / "rules" / "calendars" / "cn" / "2027.yaml").is_file()
    assert run("--format", "json", "calendar", "day", "2026-12-31").data["instrument"] == NUMBER
    assert not list(home.glob("*.db"))


@pytest.mark.usefixtures("home")
def test_again_it_is_known_and_nothing_changes():
    take()
    again = take().data
    assert (again["new"], again["known"], again["written"]) == ([], [NUMBER], None)
    assert again["difference"]["changes"] == []


@pytest.mark.usefixtures("running")
def test_a_trial_writes_nothing(home):
    database = (home / "zhengxie.db").read_bytes()
    data = take("--dry-run").data
    assert (data["written"], len(data["difference"]["changes"])) == (None, 12)
    assert not (home / "rules" / "calendars" / "cn" / "2027.yaml").exists()
    assert (home / "zhengxie.db").read_bytes() == database


@pytest.mark.usefixtures("running")
def test_a_trial_lists_what_would_move_and_the_verdicts_that_would_change():
    """On the shipped city: the same deadlines as the import itself, from the same days to the same."""
    trial = take("--dry-run").data
    assert [
        (
            one["case"],
            one["obligation"],
            one["old"]["day"],
            one["old"]["status"],
            one["new"]["day"],
            one["new"]["status"],
        )
        for one in trial["deadlines"]
    ] == [
        ("c1", "a7.4.opinion", "2026-12-31", "provisional", "2026-12-30", "firm"),
        ("c1", "a7.4.report", "2027-01-08", "provisional", "2027-01-08", "firm"),
    ]
    assert [(one["case"], one["obligation"], one["old"], one["new"]) for one in trial["verdicts"]] == [
        ("c1", "a7.4.opinion", "provisional", "pending"),
        ("c1", "a7.4.report", "provisional", "pending"),
    ]
    out = run("--lang", "en", "calendar", "import", "../notice.yaml", "--dry-run").out
    assert "open deadlines that would move: 2" in out
    assert f"c1 a7.4.opinion 2026-12-31 (provisional) → 2026-12-30 {NUMBER}" in out
    assert "verdicts that would change: 2" in out
    assert "c1 a7.4.opinion provisional → pending" in out
    done = take().data
    assert done["deadlines"] == trial["deadlines"]
    assert done["verdicts"] is None
    again = take("--dry-run").data
    assert (again["deadlines"], again["verdicts"]) == ([], [])


def test_a_trial_without_a_database_tells_of_days_alone(home):
    (home / "zhengxie.db").unlink()
    data = take("--dry-run").data
    assert (data["deadlines"], data["verdicts"], len(data["difference"]["changes"])) == (None, None, 12)


@pytest.mark.usefixtures("running")
def test_open_deadlines_follow_and_say_so():
    told = take().data["deadlines"]
    assert [(one["case"], one["obligation"], one["old"]["day"], one["new"]["day"]) for one in told] == [
        ("c1", "a7.4.opinion", "2026-12-31", "2026-12-30"),
        ("c1", "a7.4.report", "2027-01-08", "2027-01-08"),
    ]
    assert told[0]["notices"] == [NUMBER]
    assert told[0]["moved_earlier"]
    assert take().data["deadlines"] == []
    assert run("verify").code == 0
    shown = run("--lang", "en", "show", "c1").out
    assert f"2026-12-31 → 2026-12-30 {NUMBER}" in shown
    assert run("--format", "json", "due").data["deadlines"][0]["day"] == "2026-12-30"


@pytest.mark.usefixtures("running")
def test_the_answer_for_people_warns():
    out = run("--lang", "en", "calendar", "import", "../notice.yaml").out
    assert f"{NUMBER} (2027): new\n" in out
    assert "firm through: 2026-12-23 → 2027-12-23" in out
    assert "12 days differ:" in out
    assert "open deadlines that moved: 2" in out
    assert "moved to an earlier day: 2026-12-31 -> 2026-12-30" in out
    assert "示例发明电〔2026〕1号：已有" in run("--lang", "zh", "calendar", "import", "../notice.yaml").out


@pytest.mark.usefixtures("running")
def test_every_fault_of_a_notice_is_told_and_nothing_written(home):
    text = NOTICE.replace("2027-09-26, ", "").replace("2027-06-09", "2027-06-10").replace("entered_by: clerk one\n", "")
    (home.parent / "notice.yaml").write_text(text, encoding="utf-8")
    found = take()
    assert found.code == 3
    assert {problem["code"] for problem in found.error["problems"]} >= {"ZX2034", "ZX2035"}
    assert not (home / "rules" / "calendars" / "cn" / "2027.yaml").exists()
    assert take("--dry-run").code == 3


def test_what_is_not_certain_is_a_warning(home):
    (home.parent / "notice.yaml").write_text(NOTICE.replace("verified_by: clerk two\n", ""), encoding="utf-8")
    (warning,) = take().data["warnings"]
    assert (warning["code"], warning["severity"]) == ("ZX2046", "warning")


def test_without_a_project_there_is_no_place_for_it(tmp_path):
    (tmp_path / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    found = run("--format", "json", "calendar", "import", "notice.yaml")
    assert (found.code, found.error["code"]) == (2, "ZX6060")


@pytest.mark.usefixtures("home")
def test_a_file_that_is_not_there_is_told():
    found = run("--format", "json", "calendar", "import", "gone.yaml")
    assert (found.code, found.error["file"]) == (4, "gone.yaml")


@pytest.mark.parametrize(("day", "overdue"), [("2026-11-30", None), ("2026-12-01", 2027)])
@pytest.mark.usefixtures("home")
def test_the_doctor_misses_next_year_from_december(monkeypatch, day, overdue):
    monkeypatch.setenv("ZHENGXIE_CLOCK", f"{day}T09:00:00+08:00")
    found = run("--format", "json", "calendar", "doctor")
    assert (found.data["overdue"], found.data["healthy"], found.code) == (
        overdue,
        overdue is None,
        int(overdue or 0) and 1,
    )
    assert found.data["comparisons"][0]["library"] == "holidays"
    assert found.data["comparisons"][0]["days"] > 7000
    text = run("--lang", "en", "calendar", "doctor")
    assert ("the notice for 2027 should be out by now" in text.out) is (overdue is not None)


@pytest.mark.usefixtures("home")
def test_the_doctor_is_content_once_the_notice_is_in(monkeypatch):
    """A library that has not heard of the notice yet merely estimates: no reason for alarm."""
    take()
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-12-05T09:00:00+08:00")
    found = run("--format", "json", "calendar", "doctor")
    assert (found.code, found.data["overdue"], found.data["newest"]) == (0, None, NUMBER)
    (library,) = [one for one in found.data["comparisons"] if one["library"] == "holidays"]
    # The notice arranges 27 and 31 December 2026, of which the library cannot know.
    assert (library["days"], library["disagreements"], library["through"]) == (7303, [], "2026-12-30")


def test_what_became_known_between_two_days():
    data = run("--format", "json", "calendar", "diff", "2020-01-26", "2020-01-27").data
    assert [(one["date"], one["now"]["working"]) for one in data["changes"]] == [
        ("2020-01-31", False), ("2020-02-01", False),
    ]  # fmt: skip
    assert data["instruments"] == ["国办发明电〔2020〕1号"]
    assert "no day differs" in run("--lang", "en", "calendar", "diff", "2020-01-27", "2020-01-28").out


@pytest.mark.usefixtures("running")
def test_the_documents_fit_the_schema():
    check(take("--dry-run"), "calendar.import")
    check(take(), "calendar.import")
    check(take(), "calendar.import")
    check(run("--format", "json", "calendar", "doctor"), "calendar.doctor")
    check(run("--format", "json", "calendar", "diff", "2020-01-26", "2020-01-27"), "calendar.diff")
    check(run("--format", "json", "show", "c1"), "show")
