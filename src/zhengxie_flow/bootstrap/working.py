"""Workers on an engine: wired here, run by the command line or by a program of one's own."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhengxie_flow.jobs.waiting import StopEvent, Waiter
from zhengxie_flow.jobs.worker import Worker
from zhengxie_flow.ports.work import SET_ASIDE, WorkStore

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """Options of a worker.

    Attributes:
        name: Its name for operators; None for that of the machine.
        poll: Seconds between two turns that find nothing.
        waiter: What it waits with; None to wait for real.
    """

    name: str | None = None
    poll: float = 5.0
    waiter: Waiter | None = None


def worker_on(engine: Engine, options: WorkerOptions | None = None) -> Worker:
    """Wire a worker on an engine.

    Args:
        engine: The engine, whose clock is the worker's.
        options: The options.

    Returns:
        The worker; `Worker.drain` does what is due, `Worker.run` goes on.
    """
    options = options or WorkerOptions()
    return Worker(
        context=engine.context,
        store=engine.journal.work(),
        name=options.name or socket.gethostname(),
        waiter=options.waiter or StopEvent(),
        refresh=_refresher(engine),
        poll=options.poll,
    )


def release(store: WorkStore) -> int:
    """Let the jobs that were set aside be tried again.

    Args:
        store: What workers keep.

    Returns:
        How many.
    """
    return sum(store.drop_job(job.kind, job.subject) for job in store.jobs() if job.state == SET_ASIDE)


def _refresher(engine: Engine) -> Callable[[], None]:
    """A function that reads the calendars again where their files changed."""
    calendars = engine._calendars  # noqa: SLF001 - of the same room
    kept = [calendars.fingerprint()]

    def refresh() -> None:
        present = calendars.fingerprint()
        if present != kept[0]:
            calendars.refresh()
            kept[0] = present

    return refresh
