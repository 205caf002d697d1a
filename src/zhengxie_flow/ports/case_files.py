"""The port of portable case files: cases with all that makes them readable elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, Protocol

from zhengxie_flow.ports.values import PersonalDatum, SealedEvent, StoredDefinition

if TYPE_CHECKING:
    from zhengxie_flow.model.event import Event

Attach = Callable[[str, int, BinaryIO], None]
"""Function that takes an attachment out of a file: its hash, its size and a stream of its content, to be read once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileHead:
    """First entry of a case file: the contents that were asked for.

    Attributes:
        case: The id of the case it was asked for; None for all cases of a journal.
        personal: True where personal values are in it.
        evidence: True where attachments are in it.
    """

    case: str | None
    personal: bool
    evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdition:
    """Edition of a calendar that events were written under, as a record of its days.

    Attributes:
        name: The name of the calendar.
        hash: The hash of the edition.
        first: The first day it answers; None where the edition can no longer be reconstructed.
        last: The last day it answers.
        settled_through: The last day that no notice still to come can change.
        working: Saturdays and Sundays that are worked.
        resting: Days from Monday to Friday that are off.
    """

    name: str
    hash: str
    first: date | None = None
    last: date | None = None
    settled_through: date | None = None
    working: tuple[date, ...] = ()
    resting: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLine:
    """Verdict on a duty, as far as it can be compared with that of another program."""

    obligation: str
    item: str | None
    round: int
    clause: str | None
    edition: str | None
    verdict: str
    detail: tuple[str, ...]
    due: date | None
    latest: date | None
    earliest: date | None
    date_status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCase:
    """Case of a file.

    Attributes:
        case: Its id.
        sealed: Its events as they lie under their hashes.
        personal: A row for each personal value; of one that the file does not hold, only its place and digest.
        as_of: The day as of which it was judged.
        judged: Its verdicts then.
        events: Its events as they are read, with the personal values that the file holds.
    """

    case: str
    sealed: tuple[SealedEvent, ...]
    personal: tuple[PersonalDatum, ...]
    as_of: date
    judged: tuple[JudgedLine, ...]
    events: tuple[Event, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFamily:
    """Cases that name one another as parent or subcase, with what a file did not hold before them.

    Attributes:
        definitions: The definitions they need.
        calendars: The editions of calendars their events were written under.
        cases: The cases, by id.
    """

    definitions: tuple[StoredDefinition, ...]
    calendars: tuple[CalendarEdition, ...]
    cases: tuple[FiledCase, ...]


@dataclass(slots=True)
class CaseFileContent:
    """Counts of a case file, and the root over all of it."""

    families: int = 0
    cases: int = 0
    events: int = 0
    definitions: int = 0
    attachments: int = 0
    absent: int = 0
    root: str = ""

    def add(self, family: CaseFamily) -> None:
        """Count a family.

        Args:
            family: The family.
        """
        self.families += 1
        self.cases += len(family.cases)
        self.events += sum(len(case.sealed) for case in family.cases)
        self.definitions += len(family.definitions)
        self.absent += sum(
            datum.value is None and datum.erased is None for case in family.cases for datum in case.personal
        )


class CaseFileSink(Protocol):
    """Case file that is being written."""

    def attach(self, digest: str, size: int, stream: BinaryIO) -> None:
        """Write an attachment, before the family that refers to it.

        Args:
            digest: The hash of its content.
            size: The size of its content.
            stream: Its content.
        """

    def put(self, family: CaseFamily) -> None:
        """Write a family.

        Args:
            family: The family.

        Raises:
            InvalidInput: ZX5127, it is larger than a file may hold at a time.
        """


class CaseFileSource(Protocol):
    """Case file that is being read, as often as needed."""

    @property
    def name(self) -> str:
        """The file, as messages name it."""

    def families(self, attach: Attach | None = None) -> Iterator[CaseFamily]:
        """Read the file from its beginning; every byte of it is verified on the way.

        Args:
            attach: Takes the attachments; None to verify them alone.

        Yields:
            The families, in their order.

        Raises:
            InvalidInput: The file is not as it was written; ``where`` names the line.
        """

    def content(self) -> CaseFileContent:
        """Return the counts of what was read to the end, and the root.

        Returns:
            The counts.
        """
