"""Every worked case of tests/data/calendar.yaml, with its counted days."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zhengxie_flow.calendars import CHINA_TIME, Snapshot, deemed_day
from zhengxie_flow.reading.calendars import load

ROOT = Path(__file__).parents[3]
CASES = YAML(typ="safe").load(ROOT / "tests" / "data" / "calendar.yaml")["cases"]


def day(text: str) -> date:
    return date.fromisoformat(text)


def calendar(as_of: str) -> Snapshot:
    return load("cn", as_of=day(as_of), root=ROOT / "rules")


def deemed(case: dict[str, Any]) -> date:
    cutoff = time.fromisoformat(case["cutoff"]) if case["cutoff"] else None
    return deemed_day(datetime.fromisoformat(case["act_at"]), CHINA_TIME, cutoff)


def limit(case: dict[str, Any]) -> dict[str, Any]:
    cal = calendar(case["as_of"])
    if case["op"] == "deadline_within":
        reckoned = cal.within(day(case["event"]), case["n"])
    else:
        reckoned = cal.before(day(case["event"]), case["n"], case["mode"])
    assert [one.isoformat() for one in reckoned.counted] == case["counted"]
    return {"date": reckoned.date.isoformat(), "status": reckoned.status}


def check_notice(case: dict[str, Any]) -> dict[str, Any]:
    event, given = day(case["event"]), deemed(case)

    def judge(as_of: str) -> dict[str, Any]:
        cal = calendar(as_of)
        days = cal.count(given, date.fromordinal(event.toordinal() - 1))
        lawful = given <= cal.before(event, case["n"]).date
        assert lawful == (days >= case["n"])
        return {"workdays_counted": days, "compliant": lawful}

    result: dict[str, Any] = {"deemed_date": given.isoformat(), **judge(case["as_of"])}
    if "hindsight" in case["expect"]:
        later = case["expect"]["hindsight"]["as_of"]
        result["hindsight"] = {"as_of": later, **judge(later)}
    return result


def check_done(case: dict[str, Any]) -> dict[str, Any]:
    due = calendar(case["as_of"]).within(day(case["event"]), case["n"]).date
    done = deemed(case)
    return {"due": due.isoformat(), "deemed_date": done.isoformat(), "compliant": done <= due}


def natural_days(case: dict[str, Any]) -> dict[str, Any]:
    reckoned = calendar(case["as_of"]).within(day(case["event"]), case["n"], unit="calendar_day")
    assert reckoned.raw is not None
    return {"raw": reckoned.raw.isoformat(), "date": reckoned.date.isoformat(), "rolled": reckoned.rolled}


OPERATIONS = {
    "deadline_within": limit,
    "deadline_before": limit,
    "check_notice": check_notice,
    "check_done": check_done,
    "natural_days": natural_days,
    "count_inclusive": lambda case: {"count": calendar(case["as_of"]).count(day(case["start"]), day(case["end"]))},
    "is_workday": lambda case: {"is_workday": calendar(case["as_of"]).is_working_day(day(case["date"]))},
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_worked_case(case: dict[str, Any]) -> None:
    assert OPERATIONS[case["op"]](case) == case["expect"]


def test_all_cases_are_there() -> None:
    assert len(CASES) == 20
