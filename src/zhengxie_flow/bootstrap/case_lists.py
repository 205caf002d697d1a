"""Engine methods for lists over many cases: pages, numbers, and streams of one case at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import CaseAudit
from zhengxie_flow.ports import AssignmentRow, CaseFilter, Damaged, DueStretch
from zhengxie_flow.presentation.documents.pages import CasePage, DueCounts, DuePage, ListCounts
from zhengxie_flow.presentation.due_rows import counted, with_words, words_of
from zhengxie_flow.services import arguments
from zhengxie_flow.services.queries import pages, streams
from zhengxie_flow.services.queries.place_keys import key_of, place_of

LIMIT = 100
"""How many rows a page has where nobody says."""
MOST = 1000
"""How many rows a page has at most."""


class CaseLists(EngineParts):
    """Lists over many cases (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    @arguments.typed
    def cases(
        self,
        *,
        process: str | None = None,
        state: str | None = None,
        office: str | None = None,
        person: str | None = None,
        parent: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = LIMIT,
        damaged: Damaged | None = None,
    ) -> CasePage:
        """List cases as they stand today, a page at a time, by their ids.

        Pages follow one another by key: whatever others write meanwhile, a case that was there before the first page is
        on exactly one of them.

        Args:
            process: Only cases of this process.
            state: Only cases in this state.
            office: Only cases of which a role is assigned to this office today.
            person: Only cases of which a role is assigned to this person today.
            parent: Only subcases of this case.
            text: Only cases with this text in their id or title; capital and small letters of ASCII are the same.
            after: The key of the page before; None for the first page.
            limit: How many cases at most, from 1 to 1000.
            damaged: Called with what cannot be read of a case, so that the others are listed; None to end there.

        Returns:
            The page.

        Raises:
            NotFound: ZX4002, there is no case ``parent``.
            UsageError: ZX4111, ``limit`` is out of range.
        """
        selection = self._filter(process, state, office, person, parent, text)
        size = _size(limit)
        rows = pages.heads_after(self.context, selection, after, limit=size + 1, damaged=damaged)
        selected = tuple(islice(rows, size + 1))
        return CasePage(selected[:size], selected[size - 1].case if len(selected) > size else None)

    @arguments.typed
    def due_page(
        self,
        *,
        until: date | None = None,
        process: str | None = None,
        state: str | None = None,
        office: str | None = None,
        person: str | None = None,
        parent: str | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int = LIMIT,
        lang: str | None = None,
        damaged: Damaged | None = None,
    ) -> DuePage:
        """List what is open, a page at a time: by day, then without one, then by case.

        A time limit that others move meanwhile stands where it belongs when its page is read.  Every matching case that
        time, an edition or a calendar has overtaken since it was last written is worked out anew for each page; `tick`
        brings them up to date.

        Args:
            until: The last civil day of interest, and then only what has a day; of a provisional day the earliest
                counts.
            process: Only cases of this process.
            state: Only cases in this state.
            office: Only time limits whose bearer is this office today.
            person: Only time limits whose bearer is this person today.
            parent: Only subcases of this case.
            text: Only cases with this text in their id or title; capital and small letters of ASCII are the same.
            after: The key of the page before; None for the first page.
            limit: How many rows at most, from 1 to 1000.
            lang: The language of titles, bearers and sentences, ``zh`` or ``en``; None to leave these out.
            damaged: Called with what cannot be read of a case, so that the others are listed; None to end there.

        Returns:
            The page.

        Raises:
            NotFound: ZX4002, there is no case ``parent``.
            UsageError: ZX4110, ``after`` is no key of a page; ZX4111, ``limit`` is out of range; ZX2003, ``until`` is
                no civil day.
        """
        selection = self._filter(process, state, office, person, parent, text)
        size = _size(limit)
        stretch = DueStretch(None if after is None else place_of(after), size + 1, arguments.day(until))
        selected = tuple(islice(pages.due_after(self.context, selection, stretch, damaged), size + 1))
        today = self.context.civil_day()
        words = words_of(self.context, today, lang or "en")
        rows = tuple(counted(row, words) for row in selected[:size])
        if lang is not None:
            titles = {row.row.case: row.title or row.row.case for row in selected}
            words = replace(words, title=titles.__getitem__, held=self._held)
            rows = tuple(with_words(row, words) for row in rows)
        return DuePage(today, rows, key_of(selected[size - 1].place) if len(selected) > size else None)

    @arguments.typed
    def counts(
        self,
        *,
        process: str | None = None,
        state: str | None = None,
        office: str | None = None,
        person: str | None = None,
        parent: str | None = None,
        text: str | None = None,
    ) -> ListCounts:
        """Count cases by process and state, and their open time limits by how soon they are due.

        Args:
            process: Only cases of this process.
            state: Only cases in this state.
            office: Only cases of which a role is assigned to this office today.
            person: Only cases of which a role is assigned to this person today.
            parent: Only subcases of this case.
            text: Only cases with this text in their id or title; capital and small letters of ASCII are the same.

        Returns:
            The numbers.

        Raises:
            NotFound: ZX4002, there is no case ``parent``.
        """
        selection = self._filter(process, state, office, person, parent, text)
        counted = pages.counts(self.context, selection, self.context.civil_day())
        return ListCounts(counted.today, counted.cases, DueCounts(**counted.deadlines))

    @arguments.typed
    def iter_audit(
        self,
        *,
        as_of: date | None = None,
        known_at: datetime | None = None,
        process: str | None = None,
        state: str | None = None,
        office: str | None = None,
        person: str | None = None,
        parent: str | None = None,
        text: str | None = None,
        after: str | None = None,
    ) -> Iterator[CaseAudit]:
        """Judge cases one by one, so that no more than one is in memory.

        Args:
            as_of: The civil day; None for today in the zone of each process.
            known_at: The instant up to which events count as recorded; None for all.
            process: Only cases of this process.
            state: Only cases in this state today.
            office: Only cases of which a role is assigned to this office today.
            person: Only cases of which a role is assigned to this person today.
            parent: Only subcases of this case.
            text: Only cases with this text in their id or title; capital and small letters of ASCII are the same.
            after: The id of the case to go on after; None to begin with the first.

        Returns:
            The audits, by case id; of cases known by then and begun on the day.

        Raises:
            NotFound: ZX4002, there is no case ``parent``.
            UsageError: ``as_of`` is an instant, or ``known_at`` has no offset.
        """
        selection = self._filter(process, state, office, person, parent, text)
        names = pages.names_after(self.context, selection, after)
        return streams.audits(self.context, names, arguments.day(as_of), arguments.instant(known_at))

    @arguments.typed
    def iter_events(
        self,
        *,
        process: str | None = None,
        state: str | None = None,
        office: str | None = None,
        person: str | None = None,
        parent: str | None = None,
        text: str | None = None,
        after: str | None = None,
    ) -> Iterator[Event]:
        """Read the events of cases, one case after the other, so that no more than one is in memory.

        Args:
            process: Only cases of this process.
            state: Only cases in this state today.
            office: Only cases of which a role is assigned to this office today.
            person: Only cases of which a role is assigned to this person today.
            parent: Only subcases of this case.
            text: Only cases with this text in their id or title; capital and small letters of ASCII are the same.
            after: The id of the case to go on after; None to begin with the first.

        Returns:
            The events, by case id, then in the order of the journal.

        Raises:
            NotFound: ZX4002, there is no case ``parent``.
        """
        selection = self._filter(process, state, office, person, parent, text)
        return streams.events(self.context, pages.names_after(self.context, selection, after))

    def _held(self, case: str) -> Mapping[str, AssignmentRow]:
        """To whom the roles of a case fall today."""
        today = CaseFilter(day=self.context.civil_day())
        return {row.role: row for row in self.context.journal.assignments(case) if today.holds(row)}

    def _filter(
        self,
        process: str | None,
        state: str | None,
        office: str | None,
        person: str | None,
        parent: str | None,
        text: str | None,
    ) -> CaseFilter:
        among = None if parent is None else pages.subcases_of(self.context, parent)
        return CaseFilter(
            process=process,
            state=state,
            office=office,
            person=person,
            text=text or None,
            among=among,
            day=self.context.civil_day(),
        )


def _size(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise UsageError("ZX4111", given=limit, most=MOST)
    return limit
