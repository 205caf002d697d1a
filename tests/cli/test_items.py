"""Items on the command line: their states, how they ended, and what their state refuses."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.support import DATA

PAPERS = DATA / "papers"


@pytest.fixture
def papers(shelf):
    def call(*args, form="json"):
        return run("--project", PAPERS, "--db", shelf / "papers.db", "--lang", "en", "--format", form, *args)

    db = shelf / "papers.db"
    if not db.exists():
        assert call("db", "upgrade").code == 0
        assert call("open", "papers/handling", "--case", "c1", "--by", "office", "--at", "2026-03-02").code == 0
        for item in ("p1", "p2", "p3"):
            assert call("record", "c1", "receive", "--for", item, "--by", "office", "--at", "2026-03-02").code == 0
        assert call("record", "c1", "read", "--for", "p1", "--by", "reader", "--at", "2026-03-03").code == 0
        assert call("record", "c1", "take_back", "--for", "p2", "--by", "office", "--at", "2026-03-04").code == 0
        swap = call("record", "c1", "swap", "--for", "p3", "--by", "office", "--at", "2026-03-04", "--with",
                    "successor=p4")  # fmt: skip
        assert swap.code == 0, swap.err
    return call


def test_items_are_listed_with_their_state_and_how_they_ended(papers):
    items = papers("show", "c1").data["items"]
    assert [(one["id"], one["state"], one["ended"], one["replaced_by"]) for one in items] == [
        ("p1", "dropped", None, None),  # by the time that has passed since it was read
        ("p2", "received", "2026-03-04", None),
        ("p3", "received", "2026-03-04", "p4"),
        ("p4", "received", None, None),
    ]
    out = papers("show", "c1", form="text").out
    assert "withdrawn 2026-03-04" in out
    assert "replaced by p4 2026-03-04" in out
    assert "Read" in out


def test_an_act_the_items_state_forbids_is_refused_with_the_reason(papers):
    answer = papers("advance", "c1", "weigh", "--for", "p4", "--by", "reader")
    assert answer.code != 0
    assert [reason["id"] for reason in answer.error["reasons"]] == ["item_state"]
    told = papers("advance", "c1", "weigh", "--for", "p4", "--by", "reader", form="text")
    assert "the item's own state" in told.err


def test_scenarios_can_expect_the_state_of_an_item(tmp_path):
    answer = run("--project", PAPERS, "--lang", "en", "test")
    assert answer.code == 0, answer.out
    assert "scenarios: 1, passed: 1" in answer.out
    told = (PAPERS / "processes" / "papers" / "scenarios" / "states.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(told.replace("{state: read, for: p1}", "{state: answered, for: p1}"), encoding="utf-8")
    answer = run("--project", PAPERS, "--lang", "en", "test", wrong)
    assert answer.code != 0
    assert "expected Answered (answered), got Read (read)" in answer.out


def test_an_audit_names_who_may_settle_what_is_open_and_shows_what_it_found(tmp_path):
    def call(*args, form="json"):
        return run("--project", PAPERS, "--db", tmp_path / "o.db", "--lang", "en", "--format", form, *args)

    assert call("db", "upgrade").code == 0
    assert call("open", "papers/oversight", "--case", "c1", "--by", "office", "--at", "2026-03-02").code == 0
    assert call("record", "c1", "meet", "--by", "office", "--at", "2026-03-03").code == 0
    assert call("record", "c1", "end", "--by", "office", "--at", "2026-03-05").code == 0
    assert call("record", "c1", "decide", "--by", "chief", "--at", "2026-03-05").code == 0
    said = call("determine", "c1", "urgent=true", "--by", "office", "--reason", "r", "--at", "2026-03-05")
    assert said.code == 0
    lines = call("audit", "c1").data["cases"][0]["verdicts"]
    (grave,) = [line for line in lines if line["obligation"] == "a3.grave"]
    assert (grave["verdict"], grave["needs_by"]) == ("needs_judgement", {"grave": ["office", "chief"]})
    out = call("audit", "c1", form="text").out
    assert "may be settled by: Grave (grave) by Office, Chief" in out
    assert "integrity.anchor" in out and "gap 2" in out
    assert "End: done on 5 Mar 2026, two working days after" in out
    said = call("determine", "c1", "grave=true", "--by", "office", "--reason", "r", "--at", "2026-03-06")
    assert said.code == 0
    awaits = {fact["fact"]: fact["awaits"] for fact in call("show", "c1").data["facts"]}
    assert awaits == {"urgent": [], "grave": ["chief"]}
    assert "awaits a second hand: Chief" in call("show", "c1", form="text").out
