"""The documents of holiday notices: an import, and an examination of the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from zhengxie_flow.calendars.difference import Difference
from zhengxie_flow.model.document import FLAT, Hash
from zhengxie_flow.presentation.documents.problems import ProblemDocument
from zhengxie_flow.reading.calendar_doctor import Examination
from zhengxie_flow.reading.listed_days import UnmappedEntry
from zhengxie_flow.services.commands.recompute import Shift
from zhengxie_flow.services.commands.recount_preview import RecountedVerdict


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """A holiday notice that was taken in."""

    notice_no: str
    year: int
    published: dt.date | None


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """The import of a file of notices or a list of days, and the deadlines that moved with it; null without a database.

    On a trial run ``deadlines`` and ``verdicts`` are those that would change.
    """

    file: str
    dry_run: bool
    written: str | None
    new: tuple[NoticeDocument, ...]
    known: tuple[str, ...]
    warnings: tuple[ProblemDocument, ...]
    difference: Difference
    deadlines: tuple[Shift, ...] | None
    verdicts: tuple[RecountedVerdict, ...] | None
    unmapped: tuple[UnmappedEntry, ...]


@dataclass(frozen=True, slots=True)
class CalendarExamination:
    """The examination of a calendar: against other libraries, and against today."""

    calendar: str
    edition: Hash
    examination: Examination = field(metadata=FLAT)
