"""Kept rows: the open work of the cases that were written to last, from which the next write goes on.

What is kept is no part of the record: it is worked out from a stage of a case, which is compared with the present one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from operator import is_
from threading import Lock
from typing import Final, NamedTuple

from zhengxie_flow.engine import DerivedCase
from zhengxie_flow.engine.judging.deadlines import Deadline, RemindedLimit, work_of_case
from zhengxie_flow.engine.kept_work import KeptWork, kept_work
from zhengxie_flow.engine.next_change import next_change
from zhengxie_flow.ports import DeadlineRow, RowChange, RowEdit, StoredRows

ROOM: Final = 60_000
"""So many judgements are kept at most, of all cases together, some 80 MB; the events of each case count as well."""
Convert = Callable[[Deadline], DeadlineRow]
Sections = tuple[tuple[Deadline, ...], ...]


@dataclass(frozen=True, slots=True)
class WorkedRows:
    """The open work of a case as rows.

    Attributes:
        rows: The rows.
        next_change: The day on which time alone may change them.
        work: What they are kept by; None where nothing is kept of the case.
        limits: The limits that ladders remind of.
    """

    rows: tuple[DeadlineRow, ...]
    next_change: date | None
    work: KeptWork | None = None
    limits: tuple[RemindedLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """Kept values of a case: its rows as worked out last, and as stored last."""

    worked: WorkedRows | None = None
    stored: StoredRows | None = None
    sections: Sections = ()

    def work_of(self, rows: tuple[DeadlineRow, ...]) -> KeptWork | None:
        """The work that rows were worked out from; None where they are not those of the last time."""
        return None if self.worked is None or self.worked.rows is not rows else self.worked.work

    @property
    def size(self) -> int:
        return 1 if self.worked is None or self.worked.work is None else self.worked.work.size


class KeptRows:
    """The open work of cases, of those written to last; safe to share between threads.

    Args:
        room: How much is kept of all cases together; 0 to keep nothing.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._cases: OrderedDict[str, _Kept] = OrderedDict()
        self._turn = Lock()

    def work_out(self, derived: DerivedCase, basis: str, convert: Convert) -> WorkedRows:
        """Work out the open work of a case; from its second time on it is kept, and what is noted for that pays.

        Args:
            derived: The case as of a day.
            basis: What else it is worked out with.
            convert: Converts a deadline to its row.

        Returns:
            Its rows, and the day on which time alone may change them.
        """
        case = derived.case.id
        kept = self._cases.get(case)
        if kept is None or not self._room:
            self._keep(case, _Kept())
            return all_worked_out(derived, convert)
        before = kept.worked
        work = kept_work(derived, basis, None if before is None else before.work)
        deadlines = work.rows
        if before is None or before.work is None or before.work.derived.compiled is not derived.compiled:
            rows = tuple(map(convert, deadlines))
        else:
            changed = list(before.rows)
            for span in reversed(tuple(differing(before.work.sections, work.sections))):
                changed[span.old] = map(convert, deadlines[span.new])
            rows = tuple(changed)
        worked = WorkedRows(rows, work.next_change, work, work.limits)
        self._keep(case, replace(kept, worked=worked))
        return worked

    def change(self, case: str, rows: tuple[DeadlineRow, ...]) -> RowChange | None:
        """Compare rows that were worked out last with those that were stored last.

        Args:
            case: The id of the case.
            rows: The rows.

        Returns:
            How they differ; None where that is not known.
        """
        kept = self._cases.get(case)
        work = None if kept is None else kept.work_of(rows)
        if kept is None or work is None or kept.stored is None:
            return None
        spans = differing(kept.sections, work.sections)
        edits = tuple(RowEdit(span.old.start, span.old.stop, rows[span.new]) for span in spans)
        return RowChange(kept.stored, edits)

    def store(self, case: str, rows: tuple[DeadlineRow, ...], stored: StoredRows | None) -> None:
        """Keep which rows of a case were stored.

        Args:
            case: The id of the case.
            rows: The rows.
            stored: As what they were stored; None where each write stores all of them anew.
        """
        kept = self._cases.get(case)
        if kept is None:
            return
        work = None if stored is None else kept.work_of(rows)
        after = (None, ()) if work is None else (stored, work.sections)
        self._keep(case, replace(kept, stored=after[0], sections=after[1]))

    def _keep(self, case: str, kept: _Kept) -> None:
        with self._turn:
            before = self._cases.pop(case, None)
            self._used += kept.size - (0 if before is None else before.size)
            self._cases[case] = kept
            while self._used > self._room:
                _, oldest = self._cases.popitem(last=False)
                self._used -= oldest.size


def all_worked_out(derived: DerivedCase, convert: Convert) -> WorkedRows:
    """Work out the open work of a case, judging all of it.

    Args:
        derived: The case as of a day.
        convert: Converts a deadline to its row.

    Returns:
        Its rows, and the day on which time alone may change them.
    """
    work = work_of_case(derived)
    deadlines = (*work.rows, *work.determinations)
    return WorkedRows(tuple(map(convert, deadlines)), next_change(derived, deadlines), None, work.limits)


class DifferingRows(NamedTuple):
    """Rows that differ: where they stood, and where those stand that take their place."""

    old: slice
    new: slice


def differing(before: Sections, after: Sections) -> Iterator[DifferingRows]:
    """Compare rows in sections, of which those that did not change are the same values.

    Args:
        before: The sections before.
        after: The sections after.

    Yields:
        The spans in which they differ, first to last.
    """
    if len(before) != len(after):
        before, after = (sum(before, ()),), (sum(after, ()),)
    here = there = 0
    for old, new in zip(before, after, strict=True):
        if old is not new:
            first = _alike(old, new)
            last = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - first)
            if first + last < max(len(old), len(new)):
                yield DifferingRows(
                    slice(here + first, here + len(old) - last), slice(there + first, there + len(new) - last)
                )
        here, there = here + len(old), there + len(new)


def _alike(old: tuple[Deadline, ...], new: tuple[Deadline, ...]) -> int:
    """The number of rows at the beginning that are the same values."""
    same = list(map(is_, old, new))
    return len(same) if all(same) else same.index(False)
