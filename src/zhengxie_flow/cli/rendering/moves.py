"""The move of a case to another edition, or its preview, as text."""

from __future__ import annotations

from collections.abc import Callable

from zhengxie_flow.cli.output.page import Page
from zhengxie_flow.cli.rendering.verdicts import changes
from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.presentation.documents.journals import MovedCases
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
    page.line(page.say("cli.move.states", before=before, after=after), indent=2)
    page.line(page.say("cli.move.duties", count=len(moved.changes)), indent=2)
    if moved.changes:
        changes(page, moved.changes, lambda _: labels)


def summary(page: Page, moved: MovedCases, labels_for: Callable[[str], Labels]) -> None:
    """Write the moves of many cases: each with its state and the verdicts that change, then the counts.

    Args:
        page: The page.
        moved: The document.
        labels_for: The labels of the definition of a case.
    """
    for row in moved.cases:
        labels = labels_for(row.case)
        if row.error is not None:
            page.line((row.case, "strong"), (f"{row.error.code} {row.error.message}", "error"))
            continue
        states = dict.fromkeys((labels.state(row.state.before), labels.state(row.state.after)))
        count = page.say("cli.move.duties", count=len(row.changes))
        page.line((row.case, "strong"), row.edition.before, "→", row.edition.after, " → ".join(states), count)
        if row.changes:
            changes(page, row.changes, labels_for)
    key = "cli.move.done" if moved.written else "cli.move.would"
    counts = {name: getattr(moved, name) for name in ("moved", "repeated", "present", "ended", "barred")}
    page.line(page.say(key, **counts))
