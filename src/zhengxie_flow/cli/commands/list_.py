"""``zhengxie list``: every case with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import Head


def command(context: typer.Context) -> None:
    """List the cases by id."""
    from zhengxie_flow.presentation.documents.journals import CaseList

    session = session_of(context)
    heads = session.engine(read_only=True).heads()
    session.say(CaseList(heads), lambda page: _text(page, session, heads))


def _text(page: Page, session: Session, heads: Sequence[Head]) -> None:
    if not heads:
        page.line(page.say("cli.none"))
        return
    titles = [page.say(f"cli.head.{name}") for name in ("case", "process", "state", "opened", "version")]
    rows = []
    for head in heads:
        labels = session.labels_of(head.definition)
        rows.append((head.case, labels.process(), labels.state(head.state), head.opened.isoformat(), str(head.version)))
    page.table(rows, titles)
