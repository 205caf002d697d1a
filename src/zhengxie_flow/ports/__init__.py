"""Ports: the protocols that the use cases need from outside; `storage`, `reading` and `bootstrap` implement them."""

from zhengxie_flow.ports.journal import NOTHING_PERSONAL, Damaged, Journal, Transaction
from zhengxie_flow.ports.sources import Calendars, Clock, Definitions, Ids
from zhengxie_flow.ports.values import (
    ERASED,
    NOTES,
    ORPHAN,
    PROJECTION,
    SCHEMA,
    STALE,
    UNLAWFUL,
    UNREADABLE,
    Checkpoint,
    DeadlineRow,
    Finding,
    Head,
    PersonalDatum,
    Projection,
    StoredDefinition,
)

__all__ = [
    "ERASED",
    "NOTES",
    "NOTHING_PERSONAL",
    "ORPHAN",
    "PROJECTION",
    "SCHEMA",
    "STALE",
    "UNLAWFUL",
    "UNREADABLE",
    "Calendars",
    "Checkpoint",
    "Clock",
    "Damaged",
    "DeadlineRow",
    "Definitions",
    "Finding",
    "Head",
    "Ids",
    "Journal",
    "PersonalDatum",
    "Projection",
    "StoredDefinition",
    "Transaction",
]
