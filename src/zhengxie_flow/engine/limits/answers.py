"""The outcomes still possible while conditions of a limit are unknown: one computation for each set of answers.

A computation runs on a view that answers what nobody has answered yet.  The first run takes every unknown condition as
false and notes each question; every further run gives one of them the other answer, until none is left.  Whatever
a limit hangs on (a choice, a stop, an extension, an anchor, an act deemed done) needs no handling of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.conditions.comparison import OF_EVERY_ACT
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.engine.view import CaseView, Question
from zhengxie_flow.model.case import Act, Key
from zhengxie_flow.model.condition import Compare, Condition, FieldRef, Not, Test

MAX_RUNS = 128
"""So many combinations of answers are worked out; seven independent unknown conditions in one limit."""

T = TypeVar("T")


@dataclass(slots=True)
class AssumedAnswers:
    """The answers of one run: those of ``script`` first, in the order of the questions, then false."""

    script: tuple[bool, ...] = ()
    answers: dict[Question, bool] = field(default_factory=dict)
    needs: dict[str, None] = field(default_factory=dict)

    def answer(self, question: Question, needs: Iterable[str]) -> bool:
        """The answer assumed to a question; the same one each time it is asked."""
        self.needs.update(dict.fromkeys(needs))
        if question not in self.answers:
            place = len(self.answers)
            self.answers[question] = self.script[place] if place < len(self.script) else False
        return self.answers[question]


@dataclass(slots=True)
class Outcomes(Generic[T]):
    """Results of a computation under every set of answers, the first with all unknown conditions false.

    ``needs`` names the facts that would settle them; ``complete`` is false where there are too many to work out.
    """

    results: tuple[T, ...]
    needs: tuple[str, ...] = ()
    complete: bool = True


def possible_outcomes(view: CaseView, compute: Callable[[CaseView], T]) -> Outcomes[T]:
    """Work a computation out under every set of answers to the unknown conditions it meets.

    Args:
        view: The case up to a position on its timeline.
        compute: The computation, on the view it is given; it asks through `holds`.

    Returns:
        The results; one where nothing it asked is unknown.
    """
    run = AssumedAnswers()
    first = compute(view.answering(run))
    if not run.answers:
        return Outcomes((first,))
    results, needs = [first], run.needs
    taken = tuple(run.answers.values())
    scripts = [(*taken[:place], True) for place in range(len(taken))]
    while scripts and len(results) < MAX_RUNS:
        run = AssumedAnswers(scripts.pop())
        results.append(compute(view.answering(run)))
        taken = tuple(run.answers.values())
        scripts += [(*taken[:place], True) for place in range(len(run.script), len(taken))]
        needs |= run.needs
    return Outcomes(tuple(results), tuple(needs), complete=not scripts)


def holds(
    view: CaseView, condition: Condition | None, then: CaseView, scope: Scope, trace: Trace | None = None
) -> Truth:
    """The truth of a condition of a limit, with the answer that the view assumes where it is unknown.

    Args:
        view: The view that assumes answers; one that assumes none leaves the condition unknown.
        condition: The condition; None holds.
        then: The case at the place the condition is about.
        scope: The act and the item whose fields names mean first.
        trace: Collects what the result rests on.

    Returns:
        True or False; None where it is unknown and nothing is assumed.
    """
    if condition is None:
        return True
    trace = Trace() if trace is None else trace
    truth = evaluate(condition, then, scope, trace)
    return truth if truth is not None else assumed(view, condition, scope, trace)


def assumed(view: CaseView, condition: Condition, scope: Scope, trace: Trace, place: Key | None = None) -> Truth:
    """The answer that a view assumes to an unknown condition; None where it assumes none.

    A plain test of a fact of the case is one question wherever it is asked: its first answer counts everywhere.  Of a
    condition and its opposite one holds.
    """
    if view.answers is None:
        return None
    if isinstance(condition, Not):
        opposite = assumed(view, condition.not_, scope, trace, place)
        return None if opposite is None else not opposite
    act, item = scope.act, scope.item.id if scope.item is not None else None
    if _of_case(view, act, condition):
        place = None
    elif act is not None:
        place = act.key
    return view.answers.answer((condition, place, item), trace.needs)


def _of_case(view: CaseView, act: Act | None, condition: Condition) -> bool:
    """True for a plain test that looks at no field of the act in sight."""
    if not isinstance(condition, Compare) or _refers(condition.test):
        return False
    name = condition.name
    own = act is not None and (name in OF_EVERY_ACT or name in act.fields or view.act_field(act, name) is not None)
    return not own


def _refers(test: Test) -> bool:
    """True where an operand is itself a field."""
    operands = (getattr(test, name) for name in Test.model_fields)
    return any(
        isinstance(entry, FieldRef)
        for operand in operands
        for entry in (operand if isinstance(operand, tuple) else (operand,))
    )
