"""``zhengxie audit``: the verdicts on cases, as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.output.progress import progress
from zhengxie_flow.cli.parsing import day, instant, pairs
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError
from zhengxie_flow.i18n import labelled_word
from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.model.verdict import Audit, Verdict
from zhengxie_flow.spelling import unknown_name

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.reading_trials import ReadingTrials

NEVER = "never"


def command(
    context: typer.Context,
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE")] = None,
    as_of: AsOf = None,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="I")] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", metavar="VERDICT|never")] = "breach",
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
    every: Annotated[bool, typer.Option("--all", "-a")] = False,
    working: Annotated[bool, typer.Option("--working", "-w")] = False,
    reading: Annotated[list[str] | None, typer.Option("--reading", metavar="ENTRY=READING")] = None,
    controls: Annotated[bool, typer.Option("--controls")] = False,
    readings: Annotated[bool, typer.Option("--readings")] = False,
    combinations: Annotated[int, typer.Option("--combinations", metavar="N", min=0)] = 0,
) -> int:
    """Audit cases and show the verdicts; exit 1 where one is at or above the threshold."""
    from zhengxie_flow.services.queries.audit import with_controls

    threshold = _threshold(fail_on)
    session = session_of(context)
    cutoff = None if known_at is None else instant(known_at)
    if reading and (readings or combinations):
        raise UsageError("ZX6100")
    if readings or combinations:
        trials = _try_readings(session, cases, None if as_of is None else day(as_of), cutoff, combinations)
        audit = trials.audit
    else:
        trials = None
        audit = _audit(session, cases, None if as_of is None else day(as_of), cutoff, pairs(reading or ()))
    if controls:
        audit = replace(audit, cases=tuple(map(with_controls, audit.cases)))
    full = verbose or working or every or len(cases or ()) == 1
    _show(session, audit, trials, full=full, every=every, counted=working)
    failed = threshold is not None and audit.worst.at_or_above(threshold)
    return NO if failed else DONE


def _threshold(text: str) -> Verdict | None:
    if text == NEVER:
        return None
    try:
        return Verdict(text)
    except ValueError:
        params = unknown_name("verdict", text, (*map(str, Verdict), NEVER), language_names())
        params["known"] = tuple(labelled_word("verdict", name) for name in params["known"])
        params["suggestion"] = labelled_word("verdict", params["suggestion"])
        raise UsageError("ZX1201", **params) from None


def _audit(
    session: Session, cases: list[str] | None, as_of: date | None, known_at: datetime | None, readings: dict[str, str]
) -> Audit:
    from zhengxie_flow.calendars import CHINA_TIME

    cutoff = known_at or session.now()
    engine = session.engine(read_only=True)
    names = list(dict.fromkeys(cases)) if cases else None
    return engine.audit(names, as_of or cutoff.astimezone(CHINA_TIME).date(), cutoff, readings or None)


def _try_readings(
    session: Session, cases: list[str] | None, as_of: date | None, known_at: datetime | None, combinations: int
) -> ReadingTrials:
    """The audit with every other reading of the register tried, and a bar where that takes long."""
    from zhengxie_flow.calendars import CHINA_TIME
    from zhengxie_flow.services.queries.question import ReadingsQuestion
    from zhengxie_flow.services.queries.readings import try_readings

    cutoff = known_at or session.now()
    names = tuple(dict.fromkeys(cases)) if cases else None
    question = ReadingsQuestion(names, as_of or cutoff.astimezone(CHINA_TIME).date(), cutoff, combinations=combinations)
    engine = session.engine(read_only=True)
    with progress(session.text("cli.audit.trying"), len(names) if names else None) as step:
        return try_readings(engine.context, question, step)


def _show(
    session: Session, audit: Audit, trials: ReadingTrials | None, *, full: bool, every: bool, counted: bool
) -> None:
    from zhengxie_flow.cli.rendering import trials as tried, verdicts
    from zhengxie_flow.presentation.documents.audits import audit_document, tried_document
    from zhengxie_flow.presentation.sentences import with_sentences

    if session.json or full:
        audit = with_sentences(audit, session.labels_for)
    extent = verdicts.Extent(full, every, session.explainer(audit.as_of) if counted else None)

    def prose(page: Page) -> None:
        verdicts.text(page, audit, session.labels_for, extent)
        if trials is not None:
            tried.text(page, trials, session.labels_for)

    session.say(audit_document(audit) if trials is None else tried_document(audit, trials), prose)
