"""``zhengxie audit``: the verdicts on cases, as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.parsing import day, instant, pairs
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError
from zhengxie_flow.i18n import labelled_word
from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.model.verdict import Audit, Verdict
from zhengxie_flow.spelling import unknown_name

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
) -> int:
    """Audit cases and show the verdicts; exit 1 where one is at or above the threshold."""
    from zhengxie_flow.services.queries.audit import with_controls

    threshold = _threshold(fail_on)
    session = session_of(context)
    cutoff = None if known_at is None else instant(known_at)
    audit = _audit(session, cases, None if as_of is None else day(as_of), cutoff, pairs(reading or ()))
    if controls:
        audit = replace(audit, cases=tuple(map(with_controls, audit.cases)))
    full = verbose or working or every or len(cases or ()) == 1
    _show(session, audit, full=full, every=every, counted=working)
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


def _show(session: Session, audit: Audit, *, full: bool, every: bool, counted: bool) -> None:
    from zhengxie_flow.cli.rendering import verdicts
    from zhengxie_flow.presentation.sentences import with_sentences

    if session.json or full:
        audit = with_sentences(audit, session.labels_for)
    extent = verdicts.Extent(full, every, session.explainer(audit.as_of) if counted else None)
    session.say(audit, lambda page: verdicts.text(page, audit, session.labels_for, extent))
