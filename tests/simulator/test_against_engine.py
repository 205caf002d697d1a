"""The engine against the simulator, story by story, as far as the table of `comparing` says that they have to agree.

What is shut is compared too: where nothing differs any more, it has to be opened.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

import pytest
from pydantic import ValidationError
from tests.simulator.comparing import CAUSES, WORDS, Comparison, causes_of, compare
from tests.simulator.histories import draw
from tests.simulator.kinds import KINDS, kinds_of_limit
from tests.simulator.writing import process_of
from tests.support import SOAK

from zhengxie_flow.model.definition import resolve

WANTED = 300_000 if SOAK else 3_000
"""How many limits are compared; about a fifth of the stories drawn end beyond the settled days and are not."""
FIRST = int(os.environ.get("ZHENGXIE_FIRST_STORY", "0"))
SHUT = frozenset(word for word, has in WORDS.items() if not has)
OPEN_CAUSES = {name for name, cause in CAUSES.items() if cause.follows}
LANGUAGE_KINDS = {
    "week": {"unit week"},
    "first_day_included": {"first_day_included"},
    "roll": {"roll next", "roll none", "roll previous"},
    "month_end": {"month end kept"},
    "occurrence": {"occurrence each", "occurrence first"},
}


@dataclass
class Run:
    """What all stories came to: counted as they are compared, for soak has too many to keep."""

    compared: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    different: list[Comparison] = field(default_factory=list)
    shut: set[str] = field(default_factory=set)

    def add(self, comparison: Comparison) -> None:
        causes = causes_of(comparison)
        if causes <= OPEN_CAUSES:
            self.compared += 1
            self.kinds.update(comparison.kinds)
            if not comparison.agrees and len(self.different) < 3:
                self.different.append(comparison)
        elif len(causes - OPEN_CAUSES) == 1 and not comparison.agrees:
            self.shut |= causes - OPEN_CAUSES


@pytest.fixture(scope="module")
def run() -> Run:
    """Each story by one of the calendars that its own may still become."""
    made = Run()
    for number in count(FIRST):
        if made.compared == WANTED:
            break
        story = draw(number, SHUT)
        offices = story.calendar.shown, story.calendar.fewest, story.calendar.most
        comparison = compare(story, offices[number % 3])
        if comparison is not None:
            made.add(comparison)
    print(f"{made.compared} limits compared")  # noqa: T201
    return made


def test_the_engine_says_what_the_simulator_says(run: Run) -> None:
    assert not run.different, "\n\n".join(comparison.shown() for comparison in run.different)


def test_enough_of_each_kind_is_compared(run: Run) -> None:
    shut = {kind for word in SHUT for kind in LANGUAGE_KINDS[word]} | {
        name for name in CAUSES if name not in OPEN_CAUSES
    }
    shut |= {"opened by a restart", "notice not out"}  # it opens a second round; each notice is out here
    shut |= {"capped"} if "a cap" in shut else set()
    assert {kind: run.kinds[kind] for kind in KINDS if kind not in shut and run.kinds[kind] < 5} == {}


def test_what_is_shut_still_differs(run: Run) -> None:
    """A cause by which alone no story differs has to be opened in the table; where the rules are silent, it may stay."""
    by_rule = {name for name, cause in CAUSES.items() if not cause.rule.endswith("(open)")}
    assert by_rule - OPEN_CAUSES - run.shut == set()


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
