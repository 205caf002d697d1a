"""The checks that the engine relies on: after them, no name leads nowhere."""

from __future__ import annotations

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks import (
    unknown_action,
    unknown_decision,
    unknown_fact,
    unknown_field,
    unknown_interpretation,
    unknown_item_type,
    unknown_name,
    unknown_obligation,
    unknown_outcome,
    unknown_role,
    unknown_state,
    unknown_verdict,
    unknown_zone,
)
from zhengxie_flow.reading.checks.catalogue import by_place
from zhengxie_flow.reading.sources import Loaded

_REFERENCES = (
    unknown_action,
    unknown_decision,
    unknown_fact,
    unknown_field,
    unknown_interpretation,
    unknown_item_type,
    unknown_name,
    unknown_obligation,
    unknown_outcome,
    unknown_role,
    unknown_state,
    unknown_verdict,
    unknown_zone,
)


def references(loaded: Loaded) -> tuple[Problem, ...]:
    """The names that lead nowhere."""
    return by_place(problem for check in _REFERENCES for problem in check.check(loaded))
