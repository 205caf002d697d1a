"""Merkle tree hash of a list of entries (RFC 6962 section 2.1, RFC 9162 section 2.1.1).

A leaf hashes to ``H(0x00 || entry)``, an inner node to ``H(0x01 || left || right)``, so that neither can pass for the
other; the tree is split at the largest power of two below its size.  A tree that only grows gives roots between which
consistency can be proved, and needs one hash a level to go on from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Digest = Callable[[bytes], bytes]
"""A hash function over bytes."""


def digest_of(algorithm: str) -> Digest:
    """Return a hash function by its name in OpenSSL.

    Args:
        algorithm: The name, ``sha256`` or ``sm3``.

    Returns:
        The function.

    Example:
        >>> digest_of("sha256")(b"").hex()[:8]
        'e3b0c442'
    """

    def digest(data: bytes) -> bytes:
        return hashlib.new(algorithm, data).digest()

    return digest


@dataclass(slots=True)
class HashTree:
    """Hash tree that entries are appended to; it keeps the roots of its complete parts, at most one a level.

    Example:
        >>> tree = HashTree(digest_of("sha256"))
        >>> tree.append(b"")
        >>> tree.size, tree.root().hex()[:8]
        (1, '6e340b9c')
    """

    digest: Digest
    size: int = 0
    _parts: list[bytes] = field(default_factory=list)
    """The roots of the complete subtrees, the largest first: one for each bit set in the size."""

    def append(self, entry: bytes) -> None:
        """Append an entry.

        Args:
            entry: Its bytes.
        """
        node, complete = self.digest(b"\x00" + entry), self.size
        while complete & 1:
            node = self.digest(b"\x01" + self._parts.pop() + node)
            complete >>= 1
        self._parts.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all entries so far; of none, the hash of nothing."""
        if not self._parts:
            return self.digest(b"")
        *earlier, root = self._parts
        for part in reversed(earlier):
            root = self.digest(b"\x01" + part + root)
        return root

    def copy(self) -> HashTree:
        """Return a tree of the same entries that grows apart from this one."""
        return HashTree(self.digest, self.size, list(self._parts))


def root_of(entries: Iterable[bytes], digest: Digest) -> bytes:
    """Return the root of the tree over some entries.

    Args:
        entries: The bytes of each, in order.
        digest: The hash function.

    Returns:
        The root.
    """
    tree = HashTree(digest)
    for entry in entries:
        tree.append(entry)
    return tree.root()
