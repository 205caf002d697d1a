"""``zhengxie verify``: verify the hash chains of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.ports import Finding


def command(
    context: typer.Context,
    root: Annotated[str | None, typer.Option("--root", metavar="HASH")] = None,
    replay: Annotated[bool, typer.Option("--replay")] = False,
    evidence: Annotated[bool, typer.Option("--evidence")] = False,
) -> int:
    """Verify every chain and report the first break of each case; exit 1 where one is broken."""
    from zhengxie_flow.ports import NOTES
    from zhengxie_flow.presentation.documents.journals import verification

    session = session_of(context)
    engine = session.engine(read_only=True)
    findings = engine.verify(root, replay=replay, evidence=evidence)
    count = _count(engine)
    broken = [finding for finding in findings if finding.kind not in NOTES]
    session.say(
        verification(findings, count),
        lambda page: _text(page, count, findings, len({finding.case for finding in broken})),
    )
    return NO if broken else DONE


def _count(engine: Engine) -> int:
    """The number of cases, those with a damaged head too; of a damaged file none."""
    from zhengxie_flow.errors import StorageError

    unreadable: list[StorageError] = []
    try:
        return sum(1 for _ in engine.journal.heads(unreadable.append)) + len(unreadable)
    except StorageError:
        return 0


def _sentence(page: Page, finding: Finding) -> str:
    """A finding in words, with the reasons where an act was to be refused."""
    from zhengxie_flow.i18n import render
    from zhengxie_flow.presentation.reasons import reason_text

    reasons = "; ".join(reason_text(reason, page.lang, None) for reason in finding.reasons)
    values = {"expected": finding.expected or "-", "found": finding.found or "-", "reasons": reasons or "-"}
    message = render(finding.code or "", values, page.lang).message
    return f"{finding.code} {message}"


def _text(page: Page, count: int, findings: Sequence[Finding], broken: int) -> None:
    from zhengxie_flow.ports import ABSENT, ERASED, NOTES, STALE

    stale = 0
    for finding in findings:
        if finding.kind == STALE:  # of a journal that was brought up to date, that is each case
            stale += 1
            continue
        place = (
            finding.case or page.say("cli.db.name")
            if finding.sequence is None
            else f"{finding.case}#{finding.sequence}"
        )
        style = "dim" if finding.kind in NOTES else "breach"
        page.line((f"{place}:", "strong"), (page.say(f"cli.finding.{finding.kind}"), style))
        if finding.code is not None:
            page.line(_sentence(page, finding), indent=2)
        elif finding.kind not in (ABSENT, ERASED) and (finding.expected or finding.found):
            page.line(page.say("cli.verify.values", expected=finding.expected, found=finding.found), indent=2)
    if stale:
        page.line((page.say("cli.verify.stale", count=stale), "dim"))
    key = "cli.verify.broken" if broken else "cli.verify.intact"
    page.line((page.say(key, count=count, broken=broken), "breach" if broken else "pass"))
