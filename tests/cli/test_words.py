"""What people read names things by their label, the id in brackets; what they mistype is understood where it is near."""

from __future__ import annotations

import re

import pytest

ID_ALONE = re.compile(r"(?<![（\w.])(?:[a-z]+_[a-z_]+|[a-z]\d+\.\w+|none|proposed|planned|held)(?![\w.）])")


@pytest.fixture
def opened(desk):
    """A case of the small statute that was just opened."""
    assert desk("open", "mini/talk", "--case", "c1", "--by", "office", "--at", "2026-01-05").code == 0
    return desk


def test_a_refusal_in_chinese_names_each_thing_before_its_id(opened):
    said = opened("--lang", "zh", "advance", "c1", "prepare", "--by", "department").err
    head, *reasons, mend = said.splitlines()
    assert re.fullmatch(
        r"c1: 错误 ZX4001 现在不能作出行为「[\u4e00-\u9fff]+」（prepare）（当前状态：「[\u4e00-\u9fff]+」（planned）\）。",
        head,
    )
    assert len(reasons) >= 3
    assert all(re.match(r"  - [\u4e00-\u9fff]+（[\w.]+）：(?:不满足|尚不能确定)", reason) for reason in reasons)
    assert mend.startswith("  处理建议：")
    assert ID_ALONE.findall(head + "".join(reasons)) == []


def test_a_refusal_in_english_does_so_too(opened):
    said = opened("advance", "c1", "prepare", "--by", "department").err
    assert 'The action "Prepare" (prepare) is not allowed now (state: "Planned" (planned)).' in said
    assert "  - Not agreed (a2.joint): not met" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_json_keeps_its_ids(opened, lang):
    error = opened.json("--lang", lang, "advance", "c1", "prepare", "--by", "department").error
    assert {"role", "a2.joint"} <= {reason["id"] for reason in error["reasons"]}
    assert ("」（prepare）" if lang == "zh" else '" (prepare)') in error["message"]


def test_what_an_audit_waits_for_is_named_before_its_id(opened):
    said = opened("--lang", "zh", "audit", "c1", "--all").out
    notes = [line.strip() for line in said.splitlines() if line.strip().startswith(("等待：", "缺：", "待认定："))]
    assert notes
    assert [found for note in notes for found in ID_ALONE.findall(note)] == []


@pytest.mark.parametrize(
    ("command", "suggestion"),
    [
        (("advance", "c1", "prepair", "--by", "office"), "prepare"),
        (("advance", "c1", "no_such", "--by", "office"), None),
        (("advance", "c1", "hold", "--by", "ofice"), "office"),
        (("advance", "c1", "hold", "--by", "nobody"), None),
        (("explain", "c1", "a2.jiont", "--reason", "r", "--by", "office"), "a2.joint"),
        (("explain", "c1", "a9.nope", "--reason", "r", "--by", "office"), None),
        (("open", "mini/tlak", "--case", "c2", "--by", "office"), "mini/talk"),
        (("open", "mini/nope", "--case", "c2", "--by", "office"), None),
        (("audit", "c1", "--fail-on", "合规"), "pass"),
        (("audit", "c1", "--fail-on", "brech"), "breach"),
        (("audit", "c1", "--fail-on", "week"), None),
        (("audti", "c1"), "audit"),
        (("frobnicate",), None),
        (("list", "--formt", "json"), "--format"),
    ],
)
def test_a_name_is_suggested_only_where_it_is_near(opened, command, suggestion):
    answer = opened(*command)
    assert answer.code in (2, 4)
    found = re.search(r"Did you mean (?:\"[^\"]+\" \()?([^\s)]+)\)?\?", answer.err)
    assert (found[1] if found else None) == suggestion


def test_a_label_is_understood_as_what_it_labels(opened):
    process = opened.json("advance", "c1", "Prepare", "--by", "office").error
    assert process["code"] == "ZX1201"
    assert 'Did you mean "Prepare" (prepare)?' in process["fix"]


def test_a_scenario_that_fails_says_so_in_words(told, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "language: 1\nscenario: 例\nprocess: mini/talk\nas_of: 2026-01-09\nevents:\n"
        "  - {at: 2026-01-06, try: prepare, by: office}\nexpect:\n  - {worst: pass}\n",
        encoding="utf-8",
    )
    said = told("--lang", "zh", "test", wrong).out
    assert re.search(r"办理（try）：应为 办理成功（done），实为 [\u4e00-\u9fff]+（", said)
    assert re.search(r"总体结论（worst）：应为 合规（pass），实为 [\u4e00-\u9fff]+（\w+）", said)
