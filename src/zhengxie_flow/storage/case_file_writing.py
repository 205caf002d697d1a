"""Writing of case files."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from zhengxie_flow.errors import InvalidInput, Where
from zhengxie_flow.ports import CaseFamily, CaseFileContent, CaseFileHead, FiledCase
from zhengxie_flow.storage import case_file_entries as entries
from zhengxie_flow.storage.case_file_lines import LineWriter
from zhengxie_flow.storage.new_file import new_file

if TYPE_CHECKING:
    from os import PathLike

LARGEST_FAMILY: Final = 512 * 1024 * 1024
"""Bytes of a family, all of which is in memory at a time."""


@contextmanager
def new_case_file(target: str | PathLike[str], head: CaseFileHead) -> Iterator[CaseFileWriter]:
    """Write a case file; it is there when the block ends without an exception.

    Args:
        target: The place of the file.
        head: What it is to hold.

    Yields:
        The file.

    Raises:
        Conflict: ZX5126, there is a file already.
        StorageError: ZX5131, it cannot be written.
    """
    with new_file(target) as place, place.open("wb") as stream:
        writer = CaseFileWriter(stream, str(target), head)
        yield writer
        writer.finish()


class CaseFileWriter:
    """Case file that is being written (see `zhengxie_flow.ports.CaseFileSink`).

    Args:
        stream: Takes the bytes.
        name: The file, as messages name it.
        head: What it is to hold.
    """

    def __init__(self, stream: BinaryIO, name: str, head: CaseFileHead) -> None:
        self._lines, self._name, self._head = LineWriter(stream, name), name, head
        self.content = CaseFileContent()
        self._lines.write(entries.header_entry(head))

    def attach(self, digest: str, size: int, stream: BinaryIO) -> None:
        """Write an attachment, before the family that refers to it.

        Args:
            digest: The hash of its content.
            size: The size of its content.
            stream: Its content.
        """
        self._lines.write({"kind": "attachment", "hash": digest, "size": size})
        while content := stream.read(entries.PART):
            self._lines.write({"kind": "part", "content": base64.b64encode(content).decode()})
        self.content.attachments += 1

    def put(self, family: CaseFamily) -> None:
        """Write a family.

        Args:
            family: The family.

        Raises:
            InvalidInput: ZX5127, it is larger than a file may hold at a time.
        """
        begun = self._lines.size
        for definition in family.definitions:
            self._lines.write(entries.definition_entry(definition))
        for edition in family.calendars:
            self._lines.write(entries.calendar_entry(edition))
        self._lines.write({"kind": "family", "cases": [case.case for case in family.cases]})
        for case in family.cases:
            self._put_case(case)
        if (size := self._lines.size - begun) > LARGEST_FAMILY:
            raise InvalidInput("ZX5127", where=Where(file=self._name), size=size, limit=LARGEST_FAMILY)
        self.content.add(family)

    def _put_case(self, case: FiledCase) -> None:
        counts = {"events": len(case.sealed), "personal": len(case.personal)}
        self._lines.write({"kind": "case", "case": case.case, **counts})
        for event in case.sealed:
            self._lines.write(entries.event_entry(event))
        for datum in case.personal:
            self._lines.write(entries.personal_entry(datum, carried=self._head.personal))
        self._lines.write(entries.verdicts_entry(case.as_of, case.judged))

    def finish(self) -> None:
        """Write the last entry; its digest is the root of the file."""
        counts = {name: getattr(self.content, name) for name in entries.KEYS["end"] - {"kind"}}
        self._lines.write({"kind": "end", **counts})
        self.content.root = self._lines.digest
