"""Personal values read from their table and put back into the events they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, select

from zhengxie_flow.storage import rows, tables
from zhengxie_flow.storage.personal import marks, unseal

if TYPE_CHECKING:
    from zhengxie_flow.model.event import Event
    from zhengxie_flow.ports import PersonalDatum

_case: BindParameter[str] = bindparam("case")
_OF_CASE = (
    select(tables.personal)
    .where(tables.personal.c.case_id == _case)
    .order_by(tables.personal.c.sequence, tables.personal.c.field)
)


def of_case(connection: Connection, case: str) -> tuple[PersonalDatum, ...]:
    """The personal values of a case, erased ones too, by event and field."""
    return tuple(map(rows.to_personal, connection.execute(_OF_CASE, {"case": case})))


def unsealed(connection: Connection, case: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events of a case with their personal values; one more statement, only where some are marked."""
    marked = {event.sequence for event in events if next(marks(event.body), None) is not None}
    if not marked:
        return events
    by_event: dict[int, list[PersonalDatum]] = {}
    for datum in of_case(connection, case):
        by_event.setdefault(datum.sequence, []).append(datum)
    return tuple(
        unseal(event, by_event.get(event.sequence, ())) if event.sequence in marked else event for event in events
    )
