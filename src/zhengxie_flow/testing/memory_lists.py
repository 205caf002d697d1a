"""Lists over the cases of a journal in memory: the same as from a database, by going through all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.ports import (
    BUCKETS,
    AssignmentRow,
    CaseFilter,
    CaseStretch,
    DeadlineRow,
    DueRow,
    DueRows,
    DueStretch,
    Head,
    HeadRow,
    HeadStretch,
    Overtaken,
    Projection,
    Renewal,
    bucket,
    is_owed,
)
from zhengxie_flow.ports.lists import Basis

_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class MemoryLists:
    """Lists of one state of a journal (see `zhengxie_flow.ports.Lists`).

    Attributes:
        kept: Heads by id, in order.
        projections: What else is kept of the cases, by id.
    """

    kept: Mapping[str, Head]
    projections: Mapping[str, Projection]

    def heads(self, selection: CaseFilter, stretch: CaseStretch, test: Overtaken) -> HeadStretch:
        """Return the heads of a stretch."""
        rows: list[HeadRow] = []
        for case, head in self.kept.items():
            if stretch.after is not None and case <= stretch.after:
                continue
            restated = head.definition in test.deeming and self._overtaken(head, test)
            listed = selection.state in (None, head.state) or restated or case in stretch.doubtful
            if listed and self._matches(selection, head):
                rows.append(HeadRow(head, restated))
                if len(rows) == stretch.limit:
                    return HeadStretch(tuple(rows), case)
        return HeadStretch(tuple(rows), None)

    def _matches(self, selection: CaseFilter, head: Head) -> bool:
        held = selection.office is None and selection.person is None
        return (
            selection.process in (None, head.process)
            and (selection.among is None or head.case in selection.among)
            and (selection.text is None or _contains(head, selection.text.translate(_LOWER)))
            and (held or any(map(selection.holds, self._assignments(head.case))))
        )

    def _assignments(self, case: str) -> tuple[AssignmentRow, ...]:
        kept = self.projections.get(case)
        return () if kept is None else kept.assignments

    def _overtaken(self, head: Head, test: Overtaken) -> bool:
        kept = self.projections.get(head.case)
        if kept is None:
            return test.by(head.definition, None, None)
        return test.by(head.definition, kept.basis, kept.next_change)

    def overtaken(self, selection: CaseFilter, test: Overtaken) -> Renewal:
        """Return which cases no longer stand as they are kept."""
        cases = (
            case for case, head in self.kept.items() if self._matches(selection, head) and self._overtaken(head, test)
        )
        return Renewal(tuple(cases), self.ancestors(test))

    def outdated(self, day: date, bases: Collection[Basis]) -> tuple[str, ...]:
        """Return the cases of which what is kept no longer holds on a day."""
        past = self.overtaken(CaseFilter(), Overtaken(day, tuple(bases))).cases
        to_come = [case for case, kept in self.projections.items() if kept.as_of is not None and kept.as_of > day]
        return tuple(sorted({*past, *(case for case in to_come if case in self.kept)}))

    def ancestors(self, test: Overtaken) -> frozenset[str]:
        """Return the ids of all cases above those of which what is kept no longer holds."""
        parents: dict[str, None] = {}
        waiting = [case for case, head in self.kept.items() if self._overtaken(head, test)]
        while waiting:
            names = [name for case in waiting if case in self.projections for name in self.projections[case].parents]
            waiting = [name for name in dict.fromkeys(names) if name not in parents]
            parents |= dict.fromkeys(waiting)
        return frozenset(parents)

    def deadlines(self, selection: CaseFilter, stretch: DueStretch, test: Overtaken) -> DueRows:
        """Return the open deadlines of a stretch."""
        rows = [
            DueRow(row, position, head.state, head.title, restated)
            for case, head in self.kept.items()
            for restated in (head.definition in test.deeming and self._overtaken(head, test),)
            if self._matches(selection, head)
            and (selection.state in (None, head.state) or restated)
            and case in self.projections
            for position, row in enumerate(self.projections[case].rows)
            if is_owed(row) and _may_fall(row, stretch.until) and selection.owned(row, self._assignments(case))
        ]
        rows.sort(key=lambda row: row.place)
        rows = [row for row in rows if stretch.after is None or row.place > stretch.after]
        end = rows[stretch.limit - 1].place if len(rows) >= stretch.limit else None
        return DueRows(tuple(rows[: stretch.limit]), end)

    def count_cases(self, selection: CaseFilter, but: Sequence[str]) -> dict[tuple[str, str], int]:
        """Return the numbers of cases by process and state."""
        counted: dict[tuple[str, str], int] = {}
        for case, head in self.kept.items():
            if self._matches(selection, head) and selection.state in (None, head.state) and case not in but:
                counted[head.process, head.state] = counted.get((head.process, head.state), 0) + 1
        return counted

    def count_deadlines(self, selection: CaseFilter, today: date, but: Sequence[str]) -> dict[str, int]:
        """Return the numbers of open deadlines by `BUCKETS`."""
        counted = dict.fromkeys(BUCKETS, 0)
        for case, head in self.kept.items():
            if self._matches(selection, head) and selection.state in (None, head.state) and case not in but:
                for row in self.projections[case].rows if case in self.projections else ():
                    if is_owed(row) and selection.owned(row, self._assignments(case)):
                        counted[bucket(row, today)] += 1
        return counted


def _may_fall(row: DeadlineRow, until: date | None) -> bool:
    first = row.earliest or row.day
    return until is None or (row.day is not None and first is not None and first <= until)


def _contains(head: Head, text: str) -> bool:
    return any(text in written.translate(_LOWER) for written in (head.case, head.title or ""))
