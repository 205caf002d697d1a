"""Hashes as the journal writes them: ``<algorithm>:<hex>``, which names all that is needed to check them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from zhengxie_flow.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

ALGORITHMS: Final = ("sha256", "sm3")
"""Hash algorithms of a chain: SHA-256 (FIPS 180-4), or SM3 (GB/T 32905-2016) where OpenSSL brings it."""

GENESIS: Final = ""
"""``previous_hash`` of the first event of a case."""


def hasher(name: str) -> Callable[[bytes], str]:
    """Return a hash function.

    Args:
        name: One of `ALGORITHMS`.

    Returns:
        A function from bytes to ``name:hex``.

    Raises:
        StorageError: ZX5010, the name is none of `ALGORITHMS`, or this OpenSSL does not have it.

    Example:
        >>> hasher("sha256")(b"")[:15]
        'sha256:e3b0c442'
    """
    if name not in ALGORITHMS or name not in hashlib.algorithms_available:
        raise StorageError("ZX5010", algorithm=name, known=", ".join(ALGORITHMS))

    def digest(data: bytes) -> str:
        return f"{name}:{hashlib.new(name, data).hexdigest()}"

    return digest


def algorithm_of(digest: str) -> str | None:
    """Return the algorithm that a stored hash names.

    Args:
        digest: The hash, ``<algorithm>:<hex>``.

    Returns:
        One of `ALGORITHMS`; None where it names none of them.

    Example:
        >>> algorithm_of("sha256:e3b0c442")
        'sha256'
        >>> algorithm_of("e3b0c442") is None
        True
    """
    name, separator, _ = digest.partition(":")
    return name if separator and name in ALGORITHMS else None
