"""``zhengxie register``: the interpretation registers, and who signed each reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.citation import Instrument, Interpretation
    from zhengxie_flow.presentation.documents.registers import OwnRegister


def command(context: typer.Context, process: Annotated[str | None, typer.Argument(metavar="[PROCESS]")] = None) -> None:
    """List every entry with its clause, status, signer and readings."""
    from zhengxie_flow.bootstrap import project_files
    from zhengxie_flow.presentation.documents.registers import OwnRegister, registers

    session = session_of(context)
    files = project_files(session.folder)
    by_label: dict[str, OwnRegister] = {}
    for ident in [process] if process is not None else files.ids():
        loaded = files.read(ident)
        label = ident.rpartition("/")[0] if loaded.register is None else loaded.register.label
        by_label.setdefault(label, OwnRegister(loaded.definition.interpretations, loaded.definition.law))
    shown = {label: register for label, register in by_label.items() if register.entries}
    session.say(registers(shown), lambda page: _text(page, shown))


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
