"""The documents of holiday notices: an import, and an examination of the calendar."""

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
    """The import of a file of notices, and the deadlines that moved with it; null where there is no database."""

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
    """The examination of a calendar: against other libraries, and against today."""

    calendar: str
    edition: Hash
    examination: Examination = field(metadata=FLAT)
