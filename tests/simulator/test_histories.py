"""The random stories hold every kind of thing, and every pair of kinds that can meet."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from tests.simulator.histories import draw
from tests.simulator.kinds import IMPOSSIBLE, KINDS, kinds_of, pairs_that_can_meet
from tests.simulator.walk import simulate

DRAWS = 3_000


def test_every_pair_of_kinds_meets() -> None:
    tally: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for number in range(DRAWS):
        story = draw(number)
        kinds = kinds_of(story, simulate(story.limit, story.question, story.calendar))
        tally.update(kinds)
        pairs.update(pair for pair in combinations(KINDS, 2) if kinds.issuperset(pair))
    assert set(tally) == set(KINDS)
    assert sorted(pairs_that_can_meet() - set(pairs)) == []
    listed = {pair for pair in pairs if pair in IMPOSSIBLE or pair[::-1] in IMPOSSIBLE}
    assert listed == set(), "they do meet"


def test_a_story_is_the_same_whenever_it_is_drawn() -> None:
    assert draw(7) == draw(7)
