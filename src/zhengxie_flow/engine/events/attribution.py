"""Attribution: who makes a statement, for which item and day, on what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Moment = date | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The attribution of a statement: role, person, time (None: now), evidence and idempotency key."""

    by: str | None
    at: Moment | None = None
    item: str | None = None
    evidence: tuple[str, ...] = ()
    actor: str | None = None
    recorded_by: str | None = None
    key: str = ""
