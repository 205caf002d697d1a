"""Pages of lists for the command line: one page where a limit was given, else all of them as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.cli.damage import Damage
    from zhengxie_flow.presentation.documents.deadlines import DueDeadline
    from zhengxie_flow.presentation.documents.pages import CasePage, DuePage

    DueFilters = tuple[date | None, Mapping[str, str | None], str]
    """The last day of interest, the filters on cases, and the language of the sentences."""

MOST = 1000
"""Rows that are asked for at once."""


def every_case(
    engine: Engine, filters: Mapping[str, str | None], after: str | None, limit: int | None, damage: Damage
) -> CasePage:
    """Read a page of cases, or all pages as one where no limit is given."""
    page = engine.cases(**filters, after=after, limit=MOST if limit is None else limit, damaged=damage)
    rows = [page.rows]
    while limit is None and page.next is not None:
        page = engine.cases(**filters, after=page.next, limit=MOST, damaged=damage)
        rows.append(page.rows)
    return type(page)(tuple(row for part in rows for row in part), page.next)


def every_deadline(
    engine: Engine, filters: DueFilters, after: str | None, limit: int | None, damage: Damage
) -> DuePage:
    """Read a page of deadlines, or all pages as one where no limit is given."""
    until, of_cases, lang = filters
    rows: list[tuple[DueDeadline, ...]] = []
    while True:
        size = MOST if limit is None else limit
        page = engine.due_page(until=until, lang=lang, **of_cases, after=after, limit=size, damaged=damage)
        rows.append(page.rows)
        if limit is not None or page.next is None:
            return type(page)(page.today, tuple(row for part in rows for row in part), page.next)
        after = page.next
