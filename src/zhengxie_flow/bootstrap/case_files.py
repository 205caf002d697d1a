"""Engine methods of portable case files."""

from __future__ import annotations

import os
from collections.abc import Callable

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.ports import CaseFileContent, CaseFileHead
from zhengxie_flow.services import arguments
from zhengxie_flow.services.commands.case_import import ImportedCases, import_case_file
from zhengxie_flow.services.queries.case_export import CaseExport

CaseFilePlace = str | os.PathLike[str]
"""The path of a case file."""


class CaseFiles(EngineParts):
    """Cases that go from one journal to another (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    @arguments.typed
    def export_case(
        self,
        case: str | None,
        file: CaseFilePlace,
        *,
        personal: bool = False,
        evidence: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> CaseFileContent:
        """Write a case, with its parents and subcases, or all cases to a file that another journal can take in.

        The file holds the events byte for byte as they are hashed, the definitions and editions of calendars that they
        were written under, and the verdicts of the day.  It is readable by its owner alone.

        Args:
            case: The id of the case; None for all.
            file: The place of the new file.
            personal: True to carry personal values; else only their salted hashes go along.
            evidence: True to carry attachments.
            progress: Called with the number of cases after some were written.

        Returns:
            The counts of the file, and the root over all of it.

        Raises:
            NotFound: There is no such case, or a file that an event refers to is gone.
            Conflict: ZX5126, there is such a file already.
            ChainBroken: The journal of a case was tampered with.
            StorageError: ZX5131, the file cannot be written.
            UsageError: ZX5042, there is no place for attachments.
        """
        from zhengxie_flow.storage.case_file_writing import new_case_file

        head = CaseFileHead(case=case, personal=personal, evidence=evidence)
        with new_case_file(file, head) as sink:
            CaseExport(self.context, evidence, progress).write(sink, case)
        return sink.content

    @arguments.typed
    def import_case(
        self,
        file: CaseFilePlace,
        *,
        root: str | None = None,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> ImportedCases:
        """Take in the cases of a file that another journal wrote; doing it again changes nothing.

        A case that is here already goes on to the longer copy.

        Args:
            file: The file.
            root: The root that the file must have, as it was written down elsewhere; None to take any.
            dry_run: True to find out what would be stored, without writing.
            progress: Called with the number of cases after some were stored.

        Returns:
            What is new, and the verdicts on which the file and this installation differ.

        Raises:
            InvalidInput: The file is not as it was written; ``where`` names the line.
            Conflict: ZX5124, a case id is taken by another case; ZX5125, a case went another way here.
            ChainBroken: An event does not fit its definition, or that is none.
            StorageError: The journal cannot be written.
        """
        from zhengxie_flow.storage.case_file_reading import open_case_file

        with open_case_file(file) as source:
            return import_case_file(self.context, source, root=root, dry_run=dry_run, progress=progress)
