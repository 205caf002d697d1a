"""Public lists of days off, taken in as a notice: JSON as holiday repositories keep it, and iCalendar files."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.cli.program import run
from tests.cli.test_calendar_notices import AFTER, NOTICE, NUMBER
from tests.cli.test_output_schema import check

# A made-up arrangement, the same as that of the notice: nobody has announced 2027.
OFF = {
    "元旦": ("2026-12-31", "2027-01-02"),
    "春节": ("2027-02-05", "2027-02-12"),
    "清明节": ("2027-04-03", "2027-04-05"),
    "劳动节": ("2027-05-01", "2027-05-05"),
    "端午节": ("2027-06-09", "2027-06-09"),
    "中秋节": ("2027-09-15", "2027-09-15"),
    "国庆节": ("2027-10-01", "2027-10-07"),
}
WORKED = {
    "2026-12-27": "元旦",
    "2027-01-31": "春节",
    "2027-02-14": "春节",
    "2027-05-08": "劳动节",
    "2027-09-26": "国庆节",
    "2027-10-09": "国庆节",
}


def days():
    listed = []
    for name, (first, last) in OFF.items():
        size = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
        run_of_days = (date.fromisoformat(first) + timedelta(days=i) for i in range(size))
        listed += [{"name": name, "date": day.isoformat(), "isOffDay": True} for day in run_of_days]
    listed += [{"name": name, "date": day, "isOffDay": False} for day, name in WORKED.items()]
    return sorted(listed, key=lambda entry: entry["date"])


def as_json(*more, **keys):
    content = {"year": 2027, "papers": ["https://example.org/notice"], "days": [*days(), *more], **keys}
    return json.dumps(content, ensure_ascii=False)


def as_ics(*more):
    events = [*(f"SUMMARY:{one['name']}（{'休' if one['isOffDay'] else '班'}）\nDTSTART;VALUE=DATE:"
                f"{one['date'].replace('-', '')}" for one in days()), *more]  # fmt: skip
    body = "\n".join(f"BEGIN:VEVENT\nUID:{place}\n{event}\nEND:VEVENT" for place, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//days//EN\n{body}\nEND:VCALENDAR\n".replace("\n", "\r\n")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A new project, with the list in two forms and the notice beside it."""
    monkeypatch.setenv("ZHENGXIE_CLOCK", AFTER)
    assert run("init", tmp_path / "home").code == 0
    (tmp_path / "2027.json").write_text(as_json(), encoding="utf-8")
    (tmp_path / "2027.ics").write_text(as_ics(), encoding="utf-8", newline="")
    (tmp_path / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def take(file, *more):
    return run("--format", "json", "calendar", "import", f"../{file}", *more)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("file", ["2027.json", "2027.ics"])
def test_a_list_changes_the_same_days_as_the_notice(file):
    notice = take("notice.yaml", "--dry-run").data["difference"]
    listed = take(file, "--notice-no", NUMBER, "--published", "2026-11-28", "--dry-run")
    assert listed.data["difference"]["changes"] == notice["changes"]
    assert listed.data["difference"]["new_edition"] == notice["new_edition"]
    assert [warning["code"] for warning in listed.data["warnings"]] == ["ZX2046"]
    assert listed.data["unmapped"] == []
    check(listed, "calendar.import")


@pytest.mark.usefixtures("home")
def test_what_a_list_lacks_is_told_and_stands_for_itself():
    data = take("2027.json").data
    assert [(new["notice_no"], new["published"]) for new in data["new"]] == [
        ("https://example.org/notice", "2026-11-30")
    ]
    assert {warning["code"] for warning in data["warnings"]} == {"ZX2046", "ZX2064", "ZX2065"}
    assert take("2027.ics", "--dry-run").data["known"] == ["https://example.org/notice"]


@pytest.mark.usefixtures("home")
def test_a_year_that_is_arranged_alike_already_is_known_in_any_form(monkeypatch):
    take("notice.yaml")
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-12-05T09:00:00+08:00")
    for file in ("2027.json", "2027.ics"):
        data = take(file).data
        assert (data["new"], data["known"], data["written"]) == ([], [NUMBER], None)


def test_what_cannot_be_mapped_is_told(home):
    more = [
        {"name": "植树节", "date": "2027-03-12", "isOffDay": False},
        {"name": "x", "date": "2027-02-30", "isOffDay": True},
        {"date": "2027-07-01"},
        {"name": "国庆节", "date": "2027-10-01", "isOffDay": False},
        "2027-07-02",
    ]
    (home.parent / "2027.json").write_text(as_json(*more, lunar=True), encoding="utf-8")
    found = take("2027.json", "--dry-run")
    assert {(one["reason"], one["place"]) for one in found.data["unmapped"]} == {
        ("key", "lunar"),
        ("date", "days[35]"),
        ("state", "days[36]"),
        ("twice", "days[37]"),
        ("entry", "days[38]"),
        ("ordinary", "2027-03-12"),
    }
    check(found, "calendar.import")
    text = run("--lang", "zh", "calendar", "import", "../2027.json", "--dry-run").out
    assert "名单中未能采用的：6 项" in text
    assert "没有写明放假还是上班" in text


def test_events_that_are_no_days_are_told(home):
    more = [
        "SUMMARY:国庆节\nDTSTART;VALUE=DATE:20271001",
        "SUMMARY:会议（休）\nDTSTART:20270701T090000Z",
        "SUMMARY:周末（休）\nDTSTART;VALUE=DATE:20270703\nRRULE:FREQ=WEEKLY",
        "SUMMARY:运动会（休）\nDTSTART;VALUE=DATE:20271001",
    ]
    (home.parent / "2027.ics").write_text(as_ics(*more), encoding="utf-8", newline="")
    reasons = [one["reason"] for one in take("2027.ics", "--dry-run").data["unmapped"]]
    assert reasons == ["state", "timed", "repeated"]
    (home.parent / "2027.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense\n", encoding="utf-8")
    assert take("2027.ics").error["code"] == "ZX2063"


def test_a_list_is_held_to_the_rules_of_a_notice(home):
    short = json.loads(as_json())
    short["days"] = [entry for entry in short["days"] if entry["date"] != "2027-06-09"]
    (home.parent / "2027.json").write_text(json.dumps(short), encoding="utf-8")
    found = take("2027.json")
    assert found.code == 3
    assert {"ZX2034", "ZX2035"} <= {problem["code"] for problem in found.error["problems"]}
    assert not (home / "rules" / "calendars" / "cn" / "2027.yaml").exists()


@pytest.mark.usefixtures("home")
def test_a_number_goes_with_one_list(home):
    assert take("notice.yaml", "--notice-no", "x").error["code"] == "ZX2066"
    both = json.loads(as_json())
    del both["year"]
    both["days"] = [{**one, "date": one["date"].replace("2027-", "2028-")} for one in both["days"]] + both["days"]
    (home.parent / "2027.json").write_text(json.dumps(both), encoding="utf-8")
    assert take("2027.json", "--published", "2026-11-28").error["code"] == "ZX2066"
    assert take("2027.json", "--published", "2026-13-28").code == 2


def test_every_packaged_year_as_a_list_is_known(home):
    """The notices of 2013 to 2026, written as a list of the days they come to, in the form of a public repository."""
    from zhengxie_flow.reading.calendars import CalendarFiles

    facts = CalendarFiles().snapshot("cn").timeline.facts
    for year in range(2013, 2027):
        arranged: dict[int, bool] = {}
        for notice in facts.notices:
            if notice.year == year:
                arranged |= {day: False for low, high in notice.off for day in range(low, high + 1)}
                arranged |= dict.fromkeys(notice.work, True) | dict.fromkeys(notice.clears, False)
        listed = [
            {"date": date.fromordinal(day).isoformat(), "isOffDay": not worked} for day, worked in arranged.items()
        ]
        file = home.parent / f"{year}.json"
        file.write_text(json.dumps({"year": year, "papers": [], "days": listed}), encoding="utf-8")
        data = take(file.name, "--dry-run").data
        assert (data["new"], len(data["known"])) == ([], 1), year
