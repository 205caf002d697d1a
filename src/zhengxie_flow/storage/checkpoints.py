"""Checkpoints: one hash over where every case stands, each naming the one before.  Pure: works for any store.

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


def taken(heads: Iterable[Head], at: datetime, last: Checkpoint | None, algorithm: str) -> Checkpoint:
    """The checkpoint of an instant; the last one again where nothing was written since."""
    marks = tuple((head.case, head.version, head.hash) for head in heads)
    if last is not None and last.heads == marks:
        return last
    previous = GENESIS if last is None else last.root
    made = Checkpoint(taken=at.isoformat(), heads=marks, previous_root=previous, root="")
    return Checkpoint(taken=made.taken, heads=marks, previous_root=previous, root=_root(made, algorithm))


def _root(made: Checkpoint, algorithm: str) -> str:
    said = {"heads": [list(mark) for mark in made.heads], "previous_root": made.previous_root, "taken": made.taken}
    return hasher(algorithm)(canonical(said))


def computed(kept: Checkpoint) -> str | None:
    """What the root of a kept checkpoint would have to be."""
    try:
        return _root(kept, algorithm_of(kept.root) or "")
    except (StorageError, TypeError, ValueError):  # made unreadable, or an algorithm nobody knows
        return None


@dataclass(slots=True)
class CheckpointChain:
    """All checkpoints in their order, up to the first that was changed."""

    marks: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    """Version and hash of each case at every sound checkpoint: a later one does not excuse what broke before it."""
    broken: Finding | None = None
    roots: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, kept: Iterable[Checkpoint], root: str | None = None) -> CheckpointChain:
        """Look them through; ``root`` is that of one there must be."""
        line = cls()
        for one in kept:  # to the end, for it may be a cursor
            found = computed(one)
            sound = found == one.root and one.previous_root == (line.roots[-1] if line.roots else GENESIS)
            if line.broken is None and sound:
                line.roots.append(one.root)
                for case, version, digest in one.heads:
                    line.marks.setdefault(case, set()).add((version, digest))
            elif line.broken is None:
                line.broken = Finding(case="", sequence=None, kind=CHECKPOINT, expected=one.root, found=found)
        if root is not None and root not in line.roots and line.broken is None:
            newest = line.roots[-1] if line.roots else None
            line.broken = Finding(case="", sequence=None, kind=CHECKPOINT, expected=root, found=newest)
        return line

    def against(self, case: str, links: Sequence[Link]) -> Finding | None:
        """Where a whole chain is first another than it was at a checkpoint."""
        for version, digest in sorted(self.marks.get(case, ())):
            found = links[version - 1].hash if 1 <= version <= len(links) else None
            if found != digest:
                return Finding(case=case, sequence=version, kind=CHECKPOINT, expected=digest, found=found)
        return None

    def lost(self, cases: Iterable[str]) -> Iterator[Finding]:
        """The cases that were there at a checkpoint and are not among these."""
        for case in sorted(self.marks.keys() - set(cases)):
            yield Finding(case=case, sequence=None, kind=LOST, expected=max(self.marks[case])[1], found=None)
