"""Hashes as the journal writes them: ``<algorithm>:<hex>``, which says all one needs to check it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from zhengxie_flow.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

ALGORITHMS: Final = ("sha256", "sm3")
"""What a chain may be made with: SHA-256 (FIPS 180-4), or SM3 (GB/T 32905-2016) where OpenSSL brings it."""

GENESIS: Final = ""
"""``previous_hash`` of the first event of a case."""


def hasher(name: str) -> Callable[[bytes], str]:
    """A function from bytes to ``name:hex``.

    Raises `StorageError` ZX5010 when the name is not one of `ALGORITHMS` or this OpenSSL does not have it.
    """
    if name not in ALGORITHMS or name not in hashlib.algorithms_available:
        raise StorageError("ZX5010", algorithm=name, known=", ".join(ALGORITHMS))

    def digest(data: bytes) -> str:
        return f"{name}:{hashlib.new(name, data).hexdigest()}"

    return digest


def algorithm_of(digest: str) -> str | None:
    """The algorithm a stored hash names, if it is one a chain may be made with."""
    name, separator, _ = digest.partition(":")
    return name if separator and name in ALGORITHMS else None
