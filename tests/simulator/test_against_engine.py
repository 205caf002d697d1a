"""The engine against the simulator, story by story, as far as the table of `comparing` says that they have to agree.

What is shut is compared too: where nothing differs any more, it has to be opened.
"""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError
from tests.simulator.comparing import CAUSES, WORDS, Comparison, causes_of, compare
from tests.simulator.histories import draw
from tests.simulator.kinds import KINDS, kinds_of_limit
from tests.simulator.writing import process_of
from tests.support import SOAK

from zhengxie_flow.model.definition import resolve

STORIES = 300_000 if SOAK else 3_000
SHUT = frozenset(word for word, has in WORDS.items() if not has)
OPEN_CAUSES = {name for name, cause in CAUSES.items() if cause.follows}
LANGUAGE_KINDS = {
    "week": {"unit week"},
    "first_day_included": {"first_day_included"},
    "roll": {"roll next", "roll none", "roll previous"},
    "month_end": {"month end kept"},
    "occurrence": {"occurrence each", "occurrence first"},
}


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    """Each story by one of the calendars that its own may still become."""
    results = []
    for number in range(STORIES):
        story = draw(number, SHUT)
        offices = story.calendar.shown, story.calendar.fewest, story.calendar.most
        comparison = compare(story, offices[number % 3])
        if comparison is not None:
            results.append(comparison)
    return results


def compared(comparisons: list[Comparison]) -> list[Comparison]:
    return [comparison for comparison in comparisons if causes_of(comparison) <= OPEN_CAUSES]


def test_the_engine_says_what_the_simulator_says(comparisons: list[Comparison]) -> None:
    different = [comparison for comparison in compared(comparisons) if not comparison.agrees]
    assert not different, "\n\n".join(comparison.shown() for comparison in different[:3])


def test_enough_of_each_kind_is_compared(comparisons: list[Comparison]) -> None:
    tally: Counter[str] = Counter()
    for comparison in compared(comparisons):
        tally.update(comparison.kinds)
    shut = {kind for word in SHUT for kind in LANGUAGE_KINDS[word]} | {
        name for name in CAUSES if name not in OPEN_CAUSES
    }
    shut |= {"opened by a restart", "notice not out"}  # it opens a second round; each notice is out here
    shut |= {"capped"} if "a cap" in shut else set()
    assert {kind: tally[kind] for kind in KINDS if kind not in shut and tally[kind] < 5} == {}


def test_what_is_shut_still_differs(comparisons: list[Comparison]) -> None:
    """A cause by which alone no story differs has to be opened in the table; where the rules are silent, it may stay."""
    differing: set[str] = set()
    for comparison in comparisons:
        shut = causes_of(comparison) - OPEN_CAUSES
        if len(shut) == 1 and not comparison.agrees:
            differing |= shut
    by_rule = {name for name, cause in CAUSES.items() if not cause.rule.endswith("(open)")}
    assert by_rule - OPEN_CAUSES - differing == set()


@pytest.mark.parametrize("word", WORDS)
def test_the_language_has_the_words_that_are_open(word: str) -> None:
    others = frozenset(WORDS) - {word}
    limits = (draw(number, others).limit for number in range(500))
    limit = next(limit for limit in limits if kinds_of_limit(limit) & LANGUAGE_KINDS[word])
    definition = {"id": "x/walk", "process": process_of(limit)}
    if WORDS[word]:
        resolve(definition)
    else:
        with pytest.raises(ValidationError):
            resolve(definition)
