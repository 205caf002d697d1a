"""``zhengxie explain``: give reasons for departing from a duty."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, ExpectVersion, For, Key, Reason, RecordedBy
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    obligation: Annotated[str, typer.Argument(metavar="OBLIGATION")],
    reason: Reason,
    by: By,
    public: Annotated[bool, typer.Option("--public")] = False,
    for_: For = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Record a reason; given in time it justifies departing from a soft duty."""
    session = session_of(context)
    day = None if at is None else moment(at)
    with case_engine(session, case) as engine:
        event = engine.explain(
            case, obligation, reason=reason, by=by, public=public, item=for_, at=day,
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version,
        )  # fmt: skip
        show_event(session, event)
