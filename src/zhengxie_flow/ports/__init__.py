"""Ports: the protocols that the use cases need from outside; `storage`, `reading` and `bootstrap` implement them."""

from zhengxie_flow.ports.attachments import Attachment, Attachments, CheckedFile, FileState, StagedFile
from zhengxie_flow.ports.journal import NOTHING_PERSONAL, Damaged, Journal, Transaction
from zhengxie_flow.ports.outbox import Message, NewMessage, Outbox
from zhengxie_flow.ports.publishing import Publishing, Subscription
from zhengxie_flow.ports.sources import Calendars, Clock, Definitions, Ids, Retries
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
    StoredEvidence,
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
    "Attachment",
    "Attachments",
    "Calendars",
    "CheckedFile",
    "Checkpoint",
    "Clock",
    "Damaged",
    "DeadlineRow",
    "Definitions",
    "FileState",
    "Finding",
    "Head",
    "Ids",
    "Journal",
    "Message",
    "NewMessage",
    "Outbox",
    "PersonalDatum",
    "Projection",
    "Publishing",
    "Retries",
    "StagedFile",
    "StoredDefinition",
    "StoredEvidence",
    "Subscription",
    "Transaction",
]
