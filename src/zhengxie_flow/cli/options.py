"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

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
