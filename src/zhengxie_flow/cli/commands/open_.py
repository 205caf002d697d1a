"""``zhengxie open``: begin a case."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Key, RecordedBy
from zhengxie_flow.cli.parsing import moment, pairs
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of
from zhengxie_flow.errors import UsageError


def command(
    context: typer.Context,
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    case: Annotated[str, typer.Option("--case", metavar="ID")],
    by: By,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="FACT=V")] = None,
    at: At = None,
    under: Annotated[str | None, typer.Option("--under", metavar="CASE")] = None,
    subcase: Annotated[str | None, typer.Option("--as", metavar="SUBCASE")] = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
) -> None:
    """Begin a case of a process in its first state, of its own or under another case."""
    session = session_of(context)
    if subcase is not None and under is None:
        raise UsageError("ZX6070")
    facts = pairs(set_ or ())
    opened = None if at is None else moment(at)
    with case_engine(session) as engine:
        event = engine.open(
            process,
            case,
            by=by,
            facts=facts,
            at=opened,
            under=under,
            subcase=subcase,
            actor=actor,
            recorded_by=recorded_by,
            key=key,
        )
        show_event(session, event)
