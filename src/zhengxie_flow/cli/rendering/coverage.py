"""Coverage of the law as text, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zhengxie_flow.bootstrap.law_coverage import OWED, scenarios_under

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.law_coverage import Law
    from zhengxie_flow.cli.output.page import Page


def text(page: Page, laws: Iterable[Law], *, full: bool) -> None:
    """Write the coverage: one line a clause, in full with every part that implements it."""
    for law in laws:
        page.line((law.instrument.label(page.lang), "strong"), (law.folder, "dim"))
        rows = []
        for number, clause in law.instrument.clauses.items():
            parts = law.of(number)
            count = len(scenarios_under(law, number))
            status = page.say(f"cli.coverage.status.{clause.status}")
            owed = ", ".join(dict.fromkeys(part.id for part in parts if part.kind in OWED)) or None
            why = clause.why.label(page.lang) if clause.why is not None and not (count and owed) else None
            rows.append((number, status, str(count), owed, why))
            if full:
                rows += [("", part.kind, str(len(part.scenarios)), part.id, part.place) for part in parts]
        heads = [page.say(f"cli.head.{name}") for name in ("clause", "status", "scenarios", "encoded", "why")]
        page.table(rows, heads, indent=2)
