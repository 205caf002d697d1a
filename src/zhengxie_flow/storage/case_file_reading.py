"""Reading of case files: every byte is verified, every event held against its hash, before anything is made of it."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ParamSpec, TypeVar

from zhengxie_flow.errors import ChainBroken, InvalidInput, StorageError, UsageError, Where
from zhengxie_flow.model.event import Event, fields_of, read_record
from zhengxie_flow.ports import (
    CalendarEdition,
    CaseFamily,
    CaseFileContent,
    FiledCase,
    JudgedLine,
    PersonalDatum,
    SealedEvent,
    StoredDefinition,
)
from zhengxie_flow.storage import case_file_entries as entries
from zhengxie_flow.storage.case_file_lines import Entry, LineReader
from zhengxie_flow.storage.case_file_writing import LARGEST_FAMILY
from zhengxie_flow.storage.chain import check_definition, check_sealed
from zhengxie_flow.storage.digests import GENESIS
from zhengxie_flow.storage.personal import marks, matches, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from zhengxie_flow.ports.case_files import Attach

P = ParamSpec("P")
T = TypeVar("T")

_UNFIT = (ValueError, TypeError, KeyError, AttributeError, RecursionError, ChainBroken, StorageError, UsageError)


@contextmanager
def open_case_file(place: str | PathLike[str]) -> Iterator[CaseFileReader]:
    """Open a case file.

    Args:
        place: The file.

    Yields:
        The file, to be read as often as needed.

    Raises:
        InvalidInput: ZX6013, it cannot be read; ZX5043, it is no ordinary file.
    """
    path = Path(place)
    try:
        if not path.is_file():
            if path.exists() and not path.is_dir():
                raise InvalidInput("ZX5043", file=str(path))
            path.read_bytes()  # says why not
        with path.open("rb") as stream:
            yield CaseFileReader(stream, str(path))
    except OSError as error:
        raise InvalidInput("ZX6013", file=str(path), reason=error.strerror or str(error)) from error


class CaseFileReader:
    """Case file that is being read (see `zhengxie_flow.ports.CaseFileSource`).

    Args:
        stream: Gives the bytes; it can be read again from its beginning.
        name: The file, as messages name it.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self.name = stream, name
        self._content = CaseFileContent()

    def content(self) -> CaseFileContent:
        """Return the counts of what was read to the end, and the root.

        Returns:
            The counts.
        """
        return self._content

    def families(self, attach: Attach | None = None) -> Iterator[CaseFamily]:
        """Read the file from its beginning.

        Args:
            attach: Takes the attachments; None to verify them alone.

        Yields:
            The families, in their order.

        Raises:
            InvalidInput: ZX5120 to ZX5123, ZX5130, the file is not as it was written; ``where`` names the line.
        """
        self._stream.seek(0)
        reading = _Reading(LineReader(self._stream, self.name), attach)
        yield from reading.families()
        self._content = reading.content


class _Reading:
    """One reading of a file from its beginning to its end."""

    def __init__(self, lines: LineReader, attach: Attach | None) -> None:
        self.content = CaseFileContent()
        self._lines, self._attach = lines, attach
        self._entries = lines.entries()
        self._size = 0
        self._cases: set[str] = set()

    def families(self) -> Iterator[CaseFamily]:
        self._check_header()
        definitions: list[StoredDefinition] = []
        calendars: list[CalendarEdition] = []
        while True:
            entry = self._next()
            match entry["kind"]:
                case "definition":
                    definitions.append(self._fit(_definition, entry))
                case "calendar":
                    calendars.append(self._fit(entries.to_calendar, entry))
                case "attachment":
                    self._attachment(entry)
                case "family":
                    cases = tuple(self._case(name) for name in self._names(entry))
                    family = CaseFamily(definitions=tuple(definitions), calendars=tuple(calendars), cases=cases)
                    definitions, calendars, self._size = [], [], 0
                    self.content.add(family)
                    yield family
                case "end":
                    self._end(entry)
                    return
                case other:
                    raise self._lines.unfit(f"{other} out of place")

    def _next(self, *kinds: str) -> Entry:
        """The next entry; of one of some kinds, where any are named."""
        entry = next(self._entries, None)
        if entry is None:
            raise InvalidInput("ZX5122", where=Where(file=self._lines.name, line=self._lines.number + 1))
        kind = entry.get("kind")
        if (
            not isinstance(kind, str)
            or entries.KEYS.get(kind, frozenset()) != set(entry)
            or (kinds and kind not in kinds)
        ):
            raise self._lines.unfit(f"{kind!r:.40} where {' or '.join(kinds or ('an entry',))} is next")
        self._size += self._lines.size
        if kind == "part":
            self._size -= self._lines.size
        if self._size > LARGEST_FAMILY:
            where = Where(file=self._lines.name, line=self._lines.number)
            raise InvalidInput("ZX5127", where=where, size=self._size, limit=LARGEST_FAMILY)
        return entry

    def _fit(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read an entry by a function; its error names the line."""
        try:
            return read(*args, **kwargs)
        except _UNFIT as error:
            code = f" {error.code}" if isinstance(error, StorageError | UsageError) else ""
            raise self._lines.unfit(f"{type(error).__name__}{code}: {error}"[:200]) from error

    def _check_header(self) -> None:
        entry = next(self._entries, None)
        if entry is None or entry.get("format") != entries.FORMAT:
            raise InvalidInput("ZX5130", where=Where(file=self._lines.name))
        if type(entry.get("version")) is not int or entry["version"] > entries.VERSION:
            where = Where(file=self._lines.name)
            raise InvalidInput("ZX5123", where=where, version=entry.get("version"), newest=entries.VERSION)
        if entries.KEYS["header"] != set(entry):
            raise self._lines.unfit("not the keys of a header")

    def _names(self, entry: Entry) -> list[str]:
        names = entry["cases"]
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise self._lines.unfit("a family has cases")
        if names != sorted(set(names)) or self._cases & set(names):
            raise self._lines.unfit("a case stands twice, or not in order")
        self._cases.update(names)
        return names

    def _case(self, name: str) -> FiledCase:
        entry = self._next("case")
        counts = (entry["events"], entry["personal"])
        if entry["case"] != name or not all(type(count) is int for count in counts) or counts[0] < 1 or counts[1] < 0:
            raise self._lines.unfit(f"not the case {name:.60}")
        sealed: list[SealedEvent] = []
        for _ in range(counts[0]):
            event = self._fit(entries.to_sealed, self._next("event"))
            self._fit(_check_event, name, event, sealed)
            sealed.append(event)
        expected = {(number, *mark) for number, event in enumerate(sealed, 1) for mark in marks(event.record["body"])}
        personal: list[PersonalDatum] = []
        for _ in range(counts[1]):
            datum = self._fit(entries.to_personal, self._next("personal"))
            if datum.case != name or (datum.sequence, datum.field, datum.digest) not in expected:
                raise self._lines.unfit("a personal value of no event")
            expected.remove((datum.sequence, datum.field, datum.digest))
            if not (matches(datum) or _absent(datum)):
                raise self._lines.unfit("a personal value that does not fit its hash")
            personal.append(datum)
        if expected:
            raise self._lines.unfit("a personal value is missing")
        events = self._fit(_events, sealed, personal)
        verdicts = self._next("verdicts")
        judged = self._fit(_judged, verdicts)
        as_of = self._fit(entries.to_day, verdicts["as_of"])
        return FiledCase(
            case=name, sealed=tuple(sealed), personal=tuple(personal), as_of=as_of, judged=judged, events=events
        )

    def _attachment(self, entry: Entry) -> None:
        digest, size = entry["hash"], entry["size"]
        if not isinstance(digest, str) or type(size) is not int or size < 0:
            raise self._lines.unfit("not the hash and size of an attachment")
        content = _Content(self._parts(size))
        if self._attach is not None:
            self._attach(digest, size, io.BufferedReader(content, entries.PART))
        while content.read(entries.PART):
            pass
        if (f"sha256:{content.hash.hexdigest()}", content.size) != (digest, size):
            raise self._lines.unfit("an attachment that does not fit its hash")
        self.content.attachments += 1

    def _parts(self, size: int) -> Iterator[bytes]:
        left = size
        while left > 0:
            content = self._fit(_part, self._next("part"))
            if len(content) != min(entries.PART, left):
                raise self._lines.unfit("a part of another size")
            left -= len(content)
            yield content

    def _end(self, entry: Entry) -> None:
        for name in entries.KEYS["end"] - {"kind"}:
            if entry[name] != getattr(self.content, name) or type(entry[name]) is not int:
                raise self._lines.unfit(f"{name}: {entry[name]!r:.40}, and there are {getattr(self.content, name)}")
        self.content.root = self._lines.digest
        if next(self._entries, None) is not None:
            raise self._lines.unfit("more after the end")


class _Content(io.RawIOBase):
    """Stream of an attachment, with the hash of what was read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts, self._rest = parts, b""
        self.hash, self.size = hashlib.sha256(), 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into a buffer."""
        self._rest = self._rest or next(self._parts, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self.hash.update(self._rest[:count])
        self.size += count
        self._rest = self._rest[count:]
        return count


def _definition(entry: Entry) -> StoredDefinition:
    definition = entries.to_definition(entry)
    check_definition(definition)
    return definition


def _part(entry: Entry) -> bytes:
    return base64.b64decode(entry["content"], validate=True)


def _judged(entry: Entry) -> tuple[JudgedLine, ...]:
    return tuple(map(entries.to_judged, entry["lines"]))


def _check_event(case: str, event: SealedEvent, before: list[SealedEvent]) -> None:
    """Check that an event follows on the one before, is what was hashed, and has the columns of its schema."""
    schema = event.record["schema"]
    if type(schema) is not int or schema < 1 or set(event.record) != {field.name for field in fields_of(schema)}:
        raise ValueError("not the fields of an event")
    if any(isinstance(value, str) and "\0" in value for value in event.record.values()):
        raise ValueError("NUL character")
    check_sealed(case, (event,), before[-1].hash if before else GENESIS, len(before))
    read_record(event.record, event.hash)


def _events(sealed: list[SealedEvent], personal: list[PersonalDatum]) -> tuple[Event, ...]:
    data: dict[int, list[PersonalDatum]] = {}
    for datum in personal:
        if not _absent(datum):
            data.setdefault(datum.sequence, []).append(datum)
    return tuple(
        read_record(unseal(event.record, data.get(number, ())), event.hash) for number, event in enumerate(sealed, 1)
    )


def _absent(datum: PersonalDatum) -> bool:
    """True for a value that the file does not hold although it was not erased."""
    return (datum.value, datum.salt, datum.erased, datum.ground) == (None, None, None, None)
