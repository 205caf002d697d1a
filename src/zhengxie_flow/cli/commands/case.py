"""``zhengxie case``: cases out of one journal, and into another."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import JudgedLine
    from zhengxie_flow.presentation.documents.journals import ImportedCaseFile


def export(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="CASE FILE")],
    every: Annotated[bool, typer.Option("--all")] = False,
    personal: Annotated[bool, typer.Option("--personal")] = False,
    evidence: Annotated[bool, typer.Option("--evidence")] = False,
) -> None:
    """Write a case with its parents and subcases, or all cases, to a new file."""
    from zhengxie_flow.presentation.documents.journals import ExportedCaseFile

    session = session_of(context)
    if len(names) != (1 if every else 2):
        raise UsageError("ZX6110", given=" ".join(names))
    case, file = None if every else names[0], names[-1]
    engine = session.engine(read_only=True)
    with progress(session.text("cli.case.exporting"), None) as step:
        content = engine.export_case(case, file, personal=personal, evidence=evidence, progress=step)
    session.say(
        ExportedCaseFile(file, case, personal, evidence, content),
        session.text("cli.case.exported", file=file, **asdict(content)),
    )


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE")],
    root: Annotated[str | None, typer.Option("--root", metavar="HASH")] = None,
    dry_run: DryRun = False,
) -> None:
    """Take in the cases of a file, each as it was written elsewhere; doing it again changes nothing."""
    from zhengxie_flow.presentation.documents.journals import imported_case_file

    session = session_of(context)
    engine = session.engine(read_only=dry_run)
    with progress(session.text("cli.import.progress"), None) as step:
        done = engine.import_case(file, root=root, dry_run=dry_run, progress=step)
    summary = imported_case_file(file, done, dry_run=dry_run)
    session.say(summary, lambda page: _text(page, session, summary))


def _text(page: Page, session: Session, summary: ImportedCaseFile) -> None:
    key = "cli.case.would" if summary.dry_run else "cli.case.imported"
    page.line(
        session.text(
            key, file=summary.file, cases_new=summary.cases_new, cases_continued=summary.cases_continued,
            cases_known=summary.cases_known, events_new=summary.events_new,
        )
    )  # fmt: skip
    if summary.absent:
        page.line(page.say("cli.case.absent", count=summary.absent))
    if summary.differing:
        page.line(page.say("cli.case.differing", count=len(summary.differing)))
        page.table(
            [
                (row.case, row.obligation, row.item, _shown(page, row.filed), "→", _shown(page, row.here))
                for row in summary.differing
            ],
            indent=2,
        )


def _shown(page: Page, line: JudgedLine | None) -> str:
    """A verdict with its day."""
    if line is None:
        return "-"
    last = line.due or line.latest
    return " ".join(part for part in (page.say(f"verdict.{line.verdict}"), last.isoformat() if last else "") if part)


SUBCOMMANDS = {"export": export, "import": import_}
