"""``zhengxie urge``: urge those who owe a duty to perform it."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, ExpectVersion, For, Key, RecordedBy
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    obligation: Annotated[str, typer.Argument(metavar="OBLIGATION")],
    by: By,
    note: Annotated[str | None, typer.Option("--note", metavar="T")] = None,
    for_: For = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Urge, not sooner than the shortest interval after the last reminder."""
    session = session_of(context)
    day = None if at is None else moment(at)
    with case_engine(session, case) as engine:
        event = engine.urge(
            case, obligation, by=by, note=note, item=for_, at=day,
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version,
        )  # fmt: skip
        show_event(session, event)
