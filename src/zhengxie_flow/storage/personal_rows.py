"""Personal values and the rows of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from zhengxie_flow.ports import PersonalDatum
from zhengxie_flow.storage import tables

if TYPE_CHECKING:
    from zhengxie_flow.storage.raw import AnyRow

_case: BindParameter[str] = bindparam("case")
_OF_CASE = (
    select(tables.personal)
    .where(tables.personal.c.case_id == _case)
    .order_by(tables.personal.c.sequence, tables.personal.c.field)
)


def personal_row(datum: PersonalDatum) -> dict[str, Any]:
    """Convert a personal value to columns."""
    return {
        "case_id": datum.case,
        "sequence": datum.sequence,
        "field": datum.field,
        "digest": datum.digest,
        "value": datum.value,
        "salt": datum.salt,
        "erased": datum.erased,
        "ground": datum.ground,
    }


def to_personal(row: AnyRow) -> PersonalDatum:
    """Convert a row to its personal value, erased or not."""
    return PersonalDatum(
        case=row.case_id,
        sequence=row.sequence,
        field=row.field,
        digest=row.digest,
        value=row.value,
        salt=row.salt,
        erased=row.erased,
        ground=row.ground,
    )


def of_case(connection: Connection, case: str) -> tuple[PersonalDatum, ...]:
    """Read the personal values of a case, erased ones too.

    Args:
        connection: An open connection.
        case: The id of the case.

    Returns:
        The values by event and field.
    """
    return tuple(map(to_personal, connection.execute(_OF_CASE, {"case": case})))


def by_event(connection: Connection, case: str) -> dict[int, list[PersonalDatum]]:
    """Read the personal values of a case by the sequence numbers of their events.

    Args:
        connection: An open connection.
        case: The id of the case.

    Returns:
        The values by sequence number.
    """
    by_sequence: dict[int, list[PersonalDatum]] = {}
    for datum in of_case(connection, case):
        by_sequence.setdefault(datum.sequence, []).append(datum)
    return by_sequence
