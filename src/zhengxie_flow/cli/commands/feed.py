"""``zhengxie feed``: the committed events of all cases after a position, for a program that follows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zhengxie_flow.cli.output.cell import neutralised_json
from zhengxie_flow.cli.output.stream import write_raw
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from zhengxie_flow.model.feed import FeedPage

Format = Literal["jsonl", "json"]
_PAGE = 1000


def command(
    context: typer.Context,
    after: Annotated[int, typer.Option("--after", metavar="N", min=0, show_default=False)] = 0,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1)] = None,
    format: Annotated[Format | None, typer.Option("--format")] = None,  # noqa: A002  # the option's name
) -> None:
    """Write the events with their positions, each on a line of its own."""
    from zhengxie_flow.presentation.documents.feeds import feed_document, feed_events
    from zhengxie_flow.presentation.serialise import serialise

    session = session_of(context)
    session.format = "json" if "json" in (format, session.format if format is None else None) else "text"
    pages = _pages(session, after, limit)
    if session.json:
        session.say(feed_document(pages, after), "")
        return
    for page in pages:
        lines = [json.dumps(serialise(entry), ensure_ascii=False) + "\n" for entry in feed_events(page.entries)]
        write_raw(neutralised_json("".join(lines)))


def _pages(session: Session, after: int, limit: int | None) -> Iterator[FeedPage]:
    """The pages up to the limit, or to the end of what is committed now."""
    engine = session.engine(read_only=not session.database.startswith("postgresql"))  # which gives positions to read
    left = limit
    while left is None or left > 0:
        page = engine.feed(after, limit=_PAGE if left is None else min(_PAGE, left))
        yield page
        if not page.more:
            return
        after = page.next
        left = None if left is None else left - len(page.entries)
