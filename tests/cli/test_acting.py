"""Commands that write: one event each, or nothing and the reason."""

from __future__ import annotations

import hashlib

import pytest
from tests.cli.program import CLOCK


@pytest.fixture
def opened(desk):
    assert desk("open", "mini/talk", "--case", "c1", "--by", "office", "--at", "2026-01-05").code == 0
    return desk


def test_opening_tells_facts_by_the_types_of_the_definition(desk):
    answer = desk.json("open", "mini/talk", "--case", "c1", "--by", "office", "--set", "urgent=true")
    assert answer.code == 0
    event = answer.data["event"]
    assert (event["sequence"], event["type"], event["mode"]) == (1, "opened", "advanced")
    assert event["body"]["facts"] == {"urgent": True}
    assert event["body"]["clock"] == "fixed"  # the clock was set by the environment
    assert event["recorded"] == event["occurred"] == CLOCK


def test_a_case_is_opened_once(opened):
    again = opened.json("open", "mini/talk", "--case", "c1", "--by", "office")
    assert (again.code, again.error["code"], again.error["case"]) == (5, "ZX4036", "c1")


def test_an_act_that_is_not_allowed_is_refused_with_every_reason(opened):
    before = opened.bytes()
    answer = opened.json("advance", "c1", "prepare", "--by", "department")
    assert answer.code == 1
    assert answer.error["code"] == "ZX4001"
    reasons = {reason["id"]: reason for reason in answer.error["reasons"]}
    shown = {name: value for name, value in reasons["role"].items() if value is not None}
    assert shown == {"id": "role", "value": "false", "needs": ["office"], "clause": "2"}
    assert {"a2.joint", "a2.guests"} <= reasons.keys()
    assert answer.error["fix"]
    text = opened("advance", "c1", "prepare", "--by", "department")
    assert (text.code, text.out) == (1, "")
    assert "- Not agreed (a2.joint): not met" in text.err
    assert opened.bytes() == before


def test_an_act_that_is_allowed_is_written(opened):
    answer = opened.json("advance", "c1", "agree", "--by", "partner", "--actor", "bureau-7")
    assert answer.code == 0
    event = answer.data["event"]
    assert (event["action"], event["mode"], event["actor"]) == ("agree", "advanced", "bureau-7")
    assert answer.data["written"] is True
    assert opened.events("c1")[-1]["hash"] == event["hash"]


@pytest.mark.parametrize("command", [("advance",), ("record", "--at", "2026-01-12")])
def test_a_dry_run_shows_the_event_and_writes_nothing(opened, command):
    before = opened.bytes()
    name, *rest = command
    answer = opened.json(name, "c1", "drop", *rest, "--by", "office", "--dry-run")
    assert answer.code == 0
    assert answer.data["written"] is False
    assert answer.data["state"] == "dropped"
    assert answer.data["event"]["body"]["state"] == {"from": "planned", "to": "dropped"}
    assert opened.bytes() == before
    assert "dry run" in opened(name, "c1", "drop", *rest, "--by", "office", "--dry-run").out


def test_a_dry_run_refuses_what_advancing_refuses(opened):
    assert opened("advance", "c1", "prepare", "--by", "office", "--dry-run").code == 1


def test_what_happened_is_recorded_even_where_it_was_not_allowed(opened):
    answer = opened("record", "c1", "hold", "--at", "2026-02-02", "--by", "department")
    assert answer.code == 0
    assert "Held" in answer.out
    assert opened.events("c1")[-1]["mode"] == "recorded"


@pytest.mark.parametrize(
    ("at", "exit_code", "code"),
    [
        ("2026-02-30", 2, "ZX4015"),
        ("yesterday", 2, "ZX4015"),
        ("0001-01-01T00:00:00+14:00", 2, "ZX4015"),
        ("20260302", 2, "ZX4015"),
        ("2026-W10-1", 2, "ZX4015"),
        ("2026-03-02T09:00:00", 2, "ZX2001"),
        ("2026-05-01", 2, "ZX4012"),
        ("2026-04-30T10:00:01+08:00", 2, "ZX4012"),
    ],
)
def test_a_time_that_cannot_be_is_refused(opened, at, exit_code, code):
    answer = opened.json("record", "c1", "agree", "--at", at, "--by", "partner")
    assert (answer.code, answer.error["code"]) == (exit_code, code)
    assert len(opened.events("c1")) == 1


def test_an_instant_with_its_offset_is_kept_as_one(opened):
    answer = opened.json("record", "c1", "agree", "--at", "2026-03-02T09:00:00+08:00", "--by", "partner")
    assert answer.data["event"]["precision"] == "instant"


@pytest.mark.parametrize(
    ("args", "exit_code", "code"),
    [
        (("advance", "c2", "agree", "--by", "partner"), 4, "ZX4002"),
        (("advance", "c1", "dance", "--by", "partner"), 4, "ZX1201"),
        (("advance", "c1", "agree", "--by", "emperor"), 2, "ZX1201"),
        (("advance", "c1", "agree", "--by", "partner", "--with", "x=1"), 2, "ZX4021"),
        (("advance", "c1", "agree", "--by", "partner", "--with", "x"), 2, "ZX6010"),
        (("determine", "c1", "urgent=true", "urgent=false", "--by", "office", "--reason", "r"), 2, "ZX6011"),
        (("determine", "c1", "urgent=perhaps", "--by", "office", "--reason", "r"), 2, "ZX4020"),
        (("determine", "c1", "colour=red", "--by", "office", "--reason", "r"), 2, "ZX1201"),
        (("determine", "c1", "urgent=true", "--by", "office", "--reason", " "), 2, "ZX4029"),
        (("plan", "c1", "hold", "--to", "soon", "--by", "department"), 2, "ZX4015"),
        (("explain", "c1", "a9.none", "--reason", "r", "--by", "office"), 4, "ZX4032"),
        (("correct", "c1", "9", "--retract", "--reason", "r", "--by", "office"), 4, "ZX4033"),
        (("correct", "c1", "1", "--retract", "--reason", "r"), 2, "ZX6004"),
        (("correct", "c1", "1", "--retract", "--reason", "r", "--by", "nobody"), 2, "ZX1201"),
        (("correct", "c1", "1", "--retract", "--reason", "r", "--by", "office"), 2, "ZX4034"),
        (("open", "mini/none", "--case", "c9", "--by", "office"), 4, "ZX4003"),
        (("open", "mini/talk", "--case", " ", "--by", "office"), 2, "ZX4037"),
        (("advance", "c1", "agree", "--by", "partner", "--evidence", "gone.pdf"), 3, "ZX6013"),
        (("advance", "c1", "agree", "--by", "partner", "--evidence", "."), 3, "ZX6013"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_code(opened, args, exit_code, code):
    before = opened.bytes()
    answer = opened.json(*args)
    assert (answer.code, answer.error["code"]) == (exit_code, code)
    assert "{" not in answer.error["message"]
    assert opened.bytes() == before


def test_evidence_is_kept_by_name_and_digest(opened, tmp_path):
    paper = tmp_path / "receipt.pdf"
    paper.write_bytes(b"received")
    answer = opened.json("advance", "c1", "agree", "--by", "partner", "--evidence", paper)
    assert answer.data["event"]["evidence"] == [f"receipt.pdf sha256:{hashlib.sha256(b'received').hexdigest()} size=8"]


def test_a_key_sent_again_writes_nothing_more(opened):
    first = opened.json("advance", "c1", "agree", "--by", "partner", "--key", "k1")
    again = opened.json("advance", "c1", "agree", "--by", "partner", "--key", "k1")
    assert {**first.data, "events": [], "cases": []} == again.data  # the same event, and nothing stored by this one
    assert len(opened.events("c1")) == 2
    other = opened.json("record", "c1", "drop", "--at", "2026-02-02", "--by", "office", "--key", "k1")
    assert (other.code, other.error["code"], other.error["event"]) == (5, "ZX4030", 2)


def test_a_version_that_has_passed_is_a_conflict(opened):
    assert opened("advance", "c1", "agree", "--by", "partner", "--expect-version", "1").code == 0
    stale = opened.json("record", "c1", "drop", "--at", "2026-02-02", "--by", "office", "--expect-version", "1")
    assert (stale.code, stale.error["code"]) == (5, "ZX4031")


def test_determining_planning_and_explaining_write_one_event_each(opened):
    assert opened(
        "determine", "c1", "urgent=true", "hearing_required=false", "--by", "office", "--reason", "flood",
        "--basis", "order 7", "--at", "2026-01-12",
    ).code == 0  # fmt: skip
    assert opened("plan", "c1", "hold", "--to", "2026-06-01", "--by", "department").code == 0
    assert opened("explain", "c1", "a4.report", "--reason", "the flood", "--public", "--by", "office").code == 0
    _, determined, planned, explained = opened.events("c1")
    assert determined["body"] == {
        "facts": {"urgent": True, "hearing_required": False}, "reason": "flood", "basis": "order 7", "clock": "fixed",
    }  # fmt: skip
    assert (planned["type"], planned["action"], planned["body"]["to"]) == ("planned", "hold", "2026-06-01")
    assert explained["body"]["public"] is True


def test_a_correction_supersedes_and_the_original_stays(opened):
    opened("record", "c1", "hold", "--at", "2026-02-02", "--by", "department")
    changed = opened.json("correct", "c1", "2", "--with", "at=2026-02-03", "--reason", "wrong day", "--by", "office")
    assert changed.code == 0
    assert changed.data["event"]["supersedes"] == 2
    assert opened("correct", "c1", "2", "--retract", "--reason", "never happened", "--by", "office").code == 0
    assert opened.json("show", "c1").data["state"] == "planned"
    assert [event["sequence"] for event in opened.events("c1")] == [1, 2, 3, 4]


def test_items_are_named_with_for(opened):
    told = opened.json("record", "c1", "note", "--at", "2026-02-02", "--by", "department", "--for", "v1")
    assert told.data["event"]["body"]["items"]["added"][0]["id"] == "v1"
    judged = opened.json("determine", "c1", "important=true", "--for", "v1", "--by", "office", "--reason", "r")
    assert judged.data["event"]["item"] == "v1"
