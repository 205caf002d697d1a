"""``zhengxie import``: record the cases of one or more files, all or nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.session import session_of


def command(
    context: typer.Context,
    file: Annotated[list[str], typer.Argument(metavar="FILE")],
    dry_run: DryRun = False,
) -> None:
    """Read the files whole, then write them in one transaction."""
    from zhengxie_flow.presentation.documents.journals import ImportSummary
    from zhengxie_flow.reading.imports import read_cases
    from zhengxie_flow.services.commands.importing import import_cases

    session = session_of(context)
    cases = read_cases(*map(Path, file))
    engine = session.engine(read_only=dry_run)
    total = sum(len(case.lines) for case in cases)
    with progress(session.text("cli.import.progress"), total) as step:
        done = import_cases(engine.context, cases, dry_run=dry_run, progress=step)
    single = len(file) == 1
    summary = ImportSummary(file[0] if single else None, tuple(file), dry_run, done)
    key = "cli.import.would" if dry_run else "cli.import.done"
    label = file[0] if single else f"{file[0]} … {file[-1]} ({len(file)})"
    session.say(summary, session.text(key, file=label, **asdict(done)))
