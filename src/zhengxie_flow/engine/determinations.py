"""Determinations that count: the latest, or the latest countersigned one where a second role has to confirm it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhengxie_flow.model.case import BEGINNING, Assertion
from zhengxie_flow.model.comparing import same, typed
from zhengxie_flow.model.values import ValueType


def counted_assertions(assertions: Sequence[Assertion], kind: ValueType | None) -> Sequence[Assertion]:
    """The assertions that count, oldest first.

    With ``countersigned_by`` an assertion counts from the moment that another role asserts the same value, one of the
    two being a countersigning role; until then the previous one counts.  Values set at the opening need no
    countersignature.
    """
    if kind is None or not kind.countersigned_by:
        return assertions
    counted: list[Assertion] = []
    waiting: Assertion | None = None
    for assertion in assertions:
        if assertion.key == BEGINNING or (waiting is not None and _countersigns(waiting, assertion, kind)):
            counted.append(assertion)
            waiting = None
        else:
            waiting = assertion
    return counted


def countersigned_pairs(
    assertions: Sequence[Assertion], kind: ValueType | None
) -> Iterator[tuple[Assertion, Assertion]]:
    """Pairs of a determination and the countersignature that made it count."""
    counted = (
        {assertion.key for assertion in counted_assertions(assertions, kind)}
        if kind is not None and kind.countersigned_by
        else set()
    )
    yield from ((first, second) for first, second in pairwise(assertions) if second.key in counted)


def awaiting(assertions: Sequence[Assertion], kind: ValueType | None) -> tuple[str, ...]:
    """Roles of which one must still countersign the latest determination; empty where it counts."""
    if kind is None or not kind.countersigned_by or not assertions:
        return ()
    counted = counted_assertions(assertions, kind)
    if counted and counted[-1] is assertions[-1]:
        return ()
    last = assertions[-1]
    if last.by in kind.countersigned_by and kind.by:
        return tuple(role for role in (*kind.by, *kind.countersigned_by) if role != last.by)
    return tuple(role for role in kind.countersigned_by if role != last.by)


def needs_second(kind: ValueType) -> bool:
    """Return whether a determination counts only once another role has confirmed it."""
    return bool(kind.countersigned_by)


def _countersigns(first: Assertion, second: Assertion, kind: ValueType) -> bool:
    if not same(typed(first.value, kind.type), typed(second.value, kind.type)) or first.by == second.by:
        return False
    orders = ((first.by, second.by), (second.by, first.by))
    return any(
        countersigning in kind.countersigned_by and (not kind.by or determining in (*kind.by, *kind.countersigned_by))
        for determining, countersigning in orders
    )


def may_determine(kind: ValueType | None) -> tuple[str, ...]:
    """The roles that may say something of a fact: those that determine it and those that countersign."""
    return tuple(dict.fromkeys((*kind.by, *kind.countersigned_by))) if kind is not None and kind.by else ()
