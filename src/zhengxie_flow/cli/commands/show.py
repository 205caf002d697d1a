"""``zhengxie show``: one case in full."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.options import Actor, Case
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    case: Case,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE")] = None,
    actor: Actor = None,
) -> None:
    """Show state, facts, items, possible actions with the reasons against the others, deadlines and events."""
    from zhengxie_flow.cli.rendering import cases
    from zhengxie_flow.presentation.documents.cases import case_document
    from zhengxie_flow.services.queries.overview import overview

    session = session_of(context)
    current = overview(session.engine(read_only=True).context, case, role, actor)
    labels = session.labels_for(case)
    subcases = [subcase for standing in current.subcases for subcase in standing.cases]
    session.say(
        case_document(current),
        lambda page: cases.text(
            page, labels, current, {child.case: session.labels_for(child.case).state(child.state) for child in subcases}
        ),
    )
