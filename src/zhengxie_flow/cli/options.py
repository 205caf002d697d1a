"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from zhengxie_flow.cli.session import Session

Case = Annotated[str, typer.Argument(metavar="CASE")]
Action = Annotated[str, typer.Argument(metavar="ACTION")]
By = Annotated[str, typer.Option("--by", metavar="ROLE")]
For = Annotated[str | None, typer.Option("--for", metavar="ITEM")]
With = Annotated[list[str] | None, typer.Option("--with", metavar="F=V")]
Evidence = Annotated[list[str] | None, typer.Option("--evidence", metavar="FILE")]
Actor = Annotated[str | None, typer.Option("--actor", metavar="ID")]
RecordedBy = Annotated[str | None, typer.Option("--recorded-by", metavar="ID")]
Key = Annotated[str | None, typer.Option("--key", metavar="K")]
ExpectVersion = Annotated[int | None, typer.Option("--expect-version", metavar="N")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
At = Annotated[str | None, typer.Option("--at", metavar="DATE|INSTANT")]
Reason = Annotated[str, typer.Option("--reason", metavar="T")]
Paths = Annotated[list[str] | None, typer.Argument(metavar="PATH")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D")]
Process = Annotated[str | None, typer.Option("--process", metavar="P")]
State = Annotated[str | None, typer.Option("--state", metavar="S")]
Office = Annotated[str | None, typer.Option("--office", metavar="O")]
Person = Annotated[str | None, typer.Option("--person", metavar="A")]
Parent = Annotated[str | None, typer.Option("--parent", metavar="CASE")]
Text = Annotated[str | None, typer.Option("--text", metavar="T")]
After = Annotated[str | None, typer.Option("--after", metavar="K")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N")]
TableFormat = Literal["text", "json", "csv"]
Table = Annotated[TableFormat | None, typer.Option("--format")]


def apply_format(session: Session, form: TableFormat | None) -> bool:
    """Take over the format of a command that also writes tables for spreadsheets; return whether it is to write one."""
    if form is not None:
        session.format = "json" if form == "json" else "text"
    return form == "csv"
