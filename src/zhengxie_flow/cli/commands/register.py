"""``zhengxie register``: the interpretation registers, and who signed each reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.citation import Interpretation


def command(context: typer.Context, process: Annotated[str | None, typer.Argument(metavar="[PROCESS]")] = None) -> None:
    """List every entry with its clause, status, signer and readings."""
    from zhengxie_flow.bootstrap import project_files
    from zhengxie_flow.presentation.documents.registers import registers

    session = session_of(context)
    files = project_files(session.folder)
    by_label: dict[str, dict[str, Interpretation]] = {}
    for ident in [process] if process is not None else files.ids():
        loaded = files.read(ident)
        label = ident.rpartition("/")[0] if loaded.register is None else loaded.register.label
        by_label.setdefault(label, loaded.definition.interpretations)
    shown = {label: entries for label, entries in by_label.items() if entries}
    session.say(registers(shown), lambda page: _text(page, shown))


def _text(page: Page, by_file: dict[str, dict[str, Interpretation]]) -> None:
    from zhengxie_flow.presentation.documents.registers import signed

    for label, entries in by_file.items():
        page.line((label, "strong"))
        page.table([_row(page, number, entry) for number, entry in entries.items()], indent=2)
        unsigned = sum(not signed(entry) for entry in entries.values())
        page.line((page.say("cli.register.unsigned", total=len(entries), unsigned=unsigned), "dim"))
    if not by_file:
        page.line(page.say("cli.none"))


def _row(page: Page, number: str, entry: Interpretation) -> tuple[Any, ...]:
    from zhengxie_flow.presentation.documents.registers import signed

    readings = ", ".join(name if alternative.sets else f"({name})" for name, alternative in entry.alternatives.items())
    signer = entry.signer if signed(entry) else page.say("cli.register.no")
    status = (page.say(f"cli.register.status.{entry.status}"), "" if signed(entry) else "pending")
    clauses = ", ".join(map(str, entry.law))
    return (number, clauses, status, signer, readings, entry.label(page.lang))
