"""What a case, all cases, their deadlines and their chains look like."""

from __future__ import annotations

import re

from tests.tampering import opened


def test_a_case_is_shown_whole(told):
    data = told.json("show", "c1").data
    assert (data["state"], data["final"], data["version"], data["opened"]) == ("held", False, 7, "2026-01-05")
    assert [(item["type"], item["id"], item["fields"]) for item in data["items"]] == [
        ("guest", "g1", {"kind": "expert"}),
        ("guest", "g2", {"kind": "public"}),
    ]
    assert [event["sequence"] for event in data["events"]] == [1, 2, 3, 4, 5, 6, 7]
    (conclude,) = [row for row in data["deadlines"] if row["obligation"] == "a3.conclude"]
    assert (conclude["day"], conclude["overdue"]) == ("2026-03-11", True)


def test_what_is_possible_now_and_why_the_rest_is_not(told):
    actions = {entry["action"]: entry for entry in told.json("show", "c1").data["possible"]}
    assert actions["conclude"]["ready"] is True
    assert actions["conclude"]["by"] == ["department"]
    assert (actions["report"]["ready"], actions["report"]["asks"]) == (True, ["to"])
    assert actions["prepare"]["in_state"] is False
    assert [reason["id"] for reason in actions["prepare"]["reasons"]][0] == "state"
    settle = actions["settle"]
    assert (settle["ready"], [reason["id"] for reason in settle["reasons"]]) == (False, ["items"])


def test_an_action_for_items_names_those_it_is_ready_for(desk):
    desk("open", "mini/talk", "--case", "c1", "--by", "office")
    for view in ("v1", "v2"):
        desk("record", "c1", "note", "--at", "2026-04-01", "--by", "department", "--for", view)
    desk("record", "c1", "hold", "--at", "2026-04-01", "--by", "department")
    actions = {entry["action"]: entry for entry in desk.json("show", "c1").data["possible"]}
    assert actions["settle"]["items"] == ["v1", "v2"]
    assert actions["note"]["ready"] is True


def test_facts_say_who_asserted_them_and_when(desk):
    desk("open", "mini/talk", "--case", "c1", "--by", "office", "--set", "urgent=true", "--at", "2026-01-05")
    desk("determine", "c1", "urgent=false", "--by", "office", "--reason", "over", "--at", "2026-02-02")
    (fact,) = desk.json("show", "c1").data["facts"]
    assert fact.pop("awaits") == []
    assert fact == {"fact": "urgent", "item": None, "value": False, "by": "office", "date": "2026-02-02", "event": 2}


def test_a_case_for_people(told):
    out = told("show", "c1").out
    assert out.splitlines()[0] == "c1 Example consultation Held version 7, opened 2026-01-05"
    for part in ("Items", "Possible now", "Not yet possible", "Open deadlines", "Events"):
        assert f"\n{part}\n" in out
    assert "  report    Report" in out
    assert re.search(r"asks for: [A-Z][\w ]+ \(to\)", out)
    chinese = told("show", "c1", "--lang", "zh").out
    assert "现在可以办理" in chinese and "已举行" in chinese


def test_all_cases_are_listed(told):
    told("open", "mini/talk", "--case", "案-2", "--by", "office")
    assert [(case["case"], case["state"]) for case in told.json("list").data["cases"]] == [
        ("c1", "held"),
        ("案-2", "planned"),
    ]
    lines = told("list").out.splitlines()
    assert lines[1].split() == ["c1", "Example", "consultation", "Held", "2026-01-05", "7"]


def test_what_is_due_is_worked_out_against_today(told, monkeypatch):
    late = told.json("due").data
    dated = [row for row in late["deadlines"] if row["kind"] == "dated"]
    assert [(row["obligation"], row["day"], row["overdue"]) for row in dated] == [
        ("a3.conclude", "2026-03-11", True),
        ("a4.report", "2026-03-18", False),  # it runs from an act that has not happened
    ]
    assert (dated[0]["days_left"], dated[0]["days_unit"]) == (-35, "working_day")
    assert "35 working days ago" in told("due").out
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-03-09T23:00:00+08:00")
    soon = told.json("due").data["deadlines"][0]
    assert (soon["overdue"], soon["days_left"]) == (False, 2)
    assert told.json("due", "--until", "2026-03-10").data["deadlines"] == []
    assert len(told.json("due", "--until", "2026-03-11").data["deadlines"]) == 1


def test_chains_that_are_whole_are_told(told):
    answer = told.json("verify")
    assert (answer.code, answer.data) == (0, {"cases": 1, "intact": True, "findings": []})
    assert "intact" in told("verify").out


def test_a_changed_event_breaks_the_chain(told):
    with opened(told.db) as connection:
        changed = connection.execute(
            "UPDATE zx_events SET occurred = '2026-02-05' WHERE case_id = 'c1' AND sequence = 4"
        ).rowcount
    assert changed == 1
    answer = told.json("verify")
    assert answer.code == 1
    assert [(found["case"], found["sequence"], found["kind"]) for found in answer.data["findings"]] == [
        ("c1", 4, "changed")
    ]
    text = told("verify")
    assert text.code == 1
    assert "c1#4: changed" in text.out
