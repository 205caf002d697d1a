"""The title of a case: the latest value of a fact or field, in one line; never a personal one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import CALENDARS, story_of

from zhengxie_flow.engine import compile_process, derive
from zhengxie_flow.engine.case_title import LONGEST, case_title
from zhengxie_flow.engine.judging.deadlines import open_work
from zhengxie_flow.model.definition import resolve

TEXT = {"type": "text", "zh": "文字", "en": "Text"}


def compiled(title: str | None, **personal: bool) -> Any:
    process = {
        "language": 1, "process": "p", "zh": "流程", "en": "Process", "law": "x", "in_force": {"from": "2020-01-01"},
        **({} if title is None else {"title": title}),
        "roles": {"office": {"zh": "办", "en": "Office"}},
        "facts": {"topic": {**TEXT, "by": "office", "personal": personal.get("topic", False)},
                  "number": {"type": "int", "zh": "数", "en": "Count", "by": "office"},
                  "serious": {"type": "bool", "zh": "重", "en": "Serious", "by": "office"}},
        "states": {"open": {"zh": "开", "en": "Open"}, "shut": {"zh": "闭", "en": "Shut", "final": True}},
        "actions": {
            "receive": {"zh": "收", "en": "Receive", "by": "office", "from": "open", "with": {
                "subject": {**TEXT, "personal": personal.get("subject", False)}, "topic": {}}},
            "ask": {"zh": "问", "en": "Ask", "by": "office", "from": "open"},
            "answer": {"zh": "答", "en": "Answer", "by": "office", "from": "open"},
            "close": {"zh": "结", "en": "Close", "by": "office", "from": "open", "to": "shut"},
        },
        "obligations": {
            "o.answer": {"zh": "答复", "en": "Answer", "who": "office", "do": "answer", "limit": {
                "within": 10, "unit": "working_day", "after": "receive",
                "suspended": {"from": "ask", "until": "close"}}},
            "o.close": {"zh": "办结", "en": "Close", "who": "office", "do": "close", "when": "serious"},
        },
    }  # fmt: skip
    return compile_process(resolve({"id": "x/p", "process": process}))


def titled(process: Any, *happenings: dict[str, Any]) -> str:
    return case_title(process, story_of(process, *happenings, opened="2026-03-02", by="office").case)


def receive(**fields: str) -> dict[str, Any]:
    return {"at": "2026-03-03", "do": "receive", "by": "office", "with": fields}


@pytest.mark.parametrize("title", [None, "topic", "receive.subject", "receive.topic", "number", "nothing", "no.such"])
def test_a_case_is_called_by_its_id_until_it_has_a_title(title):
    assert titled(compiled(title)) == "case-1"


def test_a_title_is_the_latest_value_in_one_line():
    by_field, by_fact, asserted = (compiled(title) for title in ("receive.subject", "topic", "receive.topic"))
    happened = (receive(subject=" One\n two ", topic="Topic"), receive(topic="Later"))
    assert [titled(process, *happened) for process in (by_field, by_fact, asserted)] == ["One two", "Later", "Later"]
    assert titled(by_field, receive(subject="x" * 500)) == "x" * (LONGEST - 1) + "…"


@pytest.mark.parametrize(
    ("title", "name"), [("topic", "topic"), ("receive.subject", "subject"), ("receive.topic", "topic")]
)
def test_a_personal_value_is_never_a_title(title, name):
    assert titled(compiled(title, **{name: True}), receive(subject="Zhang", topic="Zhang")) == "case-1"


def test_a_stopped_limit_says_since_when_how_much_ran_and_what_is_left():
    process = compiled(None)
    asked = {"at": "2026-03-06", "do": "ask", "by": "office"}
    story = story_of(process, receive(), asked, opened="2026-03-02", by="office")
    derived = derive(process, story.case, lambda day: CALENDARS.snapshot("cn", day), asked_on := story.case.last[0])
    row = next(row for row in open_work(derived) if row.obligation == "o.answer")
    assert (row.kind, row.day, row.stopped_since, row.consumed, row.units_left) == ("stopped", None, asked_on, 3, 7)
    assert row.working_calendar == "cn"


def test_what_nobody_determined_is_a_row_of_its_own_with_who_may():
    process = compiled(None)
    story = story_of(process, opened="2026-03-02", by="office")
    derived = derive(process, story.case, lambda day: CALENDARS.snapshot("cn", day), story.case.last[0])
    rows = {(row.kind, row.obligation, row.fact, row.roles) for row in open_work(derived)}
    assert rows == {
        ("waiting", "o.answer", None, ("office",)),
        ("undated", "o.close", None, ("office",)),
        ("determination", "o.close", "serious", ("office",)),
    }
