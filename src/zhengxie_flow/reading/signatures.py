"""The file of signatures beside a process: read with positions, and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zhengxie_flow.durability import flush_folders
from zhengxie_flow.errors import Conflict, InvalidDefinition, Problem, StorageError, Where
from zhengxie_flow.model.signature import Signature, Signatures
from zhengxie_flow.reading.sources import SIGNATURES, SourceFile, label_of, read_optional
from zhengxie_flow.reading.writer import dump_yaml

try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None  # type: ignore[assignment]

NOT_WRITTEN = "ZX6063"
SIGNED_ALREADY = "ZX6098"


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

    Args:
        process: The file of the process.
        root: The folder that messages name files from.
        ident: The id of the process.

    Raises:
        InvalidDefinition: The file has problems.
    """
    problems: list[Problem] = []
    source = read_signatures(process, root, problems)
    if problems:
        raise InvalidDefinition(problems=tuple(problems))
    return Signatures(language=1, process=ident) if source is None else Signatures.model_validate(source.node.value)


def with_signature(signatures: Signatures, signature: Signature) -> Signatures:
    """Return the signatures with another one.

    Args:
        signatures: The signatures so far.
        signature: The new one.

    Raises:
        Conflict: ZX6098, the same person signed the same content before.
    """
    standing = signatures.standing().get((signature.name, signature.edition))
    if standing is not None and standing[1].hash == signature.hash:
        raise Conflict(SIGNED_ALREADY, name=signature.name, date=standing[1].date)
    return signatures.model_copy(update={"signatures": (*signatures.signatures, signature)})


def sign(process: Path, root: Path, ident: str, signature: Signature) -> tuple[Path, Signatures]:
    """Add a signature and write the file anew: whoever reads it meanwhile sees the old one or the new.

    Of two who sign at the same moment the second waits, so that neither signature is lost.

    Args:
        process: The file of the process.
        root: The folder that messages name files from.
        ident: The id of the process.
        signature: The new signature.

    Returns:
        The file, and all signatures.

    Raises:
        Conflict: ZX6098, the same person signed the same content before.
        InvalidDefinition: The file has problems.
        StorageError: ZX6063, it cannot be written.
    """
    path = signatures_path(process)
    try:
        with _alone(process):
            all_signatures = with_signature(signed(process, root, ident), signature)
            _write(path, dump_yaml(all_signatures.model_dump(mode="json", exclude_none=True)))
    except OSError as error:
        where = Where(label_of(path, root))
        raise StorageError(NOT_WRITTEN, where=where, reason=error.strerror or str(error)) from error
    return path, all_signatures


def _write(path: Path, text: str) -> None:
    """Write a text by way of an unfinished file, which takes the place of the old one once it is on the disk."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        flush_folders(path.parent, path.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _alone(process: Path) -> Iterator[None]:
    """Hold the file of the process, so that its signatures are read and written by one program at a time."""
    with process.open("rb") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
