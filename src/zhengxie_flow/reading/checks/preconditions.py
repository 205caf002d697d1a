"""Preconditions of the engine: the checks after which every name resolves, and all operands are comparable."""

from __future__ import annotations

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Check
from zhengxie_flow.reading.checks.comparisons import uncomparable, unlike_types
from zhengxie_flow.reading.checks.cycles import circular_reference
from zhengxie_flow.reading.checks.editions import edition_periods, removed_state
from zhengxie_flow.reading.checks.names import clashing_id
from zhengxie_flow.reading.checks.time_limits import undated_anchor
from zhengxie_flow.reading.checks.unknown_names import IN_DEFINITIONS
from zhengxie_flow.reading.problem_order import by_place
from zhengxie_flow.reading.sources import Loaded

REFERENCES: tuple[Check, ...] = (
    *IN_DEFINITIONS,
    clashing_id,  # two duties of one id would hide each other
    edition_periods,  # a day would be judged by two editions, or by none
    removed_state,  # a case would be moved to nowhere
    circular_reference,  # judging would never come to an end
    undated_anchor,  # a clock would be started on what is no day
    uncomparable,  # a decision could not be made ready
    unlike_types,  # a word would be read as a number
)


def references(loaded: Loaded) -> tuple[Problem, ...]:
    """The faults that would make the engine stumble, or judge by something that is not there."""
    return by_place(problem for check in REFERENCES for problem in check.problems(loaded))
