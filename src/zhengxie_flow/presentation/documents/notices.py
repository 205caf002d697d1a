"""The documents of holiday notices: what an import brought, and whether the calendar is still right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from zhengxie_flow.calendars.difference import Difference
from zhengxie_flow.model.document import FLAT, Hash
from zhengxie_flow.presentation.documents.problems import ProblemDocument
from zhengxie_flow.reading.calendar_doctor import Examination
from zhengxie_flow.services.commands.recompute import Shift


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """A holiday notice that was taken in."""

    notice_no: str
    year: int
    published: dt.date | None


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What a file of notices brought, and the deadlines that moved with it; null where there is no database."""

    file: str
    dry_run: bool
    written: str | None
    new: tuple[NoticeDocument, ...]
    known: tuple[str, ...]
    warnings: tuple[ProblemDocument, ...]
    difference: Difference
    deadlines: tuple[Shift, ...] | None


@dataclass(frozen=True, slots=True)
class CalendarExamination:
    """A calendar compared with what others say, and with what day it is."""

    calendar: str
    edition: Hash
    examination: Examination = field(metadata=FLAT)
