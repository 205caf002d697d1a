"""``zhengxie import``: record the cases of one or more files, in chunks that can be gone on from, or all or nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.output.stream import write
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from zhengxie_flow.services.commands.importing import ImportCounts


def command(
    context: typer.Context,
    file: Annotated[list[str], typer.Argument(metavar="FILE")],
    dry_run: DryRun = False,
    atomic: Annotated[bool, typer.Option("--atomic")] = False,
) -> None:
    """Read the files to their end, then write their cases."""
    from zhengxie_flow.presentation.documents.journals import ImportSummary
    from zhengxie_flow.reading.imports import read_cases
    from zhengxie_flow.services.commands.importing import ImportProgress, import_cases

    session = session_of(context)
    with progress(session.text("cli.import.reading"), None) as step:
        source = read_cases(*map(Path, file), progress=step)
    engine = session.engine(read_only=dry_run)
    stored: list[ImportCounts] = []
    with source, _resumable(session, stored), progress(session.text("cli.import.progress"), len(source)) as step:
        watch = ImportProgress(checked=step, stored=stored.append)
        done = import_cases(engine.context, source, dry_run=dry_run, atomic=atomic, progress=watch)
    single = len(file) == 1
    summary = ImportSummary(file[0] if single else None, tuple(file), dry_run, done)
    key = "cli.import.would" if dry_run else "cli.import.done"
    label = file[0] if single else f"{file[0]} … {file[-1]} ({len(file)})"
    session.say(summary, session.text(key, file=label, **asdict(done)))


@contextmanager
def _resumable(session: Session, stored: list[ImportCounts]) -> Iterator[None]:
    """Say on standard error, where the import ends early, what is in the database and how to go on."""
    try:
        yield
    except BaseException:
        if stored and stored[-1].events_new:
            cases, events = stored[-1].cases_new, stored[-1].events_new
            write(session.text("cli.import.partial", cases=cases, events=events) + "\n", sys.stderr)
        raise
