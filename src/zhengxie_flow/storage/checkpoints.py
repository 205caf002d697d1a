"""Checkpoints: one hash over the heads of all cases, each naming the one before.  Pure: works for any store.

The chain of a case proves what is in it, and nothing proves that there ever was a case that is gone whole.  A
checkpoint does, and its root, a line of text written down where nobody can reach it, also convicts a forger who wrote
heads and checkpoints anew (cf. the signed tree heads of RFC 9162).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from zhengxie_flow.errors import StorageError
from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import Checkpoint, Finding, Head
from zhengxie_flow.storage.diagnosis import Link
from zhengxie_flow.storage.digests import GENESIS, algorithm_of, hasher

CHECKPOINT: Final = "checkpoint"
LOST: Final = "lost"


def next_checkpoint(heads: Iterable[Head], at: datetime, last: Checkpoint | None, algorithm: str) -> Checkpoint:
    """Take the checkpoint of an instant.

    Args:
        heads: The heads of all cases, by case id.
        at: The instant.
        last: The last checkpoint; None where there is none.
        algorithm: The hash algorithm.

    Returns:
        The new checkpoint, or the last one where nothing was written since.
    """
    marks = tuple((head.case, head.version, head.hash) for head in heads)
    if last is not None and last.heads == marks:
        return last
    previous = GENESIS if last is None else last.root
    unsigned = Checkpoint(taken=at.isoformat(), heads=marks, previous_root=previous, root="")
    return Checkpoint(taken=unsigned.taken, heads=marks, previous_root=previous, root=_root(unsigned, algorithm))


def _root(checkpoint: Checkpoint, algorithm: str) -> str:
    signed = {
        "heads": [list(mark) for mark in checkpoint.heads],
        "previous_root": checkpoint.previous_root,
        "taken": checkpoint.taken,
    }
    return hasher(algorithm)(canonical(signed))


def expected_root(stored: Checkpoint) -> str | None:
    """Compute the root that a stored checkpoint must have.

    Args:
        stored: The checkpoint.

    Returns:
        The root; None where the checkpoint was made unreadable or its algorithm is unknown.
    """
    try:
        return _root(stored, algorithm_of(stored.root) or "")
    except (StorageError, TypeError, ValueError):  # made unreadable, or an unknown algorithm
        return None


@dataclass(slots=True)
class CheckpointChain:
    """Chain of checkpoints, up to the first that was changed."""

    marks: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    """Version and hash of each case at every sound checkpoint: a later one does not excuse what broke before it."""
    broken: Finding | None = None
    roots: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, stored: Iterable[Checkpoint], root: str | None = None) -> CheckpointChain:
        """Verify the checkpoints in their order.

        Args:
            stored: The checkpoints.
            root: The root of a checkpoint that must be among them.

        Returns:
            The chain, with its first break where there is one.
        """
        history = cls()
        for checkpoint in stored:  # to the end, even after a break: it may be a database cursor
            computed_root = expected_root(checkpoint)
            sound = computed_root == checkpoint.root and checkpoint.previous_root == (
                history.roots[-1] if history.roots else GENESIS
            )
            if history.broken is None and sound:
                history.roots.append(checkpoint.root)
                for case, version, digest in checkpoint.heads:
                    history.marks.setdefault(case, set()).add((version, digest))
            elif history.broken is None:
                history.broken = Finding(
                    case="", sequence=None, kind=CHECKPOINT, expected=checkpoint.root, found=computed_root
                )
        if root is not None and root not in history.roots and history.broken is None:
            newest = history.roots[-1] if history.roots else None
            history.broken = Finding(case="", sequence=None, kind=CHECKPOINT, expected=root, found=newest)
        return history

    def first_difference(self, case: str, links: Sequence[Link]) -> Finding | None:
        """Find the first place where a sound chain of events differs from a checkpoint.

        Args:
            case: The id of the case.
            links: Its stored events.

        Returns:
            The finding; None where it agrees with every checkpoint.
        """
        for version, digest in sorted(self.marks.get(case, ())):
            actual = links[version - 1].hash if 1 <= version <= len(links) else None
            if actual != digest:
                return Finding(case=case, sequence=version, kind=CHECKPOINT, expected=digest, found=actual)
        return None

    def lost(self, cases: Iterable[str]) -> Iterator[Finding]:
        """Find the cases of the checkpoints that are gone.

        Args:
            cases: The ids of the cases there are.

        Yields:
            A finding per missing case.
        """
        for case in sorted(self.marks.keys() - set(cases)):
            yield Finding(case=case, sequence=None, kind=LOST, expected=max(self.marks[case])[1], found=None)
