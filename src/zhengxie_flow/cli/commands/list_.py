"""``zhengxie list``: every case with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhengxie_flow.cli.damage import Damage
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import Head


def command(context: typer.Context) -> int:
    """List the cases by id."""
    from zhengxie_flow.presentation.documents.journals import CaseList

    session, damage = session_of(context), Damage()
    heads = session.engine(read_only=True).heads(damaged=damage)
    session.say(CaseList(heads, damage.documents()), lambda page: _text(page, session, heads, damage))
    return damage.report()


def _text(page: Page, session: Session, heads: Sequence[Head], damage: Damage) -> None:
    if not heads:
        page.line(page.say("cli.none"))
        return
    titles = [page.say(f"cli.head.{name}") for name in ("case", "title", "process", "state", "opened", "version")]
    rows = []
    for head in heads:
        process, state = head.process, head.state
        if (labels := session.labels_unless_damaged(head.case, head.definition, damage)) is not None:
            process, state = labels.process(), labels.state(head.state)
        title = head.title if head.title != head.case else None
        rows.append((head.case, title, process, state, head.opened.isoformat(), str(head.version)))
    page.table(rows, titles)
