"""Attachments compared with the events that refer to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zhengxie_flow.model.evidence import read_reference
from zhengxie_flow.ports import CheckedFile, Finding
from zhengxie_flow.services.attaching import attachments_of
from zhengxie_flow.services.context import Context

ERASED, KEPT, UNREFERENCED = "erased", "evidence_kept", "unreferenced"
_BROKEN: Final = {"missing": "evidence_missing", "unreadable": "evidence_missing", "changed": "evidence_changed"}


def evidence_findings(context: Context) -> Iterator[Finding]:
    """Find attachments that are missing or changed, that were erased, and that no event refers to.

    Args:
        context: The ports.

    Yields:
        The findings, by case and event; then the files that nothing refers to.

    Raises:
        UsageError: ZX5042, there is no place for attachments.
        StorageError: The journal or the folder cannot be read.
    """
    files = attachments_of(context)
    present = frozenset(files.hashes())  # first: a file is there before the event that refers to it
    stored = tuple((entry, read_reference(entry.text)) for entry in context.journal.evidence())
    needed = {reference.hash for entry, reference in stored if reference.kept and not entry.erased}
    checked: dict[tuple[str, int], CheckedFile] = {}
    named: set[str] = set()
    for entry, reference in stored:
        digest, size = reference.hash, reference.size
        if digest is None or size is None:  # words, or the hash of a file that stayed where it was
            continue
        named.add(digest)
        if entry.erased:
            kind = KEPT if digest in present and digest not in needed else ERASED
            yield Finding(case=entry.case, sequence=entry.sequence, kind=kind, expected=entry.text, found=None)
            continue
        if (digest, size) not in checked:
            checked[digest, size] = files.check(digest, size)
        file = checked[digest, size]
        if file.state != "present":
            kind = _BROKEN[file.state]
            yield Finding(case=entry.case, sequence=entry.sequence, kind=kind, expected=entry.text, found=file.hash)
    for digest in sorted(present - named):
        yield Finding(case="", sequence=None, kind=UNREFERENCED, expected=None, found=digest)
