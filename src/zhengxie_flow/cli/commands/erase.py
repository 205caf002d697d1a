"""``zhengxie erase``: erase personal values of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.options import Actor, By, Case, DryRun, ExpectVersion, Key, Reason, RecordedBy
from zhengxie_flow.cli.rendering.events import case_engine
from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.services.commands.erasing import Erasure


def command(
    context: typer.Context,
    case: Case,
    event: Annotated[int, typer.Argument(metavar="EVENT", min=1)],
    field: Annotated[str, typer.Argument(metavar="FIELD")],
    reason: Reason,
    by: By,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
    dry_run: DryRun = False,
) -> None:
    """Erase the personal values of a field for good; that this was done, by whom and why, stays on record."""
    from zhengxie_flow.presentation.documents.journals import erased_values

    session = session_of(context)
    with case_engine(session, case, read_only=dry_run) as engine:
        done = engine.erase(
            case, event, field, reason=reason, by=by, actor=actor, recorded_by=recorded_by, key=key,
            expected_version=expect_version, dry_run=dry_run,
        )  # fmt: skip
        session.say(erased_values(done, written=not dry_run), lambda page: _text(page, done, written=not dry_run))


def _text(page: Page, done: Erasure, *, written: bool) -> None:
    heading = "cli.event.written" if written else "cli.event.preview"
    page.line(
        page.say(heading, case=done.event.case, event=done.event.sequence),
        (page.say("event.erased"), "strong"),
        page.when(done.event.occurred),
    )
    for place in done.places:
        page.line(f"{place.case}#{place.event}", place.field, indent=2)
    if done.left:
        page.line(page.say("cli.erase.left"))
    for place in done.left:
        page.line(f"{place.case}#{place.event}", place.field, indent=2)
