"""``zhengxie assign``: assign a role of a case to an office or a person."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, ExpectVersion, Key, RecordedBy
from zhengxie_flow.cli.parsing import day, moment
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    to: Annotated[str, typer.Option("--to", metavar="OFFICE|PERSON")],
    by: By,
    from_: Annotated[str | None, typer.Option("--from", metavar="D")] = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Assign a role; from its first day on it replaces what was assigned before."""
    session = session_of(context)
    begins, when = None if from_ is None else day(from_), None if at is None else moment(at)
    with case_engine(session, case) as engine:
        event = engine.assign(
            case, role, to=to, by=by, from_day=begins, at=when,
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version,
        )  # fmt: skip
        show_event(session, event)
