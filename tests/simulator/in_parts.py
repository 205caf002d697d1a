"""Some stories of the simulator in small parts, each a test: run for each mutant of the code by `make mutate` alone."""

from __future__ import annotations

import pytest
from tests.simulator.comparing import CAUSES, WORDS, causes_of, compare
from tests.simulator.histories import draw

PARTS, STORIES = 24, 20
SHUT = frozenset(word for word, has in WORDS.items() if not has)
OPEN_CAUSES = {name for name, cause in CAUSES.items() if cause.follows}


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_says_what_the_simulator_says(part: int) -> None:
    for number in range(part * STORIES, (part + 1) * STORIES):
        story = draw(number, SHUT)
        offices = story.calendar.shown, story.calendar.fewest, story.calendar.most
        comparison = compare(story, offices[number % 3])
        if comparison is not None and causes_of(comparison) <= OPEN_CAUSES:
            assert comparison.agrees, comparison.shown()
