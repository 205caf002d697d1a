"""``zhengxie coverage``: the implementation of the law and its scenarios, clause by clause."""

from __future__ import annotations

from typing import Annotated

import typer

from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
) -> None:
    """Run every scenario and list each clause with the parts that implement it and the scenarios that exercise them."""
    from zhengxie_flow.bootstrap import project_calendars, project_files, scenario_files
    from zhengxie_flow.bootstrap.law_coverage import document, laws
    from zhengxie_flow.cli.rendering import coverage

    session = session_of(context)
    files = project_files(session.folder)
    written = scenario_files.read(list(files.scenarios()), files.root)
    covered = laws(files, scenario_files.play(files, project_calendars(session.folder), written))
    session.say(document(covered), lambda page: coverage.text(page, covered, full=verbose))
