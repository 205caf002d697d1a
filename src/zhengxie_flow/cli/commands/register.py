"""``zhengxie register``: how the law is read here, and who has signed that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from zhengxie_flow.cli.paper import Paper
    from zhengxie_flow.model.citation import Interpretation

UNSIGNED = "unsigned"


def command(context: typer.Context, process: Annotated[str | None, typer.Argument(metavar="[PROCESS]")] = None) -> None:
    """List every entry with its clause, status, signer and readings."""
    from zhengxie_flow.bootstrap import project_files

    session = session_of(context)
    files = project_files(session.folder)
    found: dict[str, dict[str, Interpretation]] = {}
    for ident in [process] if process is not None else files.ids():
        loaded = files.read(ident)
        label = ident.rpartition("/")[0] if loaded.register is None else loaded.register.label
        found.setdefault(label, loaded.definition.interpretations)
    shown = {label: entries for label, entries in found.items() if entries}
    session.say(
        {"registers": [{"file": label, "entries": _document(entries)} for label, entries in shown.items()]},
        lambda paper: _text(paper, shown),
    )


def signed(entry: Interpretation) -> bool:
    """Whether somebody has put their name to a reading."""
    return entry.signer != UNSIGNED


def _document(entries: dict[str, Interpretation]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "zh": entry.zh,
            "en": entry.en,
            "law": [str(ref) for ref in entry.law],
            "status": entry.status,
            "signer": entry.signer,
            "signed": signed(entry),
            "sets": entry.sets,
            "alternatives": [
                {
                    "reading": name,
                    "zh": each.zh,
                    "en": each.en,
                    "sets": each.sets,
                    "why_not": None if each.why_not is None else {"zh": each.why_not.zh, "en": each.why_not.en},
                }
                for name, each in entry.alternatives.items()
            ],
        }
        for number, entry in entries.items()
    ]


def _text(paper: Paper, registers: dict[str, dict[str, Interpretation]]) -> None:
    for label, entries in registers.items():
        paper.line((label, "strong"))
        paper.table([_row(paper, number, entry) for number, entry in entries.items()], indent=2)
        unsigned = sum(not signed(entry) for entry in entries.values())
        paper.line((paper.say("cli.register.unsigned", total=len(entries), unsigned=unsigned), "dim"))
    if not registers:
        paper.line(paper.say("cli.none"))


def _row(paper: Paper, number: str, entry: Interpretation) -> tuple[Any, ...]:
    readings = ", ".join(name if each.sets else f"({name})" for name, each in entry.alternatives.items())
    signer = entry.signer if signed(entry) else paper.say("cli.register.no")
    status = (paper.say(f"cli.register.status.{entry.status}"), "" if signed(entry) else "pending")
    clauses = ", ".join(map(str, entry.law))
    return (number, clauses, status, signer, readings, entry.label(paper.lang))
