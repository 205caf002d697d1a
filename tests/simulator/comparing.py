"""The simulator's rounds and the engine's lines side by side, and the table of what is compared already."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from tests.simulator.asking import Answer, ask
from tests.simulator.calendar import Calendar, OfficeDays
from tests.simulator.histories import FIRST, Story
from tests.simulator.kinds import kinds_of
from tests.simulator.limit import Round
from tests.simulator.walk import simulate
from tests.simulator.writing import case_of, limit_of

SETTLED_TO = date(2026, 12, 10)
"""Beyond this the days of the engine's calendar are not settled."""

WORDS: dict[str, bool] = {
    "week": True,
    "first_day_included": True,
    "roll": True,
    "month_end": True,
    "occurrence": True,
}
"""Words of the language, and whether the engine has them."""


@dataclass(frozen=True)
class Comparison:
    """One story with the rounds of the simulator and the lines of the engine."""

    story: Story
    rounds: tuple[Round, ...]
    kinds: frozenset[str]
    answers: tuple[Answer, ...]

    @property
    def agrees(self) -> bool:
        return rows_of_rounds(self) == rows_of_answers(self)

    def shown(self) -> str:
        """The story in the words of the project, and both results."""
        limit = json.dumps(limit_of(self.story.limit), ensure_ascii=False)
        events = "\n".join(json.dumps(event, ensure_ascii=False) for event in case_of(self.story)["events"])
        expected = "\n".join(map(str, rows_of_rounds(self)))
        engine = "\n".join(map(str, rows_of_answers(self)))
        causes = ", ".join(sorted(causes_of(self)))
        today = self.story.question.today
        return f"story {self.story.number} ({causes})\n{limit}\n{events}\nas of {today}\nsimulator\n{expected}\nengine\n{engine}"


Row = tuple[object, ...]


def rows_of_rounds(comparison: Comparison) -> list[Row]:
    """Rows to compare: extensions only where the engine shows them, and units only of additions."""
    without_day = {(answer.item, answer.number) for answer in comparison.answers if answer.day is None}
    rows: list[Row] = []
    for line in comparison.rounds:
        lines = [
            (outcome.place[1], outcome.verdict, outcome.units if outcome.action == "prolong" else 0)
            for outcome in line.extensions
            if line.since is not None and outcome.place >= line.since  # a restart forgets the extensions before it
        ]
        act = line.act[1] if line.act is not None else None
        extensions = () if (line.item, line.number) in without_day else tuple(lines)
        rows.append((line.item, line.number, line.verdict, line.last, line.stopped, act, extensions))
    return sorted(rows, key=str)


def rows_of_answers(comparison: Comparison) -> list[Row]:
    names = {entry.order: entry.name for entry in comparison.story.question.entries}
    rows: list[Row] = []
    for line in comparison.answers:
        extensions = tuple(
            (order, verdict, units if names[order] == "prolong" else 0) for order, verdict, units in line.extensions
        )
        extensions = () if line.day is None else extensions
        rows.append((line.item, line.number, line.verdict, line.day, line.suspended, line.act, extensions))
    return sorted(rows, key=str)


def compare(story: Story, office: OfficeDays) -> Comparison | None:
    """A story put to both, by settled days; None if a round ends, or would end, outside the days that are settled."""
    calendar = Calendar(office, office, office)
    rounds = simulate(story.limit, story.question, calendar)
    if any(line.high is not None and line.high > SETTLED_TO for line in rounds):
        return None
    if any(line.low is not None and line.low < FIRST for line in rounds):
        return None
    kinds = kinds_of(replace(story, calendar=calendar), rounds)
    answers = tuple(ask(story, office))
    if any(answer.outside for answer in answers):
        return None
    return Comparison(story, tuple(rounds), frozenset(kinds), answers)


# -- why they may differ


@dataclass(frozen=True)
class Cause:
    """One reason why the engine may say something else: the rule, and whether the engine follows it by now."""

    rule: str
    follows: bool
    applies: Callable[[Comparison], bool]


def clear_days_forward(comparison: Comparison) -> bool:
    limit = comparison.story.limit
    return limit.convention == "clear_days" and limit.direction == "within_after"


CAUSES: dict[str, Cause] = {"clear days forward": Cause("6", True, clear_days_forward)}
"""The reasons for which the engine is known to differ; each is opened when it follows the rule."""


def causes_of(comparison: Comparison) -> set[str]:
    return {name for name, cause in CAUSES.items() if cause.applies(comparison)}
