"""``zhengxie plan``: plan a date for an action."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Action, Actor, At, By, Case, ExpectVersion, For, Key, RecordedBy
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    action: Action,
    to: Annotated[str, typer.Option("--to", metavar="DATE")],
    by: By,
    for_: For = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Plan an action; limits anchored in it are projected from that day."""
    session = session_of(context)
    planned, day = moment(to), None if at is None else moment(at)
    with case_engine(session, case) as engine:
        event = engine.plan(
            case,
            action,
            to=planned,
            by=by,
            item=for_,
            at=day,
            actor=actor,
            recorded_by=recorded_by,
            key=key,
            expected_version=expect_version,
        )
        show_event(session, event)
