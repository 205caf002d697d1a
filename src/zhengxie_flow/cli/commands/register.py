"""``zhengxie register``: the interpretation registers, who signed each reading, and what each one matters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.parsing import day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError
from zhengxie_flow.services.queries.question import ReadingsQuestion

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.citation import Instrument, Interpretation
    from zhengxie_flow.presentation.documents.registers import OwnRegister


def command(
    context: typer.Context,
    process: Annotated[str | None, typer.Argument(metavar="[PROCESS]")] = None,
    impact: Annotated[bool, typer.Option("--impact")] = False,
    as_of: AsOf = None,
    combinations: Annotated[int, typer.Option("--combinations", metavar="N", min=0)] = 0,
) -> None:
    """List every entry with its clause, status, signer and readings; or what each matters in the open cases."""
    from zhengxie_flow.bootstrap import project_files
    from zhengxie_flow.presentation.documents.registers import own_registers, registers

    session = session_of(context)
    if not impact and (as_of is not None or combinations):
        raise UsageError("ZX6101")
    shown = own_registers(project_files(session.folder), process)
    if impact:
        _impact(session, shown, ReadingsQuestion(process=process, as_of=None if as_of is None else day(as_of),
                                         open_only=True, combinations=combinations))  # fmt: skip
    else:
        session.say(registers(shown), lambda page: _text(page, shown))


def _impact(session: Session, by_file: dict[str, OwnRegister], question: ReadingsQuestion) -> None:
    """Judge the open cases under each other reading, with a bar where that takes long."""
    from zhengxie_flow.calendars import CHINA_TIME
    from zhengxie_flow.cli.rendering.trials import impact
    from zhengxie_flow.presentation.documents.impacts import register_impact
    from zhengxie_flow.services.queries.readings import try_readings

    entries = {number: entry for register in by_file.values() for number, entry in register.entries.items()}
    cutoff = session.now()
    asked = replace(question, as_of=question.as_of or cutoff.astimezone(CHINA_TIME).date(), known_at=cutoff)
    with progress(session.text("cli.register.judging"), None) as step:
        trials = try_readings(session.engine(read_only=True).context, asked, step)
    document = register_impact(trials, entries)
    session.say(document, lambda page: impact(page, document, session.labels_for))


def _text(page: Page, by_file: dict[str, OwnRegister]) -> None:
    for label, register in by_file.items():
        page.line((label, "strong"))
        page.table([_row(page, number, entry, register.law) for number, entry in register.entries.items()], indent=2)
        unsigned = sum(not entry.signed for entry in register.entries.values())
        page.line((page.say("cli.register.unsigned", total=len(register.entries), unsigned=unsigned), "dim"))
        if working := sum(entry.working_assumption(register.law) for entry in register.entries.values()):
            page.line((page.say("cli.register.working", count=working), "dim"))
    if not by_file:
        page.line(page.say("cli.none"))


def _row(page: Page, number: str, entry: Interpretation, law: Instrument | None) -> tuple[Any, ...]:
    readings = ", ".join(name if alternative.sets else f"({name})" for name, alternative in entry.alternatives.items())
    signer = entry.signer if entry.signed else page.say("cli.register.no")
    kind = "working_assumption" if entry.working_assumption(law) else entry.status
    status = (page.say(f"cli.register.status.{kind}"), "" if entry.signed else "pending")
    clauses = ", ".join(map(str, entry.law))
    return (number, clauses, status, signer, readings, entry.label(page.lang))
