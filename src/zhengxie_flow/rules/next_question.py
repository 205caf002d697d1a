"""The next most useful question: the unknown fact whose answer settles most of what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengxie_flow.conditions import View
from zhengxie_flow.rules.ordering import around
from zhengxie_flow.rules.partial_facts import Ending, Inquiry, PartialDecision
from zhengxie_flow.rules.regions import plain_value
from zhengxie_flow.rules.search import OutOfBranchesError
from zhengxie_flow.rules.space import Box


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer to a question: a value that stands for all that do the same, and how the decision can then
    end.
    """

    value: Any
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to find out; ``settles`` counts the kinds of answers that decide the matter at once."""

    fact: str
    answers: tuple[Answer, ...]

    @property
    def settles(self) -> int:
        """The number of kinds of answers that leave one ending."""
        return sum(len(answer.endings) == 1 for answer in self.answers)

    @property
    def left(self) -> float:
        """The average number of endings that an answer leaves."""
        return sum(len(answer.endings) for answer in self.answers) / len(self.answers)


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The status of a decision and the questions still open, the most useful first."""

    standing: PartialDecision
    questions: tuple[Question, ...]


def ask(inquiry: Inquiry, view: View) -> NextQuestion:
    """Order the open questions of a decision by use.  A presumed fact counts as known.

    Args:
        inquiry: the decision.
        view: the facts, or the case, as far as known.

    Returns:
        The status of the decision, and the questions: first those after which the fewest endings are left.
    """
    standing = inquiry.standing(view)
    if standing.resolved.status != "pending":
        return NextQuestion(standing, ())
    start, values = inquiry.box(view), inquiry.facts(view)
    askable = [name for name in standing.needs if name in inquiry.names]
    try:
        questions = [_question(inquiry, name, start, values) for name in askable]
    except OutOfBranchesError:
        return NextQuestion(standing, tuple(Question(name, (Answer(None, standing.endings),)) for name in askable))
    order = sorted(questions, key=lambda question: (question.left, -question.settles, askable.index(question.fact)))
    return NextQuestion(standing, tuple(order))


def _question(inquiry: Inquiry, name: str, start: Box, values: Mapping[str, Any]) -> Question:
    """One fact with the kinds of answers it can have; of a set, whether it has each member."""
    land = inquiry.land
    if any(partner in values for partner in land.space.partners(name)):
        return Question(name, _around(inquiry, name, start, values))
    answers: list[Answer] = []
    for index in land.space.of_name[name]:
        variable = land.space.variables[index]
        alike: dict[int, int] = {}
        for region, mask in land.axes[index].masks:
            if start.get(index, variable.full) >> region & 1:
                alike.setdefault(mask, region)
        for region in alike.values():
            endings = inquiry.endings({**start, index: 1 << region}, values)
            value = variable.samples[region]
            if variable.group == "member":
                value = variable.member if region else f"-{variable.member}"
            if endings:
                answers.append(Answer(value, endings))
    return Question(name, tuple(answers))


def _around(inquiry: Inquiry, name: str, start: Box, values: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The kinds of answers of a fact that is held against known ones: below, at and above each of them."""
    answers: dict[tuple[Ending, ...], Answer] = {}
    known_values = {other: value for other, value in values.items() if other in inquiry.land.space.of_name}
    for value in around(inquiry.land.space, name, known_values):
        facts = {**values, name: plain_value(value)}
        endings = inquiry.endings({**start, **inquiry.land.of_facts(facts)}, facts)
        answers.setdefault(endings, Answer(plain_value(value), endings))
    return tuple(answers.values())
