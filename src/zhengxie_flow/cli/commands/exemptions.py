"""``zhengxie exemptions``: the use of powers to exempt, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.services.queries.exemptions import Year


def command(
    context: typer.Context, year: Annotated[int | None, typer.Option("--year", metavar="Y", min=1)] = None
) -> None:
    """List the grants by year, with their grounds and verdicts, and their rate against the matters of the year."""
    from zhengxie_flow.presentation.documents.exemptions import ExemptionYears
    from zhengxie_flow.services.queries.exemptions import by_year

    session = session_of(context)
    years = by_year(session.engine(read_only=True).context, year)
    session.say(ExemptionYears(years), lambda page: _text(page, session, years))


def _text(page: Page, session: Session, years: Sequence[Year]) -> None:
    from zhengxie_flow.cli.rendering.exemptions import grant_status, grant_verdict

    if not any(year.grants or year.matters for year in years):
        page.line(page.say("cli.exempting.none"))
        return
    for year in years:
        rate = "" if year.rate is None else page.say("cli.exempting.rate", rate=f"{year.rate * 100:.1f}")
        shown = {"year": year.year, "grants": len(year.grants), "matters": year.matters, "exempted": year.exempted}
        page.line((page.say("cli.exempting.year", **shown, rate=rate), "strong"))
        for key in ("grounds", "verdicts"):
            counted = year.by_ground if key == "grounds" else year.by_verdict
            words = [f"{page.say(f'verdict.{name}') if key == 'verdicts' else name} {n}" for name, n in counted.items()]
            if words:
                page.line(page.labelled(f"cli.exempting.{key}", words), indent=2)
        rows = []
        for grant in year.grants:
            labels, use = session.labels_for(grant.case), grant.use
            by = labels.role(use.by) if use.by else None
            rows.append((
                str(use.date), grant.case, use.exemption, grant_verdict(page, use), by, ", ".join(use.grounds),
                grant_status(page, use),
            ))  # fmt: skip
        page.table(rows, indent=2)
