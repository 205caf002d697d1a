"""Audits: JSON with the agreed keys, one line a case for people, the exit code, and databases that cannot be written."""

from __future__ import annotations

import os
import sqlite3

import pytest
from tests.cli.program import run

CASE_KEYS = ("case", "process", "state", "worst", "verdicts")
KEYS = (
    "obligation item clause force edition verdict detail due latest earliest date_status anchor actual missing needs "
    "waits_for interpretations presumptions calendar working"
).split()

ADDED = (
    "subcase needs_by outcomes early projected control sentence late_by round follows_from volume depends_on_reading"
    " title bearers"
).split()


def verdicts(answer, obligation):
    (case,) = answer.data["cases"]
    return {line["item"]: line for line in case["verdicts"] if line["obligation"] == obligation}


def test_verdicts_come_with_the_agreed_keys(told):
    answer = told.json("audit", "c1", "--as-of", "2026-03-10")
    assert answer.code == 1
    assert list(answer.data) == ["as_of", "known_at", "cases"]
    assert answer.data["as_of"] == "2026-03-10"
    assert list(answer.data["cases"][0]) == [*CASE_KEYS, "parents", "subcases", "title"]
    lines = verdicts(answer, "a2.notice")
    assert all(list(line) == [*KEYS, *ADDED] for line in answer.data["cases"][0]["verdicts"])
    early, late = lines["g1"], lines["g2"]
    assert (early["verdict"], late["verdict"], answer.data["cases"][0]["worst"]) == ("pass", "breach", "breach")
    assert late["latest"] == "2026-02-05"  # the spring festival and its make-up days counted by the notice
    assert late["actual"] == {"event": 4, "date": "2026-02-09"}
    assert late["anchor"] == {"event": 6, "date": "2026-03-04", "kind": "actual"}
    assert len(late["working"]["counted"]) == 15
    assert (early["late_by"], late["late_by"]) == (None, {"amount": 2, "unit": "working_day"})
    assert late["sentence"] == "Notify: due by 5 Feb 2026, done on 9 Feb, two working days late (Art. 2)"
    assert (late["working"]["reason"]["kind"], late["working"]["reason"]["clause"]) == ("late", "2")
    assert {day["instrument"] for day in late["working"]["skipped"] if day["reason"] == "holiday"}
    (reply,) = verdicts(answer, "a3.conclude").values()
    assert (reply["verdict"], reply["due"], reply["actual"]) == ("pending", "2026-03-11", None)


@pytest.mark.parametrize(
    ("fail_on", "code"), [("never", 0), ("breach", 1), ("overdue", 1), ("pending", 1), ("not_applicable", 1)]
)
def test_the_exit_code_is_the_answer_to_the_threshold(told, fail_on, code):
    assert told("audit", "--as-of", "2026-03-10", "--fail-on", fail_on).code == code


def test_before_the_breach_nothing_was_as_bad(told):
    calm = told.json("audit", "--as-of", "2026-02-04")
    assert (calm.code, calm.data["cases"][0]["worst"]) == (0, "pending")
    assert told("audit", "--as-of", "2026-02-04", "--fail-on", "pending").code == 1


def test_what_was_not_known_yet_is_not_judged(told):
    before = told.json("audit", "--known-at", "2026-04-30T09:59:59+08:00")
    assert before.data == {"as_of": "2026-04-30", "known_at": "2026-04-30T09:59:59+08:00", "cases": []}
    assert told.json("audit", "c1", "--known-at", "2026-04-29").error["code"] == "ZX4002"
    naive = told.json("audit", "--known-at", "2026-04-30T09:59:59")
    assert (naive.code, naive.error["code"]) == (2, "ZX2001")


def test_the_day_is_civil_in_china(told, monkeypatch):
    monkeypatch.setenv("ZHENGXIE_CLOCK", "2026-05-01T17:00:00+00:00")
    assert told.json("audit").data["as_of"] == "2026-05-02"


@pytest.mark.parametrize("day", ["2026-02-30", "today", "2026-03-10T00:00:00+08:00"])
def test_a_day_that_is_none_is_refused(told, day):
    answer = told.json("audit", "--as-of", day)
    assert (answer.code, answer.error["code"]) == (2, "ZX2003")


def test_a_case_that_is_not_there_is_not_found(told):
    answer = told.json("audit", "c1", "c2")
    assert (answer.code, answer.error["code"], answer.error["case"]) == (4, "ZX4002", "c2")


def test_for_people_a_case_is_a_line_with_state_deadline_and_worst_verdict(told):
    answer = told("audit", "--as-of", "2026-03-10")
    _, head, line = answer.out.splitlines()
    assert head.split() == ["Case", "State", "Next", "deadline", "What", "Worst", "verdict"]
    assert line.split() == ["c1", "Held", "2026-03-11", "a3.conclude", "Conclude", "breach"]
    chinese = told("audit", "--as-of", "2026-03-10", "--lang", "zh").out.splitlines()[2]
    assert chinese.split() == ["c1", "已举行", "2026-03-11", "a3.conclude", "形成意见", "违规"]


def test_a_deadline_that_has_passed_is_the_next_one(told):
    line = told("audit", "--as-of", "2026-03-20").out.splitlines()[2]
    assert line.split()[2:4] == ["2026-03-11", "a3.conclude"]


def test_columns_stay_aligned_with_wide_characters(told):
    from rich.cells import cell_len

    rows = [line for line in told("audit", "c1", "--all", "--lang", "zh").out.splitlines() if " a2.notice " in line]
    assert len(rows) == 2
    assert len({cell_len(row[: row.index("a2.notice")]) for row in rows}) == 1
    assert len({cell_len(row[: row.index("提前通知")]) for row in rows}) == 1


def test_all_shows_every_verdict_with_its_days(told):
    out = told("audit", "c1", "--as-of", "2026-03-10", "--all").out
    (row,) = [line.split() for line in out.splitlines() if " g2 " in line]
    assert row == ["breach", "a2.notice", "g2", "2", "by", "2026-02-05", "2026-02-09", "#4", "Notice"]
    assert any(line.split()[:3] == ["pass", "a2.notice", "g1"] for line in out.splitlines())
    assert "2026-03-03  Tue" not in out


@pytest.mark.parametrize("args", [("c1",), ("--verbose",)])
def test_a_case_shows_what_is_not_in_order_and_what_is_next_each_with_its_sentence(told, args):
    out = told("audit", *args, "--as-of", "2026-03-10").out
    rows = [line.split() for line in out.splitlines()]
    assert [row[:3] for row in rows if "a2.notice" in row] == [["breach", "a2.notice", "g2"]]
    assert "Notify: due by 5 Feb 2026, done on 9 Feb, two working days late (Art. 2)" in out
    assert [row[0] for row in rows if "a3.conclude" in row][:1] == ["pending"]
    omitted = next(line for line in out.splitlines() if "--all" in line)
    assert "4 pass" in omitted


def test_the_counted_days_are_shown_with_the_notice_behind_them(told):
    out = told("audit", "c1", "--as-of", "2026-03-10", "--working").out
    assert "15 working days before 2026-03-04: no later than 2026-02-05" in out
    days = [line.split(maxsplit=3) for line in out.splitlines()]
    assert ["15", "2026-02-05", "Thu"] in days
    assert ["-", "2026-02-17", "Tue", "statutory holiday (国办发明电〔2025〕7号)"] in days
    assert ["3", "2026-02-28", "Sat", "make-up working day (国办发明电〔2025〕7号)"] in days


def test_nothing_is_written_by_looking(told):
    before = told.bytes()
    for args in (("audit",), ("show", "c1"), ("list",), ("due",), ("verify",)):
        assert told(*args).code in (0, 1)
    assert told.bytes() == before


def test_a_file_and_folder_that_cannot_be_written_can_be_read(told):
    os.chmod(told.db, 0o444)
    os.chmod(told.db.parent, 0o555)
    try:
        codes = {args: told(*args).code for args in (("audit",), ("show", "c1"), ("list",), ("due",), ("verify",))}
    finally:
        os.chmod(told.db.parent, 0o755)
    assert codes == {("audit",): 1, ("show", "c1"): 0, ("list",): 0, ("due",): 0, ("verify",): 0}


def test_a_writer_elsewhere_does_not_stop_reading(told):
    other = sqlite3.connect(told.db, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert told.json("list").code == 0
        assert told.json("audit").code == 1
    finally:
        other.rollback()
        other.close()


def test_a_case_id_that_looks_like_an_option_is_still_a_case(desk):
    assert desk("open", "mini/talk", "--case=-x", "--by", "office").code == 0
    assert desk.json("show", "--", "-x").data["case"] == "-x"


def test_control_characters_of_a_journal_do_not_reach_the_terminal(desk):
    assert desk("open", "mini/talk", "--case", "c1", "--by", "office").code == 0
    answer = desk("record", "c1", "spare", "--at", "2026-04-01", "--by", "mayor", "--with", "why=\x1b[31mred")
    assert answer.code == 0, answer.err
    assert desk("determine", "c1", "urgent=true", "--by", "office", "--reason", "\x1b]0;t\x07").code == 0
    assert "\x1b" not in desk("show", "c1").out


def test_a_project_without_the_process_judges_cases_all_the_same(told, tmp_path):
    (tmp_path / "zhengxie.toml").write_text("", encoding="utf-8")
    answer = run("--project", tmp_path, "--db", told.db, "--format", "json", "audit")
    assert answer.data["cases"][0]["worst"] == "breach"
