"""The move of a case to another edition, or its preview, as text."""

from __future__ import annotations

from zhengxie_flow.cli.output.page import Page
from zhengxie_flow.cli.rendering.verdicts import changes
from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.services.commands.moves import Moved


def text(page: Page, moved: Moved, labels: Labels) -> None:
    """Write a move: the state, the edition, the duties that are judged otherwise."""
    event = moved.event
    heading = "cli.event.written" if moved.written else "cli.event.preview"
    page.line(
        page.say(heading, case=event.case, event=event.sequence), (page.say(f"event.{event.type}"), "strong"),
        page.when(event.occurred), labels.role(event.by) if event.by else "",
    )  # fmt: skip
    if isinstance(event.body, MovedBody):
        edition = event.body.edition
        page.line(page.say("cli.move.edition", before=edition.from_, after=edition.to), indent=2)
    before, after = labels.state(moved.before), labels.state(moved.after)
    page.line(page.say("cli.move.state", before=before, after=after), indent=2)
    page.line(page.say("cli.move.duties", count=len(moved.changes)), indent=2)
    if moved.changes:
        changes(page, moved.changes, lambda _: labels)
