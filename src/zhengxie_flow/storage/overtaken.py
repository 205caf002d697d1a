"""Bases of the projections of cases, and the cases whose projections no longer hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, select, text

from zhengxie_flow.ports.lists import Basis
from zhengxie_flow.storage import tables

_CHANGING = select(tables.heads.c.case_id).where(tables.heads.c.next_change <= bindparam("day"))
_TO_COME = select(tables.heads.c.case_id).where(tables.heads.c.projected > bindparam("day"))
"""Those projected for a day to come, by a clock that was set back since."""
_OF_DEFINITION = select(tables.heads.c.case_id).where(tables.heads.c.definition == bindparam("definition"))
_OF_BASIS = _OF_DEFINITION.where(tables.heads.c.basis == bindparam("basis"))
_OF_NO_BASIS = _OF_DEFINITION.where(tables.heads.c.basis.is_(None))
_BASES = text(
    """
    WITH RECURSIVE pairs(definition, basis) AS (
      SELECT min(definition), '' FROM zx_heads
      UNION ALL
      SELECT
        CASE WHEN (SELECT min(h.basis) FROM zx_heads h WHERE h.definition = p.definition AND h.basis > p.basis) IS NULL
             THEN (SELECT min(h.definition) FROM zx_heads h WHERE h.definition > p.definition)
             ELSE p.definition END,
        coalesce((SELECT min(h.basis) FROM zx_heads h WHERE h.definition = p.definition AND h.basis > p.basis), '')
      FROM pairs p WHERE p.definition IS NOT NULL
    )
    SELECT definition, nullif(basis, '') AS basis FROM pairs
    WHERE definition IS NOT NULL AND (
      basis <> '' OR EXISTS (SELECT 1 FROM zx_heads h WHERE h.definition = pairs.definition AND h.basis IS NULL)
    )
    """
)
"""The different pairs, from one to the next by the index on both, instead of a walk over all heads."""


def bases(connection: Connection) -> tuple[Basis, ...]:
    """Return each pair of definition and basis that some head has."""
    return tuple((row.definition, row.basis) for row in connection.execute(_BASES))


def outdated(connection: Connection, day: date, bases: Collection[Basis] = ()) -> tuple[str, ...]:
    """Return the cases whose projections do not hold on a day any more.

    Args:
        connection: An open connection.
        day: The day: time alone may have changed the cases whose next change is on or before it, and what was
            projected for a later day does not hold yet.
        bases: The pairs of definition and basis that are no longer current.

    Returns:
        The ids of the cases, in order.
    """
    cases = {row.case_id for query in (_CHANGING, _TO_COME) for row in connection.execute(query, {"day": day})}
    for definition, basis in bases:
        query = _OF_NO_BASIS if basis is None else _OF_BASIS
        result = connection.execute(query, {"definition": definition, "basis": basis})
        cases.update(row.case_id for row in result)
    return tuple(sorted(cases))
