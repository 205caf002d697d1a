"""``zhengxie advance``: do an action now."""

from __future__ import annotations

import typer

from zhengxie_flow.cli.options import (
    Action,
    Actor,
    By,
    Case,
    DryRun,
    Evidence,
    ExpectVersion,
    For,
    Key,
    RecordedBy,
    With,
)
from zhengxie_flow.cli.parsing import evidence as files_of, pairs
from zhengxie_flow.cli.rendering.events import case_engine, show_act, show_preview
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    action: Action,
    by: By,
    for_: For = None,
    with_: With = None,
    evidence: Evidence = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
    dry_run: DryRun = False,
) -> None:
    """Advance a case by an action now; refused with every reason unless all requirements are met."""
    session = session_of(context)
    fields = pairs(with_ or ())
    with case_engine(session, case, read_only=dry_run) as engine:
        files = files_of(evidence or (), kept=engine.context.attachments is not None)
        if dry_run:
            event, after = engine.preview(
                case, action, by=by, item=for_, fields=fields, evidence=files, actor=actor,
            )  # fmt: skip
            show_preview(session, event, engine.effects(event, after), after.state)
            return
        written = engine.advance(
            case, action, by=by, item=for_, fields=fields, evidence=files, actor=actor, recorded_by=recorded_by,
            key=key, expected_version=expect_version,
        )  # fmt: skip
        show_act(session, written, engine.effects(written))
