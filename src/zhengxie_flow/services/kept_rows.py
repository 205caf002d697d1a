"""Kept rows: the open work of the cases that were written to last, from which the next write goes on.

What is kept is no part of the record: it is worked out from a stage of a case, which is compared with the present one.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from zhengxie_flow.engine import DerivedCase
from zhengxie_flow.engine.judging.deadlines import Deadline, open_work
from zhengxie_flow.engine.kept_work import KeptWork, kept_work
from zhengxie_flow.engine.next_change import next_change

ROOM: Final = 50_000
"""So many duties are kept at most, each item that one is owed for counted, of all cases together."""


class KeptRows:
    """The open work of cases, of those written to last; safe to share between threads.

    Args:
        room: How much is kept of all cases together; 0 to keep nothing.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._cases: OrderedDict[str, KeptWork | None] = OrderedDict()
        self._turn = Lock()

    def open_work(self, derived: DerivedCase, basis: str) -> KeptWork | PlainWork:
        """Work out the open work of a case; from its second time on it is kept, and what is noted for that pays.

        Args:
            derived: The case as of a day.
            basis: What else it is worked out with.

        Returns:
            Its rows, and the day on which time alone may change them.
        """
        case = derived.case.id
        if not self._room:
            return plain_work(derived)
        if case not in self._cases:
            self._keep(case, None)
            return plain_work(derived)
        worked = kept_work(derived, basis, self._cases.get(case))
        self._keep(case, worked)
        return worked

    def _keep(self, case: str, worked: KeptWork | None) -> None:
        with self._turn:
            before = self._cases.pop(case, None)
            self._used += _size(worked) - _size(before)
            self._cases[case] = worked
            while self._used > self._room or len(self._cases) > self._room:
                _, oldest = self._cases.popitem(last=False)
                self._used -= _size(oldest)


class PlainWork:
    """The open work of a case of which nothing is kept."""

    __slots__ = ("next_change", "rows")

    def __init__(self, derived: DerivedCase) -> None:
        self.rows: tuple[Deadline, ...] = open_work(derived)
        self.next_change = next_change(derived, self.rows)


def plain_work(derived: DerivedCase) -> PlainWork:
    """Work out the open work of a case, judging all of it.

    Args:
        derived: The case as of a day.

    Returns:
        Its rows, and the day on which time alone may change them.
    """
    return PlainWork(derived)


def _size(worked: KeptWork | None) -> int:
    return 0 if worked is None else worked.size
