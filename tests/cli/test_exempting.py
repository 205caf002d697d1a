"""Exemptions where people look for them: in ``show``, in ``audit``, and counted by year."""

from __future__ import annotations

import pytest
from tests.cli.program import case_file, write
from tests.cli.test_output_schema import check

SPARED = [
    {"at": "2026-02-05", "do": "notify", "for": "g1", "by": "office"},
    {"at": "2026-02-10", "do": "spare", "with": {"urgent": True, "why": "flood"}, "actor": "person-1"},
]
DECIDED = {"at": "2026-02-11", "do": "decide"}
LATE = [
    {"at": "2026-02-10", "do": "decide"},
    {"at": "2026-02-11", "do": "spare", "with": {"urgent": True, "why": "flood"}},
]


@pytest.fixture
def spared(desk, tmp_path):
    """A matter exempted in time, one exempted too late, and one that was not."""
    for name, story in {"c1": [*SPARED, DECIDED], "c2": LATE, "c3": SPARED[:1]}.items():
        assert desk("import", write(tmp_path / f"{name}.yaml", case_file(name, *story))).code == 0
    return desk


def test_a_case_shows_its_exemptions(spared):
    answer = spared.json("show", "c1")
    check(answer, "show")
    (found,) = answer.data["exemptions"]
    assert (found["exemption"], found["date"], found["by"], found["actor"]) == (
        "a5.spare", "2026-02-10", "mayor", "person-1",
    )  # fmt: skip
    assert (found["grounds"], found["verdict"], found["used"], found["stands"]) == (["5-1"], "pass", True, True)
    assert "a2.notice" in found["lifts"]
    assert "a3.hear" not in found["lifts"]
    shown = spared("show", "c1").out
    assert "grounds: 5-1 Urgent" in shown
    assert "used pass since 2026-02-10 (#3) Mayor (person-1)" in shown
    assert "免除：" in spared("show", "c1", "--lang", "zh").out
    assert spared.json("show", "c3").data["exemptions"] == []


def test_an_audit_says_what_lifted_a_duty(spared):
    answer = spared.json("audit", "c1", "--fail-on", "never")
    check(answer, "audit")
    lines = {line["obligation"]: line for line in answer.data["cases"][0]["verdicts"]}
    (grant,) = lines["a3.conclude"]["working"]["lifted_by"]
    assert grant == {
        "exemption": "a5.spare", "event": 3, "date": "2026-02-10", "by": "mayor", "clause": "5",
        "until": None, "interpretations": [], "partial": False,
    }  # fmt: skip
    assert "lifted by: a5.spare 5 2026-02-10 #3" in spared("audit", "c1", "--all", "--fail-on", "never").out


def test_exemptions_are_counted_by_year(spared):
    answer = spared.json("exemptions")
    check(answer, "exemptions")
    (year,) = answer.data["years"]
    assert (year["year"], year["matters"], year["exempted"], year["rate"]) == (2026, 3, 1, 0.3333)
    assert year["by_verdict"] == {"breach": 1, "pass": 1}
    assert year["by_ground"] == {"5-1": 2}
    assert [(grant["case"], grant["detail"]) for grant in year["grants"]] == [("c1", []), ("c2", ["retroactive"])]
    shown = spared("exemptions").out
    assert "2026: 2 grants; 3 cases opened, 1 of them exempted, 33.3%" in shown
    assert "by verdict: breach 1, pass 1" in shown


def test_a_year_without_exemptions_is_shown_as_such(spared):
    answer = spared.json("exemptions", "--year", "2020")
    check(answer, "exemptions")
    (year,) = answer.data["years"]
    assert (year["grants"], year["matters"], year["rate"]) == ([], 0, None)
    assert spared("exemptions", "--year", "2020").out == "No exemption was granted\n"
