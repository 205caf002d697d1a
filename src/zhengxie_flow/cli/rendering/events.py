"""Support for commands that write: the engine with the labels for refusals, and the text of an event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.model.event import Event


@contextmanager
def case_engine(session: Session, case: str | None = None, *, read_only: bool = False) -> Iterator[Engine]:
    """Provide the engine, with the labels of the case's definition loaded for refusals."""
    engine = session.engine(read_only=read_only)
    if case is not None and engine.journal.head(case) is not None:
        session.labels_for(case)
    yield engine


def show_event(session: Session, event: Event, *, written: bool = True, state: str | None = None) -> None:
    """Show the event that a command wrote, or with ``--dry-run`` would write."""
    from zhengxie_flow.presentation.documents.events import WrittenEvent

    session.say(WrittenEvent(written, event, state), lambda page: _text(page, event, session, written=written))


def _text(page: Page, event: Event, session: Session, *, written: bool) -> None:
    labels = session.labels or session.labels_for(event.case)
    kind = page.say(f"event.{event.type}")
    what = labels.action(event.action) if event.action else ""
    item = f"[{event.item}]" if event.item else ""
    heading = page.say("cli.event.written" if written else "cli.event.preview", case=event.case, event=event.sequence)
    page.line(
        heading, (kind, "strong"), what + item, page.when(event.occurred), labels.role(event.by) if event.by else ""
    )
    from zhengxie_flow.model.body import state_of

    moved = state_of(event.body)
    if moved is not None and moved.from_ not in (None, moved.to):
        page.line(page.say("cli.event.moved", before=labels.state(moved.from_), after=labels.state(moved.to)), indent=2)
