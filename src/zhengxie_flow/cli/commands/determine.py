"""``zhengxie determine``: record a person's determination of facts."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, Evidence, ExpectVersion, For, Key, Reason, RecordedBy
from zhengxie_flow.cli.parsing import evidence as files_of, moment, pairs
from zhengxie_flow.cli.rendering.events import case_engine, show_event
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    facts: Annotated[list[str], typer.Argument(metavar="FACT=V")],
    by: By,
    reason: Reason,
    basis: Annotated[str | None, typer.Option("--basis", metavar="T")] = None,
    for_: For = None,
    at: At = None,
    evidence: Evidence = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
) -> None:
    """Assert facts of the case, or fields of an item, with a reason."""
    session = session_of(context)
    values = pairs(facts)
    day = None if at is None else moment(at)
    with case_engine(session, case) as engine:
        files = files_of(evidence or (), kept=engine.context.attachments is not None)
        event = engine.determine(
            case, values, by=by, reason=reason, basis=basis, item=for_, at=day, evidence=files, actor=actor,
            recorded_by=recorded_by, key=key, expected_version=expect_version,
        )  # fmt: skip
        show_event(session, event)
