"""Which determinations stand: the latest, and where a second role has to say the same, the latest that one did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhengxie_flow.model.case import BEGINNING, Assertion
from zhengxie_flow.model.values import ValueType


def counted_assertions(made: Sequence[Assertion], kind: ValueType | None) -> Sequence[Assertion]:
    """The assertions that count, oldest first.

    With ``countersigned_by`` one counts from the moment that another role says the same, one of the two being a
    countersigning one; until then the one before it stands.  What was given when the case opened needs no second hand.
    """
    if kind is None or not kind.countersigned_by:
        return made
    found: list[Assertion] = []
    open_: Assertion | None = None
    for one in made:
        if one.key == BEGINNING or (open_ is not None and _countersigns(open_, one, kind)):
            found.append(one)
            open_ = None
        else:
            open_ = one
    return found


def countersigned_pairs(made: Sequence[Assertion], kind: ValueType | None) -> Iterator[tuple[Assertion, Assertion]]:
    """Each determination that counts with the one whose second hand it is."""
    counted = (
        {one.key for one in counted_assertions(made, kind)} if kind is not None and kind.countersigned_by else set()
    )
    yield from ((first, second) for first, second in pairwise(made) if second.key in counted)


def awaiting(made: Sequence[Assertion], kind: ValueType | None) -> tuple[str, ...]:
    """The roles of which one must still say the same for the latest determination to count; none where it does."""
    if kind is None or not kind.countersigned_by or not made:
        return ()
    counted = counted_assertions(made, kind)
    if counted and counted[-1] is made[-1]:
        return ()
    last = made[-1]
    if last.by in kind.countersigned_by and kind.by:
        return tuple(role for role in (*kind.by, *kind.countersigned_by) if role != last.by)
    return tuple(role for role in kind.countersigned_by if role != last.by)


def _countersigns(first: Assertion, second: Assertion, kind: ValueType) -> bool:
    if first.value != second.value or first.by == second.by:
        return False
    orders = ((first.by, second.by), (second.by, first.by))
    return any(two in kind.countersigned_by and (not kind.by or one in (*kind.by, *kind.countersigned_by))
               for one, two in orders)  # fmt: skip


def may_determine(kind: ValueType | None) -> tuple[str, ...]:
    """The roles that may say something of a fact: those that determine it and those that countersign."""
    return tuple(dict.fromkeys((*kind.by, *kind.countersigned_by))) if kind is not None and kind.by else ()
