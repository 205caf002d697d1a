"""``zhengxie tick``: write what time alone has brought to cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.presentation.documents.journals import TickSummary


def command(
    context: typer.Context,
    case: Annotated[list[str] | None, typer.Argument(metavar="CASE")] = None,
    dry_run: DryRun = False,
) -> None:
    """Write lapsed limits and what follows from them; doing it again writes nothing."""
    from zhengxie_flow.presentation.documents.journals import tick_summary
    from zhengxie_flow.services.commands.ticking import tick

    session = session_of(context)
    engine = session.engine(read_only=dry_run)
    ticked = []
    with progress(session.text("cli.tick.progress"), len(case) if case else None) as step:
        for done in tick(engine.context, case or None, dry_run=dry_run):
            ticked.append(done)
            step()
    summary = tick_summary(ticked, dry_run=dry_run)
    session.say(summary, lambda page: _text(page, session, summary))


def _text(page: Page, session: Session, summary: TickSummary) -> None:
    for ticked in summary.cases:
        labels = session.labels_for(ticked.case)
        page.line((ticked.case, "strong"))
        page.table(
            [
                (
                    f"#{event.sequence}",
                    page.when(event.occurred),
                    page.say(f"event.{event.type}"),
                    labels.named("action", event.action) if event.action else None,
                    event.item,
                )
                for event in ticked.events
            ],
            indent=2,
        )
    key = "cli.tick.would" if summary.dry_run else "cli.tick.done"
    events = sum(len(ticked.events) for ticked in summary.cases)
    page.line(page.say(key, cases=len(summary.cases), events=events, refreshed=summary.refreshed))
