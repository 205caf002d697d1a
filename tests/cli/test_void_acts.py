"""What the command line says of acts that would be void, and of acts that come late."""

from __future__ import annotations

import json

import pytest
from tests.cli.program import run
from tests.support import DATA

from zhengxie_flow import Engine


@pytest.fixture
def clocks(tmp_path, monkeypatch):
    """A case whose clocks run since 2 March, and the program pointed at it on a day."""
    db = tmp_path / "clocks.db"

    def command(day, *args, lang="en", form="text"):
        monkeypatch.setenv("ZHENGXIE_CLOCK", f"{day}T09:00:00+08:00")
        return run("--project", DATA / "clocks", "--db", db, "--lang", lang, "--format", form, *args)

    assert run("--db", db, "db", "upgrade").code == 0
    assert command("2026-03-02", "open", "clocks/running", "--case", "c1", "--by", "clerk").code == 0
    assert command("2026-03-02", "advance", "c1", "begin", "--by", "clerk").code == 0
    return command


EXTEND = ("advance", "c1", "extend", "--by", "head", "--with", "days=14")


def test_a_cap_names_what_is_left_in_both_languages(clocks):
    zh, en = clocks("2026-03-04", *EXTEND, lang="zh"), clocks("2026-03-04", *EXTEND)
    assert (zh.code, en.code) == (1, 1)
    assert "a1.wd）：不满足（超过上限；还可延长10个工作日） [条款 6]" in zh.err
    assert "(a1.wd): not met (beyond the cap; 10 working days left) [clause 6]" in en.err
    (reason,) = json.loads(clocks("2026-03-04", *EXTEND, form="json").out)["error"]["reasons"]
    assert (reason["detail"], reason["left"], reason["unit"], reason["day"]) == ("capped", 10, "working_day", None)


def test_an_act_before_its_minimum_time_names_the_first_day(clocks):
    assert clocks("2026-03-02", "open", "clocks/minimum", "--case", "c2", "--by", "clerk").code == 0
    assert clocks("2026-03-02", "advance", "c2", "pause", "--by", "clerk").code == 0
    early = ("advance", "c2", "terminate", "--by", "clerk")
    assert "（最短期限未满；最早2026-05-01）" in clocks("2026-04-10", *early, lang="zh").err
    assert "before the minimum time has passed; not before 2026-05-01" in clocks("2026-04-10", *early).err


@pytest.mark.parametrize("dry", [("--dry-run",), ()])
def test_a_late_act_is_done_and_says_by_how_much(clocks, dry):
    late = clocks("2026-04-01", "advance", "c1", "close", "--by", "clerk", *dry, lang="zh")
    assert late.code == 0
    assert "二（a1.wd）：违规，最迟2026-03-30，晚2个工作日" in late.out


def test_the_effects_of_an_act_are_the_lines_that_rest_on_it(clocks):
    record = ("record", "c1", "extend", "--at", "2026-03-04", "--by", "head", "--with", "days=14")
    document = json.loads(clocks("2026-03-04", *record, form="json").out)["data"]
    assert [(effect["obligation"], effect["verdict"]) for effect in document["effects"]] == [
        ("extend", "capped"), ("extend", "pass"),
    ]  # fmt: skip
    text = clocks("2026-04-30", "advance", "c1", "close", "--by", "clerk", "--dry-run", form="json")
    effects = {effect["obligation"]: effect for effect in json.loads(text.out)["data"]["effects"]}
    assert effects["a1.cal"]["late_by"] is None
    assert (effects["a1.wd"]["due"], effects["a1.wd"]["late_by"]) == (
        "2026-04-14", {"amount": 12, "unit": "working_day"},
    )  # fmt: skip


def test_a_command_repeated_under_its_key_is_answered_as_it_was_then(clocks):
    extend = ("advance", "c1", "extend", "--by", "head", "--with", "days=5", "--key", "k1")
    first = json.loads(clocks("2026-03-04", *extend, form="json").out)["data"]["event"]
    again = json.loads(clocks("2026-07-01", *extend, form="json").out)["data"]["event"]
    assert again == first  # a new one would come after expiry


@pytest.mark.usefixtures("clocks")
def test_python_gives_the_same_effects_of_a_preview_and_of_the_act(tmp_path):
    with Engine(tmp_path / "clocks.db", project=DATA / "clocks") as engine:  # long after, by the clock on the wall
        event, after = engine.preview("c1", "close", by="clerk")
        previewed = engine.effects(event, after)
        assert previewed == engine.effects(engine.advance("c1", "close", by="clerk"))
    assert {(effect.obligation, str(effect.verdict)) for effect in previewed} == {
        (name, "breach") for name in ("a1.cal", "a1.wd", "a1.mon")
    }
    assert all(effect.late_by is not None for effect in previewed)
