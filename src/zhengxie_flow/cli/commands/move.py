"""``zhengxie move``: move a running case, or many of them, to another edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import Actor, At, By, DryRun, ExpectVersion, Key, Reason, RecordedBy
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.rendering.events import case_engine
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError

if TYPE_CHECKING:
    from zhengxie_flow.services.commands.bulk_moves import CaseMove, MoveDecision


def command(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="EDITION")],
    by: By,
    reason: Reason,
    case: Annotated[str | None, typer.Argument(metavar="[CASE]")] = None,
    every: Annotated[bool, typer.Option("--all")] = False,
    process: Annotated[str | None, typer.Option("--process", metavar="P")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S")] = None,
    basis: Annotated[str | None, typer.Option("--basis", metavar="T")] = None,
    at: At = None,
    actor: Actor = None,
    recorded_by: RecordedBy = None,
    key: Key = None,
    expect_version: ExpectVersion = None,
    dry_run: DryRun = False,
) -> int:
    """Record the decision, or show what it would change."""
    from zhengxie_flow.engine.events.attribution import Attribution
    from zhengxie_flow.services.commands.bulk_moves import MoveDecision

    session = session_of(context)
    when = None if at is None else moment(at)
    many = every or process is not None
    if many == (case is not None) or (state is not None and not many) or (many and expect_version is not None):
        raise UsageError("ZX6111")
    if case is None:
        attribution = Attribution(by=by, at=when, actor=actor, recorded_by=recorded_by, key=key or "")
        decision = MoveDecision(to, attribution, reason, basis, process, state)
        return _many(session, decision, dry_run=dry_run)
    from zhengxie_flow.cli.rendering import moves
    from zhengxie_flow.presentation.documents.journals import moved_case

    with case_engine(session, case, read_only=dry_run) as engine:
        moved = engine.move(
            case, to=to, by=by, reason=reason, basis=basis, at=when,
            actor=actor, recorded_by=recorded_by, key=key, expected_version=expect_version, dry_run=dry_run,
        )  # fmt: skip
        labels = session.labels_for(case)
        session.say(moved_case(moved), lambda page: moves.text(page, moved, labels))
    return DONE


def _many(session: Session, decision: MoveDecision, *, dry_run: bool) -> int:
    """Move many cases; the answer is no where some of them cannot move."""
    from zhengxie_flow.cli.rendering import moves
    from zhengxie_flow.presentation.documents.journals import moved_cases
    from zhengxie_flow.services.commands.bulk_moves import concerned, move_cases

    context = session.engine(read_only=dry_run).context
    cases = concerned(context, decision)
    with progress(session.text("cli.move.progress"), len(cases)) as step:

        def stepped() -> Iterator[CaseMove]:
            for row in move_cases(context, decision, cases, dry_run=dry_run):
                step()
                yield row

        document = moved_cases(decision.to, stepped(), session.message_language, written=not dry_run)
    session.say(document, lambda page: moves.summary(page, document, session.labels_for))
    return NO if document.barred else DONE
