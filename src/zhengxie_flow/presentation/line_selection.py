"""Selection of audit lines for a reader: what is not in order and what is next, like lines in one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhengxie_flow.model.verdict import REASONED, Judgement, Verdict

OPEN = frozenset({Verdict.OVERDUE, Verdict.PROVISIONAL, Verdict.PENDING})
"""Verdicts of obligations that are still to be performed."""


def asks_attention(line: Judgement) -> bool:
    """Return whether a line tells what is not in order or not settled, or what is to be done next.

    Next is what has a day, and what may be done now; an obligation that waits for an act which has no day yet asks
    nothing of anybody.

    Args:
        line: The line.

    Example:
        >>> asks_attention(Judgement(obligation="a7.4.report", verdict=Verdict.BREACH))
        True
        >>> asks_attention(Judgement(obligation="a7.5.study", verdict=Verdict.PENDING))
        True
        >>> asks_attention(Judgement(obligation="a7.4.report", verdict=Verdict.PENDING, waits_for=("form_opinion",)))
        False
    """
    if line.verdict in OPEN:
        return line.day is not None or not line.waits_for
    return line.verdict in REASONED


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that differ in their items alone: the same obligation, verdict, days and sentence.

    Attributes:
        lines: The lines, at least one, in their order.
    """

    lines: tuple[Judgement, ...]

    @property
    def first(self) -> Judgement:
        """The line that stands for all."""
        return self.lines[0]

    @property
    def items(self) -> tuple[str, ...]:
        """The items of the lines that have one."""
        return tuple(line.item for line in self.lines if line.item is not None)


@dataclass(frozen=True, slots=True)
class Selection:
    """The lines of a case as a reader gets them.

    Attributes:
        groups: What is shown, worst first.
        omitted: How many lines are left out, by verdict, worst first.
    """

    groups: tuple[LineGroup, ...]
    omitted: dict[Verdict, int]


def select(lines: Iterable[Judgement], *, every: bool = False) -> Selection:
    """Select the lines that are shown of a case, worst first, then by day, those with no day last.

    Args:
        lines: Its lines, with their sentences.
        every: True to leave out none and to put none together.

    Returns:
        The selection.

    Example:
        >>> line = Judgement(obligation="a7.5.study", verdict=Verdict.PENDING, sentence="Study: not done yet")
        >>> passed = Judgement(obligation="a7.2.joint", verdict=Verdict.PASS)
        >>> from dataclasses import replace
        >>> chosen = select([passed, replace(line, item="op_1"), replace(line, item="op_2")])
        >>> [group.items for group in chosen.groups], chosen.omitted
        ([('op_1', 'op_2')], {<Verdict.PASS: 'pass'>: 1})
    """
    worst_first = sorted(lines, key=lambda line: line.verdict.severity)
    if every:
        return Selection(tuple(LineGroup((line,)) for line in worst_first), {})
    shown = [line for line in worst_first if asks_attention(line)]
    omitted = Counter(line.verdict for line in worst_first if not asks_attention(line))
    groups = _like(shown)
    return Selection(tuple(sorted(groups, key=_urgency)), dict(omitted))


def _like(lines: Sequence[Judgement]) -> list[LineGroup]:
    groups: dict[tuple[object, ...], list[Judgement]] = {}
    for line in lines:
        alike = (line.obligation, line.verdict, line.round, line.day, line.date_status, line.actual, line.sentence)
        groups.setdefault(alike, []).append(line)
    return [LineGroup(tuple(group)) for group in groups.values()]


def _urgency(group: LineGroup) -> tuple[int, bool, str]:
    line = group.first
    return line.verdict.severity, line.day is None, "" if line.day is None else line.day.isoformat()
