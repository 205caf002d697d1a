"""The checks that the engine relies on: after them no name leads nowhere, and whatever is compared can be."""

from __future__ import annotations

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks import (
    circular_reference,
    clashing_id,
    edition_periods,
    removed_state,
    uncomparable,
    undated_anchor,
    unknown_action,
    unknown_decision,
    unknown_fact,
    unknown_field,
    unknown_interpretation,
    unknown_item_type,
    unknown_name,
    unknown_obligation,
    unknown_outcome,
    unknown_parameter,
    unknown_process,
    unknown_role,
    unknown_state,
    unknown_subcase,
    unknown_value,
    unknown_verdict,
    unknown_zone,
    unlike_types,
)
from zhengxie_flow.reading.checks.catalogue import Check, by_place
from zhengxie_flow.reading.sources import Loaded

REFERENCES: tuple[Check, ...] = (
    unknown_action,
    unknown_decision,
    unknown_fact,
    unknown_field,
    unknown_interpretation,
    unknown_item_type,
    unknown_name,
    unknown_obligation,
    unknown_outcome,
    unknown_parameter,
    unknown_process,
    unknown_role,
    unknown_state,
    unknown_subcase,
    unknown_value,
    unknown_verdict,
    unknown_zone,
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
    return by_place(problem for check in REFERENCES for problem in check.check(loaded))
