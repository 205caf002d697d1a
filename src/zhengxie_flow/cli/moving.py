"""What moving a case to another edition did, or would do: as plain data and for people."""

from __future__ import annotations

from typing import Any

from zhengxie_flow.cli.labels import Labels
from zhengxie_flow.cli.paper import Paper
from zhengxie_flow.cli.verdicts import changed, changes
from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.model.body_parts import EditionChange
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.move import Moved


def document(moved: Moved) -> dict[str, Any]:
    """The move as plain data; the event is added by whoever shows it."""
    return {
        "written": moved.written,
        "state": {"before": moved.before, "after": moved.after},
        "edition": {"before": _editions(moved.event).from_, "after": _editions(moved.event).to},
        "changes": [changed(change) for change in moved.changes],
    }


def _editions(event: Event) -> EditionChange:
    assert isinstance(event.body, MovedBody)  # noqa: S101  # by its type
    return event.body.edition


def text(paper: Paper, moved: Moved, labels: Labels) -> None:
    """The move for people: the state, the edition, the duties that are judged otherwise."""
    event = moved.event
    heading = "cli.event.written" if moved.written else "cli.event.preview"
    paper.line(
        paper.say(heading, case=event.case, event=event.sequence), (paper.say(f"event.{event.type}"), "strong"),
        paper.when(event.occurred), labels.role(event.by) if event.by else "",
    )  # fmt: skip
    edition = _editions(event)
    paper.line(paper.say("cli.move.edition", before=edition.from_, after=edition.to), indent=2)
    before, after = labels.state(moved.before), labels.state(moved.after)
    paper.line(paper.say("cli.move.state", before=before, after=after), indent=2)
    paper.line(paper.say("cli.move.duties", count=len(moved.changes)), indent=2)
    if moved.changes:
        changes(paper, moved.changes, lambda _: labels)
