"""The simulator's rounds and the engine's lines side by side, and the table of what is compared already."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from tests.simulator.asking import Answer, ask
from tests.simulator.calendar import Calendar, OfficeDays
from tests.simulator.directions import occurrences
from tests.simulator.histories import Story
from tests.simulator.kinds import kinds_of
from tests.simulator.limit import Round
from tests.simulator.walk import simulate
from tests.simulator.writing import case_of, limit_of

SETTLED_TO = date(2026, 12, 10)
"""Beyond this the days of the engine's calendar are not settled."""

WORDS: dict[str, bool] = {
    "week": False,
    "first_day_included": False,
    "roll": False,
    "month_end": False,
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

    def reasons(self) -> set[str | None]:
        return {outcome.reason for comparison in self.rounds for outcome in comparison.extensions}

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
    """A story put to both, by settled days; None if a round ends, or would end, beyond the days that are settled."""
    calendar = Calendar(office, office, office)
    rounds = simulate(story.limit, story.question, calendar)
    if any(line.high is not None and line.high > SETTLED_TO for line in rounds):
        return None
    kinds = kinds_of(replace(story, calendar=calendar), rounds)
    answers = tuple(ask(story, office))
    if any(answer.outside for answer in answers):
        return None
    return Comparison(story, tuple(rounds), frozenset(kinds), answers)


# -- why they may differ


def after_closing(comparison: Comparison) -> bool:
    limit = comparison.story.limit
    running = {rule.action for rule in limit.extensions} | set(limit.restarts_on)
    running |= {name for rule in limit.stops for name in (*rule.begins, *rule.ends)}
    acts = [line.act for line in comparison.rounds if line.act is not None]
    later = [entry for entry in comparison.story.question.entries if entry.name in running]
    return any(entry.place > act for entry in later for act in acts)


def set_day_counts(comparison: Comparison) -> bool:
    outcomes = [outcome for line in comparison.rounds for outcome in line.extensions if outcome.action == "set_day"]
    return any(outcome.verdict in ("pass", "capped") for outcome in outcomes)


def latest_of_minimum(comparison: Comparison) -> bool:
    limit, question = comparison.story.limit, comparison.story.question
    items = question.items if limit.per_item else (None,)
    return limit.direction == "at_least_after" and any(len(occurrences(limit, question, item)) > 1 for item in items)


def extension_before_the_fact(comparison: Comparison) -> bool:
    """An extension on the day that a fact states, recorded before anybody stated it."""
    entries = comparison.story.question.entries
    stated = [entry.place for entry in entries if entry.name == comparison.story.limit.anchor.fact]
    starts = {line.start for line in comparison.rounds}
    rules = {rule.action for rule in comparison.story.limit.extensions}
    return bool(stated) and any(
        entry.name in rules and entry.day in starts and entry.place < stated[-1] for entry in entries
    )


@dataclass(frozen=True)
class Cause:
    """One reason why the engine may say something else: the rule, and whether the engine follows it by now."""

    rule: str
    follows: bool
    applies: Callable[[Comparison], bool]


CAUSES: dict[str, Cause] = {
    "several rounds": Cause("2", True, lambda comparison: "several rounds" in comparison.kinds),
    "a minimum whose anchor recurs": Cause("2", True, latest_of_minimum),
    "events after the closing act": Cause("7 (open)", True, after_closing),
    "stop on the last day": Cause("3.3", True, lambda comparison: "stop on the last day" in comparison.kinds),
    "stop in the roll": Cause("3.3", True, lambda comparison: "stop in the roll" in comparison.kinds),
    "several set ends of stops": Cause(
        "3.3", True, lambda comparison: sum(entry.name == "visit" for entry in comparison.story.question.entries) > 1
    ),
    "end of a stop to come": Cause("3", True, lambda comparison: any(line.projected for line in comparison.rounds)),
    "a first day to come": Cause(
        "3 (open)",
        True,
        lambda comparison: any(
            line.start is not None and line.start > comparison.story.question.today for line in comparison.rounds
        ),
    ),
    "no later end": Cause("3.4", True, lambda comparison: "not_longer" in comparison.reasons()),
    "a set day, moved or added to": Cause("3.4", True, set_day_counts),
    "a cap": Cause("3.4", True, lambda comparison: "up_to" in comparison.reasons()),
    "an extension without its number": Cause("3.4 (open)", True, lambda comparison: "field" in comparison.reasons()),
    "an extension before the fact was stated": Cause("2 (open)", True, extension_before_the_fact),
    "clear days forward": Cause(
        "6",
        False,
        lambda comparison: (
            comparison.story.limit.convention == "clear_days" and comparison.story.limit.direction == "within_after"
        ),
    ),
}
"""The reasons for which the engine is known to differ; each is opened when it follows the rule."""


def causes_of(comparison: Comparison) -> set[str]:
    return {name for name, cause in CAUSES.items() if cause.applies(comparison)}
