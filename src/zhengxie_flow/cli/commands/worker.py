"""``zhengxie worker``: tick cases on their days, and write the reminders that are due."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.parsing import moment
from zhengxie_flow.cli.session import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.jobs.waiting import StopEvent
    from zhengxie_flow.presentation.documents.work import WorkSummary


def command(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once")] = False,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE|INSTANT")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="N")] = None,
    poll: Annotated[float, typer.Option("--poll", metavar="SECONDS", min=0.1, max=3600)] = 5.0,
    retry: Annotated[bool, typer.Option("--retry")] = False,
) -> int:
    """Work until asked to stop; with --once do what is due and end: exit 1 where something was given up."""
    from zhengxie_flow.bootstrap.working import WorkerOptions, release, worker_on
    from zhengxie_flow.jobs.waiting import StopEvent
    from zhengxie_flow.presentation.documents.work import work_summary

    session = session_of(context)
    end = None if until is None else _instant(until)
    stop = StopEvent()
    engine = session.engine()
    worker = worker_on(engine, WorkerOptions(name=name, poll=poll, waiter=stop))
    released = release(worker.store) if retry else 0
    with _stopped_by_signals(stop):
        # Under a clock that is fixed nothing ever becomes due, so there is nothing to wait for.
        once = once or getattr(session.clock, "fixed", False)
        done = worker.drain() if once else worker.run(end)
    summary = work_summary(worker.name, done, released)
    session.say(summary, lambda page: _text(page, summary))
    return NO if once and done.set_aside else DONE


def _instant(text: str) -> datetime:
    """The instant of an option; a day ends with its last instant in China."""
    from datetime import datetime, time, timedelta

    from zhengxie_flow.calendars import CHINA_TIME

    end = moment(text)
    return end if isinstance(end, datetime) else datetime.combine(end + timedelta(days=1), time(), CHINA_TIME)


@contextmanager
def _stopped_by_signals(stop: StopEvent) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the worker once its present job is done."""

    def handle(_number: int, _frame: Any) -> None:
        stop.stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _text(page: Page, summary: WorkSummary) -> None:
    page.line(
        page.say(
            "cli.worker.done",
            worker=summary.worker, ticked=summary.ticked, events=summary.events, recounted=summary.recounted,
        )
    )  # fmt: skip
    if summary.failed or summary.set_aside:
        page.line(
            (
                page.say("cli.worker.failed", failed=summary.failed, set_aside=summary.set_aside),
                "warning",
            )
        )
