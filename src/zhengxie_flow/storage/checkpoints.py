"""Checkpoints: one hash over the heads of all cases, and over every checkpoint before.  Pure: works for any store.

The chain of a case proves what is in it, and nothing proves that there ever was a case that is gone whole.  A
checkpoint does, and its root, a line of text written down where nobody can reach it, also convicts a forger who wrote
heads and checkpoints anew (cf. the signed tree heads of RFC 9162).

A checkpoint keeps the heads that changed since the one before, under a root of their own, so that what was changed in
one checkpoint puts no other in doubt.  The checkpoints are the entries of a hash tree that only grows; its root is the
root of the latest, and a note names it in the form that transparency logs use.  Where the hash algorithm of a journal
changes, a new tree begins.  Checkpoints of versions before 0.7 hold all heads, under a hash that names the root before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from zhengxie_flow.errors import StorageError, UsageError
from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import Checkpoint, Finding, Head
from zhengxie_flow.proofs.merkle import HashTree, digest_of, root_of
from zhengxie_flow.proofs.notes import Note, read_note
from zhengxie_flow.storage.diagnosis import Link
from zhengxie_flow.storage.digests import GENESIS, algorithm_of, hasher

CHECKPOINT: Final = "checkpoint"
LOST: Final = "lost"

Mark = tuple[str, int, str]
"""Where a case stands: its id, its version, the hash of its last event."""


class _Expected(NamedTuple):
    """The root and the note that a checkpoint must have; None where it was made unreadable, or has no note."""

    root: str | None
    note: str | None


@dataclass(slots=True)
class CheckpointTree:
    """Hash tree over the checkpoints as they are stored, up to any of them.

    Attributes:
        root: The root of the last checkpoint, as it is stored.
    """

    root: str = GENESIS
    _algorithm: str = ""
    _tree: HashTree | None = None
    _origin: str = ""

    def follow(self, stored: Checkpoint) -> _Expected:
        """Append a stored checkpoint.

        Args:
            stored: The checkpoint.

        Returns:
            The root and the note that it must have.
        """
        self.root = stored.root
        if stored.heads_root is None:
            return _Expected(expected_root(stored), None)
        try:
            return self._append(_entry(stored), _algorithm(stored.root) or self._algorithm)
        except (StorageError, TypeError, ValueError):
            return _Expected(None, None)

    def named(self, checkpoint: Checkpoint, algorithm: str) -> Checkpoint:
        """Give a new checkpoint its root and note; the tree stays as it is.

        Args:
            checkpoint: The checkpoint, with neither.
            algorithm: The hash algorithm.

        Returns:
            The checkpoint with both.
        """
        grown = replace(self, _tree=None if self._tree is None else self._tree.copy())
        root, note = grown._append(_entry(checkpoint), algorithm)  # noqa: SLF001  # its own kind
        return replace(checkpoint, root=root or "", note=note)

    def _append(self, entry: bytes, algorithm: str) -> _Expected:
        hasher(algorithm)
        if self._tree is None or algorithm != self._algorithm:
            self._algorithm, self._tree, self._origin = algorithm, HashTree(digest_of(algorithm)), ""
        self._tree.append(entry)
        root = self._tree.root()
        self._origin = self._origin or f"zhengxie-flow/{root.hex()[:16]}"
        return _Expected(f"{algorithm}:{root.hex()}", Note(self._origin, self._tree.size, root).text())


@dataclass(slots=True)
class CheckpointLog:
    """Checkpoints up to the last, as far as the next one follows from them."""

    last: Checkpoint | None = None
    _tree: CheckpointTree = field(default_factory=CheckpointTree)
    _latest: dict[str, tuple[int, str]] = field(default_factory=dict)

    def follow(self, stored: Iterable[Checkpoint]) -> CheckpointLog:
        """Go on to later checkpoints.

        Args:
            stored: The checkpoints, in their order.

        Returns:
            The same log.
        """
        for checkpoint in stored:
            self.last = checkpoint
            self._tree.follow(checkpoint)
            self._latest.update((case, (version, digest)) for case, version, digest in checkpoint.heads)
        return self

    def next(self, heads: Iterable[Head], at: datetime, algorithm: str) -> Checkpoint:
        """Take the checkpoint of an instant.

        Args:
            heads: The heads of all cases, by case id.
            at: The instant.
            algorithm: The hash algorithm.

        Returns:
            The new checkpoint, or the last one where nothing was written since.
        """
        marks = ((head.case, head.version, head.hash) for head in heads)
        changed = tuple(mark for mark in marks if self._latest.get(mark[0]) != mark[1:])
        if self.last is not None and not changed:
            return self.last
        latest = self._latest | {case: (version, digest) for case, version, digest in changed}
        checkpoint = Checkpoint(
            taken=at.isoformat(),
            cases=len(latest),
            events=sum(version for version, _ in latest.values()),
            heads=changed,
            previous_root=self._tree.root,
            root="",
            heads_root=_heads_root(changed, algorithm),
        )
        return self._tree.named(checkpoint, algorithm)


def _entry(checkpoint: Checkpoint) -> bytes:
    """The bytes of a checkpoint in the tree."""
    return canonical(
        {
            "cases": checkpoint.cases,
            "events": checkpoint.events,
            "heads": checkpoint.heads_root,
            "previous_root": checkpoint.previous_root,
            "taken": checkpoint.taken,
        }
    )


def _heads_root(heads: Sequence[Mark], algorithm: str) -> str:
    hasher(algorithm)
    return f"{algorithm}:{root_of((canonical(list(mark)) for mark in heads), digest_of(algorithm)).hex()}"


def _computed_heads_root(stored: Checkpoint) -> str | None:
    try:
        return _heads_root(stored.heads, _algorithm(stored.heads_root) or "")
    except StorageError:
        return None


def _algorithm(digest: Any) -> str | None:
    """The algorithm of a stored hash, which may be no text at all."""
    return algorithm_of(digest) if isinstance(digest, str) else None


def expected_root(stored: Checkpoint) -> str | None:
    """Compute the root that a stored checkpoint of a version before 0.7 must have.

    Args:
        stored: The checkpoint.

    Returns:
        The root; None where the checkpoint was made unreadable or its algorithm is unknown.
    """
    signed = {
        "heads": [list(mark) for mark in stored.heads],
        "previous_root": stored.previous_root,
        "taken": stored.taken,
    }
    try:
        return hasher(_algorithm(stored.root) or "")(canonical(signed))
    except (StorageError, TypeError, ValueError):  # made unreadable, or an unknown algorithm
        return None


@dataclass(slots=True)
class CheckpointChain:
    """Verification of the checkpoints: the marks they leave, and what is wrong with them.

    Attributes:
        marks: Version and hash of each case at every checkpoint whose heads are as they were: a later one does not
            excuse what broke before it.
        broken: The findings about the checkpoints themselves, at most one of each.
        sound: The checkpoints whose roots hold with all before them, in their order: root and note.
    """

    marks: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    broken: list[Finding] = field(default_factory=list)
    sound: list[tuple[str, str | None]] = field(default_factory=list)

    @classmethod
    def of(cls, stored: Iterable[Checkpoint], root: str | None = None) -> CheckpointChain:
        """Verify the checkpoints in their order.

        Args:
            stored: The checkpoints.
            root: The root of a checkpoint that must be among them, or its note.

        Returns:
            The chain, with what is wrong.

        Raises:
            UsageError: ZX5040, ``root`` has several lines and is no note.
        """
        asked = _asked(root)
        history, tree, held = cls(), CheckpointTree(), True
        for checkpoint in stored:  # to the end, even after a break: it may be a database cursor
            previous = tree.root if held else checkpoint.previous_root
            expected = tree.follow(checkpoint)
            fault = _fault(checkpoint, expected, previous, held=held)
            held = expected.root == checkpoint.root
            if held:
                history.sound.append((checkpoint.root, checkpoint.note))
            if fault is not None:
                history.broken.append(fault)
            if held if checkpoint.heads_root is None else _computed_heads_root(checkpoint) == checkpoint.heads_root:
                for case, version, digest in checkpoint.heads:
                    history.marks.setdefault(case, set()).add((version, digest))
        if asked is not None and not any(asked in names for names in history.sound):
            history.broken.append(_missing(asked, history.sound))
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


def _fault(stored: Checkpoint, expected: _Expected, previous: str, *, held: bool) -> Finding | None:
    """What is wrong with a checkpoint; where the root before did not hold, no root over it can: that is said once."""
    if stored.heads_root is not None and (computed := _computed_heads_root(stored)) != stored.heads_root:
        return _differing(stored, "heads", stored.heads_root, computed)
    if stored.previous_root != previous:
        return _differing(stored, "previous_root", previous, stored.previous_root)
    if expected.root != stored.root and (held or stored.heads_root is None):
        return Finding(case="", sequence=None, kind=CHECKPOINT, expected=_shown(stored.root), found=expected.root)
    if stored.heads_root is None:
        counted = (("cases", len(stored.heads)), ("events", sum(version for _, version, _ in stored.heads)))
        for name, number in counted:
            if getattr(stored, name) != number:
                return _differing(stored, name, number, getattr(stored, name))
    if expected.root == stored.root and expected.note != stored.note:
        return _differing(stored, "note", expected.note, stored.note)
    if stored.signature is not None:
        return _differing(stored, "signature", None, stored.signature)
    return None


def _differing(stored: Checkpoint, name: str, expected: Any, actual: Any) -> Finding:
    """The finding about a part of a checkpoint, which its root names."""
    texts = [f"{name}={'-' if value is None else _shown(value)}" for value in (expected, actual)]
    return Finding(
        case="", sequence=None, kind=CHECKPOINT, expected=f"{_shown(stored.root)} {texts[0]}", found=texts[1]
    )


def _shown(value: Any) -> str:
    """A value of any type on one line."""
    return " ".join(str(value).split())


def _asked(root: str | None) -> str | None:
    """The root that must be there, or the text of its note: whoever wrote the note down kept its signatures too."""
    if root is None or "\n" not in root.strip():
        return root
    try:
        return read_note(root).text()
    except ValueError as error:
        raise UsageError("ZX5040", why=str(error)) from error


def _missing(asked: str, sound: Sequence[tuple[str, str | None]]) -> Finding:
    """The finding about a root that is not there; a note that counts more says that the journal went back."""
    newest, note = sound[-1] if sound else (None, None)
    if asked.endswith("\n") and (size := read_note(asked).size) > (count := read_note(note).size if note else 0):
        expected, actual = (f"{number} checkpoints" for number in (size, count))
        return Finding(case="", sequence=None, kind=CHECKPOINT, expected=expected, found=actual, code="ZX5917")
    if asked.endswith("\n"):
        asked, newest = _shown(asked), newest if note is None else _shown(note)
    return Finding(case="", sequence=None, kind=CHECKPOINT, expected=asked, found=newest)
