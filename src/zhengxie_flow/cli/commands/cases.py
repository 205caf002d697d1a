"""``zhengxie cases``, in short ``list``: the cases that match, by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhengxie_flow.cli import options
from zhengxie_flow.cli.damage import Damage
from zhengxie_flow.cli.output.stream import write_raw
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import Head
    from zhengxie_flow.presentation.documents.journals import CaseList

Columns = tuple[str, str | None, str, str, str, int]
HEADS = ("case", "title", "process", "state", "opened", "version")


def command(
    context: typer.Context,
    process: options.Process = None,
    state: options.State = None,
    office: options.Office = None,
    person: options.Person = None,
    parent: options.Parent = None,
    text: options.Text = None,
    after: options.After = None,
    limit: options.Limit = None,
    format: options.Table = None,  # noqa: A002  # the option's name
) -> int:
    """List the cases by id; with a limit, a page of them and the key to go on after."""
    from zhengxie_flow.cli.paging import every_case
    from zhengxie_flow.presentation.documents.journals import CaseList

    session, damage = session_of(context), Damage()
    csv = options.apply_format(session, format)
    filters = {
        "process": process, "state": state, "office": office, "person": person, "parent": parent, "text": text,
    }  # fmt: skip
    page = every_case(session.engine(read_only=True), filters, after, limit, damage)
    if csv:
        from zhengxie_flow.cli.output.sheet import sheet

        heads = [session.text(f"cli.head.{name}") for name in HEADS]
        write_raw(sheet(heads, _rows(session, page.rows, damage)))
        return damage.report()
    document = CaseList(page.rows, page.next, damage.documents())
    session.say(document, lambda page_: _text(page_, session, document, damage))
    return damage.report()


def _rows(session: Session, heads: Sequence[Head], damage: Damage) -> Iterator[Columns]:
    for head in heads:
        process, state = head.process, head.state
        if (labels := session.labels_unless_damaged(head.case, head.definition, damage)) is not None:
            process, state = labels.process(), labels.state(head.state)
        title = head.title if head.title != head.case else None
        yield head.case, title, process, state, head.opened.isoformat(), head.version


def _text(page: Page, session: Session, document: CaseList, damage: Damage) -> None:
    if not document.cases:
        page.line(page.say("cli.none"))
        return
    titles = [page.say(f"cli.head.{name}") for name in HEADS]
    page.table([(*row[:-1], str(row[-1])) for row in _rows(session, document.cases, damage)], titles)
    if document.next is not None:
        page.line((page.say("cli.page.next", after=document.next), "dim"))
