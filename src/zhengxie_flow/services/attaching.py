"""Attaching of files to events: staged before the write, kept inside it, discarded where it came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from zhengxie_flow.errors import NotFound, UsageError, Where
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.evidence import EvidenceReference, read_reference, safe_name
from zhengxie_flow.ports import Attachment, Attachments, StagedFile
from zhengxie_flow.services.context import Context

Evidence = str | Attachment
"""A reference in words, or a file to be attached."""


@contextmanager
def staging(context: Context) -> Iterator[Context]:
    """Open a place for the files of one command.

    Args:
        context: The ports.

    Yields:
        The ports that stage files and keep those that are written.  What was not kept by the end is discarded.
    """
    staged: dict[str, StagedFile] = {}
    try:
        yield replace(context, staged=staged)
    finally:
        for file in staged.values():
            attachments_of(context).discard(file)


@contextmanager
def attached(context: Context, evidence: Sequence[Evidence]) -> Iterator[tuple[Context, tuple[str, ...]]]:
    """Stage the files among the evidence of a command.

    Args:
        context: The ports.
        evidence: References in words, and files.

    Yields:
        The ports that the command is to be written with, and its evidence as texts.

    Raises:
        InvalidInput: A file cannot be read, or is too large.
        StorageError: ZX5045, a file cannot be copied.
        UsageError: ZX5042, there is no place for attachments.
    """
    with staging(context) as own:
        yield own, evidence_texts(own, evidence)


def evidence_texts(context: Context, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return evidence as the texts that an event keeps; files are staged where the context has a place for them.

    Args:
        context: The ports; outside `staging`, files are only read.
        evidence: References in words, and files.

    Returns:
        The texts.

    Raises:
        InvalidInput: A file cannot be read, or is too large.
        StorageError: ZX5045, a file cannot be copied.
        UsageError: ZX5042, there is no place for attachments.
    """
    return tuple(entry if isinstance(entry, str) else _file_text(context, entry) for entry in evidence)


def _file_text(context: Context, attachment: Attachment) -> str:
    files = attachments_of(context)
    if context.staged is None:
        digest, size = files.measure(attachment)
    else:
        staged = files.stage(attachment)
        digest, size = staged.hash, staged.size
        if digest in context.staged:
            files.discard(staged)
        context.staged.setdefault(digest, staged)
    return EvidenceReference(safe_name(attachment.name), digest, size).text()


def keep_attachments(context: Context, events: Sequence[Event]) -> None:
    """Keep the files that new events refer to; called inside the write, before it commits.

    Args:
        context: The ports, with what is staged.
        events: The new events.

    Raises:
        NotFound: ZX5041, an event refers to a file that is neither staged nor kept.
        UsageError: ZX5042, there is no place for attachments.
        StorageError: ZX5045, a file cannot be kept.
    """
    for event in events:
        for reference in map(read_reference, event.evidence):
            if reference.hash is None or reference.size is None:
                continue
            files, staged = attachments_of(context), (context.staged or {}).get(reference.hash)
            if staged is not None and staged.size == reference.size:
                files.keep(staged)
            elif not files.holds(reference.hash, reference.size):
                raise NotFound("ZX5041", where=Where(case=event.case), hash=reference.hash)


def attachments_of(context: Context) -> Attachments:
    """Return the place of attachments.

    Args:
        context: The ports.

    Returns:
        The port.

    Raises:
        UsageError: ZX5042, there is none.
    """
    if context.attachments is None:
        raise UsageError("ZX5042")
    return context.attachments
