"""Rows of a case beside its events: its head, its deadline rows, its personal values, its messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhengxie_flow.ports import ORPHAN, PROJECTION, Finding, PersonalDatum
from zhengxie_flow.storage import personal_rows, tables
from zhengxie_flow.storage.deadline_positions import MANY
from zhengxie_flow.storage.diagnosis import StoredChain
from zhengxie_flow.storage.feed import ranges_misfit
from zhengxie_flow.storage.raw import AnyRow, misfit
from zhengxie_flow.storage.texts import as_text

_OF_THE_CHAIN = frozenset({"case_id", "version", "hash"})
"""The columns of a head that are compared with the events."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows of one case in the other tables, as they lie there.

    Attributes:
        dialect: The name of the database.
        heads: Its heads; there should be one.
        values: Its personal values.
        deadlines: Its deadline rows, in the order of their positions.
        messages: The messages that wait to be sent.
        ranges: The rows of the feed.
        assignments: To whom its roles fall, in the order of their positions.
    """

    dialect: str
    heads: Sequence[AnyRow]
    values: Sequence[AnyRow]
    deadlines: Sequence[AnyRow]
    messages: Sequence[AnyRow]
    ranges: Sequence[AnyRow]
    assignments: Sequence[AnyRow] = ()

    def personal(self, _case: str, _sequences: Sequence[int]) -> Mapping[int, Sequence[PersonalDatum]]:
        """Return the personal values by the numbers of their events."""
        by_sequence: dict[int, list[PersonalDatum]] = {}
        for row in self.values:
            by_sequence.setdefault(row.sequence, []).append(personal_rows.to_personal(row))
        return by_sequence

    def findings(self, chain: StoredChain) -> Iterator[Finding]:
        """Find what cannot be read, and what belongs to no case or event.

        Args:
            chain: The chain of the case.

        Yields:
            The first finding of each table.
        """
        if not chain.exists:
            yield from self._of_no_case(chain.case)
            return
        if (wrong := self._unreadable() or self._misplaced()) is not None:
            expected, actual = wrong
            yield Finding(case=chain.case, sequence=None, kind=PROJECTION, expected=expected, found=actual)
        whole = chain.head is not None and chain.head.version == len(chain.links)  # else its break is reported
        if whole and (finding := self._of_feed(chain)) is not None:
            yield finding
        numbers = {link.sequence for link in chain.links}
        for row in self.messages:
            if misfit(tables.outbox, row, self.dialect) is not None or row.sequence not in numbers:
                yield _orphan(chain.case, row, tables.outbox.name)
                return

    def _of_no_case(self, case: str) -> Iterator[Finding]:
        """The first row of each table that speaks of a case that is not there."""
        for table, stored in (
            (tables.heads, self.heads),  # two of them
            (tables.deadlines, self.deadlines),
            (tables.assignments, self.assignments),
            (tables.personal, self.values),
            (tables.outbox, self.messages),
            (tables.feed, self.ranges),
        ):
            for row in stored[:1]:
                yield _orphan(case, row, table.name)

    def _of_feed(self, chain: StoredChain) -> Finding | None:
        """The first row of the feed that is wrong, or an event that no row holds: who follows would never read it."""
        wrong = next(filter(None, (misfit(tables.feed, row, self.dialect) for row in self.ranges)), None)
        if wrong is None:
            events = len(chain.links) if self.dialect == "postgresql" else 0
            wrong = ranges_misfit(self.ranges, events)
        if wrong is None:
            return None
        place = f"{tables.feed.name}: {wrong}"
        return Finding(case=chain.case, sequence=None, kind=ORPHAN, expected=None, found=place)

    def _unreadable(self) -> tuple[str | None, str] | None:
        """The first value of the head, a deadline row or an assignment that its column cannot hold."""
        of_heads = (misfit(tables.heads, row, self.dialect, _OF_THE_CHAIN) for row in self.heads)
        wrong = next(filter(None, of_heads), None)
        if wrong is None:
            projected = ((tables.deadlines, self.deadlines), (tables.assignments, self.assignments))
            misfits = (misfit(table, row, self.dialect) for table, stored in projected for row in stored)
            wrong = next(filter(None, misfits), None)
        return None if wrong is None else (None, wrong)

    def _misplaced(self) -> tuple[str, str] | None:
        """The first deadline row or assignment that is not at its place, or is looked up by another day."""
        for place, row in enumerate(self.assignments):
            if row.position != place:
                return f"position={place}", f"position={row.position}"
        for place, row in enumerate(self.deadlines):
            if (len(self.deadlines) <= MANY and row.position != place) or row.position < place:
                return f"position={place}", f"position={row.position}"
            day = row.day if row.earliest is None else row.earliest
            if row.first_day != day:  # looked up by, so a forged one hides a deadline
                return f"first_day={day}", f"first_day={row.first_day}"
        return None


def _orphan(case: str, row: AnyRow, table: str) -> Finding:
    sequence = getattr(row, "sequence", None)
    number = sequence if type(sequence) is int else None
    name = getattr(row, "field", None) or getattr(row, "obligation", None) or getattr(row, "role", None)
    place = table if name is None else f"{table}: {as_text(name)}"
    return Finding(case=case, sequence=number, kind=ORPHAN, expected=None, found=place)
