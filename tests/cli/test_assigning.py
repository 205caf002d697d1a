"""``assign`` and ``user``: whose case it is, and who holds what."""

from __future__ import annotations

import io
import json

import pytest
from tests.cli.test_output_schema import check


@pytest.fixture
def opened(desk):
    assert desk("open", "mini/talk", "--case", "c1", "--by", "office", "--at", "2026-01-05").code == 0
    return desk


def test_a_role_is_assigned_from_a_day(opened):
    answer = opened.json("assign", "c1", "department", "--to", "education", "--from", "2026-02-01", "--by", "office")
    assert answer.code == 0
    event = answer.data["event"]
    assert (event["type"], event["mode"]) == ("assigned", "advanced")
    body = {name: value for name, value in event["body"].items() if name != "clock"}
    assert body == {"role": "department", "office": "education", "from": "2026-02-01"}
    shown = opened.json("show", "c1").data["assignments"]
    assert shown == [
        {"role": "department", "office": "education", "person": None, "from_day": "2026-02-01", "to_day": None}
    ]
    assert "education" in opened("show", "c1").out


def test_lists_and_audits_say_to_whom_the_bearer_is_assigned(told):
    assert told("assign", "c1", "department", "--to", "education", "--from", "2026-01-01", "--by", "office").code == 0
    audit = told.json("audit", "c1").data["cases"][0]["verdicts"]
    bearers = [bearer for line in audit for bearer in line["bearers"] if bearer["role"] == "department"]
    assert {bearer["office"] for bearer in bearers} == {"education"}
    due = [bearer for row in told.json("due").data["deadlines"] for bearer in row["bearers"]]
    assert {bearer["office"] for bearer in due if bearer["role"] == "department"} <= {"education"}


def test_another_role_than_those_of_the_process_is_not_found(opened):
    answer = opened.json("assign", "c1", "departmnt", "--to", "education", "--by", "office")
    assert (answer.code, answer.error["code"]) == (2, "ZX1201")


def test_an_assignment_is_corrected(opened):
    opened("assign", "c1", "department", "--to", "education", "--by", "office")
    answer = opened("correct", "c1", "2", "--with", "to=person:zhang", "--reason", "typo", "--by", "office")
    assert answer.code == 0, answer.err
    assert opened.json("show", "c1").data["assignments"][0]["person"] == "zhang"
    assert opened("verify", "--replay").code == 0


def test_persons_hold_offices_and_offices_roles(desk, monkeypatch):
    assert desk.json("user", "add", "zhang", "--label", "张三", "--by", "root").data == {
        "person": "zhang", "label": "张三", "disabled": False, "password": False,
    }  # fmt: skip
    again = desk.json("user", "add", "zhang")
    assert (again.code, again.error["code"]) == (2, "ZX4123")
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\n"))
    answer = desk.json("user", "passwd", "zhang", "--by", "root")
    assert (answer.code, answer.data["password"]) == (0, True)
    assert "correct" not in json.dumps(answer.data)
    held = desk.json("user", "role", "zhang", "office:finance", "--from", "2026-01-01", "--by", "root").data
    assert (held["kind"], held["name"], held["holder_kind"], held["by"]) == ("office", "finance", "person", "root")
    desk("user", "role", "office:finance", "department", "--until", "2026-12-31")
    listed = desk.json("user", "list").data
    assert [(row["kind"], row["name"], row["holder"]) for row in listed["holdings"]] == [
        ("office", "finance", "zhang"), ("role", "department", "finance"),
    ]  # fmt: skip
    assert "finance" in desk("user", "list").out
    assert desk.json("user", "disable", "zhang").data["disabled"] is True


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("add", ""), "ZX4120", "「」"),
        (("add", "office:finance"), "ZX4120", "「office:finance」"),
        (("role", "zhang", "person:li"), "ZX4124", "li"),
        (("disable", "nobody"), "ZX1201", "没有人员「nobody」"),
    ],
)
def test_what_is_no_person_is_said_in_the_words_that_were_given(desk, given, code, said):
    assert desk("user", "add", "person:zhang").code == 0  # as an assignment names it
    assert [row["person"] for row in desk.json("user", "list").data["users"]] == ["zhang"]
    answer = desk("--lang", "zh", "user", *given)
    assert code in answer.err
    assert said in answer.err


def test_who_is_refused_is_listed(opened):
    assert opened("user", "refusals").out.strip()
    opened("user", "add", "zhang")
    answer = opened.json("plan", "c1", "hold", "--to", "2026-06-01", "--by", "office", "--actor", "zhang")
    assert (answer.code, answer.error["code"]) == (1, "ZX4122")
    assert [reason["id"] for reason in answer.error["reasons"]] == ["actor"]
    [row] = opened.json("user", "refusals").data["refusals"]
    assert (row["actor"], row["action"], row["case"]) == ("zhang", "plan:hold", "c1")
    assert opened.json("user", "refusals", "--after", str(row["number"])).data["refusals"] == []
    assert "zhang" in opened("user", "refusals").out


@pytest.mark.parametrize("command", [("user", "list"), ("user", "refusals")])
def test_answers_follow_the_schema(opened, command):
    opened("user", "add", "zhang")
    opened("user", "role", "zhang", "office")
    opened("plan", "c1", "hold", "--to", "2026-06-01", "--by", "department", "--actor", "zhang")
    check(opened.json(*command), ".".join(command))
