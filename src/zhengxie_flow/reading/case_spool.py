"""Cases of files in a temporary file of our own, with an index in memory: a large import needs little memory.

The lines of a case may stand anywhere in its files, and a case is stored whole; so all files are read and checked once,
and what they say is laid down by case.  The temporary file has no name, belongs to this process alone and goes with it.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from types import TracebackType
from typing import IO, Final, Self

from zhengxie_flow.errors import StorageError, Where
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent
from zhengxie_flow.services.commands.import_source import CaseFileLine, Incoming

__all__ = ["CaseSpool"]

_IN_MEMORY: Final = 8_000_000
"""Bytes up to which there is no file at all."""


@dataclass(slots=True)
class _Entry:
    """Index entry of a case.

    Attributes:
        number: Its place in the order of the files.
        offsets: The places of its records.
        process: The process it is opened under; None where the files do not open it.
        opened: The file and line of its opening.
    """

    number: int
    offsets: array[int] = field(default_factory=lambda: array("q"))
    process: str | None = None
    opened: tuple[str, int] | None = None


_Position = tuple[str | None, int | None, int | None, str | None]
_Record = tuple[CaseFile | None, _Position, tuple[tuple[ScriptEvent, _Position], ...]]


class CaseSpool:
    """Cases of files (see `zhengxie_flow.services.commands.import_source.CaseSource`); a context manager."""

    def __init__(self) -> None:
        self._file: IO[bytes] = BytesIO()
        self._end = 0
        self._entries: dict[str, _Entry] = {}
        self._links: list[tuple[str, str]] = []
        self._families: dict[str, tuple[str, ...]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary file; may be called twice."""
        self._file.close()

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self._entries)

    def __contains__(self, case: object) -> bool:
        """Return whether there is anything of a case."""
        return case in self._entries

    def opened_at(self, case: str) -> tuple[str, int] | None:
        """Return the file and line at which a case is opened; None where it is not."""
        entry = self._entries.get(case)
        return None if entry is None else entry.opened

    def add_opening(self, opening: CaseFile, where: Where, lines: list[CaseFileLine]) -> None:
        """Add a case that opens.

        Args:
            opening: The opening.
            where: Its place.
            lines: The entries written with it.
        """
        entry = self._entry(opening.case)
        entry.process, entry.opened = opening.process, (where.file or "", where.line or 0)
        if opening.under is not None:
            self._links.append((opening.case, opening.under))
        self._write(entry, opening.model_copy(update={"events": ()}), where, opening.case, lines)

    def add_line(self, case: str, line: CaseFileLine) -> None:
        """Add an entry of a case.

        Args:
            case: The id of the case.
            line: The entry.
        """
        self._write(self._entry(case), None, line.where, case, [line])

    def _entry(self, case: str) -> _Entry:
        return self._entries.setdefault(case, _Entry(len(self._entries)))

    def _write(
        self, entry: _Entry, opening: CaseFile | None, where: Where, case: str, lines: list[CaseFileLine]
    ) -> None:
        self._links += [(case, line.script_event.link) for line in lines if line.script_event.link is not None]
        record: _Record = (
            opening,
            _position(where),
            tuple((line.script_event, _position(line.where)) for line in lines),
        )
        data = pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            self._make_room(self._end + len(data))
            self._file.seek(self._end)
            self._file.write(data)
        except OSError as error:
            raise StorageError("ZX6081", reason=error.strerror or str(error)) from error
        entry.offsets.append(self._end)
        self._end += len(data)

    def _make_room(self, size: int) -> None:
        """Go on in a file as soon as it is too much for memory."""
        if size > _IN_MEMORY and isinstance(self._file, BytesIO):
            with self._file as before:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
                self._file.write(before.getvalue())

    def families(self) -> Iterator[tuple[str, ...]]:
        """Yield the ids of the cases, those together that the files place under one another."""
        for case in self._entries:
            family = self.family(case)
            if family[0] == case:
                yield family

    def family(self, case: str) -> tuple[str, ...]:
        """Return the ids of the family of a case, in the order of the files."""
        if self._families is None:
            self._families = self._joined()
        return self._families.get(case, (case,))

    def _joined(self) -> dict[str, tuple[str, ...]]:
        """The families of more than one case, by each of their members."""
        above: dict[str, str] = {}

        def root(case: str) -> str:
            while (step := above.get(case, case)) != case:
                above[case] = above.get(step, step)  # half the way next time
                case = step
            return case

        for one_end, other_end in self._links:
            if other_end in self._entries:
                above[root(one_end)] = root(other_end)
        members: dict[str, list[str]] = {}
        for case in {case for link in self._links for case in link if case in self._entries}:
            members.setdefault(root(case), []).append(case)
        families = (tuple(sorted(family, key=lambda case: self._entries[case].number)) for family in members.values())
        return {case: family for family in families if len(family) > 1 for case in family}

    def process(self, case: str) -> str | None:
        """Return the process of a case that the files open; None where they do not."""
        entry = self._entries.get(case)
        return None if entry is None else entry.process

    def take(self, case: str) -> Incoming:
        """Return all there is of a case."""
        incoming: Incoming | None = None
        for offset in self._entries[case].offsets:
            self._file.seek(offset)
            record: _Record = pickle.load(self._file)  # noqa: S301  # our own file, which has no name
            opening, position, lines = record
            where = Where(*position)
            if incoming is None:
                incoming = Incoming(case, where)
            if opening is not None:
                incoming.opening, incoming.where = opening, where
            incoming.lines += [CaseFileLine(script_event, Where(*place)) for script_event, place in lines]
        assert incoming is not None  # noqa: S101  # an entry is made with its first record
        return incoming


def _position(where: Where) -> _Position:
    return where.file, where.line, where.column, where.case
