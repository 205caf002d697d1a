"""Lists on the command line: selections, pages, and tables for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import tries

from zhengxie_flow.cli.output.sheet import BYTE_ORDER_MARK, sheet

NAMES = ["c1", "=cmd|' /C calc'!A0", "案,2", "+1", "@a", '-2"', "50%"]


@pytest.fixture
def many(told):
    for name in NAMES[1:]:
        told("open", "mini/talk", "--by", "office", f"--case={name}")
    return told


def table(answer):
    assert answer.code == 0, answer.err
    assert answer.out.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(answer.out[1:], newline="")))


def test_cases_and_its_short_form_say_the_same(many):
    for words in ([], ["--text", "c"], ["--state", "held"], ["--process", "mini/talk", "--limit", "2"]):
        assert many("cases", *words).out == many("list", *words).out
        assert many.json("cases", *words).data == many.json("list", *words).data
    assert [case["case"] for case in many.json("cases").data["cases"]] == sorted(NAMES)
    assert many.json("cases").data["next"] is None


def test_a_page_names_the_key_of_the_next(many):
    listed, after = [], []
    while True:
        page = many.json("cases", "--limit", "3", *after).data
        listed += [case["case"] for case in page["cases"]]
        if page["next"] is None:
            break
        after = [f"--after={page['next']}"]
    assert listed == sorted(NAMES)
    assert "--after" in many("cases", "--limit", "3").out.splitlines()[-1]
    assert "续读" in many("cases", "--limit", "3", "--lang", "zh").out.splitlines()[-1]


def test_filters_select(many):
    def cases(*words):
        return [case["case"] for case in many.json("cases", *words).data["cases"]]

    assert cases("--state", "held") == ["c1"]
    assert cases("--text", "C") == sorted(["c1", NAMES[1]])
    assert cases("--text", "%") == ["50%"]
    assert cases("--process", "mini/none") == []
    assert many("cases", "--process", "mini/none").out == many("due", "--text", "nobody").out
    assert many("cases", "--parent", "nobody").code == 4
    assert many("cases", "--limit", "0").code == 2
    assert many("due", "--after", "c1").code == 2


def test_deadlines_take_the_same_filters_and_pages(many):
    whole = many.json("due").data["deadlines"]
    first = many.json("due", "--limit", "1").data
    rest = many.json("due", "--limit", "1000", "--after", first["next"]).data
    assert (first["deadlines"] + rest["deadlines"], rest["next"]) == (whole, None)
    assert many.json("due", "--text", "案").data["deadlines"] == [row for row in whole if row["case"] == "案,2"]
    assert many.json("due", "--state", "held").data["deadlines"] == [row for row in whole if row["case"] == "c1"]


def test_a_spreadsheet_reads_no_formula(many):
    rows = table(many("cases", "--format", "csv", "--lang", "zh"))
    assert rows[0] == ["案件", "标题", "流程", "状态", "开启", "版本"]
    assert [row[0] for row in rows[1:]] == [f"'{name}" if name[0] in "=+-@" else name for name in sorted(NAMES)]
    (late, *_) = table(many("due", "--format", "csv", "--text", "c1"))[1:]
    assert (late[0], late[1], late[2], late[3]) == ("2026-03-11", "-35", "yes", "c1")
    assert many("due", "--format", "xml").code == 2


@settings(max_examples=tries(60))
@given(st.lists(st.lists(st.text() | st.integers(), min_size=2, max_size=2), max_size=4))
def test_whatever_a_cell_holds_it_stays_one_cell_and_no_formula(cells):
    rows = list(csv.reader(io.StringIO(sheet(["a", "b"], cells)[1:], newline="")))
    assert [len(row) for row in rows] == [2] * (len(cells) + 1)
    for row, written in zip(cells, rows[1:], strict=True):
        for value, cell in zip(row, written, strict=True):
            if isinstance(value, int):
                assert cell == str(value)
            else:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
                assert not any(character in cell for character in "\r\n\t\0")
