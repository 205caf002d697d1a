"""Conditions that look for the first or the last act look at those about the item in sight."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import judged, line, story_of

from zhengxie_flow.engine import compile_process
from zhengxie_flow.model.definition import resolve

PASSED = {"last": "review", "where": {"result": "passed"}}
DRAFT = {"for": "draft", "by": "office"}


def verdicts(when: Any, *told: tuple[str, str, str, dict[str, Any]]) -> dict[str, str]:
    """Whether a duty owed for each draft arises for it (overdue) or not, after some acts: day, act, draft, fields."""
    process = {
        "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "items": {"draft": {"fields": {}}, "reader": {"fields": {}}},
        "actions": {
            "review": {**DRAFT, "with": {"result": {"type": "enum", "of": ["passed", "failed"]}}},
            "object": DRAFT, "revise": DRAFT, "print": DRAFT, "announce": {"by": "office"},
        },
        "obligations": {"print": {"law": "1", "for": "draft", "when": when, "do": "print",
                                  "limit": {"within": 1, "unit": "working_day", "after": "announce"}}},
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/p", "process": process}))
    happened = [{"at": at, "do": do, "for": item, "by": "office", "with": fields} for at, do, item, fields in told]
    story = story_of(
        compiled, *happened, {"at": "2026-03-10", "do": "announce", "by": "office"},
        opened="2026-03-02", by="office", items={"draft": {"d1": {}, "d2": {}}},
    )  # fmt: skip
    result = judged(story, "2026-03-20")
    return {item: str(line(result, "print", item).verdict) for item in ("d1", "d2")}


YES, NO = "overdue", "not_applicable"


def test_the_last_act_is_the_last_about_this_item():
    first = ("2026-03-03", "review", "d1", {"result": "passed"})
    assert verdicts(PASSED, first, ("2026-03-04", "review", "d2", {"result": "failed"})) == {"d1": YES, "d2": NO}
    assert verdicts(PASSED, first, ("2026-03-04", "review", "d1", {"result": "failed"})) == {"d1": NO, "d2": NO}


@pytest.mark.parametrize("where", [{"every": "draft", "is": PASSED}, {"some": "draft", "is": PASSED}])
def test_within_a_quantifier_it_is_the_item_looked_at(where):
    both = [(f"2026-03-0{n}", "review", f"d{n - 2}", {"result": "passed"}) for n in (3, 4)]
    assert verdicts(where, *both) == {"d1": YES, "d2": YES}
    either = [*both, ("2026-03-05", "review", "d1", {"result": "failed"})]
    expected = YES if "some" in where else NO
    assert verdicts(where, *either) == {"d1": expected, "d2": expected}


def test_before_and_after_are_measured_against_acts_about_this_item():
    revised = {"done": "revise", "where": {"for": "this"}, "after": "object"}
    told = [
        ("2026-03-03", "revise", "d1", {}), ("2026-03-04", "object", "d1", {}),
        ("2026-03-05", "object", "d2", {}), ("2026-03-06", "revise", "d2", {}),
    ]  # fmt: skip
    assert verdicts(revised, *told) == {"d1": NO, "d2": YES}
    assert verdicts({**revised, "after": "announce"}, *told) == {"d1": NO, "d2": NO}
    first = {"done": "revise", "where": {"for": "this"}, "before": "object"}
    assert verdicts(first, *told) == {"d1": YES, "d2": NO}
    other = [("2026-03-03", "object", "d2", {}), ("2026-03-04", "revise", "d1", {})]
    assert verdicts(revised, *other) == {"d1": NO, "d2": NO}
    assert verdicts(first, *other) == {"d1": YES, "d2": NO}
