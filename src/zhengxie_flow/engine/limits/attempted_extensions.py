"""Attempted extensions of a limit over all its rounds, with those that came when the round was closed already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from zhengxie_flow.engine.limits.anchors import placed
from zhengxie_flow.engine.limits.answers import possible_outcomes
from zhengxie_flow.engine.limits.counted_acts import matching
from zhengxie_flow.engine.limits.extensions import ROUND_CLOSED, AppliedExtension, merged_changes
from zhengxie_flow.engine.limits.recurring import Round
from zhengxie_flow.engine.limits.resolve import OwedLimit, resolve_rounds
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.limit import ActAnchor, DueAnchor, FirstOf, LastOf, Limit, NamedAnchor, PeriodEnd
from zhengxie_flow.model.verdict import Verdict


def changes_of(view: CaseView, owed: OwedLimit) -> tuple[AppliedExtension, ...]:
    """The attempted extensions in all rounds of a limit, each as it stands under every answer still possible.

    Args:
        view: The case up to a position on its timeline.
        owed: The limit, not one that joins others.

    Returns:
        The extensions; one that came after its round was closed is invalid.
    """
    calendar = view.calendar()
    outcomes = possible_outcomes(view, lambda assumed: resolve_rounds(assumed, owed, calendar))
    runs = [(*_changes(rounds), *_after_closing(view, owed, rounds)) for rounds in outcomes.results]
    return merged_changes(runs, outcomes.needs)


def _changes(rounds: Iterable[Round]) -> Iterator[AppliedExtension]:
    for part in rounds:
        yield from (*part.limit.forgotten, *part.limit.changes)


def _after_closing(view: CaseView, owed: OwedLimit, rounds: Sequence[Round]) -> Iterator[AppliedExtension]:
    """The extensions attempted after the act that closed the round they were meant for, with none open since.

    An act that starts the clock, or starts it anew, has a meaning of its own there.
    """
    if all(part.closed is None for part in rounds):
        return
    limit = owed.limit
    starting = {*_starting(limit), *limit.restarts_on}
    actions = tuple(dict.fromkeys(rule.action for rule in limit.extended_by if rule.action not in starting))
    for act in matching(view, actions, owed.item):
        opened = [part for part in rounds if placed(part.limit.began) <= act.key]
        closed = opened[-1].closed if opened else None
        if closed is not None and closed < act.key:
            yield AppliedExtension(act, Verdict.INVALID, (ROUND_CLOSED,))


def _starting(limit: Limit) -> Iterator[str]:
    """The actions whose acts start the clock."""
    todo = [part.anchor for part in (limit, *limit.candidates)]
    while todo:
        anchor = todo.pop()
        match anchor:
            case NamedAnchor():
                yield anchor.name.partition(".")[0]
            case ActAnchor():
                yield from anchor.done
            case FirstOf() | LastOf():
                todo += [part for _, part in anchor.parts()]
            case DueAnchor() | PeriodEnd() | None:
                pass  # another limit's day, or no anchor of its own
            case _:
                assert_never(anchor)
