"""Whether an open deadline has passed: worked out against a day, and kept nowhere."""

from __future__ import annotations

from datetime import date


def overdue(direction: str, anchor_kind: str, day: date | None, latest: date | None, today: date) -> bool:
    """Whether the last day to act lies before today, whatever notices are still to come.

    Order and minimum windows have no last day, and a limit that runs after an event has none before it happens.
    """
    last = latest or day
    running = direction == "backward" or (direction in ("forward", "by_date") and anchor_kind == "actual")
    return running and last is not None and last < today
