"""The file of signatures beside a process: read with positions, and written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from zhengxie_flow.errors import InvalidDefinition, Problem, StorageError, Where
from zhengxie_flow.model.signature import Signature, Signatures
from zhengxie_flow.reading.durability import flush_folders
from zhengxie_flow.reading.sources import SIGNATURES, SourceFile, label_of, read_optional
from zhengxie_flow.reading.writer import dump_yaml

NOT_WRITTEN = "ZX6063"


def signatures_path(process: Path) -> Path:
    """Return the file of the signatures of a process.

    Args:
        process: The file of the process.

    Example:
        >>> signatures_path(Path("processes/city/talk.yaml")).as_posix()
        'processes/city/talk.signatures.yaml'
    """
    return process.with_name(process.stem + SIGNATURES)


def read_signatures(process: Path, root: Path, problems: list[Problem]) -> SourceFile | None:
    """Return the file of the signatures of a process as read; its problems are collected, not raised."""
    return read_optional(signatures_path(process), root, Signatures, problems)


def signed(process: Path, root: Path, ident: str) -> Signatures:
    """Return the signatures of a process; none where nobody has signed.

    Raises:
        InvalidDefinition: The file has problems.
    """
    problems: list[Problem] = []
    source = read_signatures(process, root, problems)
    if problems:
        raise InvalidDefinition(problems=tuple(problems))
    return Signatures(language=1, process=ident) if source is None else Signatures.model_validate(source.node.value)


def sign(process: Path, signatures: Signatures, signature: Signature) -> Path:
    """Add a signature and write the file anew: whoever reads it meanwhile sees the old one or the new.

    Args:
        process: The file of the process.
        signatures: The signatures so far.
        signature: The new one.

    Returns:
        The file.

    Raises:
        StorageError: ZX6063, it cannot be written.
    """
    path = signatures_path(process)
    added = signatures.model_copy(update={"signatures": (*signatures.signatures, signature)})
    text = dump_yaml(added.model_dump(mode="json", exclude_none=True))
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        flush_folders(path.parent, path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        where = Where(label_of(path, process.parent))
        raise StorageError(NOT_WRITTEN, where=where, reason=error.strerror or str(error)) from error
    return path
