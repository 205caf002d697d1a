"""``zhengxie link``: link a case to a parent case."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, Key, RecordedBy
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    under: Annotated[str, typer.Option("--under", metavar="CASE")],
    by: By,
    subcase: Annotated[str | None, typer.Option("--as", metavar="SUBCASE")] = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
) -> None:
    """Link an independent case to a parent; its acts are mirrored into the parent's journal from then on."""
    session = session_of(context)
    since = None if at is None else moment(at)
    with case_engine(session) as engine:
        show_event(
            session,
            engine.link(
                case, under=under, by=by, subcase=subcase, at=since, actor=actor, recorded_by=recorded_by, key=key
            ),
        )
