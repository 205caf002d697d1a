"""Facts asserted by a role with authority: revised, countersigned, and who may settle what is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import cn, compiled_from, judged, line, story_of

from zhengxie_flow.engine import view_of
from zhengxie_flow.services.commands.case_script import ScriptedCase


def matter(*told: dict[str, Any], **given: Any) -> ScriptedCase:
    compiled = compiled_from("papers", "papers/oversight")
    return story_of(compiled, *told, opened="2026-03-02", by="office", **given)


def said(value: object, at: str, by: str = "office", name: str = "grave", **rest: Any) -> dict[str, Any]:
    return {"at": at, "determine": {name: value}, "by": by, "reason": "r", **rest}


def known(story: ScriptedCase, day: str) -> object:
    return view_of(story.compiled, story.case, cn, date.fromisoformat(day)).fact("grave").value


def test_a_fact_that_needs_a_second_hand_is_unknown_until_it_has_one():
    story = matter(said(True, "2026-03-04"), said(True, "2026-03-09", "chief"))
    assert [known(story, day) for day in ("2026-03-04", "2026-03-08", "2026-03-09")] == [None, None, True]
    one = line(judged(story, "2026-03-10"), "a3.grave")
    assert one.anchor is not None
    assert (str(one.anchor.date), str(one.due)) == ("2026-03-09", "2026-03-16")  # it counts from the second hand


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ([said(True, "2026-03-04"), said(True, "2026-03-05")], None),  # the same hand twice
        ([said(True, "2026-03-04"), said(False, "2026-03-05", "chief")], None),  # they do not agree
        ([said(True, "2026-03-04", "chief"), said(True, "2026-03-05")], True),  # the order does not matter
        ([said(True, "2026-03-04", "chief")], None),
        ([said(True, "2026-03-04", "deputy"), said(True, "2026-03-05", "chief")], None),  # the first may not say it
    ],
)
def test_only_two_who_agree_and_may_say_it_make_it_known(told, value):
    assert known(matter(*told), "2026-03-20") is value


def test_a_revision_counts_from_its_own_second_hand_and_both_stay_on_record():
    story = matter(
        said(True, "2026-03-04"), said(True, "2026-03-05", "chief"),
        said(False, "2026-03-10"), said(False, "2026-03-12", "chief"),
    )  # fmt: skip
    assert [known(story, day) for day in ("2026-03-05", "2026-03-10", "2026-03-11", "2026-03-12")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [one.value for one in story.case.facts[None, "grave"]] == [True, True, False, False]


def test_a_later_determination_wins_from_its_day_and_both_stay_on_record():
    story = matter(said(True, "2026-03-04", name="urgent"), said(False, "2026-03-10", name="urgent"))
    views = [view_of(story.compiled, story.case, cn, date(2026, 3, day)) for day in (3, 4, 9, 10)]
    assert [view.fact("urgent").value for view in views] == [False, True, True, False]
    assert [view.fact("urgent").presumed for view in views] == [True, False, False, False]
    assert [(one.value, str(one.key[0])) for one in story.case.facts[None, "urgent"]] == [
        (True, "2026-03-04"),
        (False, "2026-03-10"),
    ]


def test_a_determination_told_late_counts_from_the_day_it_was_made():
    story = matter(
        said(False, "2026-03-10", name="urgent"), said(True, "2026-03-04", name="urgent", known="2026-03-20")
    )
    views = [view_of(story.compiled, story.case, cn, date(2026, 3, day)) for day in (4, 10)]
    assert [view.fact("urgent").value for view in views] == [True, False]


def test_what_is_given_at_the_opening_needs_no_second_hand():
    assert known(matter(facts={"grave": True}), "2026-03-02") is True


def test_a_field_of_an_item_can_need_a_second_hand_too():
    comment = {"at": "2026-03-03", "do": "comment", "by": "office", "for": "c1", "with": {"text": "x"}}
    told = said(True, "2026-03-04", name="sound", **{"for": "c1"})
    story = matter(comment, told)
    view = view_of(story.compiled, story.case, cn, date(2026, 3, 5))
    (item,) = view.items("comment")
    seen = view.item_field(item, "sound")
    assert seen is not None and seen.value is None
    both = matter(comment, told, said(True, "2026-03-06", "chief", "sound", **{"for": "c1"}))
    view = view_of(both.compiled, both.case, cn, date(2026, 3, 6))
    seen = view.item_field(item, "sound")
    assert seen is not None and seen.value is True
    assert view.who_settles("c1", "sound") == ("office", "chief")


def test_what_needs_judgement_names_who_may_give_it():
    late = {"at": "2026-03-04", "do": "decide", "by": "chief"}
    open_ = line(judged(matter(late), "2026-03-05"), "a3.grave")
    proposed = line(judged(matter(said(True, "2026-03-03"), late), "2026-03-05"), "a3.grave")
    assert open_.needs == proposed.needs == ("grave",)
    assert open_.needs_by == {"grave": ("office", "chief")}
    assert proposed.needs_by == {"grave": ("chief",)}


def test_a_countersignature_by_one_who_may_is_no_finding():
    story = matter(said(True, "2026-03-04"), said(True, "2026-03-09", "chief"))
    assert [one for one in judged(story, "2026-03-10").verdicts if one.obligation == "integrity.authority"] == []


def test_one_person_in_two_roles_is_one_hand():
    def signed(one: str, two: str) -> list[Any]:
        story = matter(said(True, "2026-03-04", actor=one), said(True, "2026-03-09", "chief", actor=two))
        return [one for one in judged(story, "2026-03-10").verdicts if one.obligation == "integrity.four_eyes"]

    (found,) = signed("A", "A")
    assert (found.verdict, found.detail, found.needs, str(found.actual.date)) == (
        "finding", ("same_actor",), ("grave",), "2026-03-09",
    )  # fmt: skip
    assert signed("A", "B") == []
