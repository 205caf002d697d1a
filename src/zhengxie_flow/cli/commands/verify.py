"""``zhengxie verify``: verify the hash chains of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import Finding


def command(
    context: typer.Context,
    root: Annotated[str | None, typer.Option("--root", metavar="HASH")] = None,
    evidence: Annotated[bool, typer.Option("--evidence")] = False,
) -> int:
    """Verify every chain and report the first break of each case; exit 1 where one is broken."""
    from zhengxie_flow.presentation.documents.journals import NOTES, verification

    session = session_of(context)
    engine = session.engine(read_only=True)
    findings = engine.verify(root, evidence=evidence)
    count = sum(1 for _ in engine.journal.heads())
    broken = [finding for finding in findings if finding.kind not in NOTES]
    session.say(
        verification(findings, count),
        lambda page: _text(page, count, findings, len({finding.case for finding in broken})),
    )
    return NO if broken else DONE


def _text(page: Page, count: int, findings: Sequence[Finding], broken: int) -> None:
    from zhengxie_flow.presentation.documents.journals import NOTES

    for finding in findings:
        place = (
            finding.case or page.say("cli.db.name")
            if finding.sequence is None
            else f"{finding.case}#{finding.sequence}"
        )
        style = "dim" if finding.kind in NOTES else "breach"
        page.line((f"{place}:", "strong"), (page.say(f"cli.finding.{finding.kind}"), style))
        if finding.kind != "erased" and (finding.expected or finding.found):
            page.line(page.say("cli.verify.values", expected=finding.expected, found=finding.found), indent=2)
    key = "cli.verify.broken" if broken else "cli.verify.intact"
    page.line((page.say(key, count=count, broken=broken), "breach" if broken else "pass"))
