"""``zhengxie move``: move a running case to another edition."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, At, By, Case, DryRun, ExpectVersion, Key, Reason, RecordedBy
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    to: Annotated[str, typer.Option("--to", metavar="EDITION")],
    by: By,
    reason: Reason,
    basis: Annotated[str | None, typer.Option("--basis", metavar="T")] = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
    dry_run: DryRun = False,
) -> None:
    """Record the decision, or show what it would change."""
    from zhengxie_flow.cli.rendering import moves
    from zhengxie_flow.presentation.documents.journals import moved_case

    session = session_of(context)
    with case_engine(session, case, read_only=dry_run) as engine:
        moved = engine.move(
            case, to=to, by=by, reason=reason, basis=basis, at=None if at is None else moment(at),
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version, dry_run=dry_run,
        )  # fmt: skip
        labels = session.labels_for(case)
        session.say(moved_case(moved), lambda page: moves.text(page, moved, labels))
