"""What the outbox is told of deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhengxie_flow.ports.values import DeadlineRow, Projection
from zhengxie_flow.services.projecting import deadline_messages

ROW = DeadlineRow(
    case="H",
    obligation="h2.report",
    item=None,
    clause="2",
    bearer="clerk",
    direction="forward",
    amount=5,
    unit="working_day",
    anchor="hold",
    anchor_date=date(2026, 3, 2),
    anchor_kind="actual",
    consumed=0,
    running_since=date(2026, 3, 2),
    day=date(2026, 3, 9),
    earliest=None,
    latest=None,
    status="firm",
    open=True,
    calendar="",
)
DETERMINATION = replace(ROW, direction="none", day=None, status="unknown", kind="determination", fact="heard")


def _projection(*rows: DeadlineRow) -> Projection:
    return Projection(case="H", as_of=date(2026, 3, 2), basis="", next_change=None, rows=rows)


def test_a_deadline_is_not_mistaken_for_the_determination_it_hangs_on() -> None:
    """Both are rows of one duty in the list of open work; only what moves the day is a message."""
    rows = (ROW, DETERMINATION)
    assert deadline_messages(rows, _projection(*rows), 3) == ()
    moved = _projection(replace(ROW, day=date(2026, 3, 10)), DETERMINATION)
    assert [message.payload["obligation"] for message in deadline_messages(rows, moved, 3)] == ["h2.report"]
    assert deadline_messages(rows, _projection(ROW), 3) == ()  # settling the fact moved nothing
    assert deadline_messages((DETERMINATION,), _projection(), 3) == ()
