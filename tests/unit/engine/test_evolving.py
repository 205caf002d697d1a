"""From events to the case: the fold, corrections, and facts told out of order."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support import judged, line, shanghai, tell

from zhengxie_flow.engine import fold

HELD = {"state": "held"}
CONCLUDED_LATE = [{"at": "2026-03-04", "do": "finish"}, {"at": "2026-03-12", "do": "conclude", "id": "c"}]


def concluded(*corrections: dict[str, object]):
    return line(judged(tell(*CONCLUDED_LATE, *corrections, **HELD), "2026-03-30"), "a3.conclude").verdict


def test_a_correction_takes_the_place_of_what_it_supersedes():
    assert concluded() == "breach"
    assert (
        concluded({"at": "2026-03-20", "correct": "c", "with": {"at": "2026-03-11"}, "reason": "typed wrong"}) == "pass"
    )


def test_a_retracted_act_never_happened():
    assert concluded({"at": "2026-03-20", "correct": "c", "retract": True, "reason": "other case"}) == "overdue"
    assert concluded({"at": "2026-03-20", "correct": "c", "reason": "other case"}) == "overdue"


def test_the_last_correction_counts():
    first = {"at": "2026-03-20", "correct": "c", "with": {"at": "2026-03-11"}, "reason": "one"}
    second = {"at": "2026-03-21", "correct": "c", "with": {"at": "2026-03-13"}, "reason": "two"}
    assert concluded(first, second) == "breach"


def test_withdrawing_a_correction_revives_the_original():
    first = {"at": "2026-03-20", "correct": "c", "with": {"at": "2026-03-11"}, "reason": "one", "id": "k"}
    assert concluded(first, {"at": "2026-03-21", "correct": "k", "retract": True, "reason": "was right"}) == "breach"


def test_a_correction_changes_fields_and_keeps_the_original_on_record():
    story = tell(
        {"at": "2026-03-04", "do": "report", "with": {"to": "council"}, "id": "r"},
        {"at": "2026-03-05", "correct": "r", "with": {"to": ["council", "committee"]}, "reason": "left out"},
        **HELD,
    )
    assert line(judged(story, "2026-03-10"), "a4.to").verdict == "pass"
    assert [event.body.fields["to"] for event in story.case.events if event.type == "act"] == [["council"]]


def test_what_was_not_known_then_is_left_out():
    story = tell(
        *CONCLUDED_LATE, {"at": "2026-03-20", "correct": "c", "with": {"at": "2026-03-11"}, "reason": "x"}, **HELD
    )
    before = fold(story.case.events, known_at=shanghai("2026-03-19T12:00:00"))
    assert [act.day for act in before.acts["conclude"]] == [date(2026, 3, 12)]
    assert [act.day for act in story.case.acts["conclude"]] == [date(2026, 3, 11)]


def test_an_act_recorded_later_takes_its_place_in_time():
    story = tell(
        {"at": "2026-03-04", "do": "finish"},
        {"at": "2026-03-02", "do": "hold", "known": "2026-03-10"},
        state="ready",
    )
    assert [act.action for act in story.case.timeline] == ["hold", "finish"]
    assert story.case.state == "held"


def test_the_state_is_that_of_the_last_move_in_time_not_in_the_journal():
    story = tell(
        {"at": "2026-03-10", "do": "close"},
        {"at": "2026-03-04", "do": "hold", "known": "2026-03-11"},
        state="ready",
    )
    assert story.case.state == "closed"


def test_facts_keep_their_history():
    story = tell(
        {"at": "2026-02-01", "determine": {"urgent": True}, "reason": "flood"},
        {"at": "2026-02-03", "determine": {"urgent": False}, "reason": "over"},
    )
    assert story.case.value("urgent") is False
    assert fold(story.case.events, as_of=date(2026, 2, 2)).value("urgent") is True
    assert fold(story.case.events, as_of=date(2026, 1, 31)).value("urgent") is None


def test_a_case_begins_with_its_opening():
    with pytest.raises(ValueError, match="opening"):
        fold(())
