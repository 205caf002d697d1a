"""Laws that the rules promise, held by the simulator itself: rule 13."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from tests.simulator.calendar import ONE, OfficeDays, settled
from tests.simulator.histories import Story, draw
from tests.simulator.limit import Round
from tests.simulator.walk import simulate
from tests.simulator.writing import case_of

from zhengxie_flow.model.scenario import CaseFile

STORIES = range(1_000)
ADVERSE = ("breach", "overdue", "lapsed", "out_of_time")


def asked(story: Story, **changed: object) -> list[Round]:
    question = replace(story.question, **changed)  # type: ignore[arg-type]
    return simulate(story.limit, question, settled(story.calendar.shown.closed))


def test_nothing_stopped_is_overdue() -> None:
    for number in STORIES:
        assert all(line.verdict == "pending" for line in asked(draw(number)) if line.stopped)


def test_a_round_that_was_missed_stays_missed() -> None:
    """Whatever comes later: no restart, anchor, stop or extension makes it fewer or milder."""
    count = 0
    for number in STORIES:
        story = draw(number)
        days = sorted({entry.day for entry in story.question.entries})
        if story.limit.direction != "within_after" or story.limit.anchor.fact is not None or len(days) < 2:
            continue
        today = Random(number).choice(days[:-1])
        later = {(line.item, line.number): line for line in asked(story)}
        for line in asked(story, today=today):
            if line.verdict in ADVERSE:
                count += 1
                assert later[line.item, line.number].verdict in (*ADVERSE, "needs_judgement"), number
    assert count > 50


def test_a_day_of_rest_more_makes_no_forward_day_earlier() -> None:
    count = 0
    for number in STORIES:
        story = draw(number)
        limit = story.limit
        if limit.direction != "within_after" or limit.roll == "previous":
            continue
        (first, *_) = asked(story)
        if first.last is None or first.start is None:
            continue
        rest = first.start + ONE * Random(number).randint(0, 40)
        more = settled(OfficeDays(story.calendar.shown.closed | {rest}).closed)
        (after, *_) = simulate(limit, story.question, more)
        if first.last is not None and after.last is not None and first.since == after.since:
            count += 1
            assert after.last >= first.last, number
    assert count > 200


@pytest.mark.parametrize("number", range(60))
def test_each_story_is_a_case_file(number: int) -> None:
    CaseFile.model_validate(case_of(draw(number)))
