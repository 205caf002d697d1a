"""Ports: the protocols that the use cases need from outside; `storage`, `reading` and `bootstrap` implement them."""

from zhengxie_flow.ports.journal import NOTHING_PERSONAL, Journal, Transaction
from zhengxie_flow.ports.sources import Calendars, Clock, Definitions, Ids, Retries
from zhengxie_flow.ports.values import (
    Checkpoint,
    DeadlineRow,
    Finding,
    Head,
    PersonalDatum,
    Projection,
    StoredDefinition,
)

__all__ = [
    "NOTHING_PERSONAL",
    "Calendars",
    "Checkpoint",
    "Clock",
    "DeadlineRow",
    "Definitions",
    "Finding",
    "Head",
    "Ids",
    "Journal",
    "PersonalDatum",
    "Projection",
    "Retries",
    "StoredDefinition",
    "Transaction",
]
