"""Ports: the protocols that the use cases need from outside; `storage`, `reading` and `bootstrap` implement them."""

from zhengxie_flow.ports.attachments import Attachment, Attachments, CheckedFile, FileState, StagedFile
from zhengxie_flow.ports.journal import NOTHING_PERSONAL, Journal, Transaction
from zhengxie_flow.ports.sources import Calendars, Clock, Definitions, Ids
from zhengxie_flow.ports.values import (
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
    "NOTHING_PERSONAL",
    "Attachment",
    "Attachments",
    "Calendars",
    "CheckedFile",
    "Checkpoint",
    "Clock",
    "DeadlineRow",
    "Definitions",
    "FileState",
    "Finding",
    "Head",
    "Ids",
    "Journal",
    "PersonalDatum",
    "Projection",
    "StagedFile",
    "StoredDefinition",
    "StoredEvidence",
    "Transaction",
]
