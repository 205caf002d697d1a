"""``zhengxie correct``: correct or withdraw an earlier event."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, ExpectVersion, Key, Reason, RecordedBy, With
from zhengxie_flow.cli.parsing import moment, pairs
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    event: Annotated[int, typer.Argument(metavar="EVENT", min=1)],
    reason: Reason,
    by: By,
    retract: Annotated[bool, typer.Option("--retract")] = False,
    with_: With = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Withdraw an event or change its fields; the original stays on record."""
    session = session_of(context)
    changes, day = pairs(with_ or ()), None if at is None else moment(at)
    with case_engine(session, case) as engine:
        written = engine.correct(
            case, event, reason=reason, by=by, retract=retract, fields=changes or None, at=day,
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version,
        )  # fmt: skip
        show_event(session, written)
