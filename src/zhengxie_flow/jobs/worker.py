"""A worker: it recounts what another calendar moved, and ticks cases on their days.

All its jobs are idempotent and each is a transaction of its own, so that it may be killed at any moment, run beside
others, sleep for weeks, or see its clock jump: what it missed it does later, in order, and nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from zhengxie_flow.errors import StorageError
from zhengxie_flow.jobs.failures import JobOutcome, Jobs
from zhengxie_flow.ports.work import RECOUNT, TICK, SeenWorker, WorkStore
from zhengxie_flow.services.commands.recompute import recount, stale_cases
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.projecting import outdated, overtaken_by_now

if TYPE_CHECKING:
    from zhengxie_flow.jobs.waiting import Waiter
    from zhengxie_flow.services.context import Context

LOG: Final = logging.getLogger("zhengxie_flow.worker")
"""Logger of workers; a record has ids, codes and counts as extras, and never a value that somebody entered."""

QUIET: Final = timedelta(minutes=10)
"""The time in which a case that had nothing to write is not looked at again."""

SEEN: Final = timedelta(seconds=30)
"""The time after which an idle worker says again that it works."""

OUTAGE: Final = timedelta(minutes=5)
"""The time for which a database may be away before the worker ends."""


@dataclass(slots=True)
class WorkDone:
    """Counts of what a worker did.

    Attributes:
        turns: Its turns.
        recounted: Cases whose deadlines another calendar had counted.
        ticked: Cases that were brought up to their day.
        events: Events that were written.
        failed: Jobs that failed and are tried again.
        set_aside: Jobs that were set aside.
    """

    turns: int = 0
    recounted: int = 0
    ticked: int = 0
    events: int = 0
    failed: int = 0
    set_aside: int = 0

    @property
    def progress(self) -> int:
        """Count of the jobs that may give more to do."""
        return self.recounted + self.ticked

    def add(self, other: WorkDone) -> None:
        """Add other counts."""
        for count in fields(self):
            setattr(self, count.name, getattr(self, count.name) + getattr(other, count.name))


@dataclass(slots=True, kw_only=True)
class Worker:
    """One worker on one journal.

    Attributes:
        context: The ports.
        store: What workers keep.
        name: Its name, by which operators know it.
        waiter: What it waits with.
        refresh: Reads calendars again where their files changed.
        poll: Seconds between two turns that find nothing.
    """

    context: Context
    store: WorkStore
    name: str
    waiter: Waiter
    refresh: Callable[[], None] = lambda: None
    poll: float = 5.0
    done: WorkDone = field(default_factory=WorkDone)
    _row: SeenWorker | None = None
    _quiet: dict[str, datetime] = field(default_factory=dict)

    def drain(self) -> WorkDone:
        """Do everything that is to be done now.

        Returns:
            The counts.

        Raises:
            StorageError: The database cannot be used.
        """
        self._begin()
        while not self.waiter.stopping:
            if not self.turn().progress:
                break
        self._end()
        return self.done

    def run(self, until: datetime | None = None) -> WorkDone:
        """Work until asked to stop.

        Args:
            until: The instant at which to end; None to go on.

        Returns:
            The counts.

        Raises:
            StorageError: The database has been away for `OUTAGE`.
        """
        self._begin()
        away: datetime | None = None
        while not self.waiter.stopping and (until is None or self.context.now() < until):
            try:
                progress = self.turn().progress
                away = None
            except StorageError as error:
                now = self.context.now()
                away = away or now
                if now - away > OUTAGE:
                    raise
                LOG.warning("database away", extra={"worker": self.name, "code": error.code})
                progress = 0
            if not progress:
                self.waiter.wait(self.poll)
        self._end()
        return self.done

    def turn(self) -> WorkDone:
        """Look once at everything: the calendars, and the cases whose day has come.

        Returns:
            The counts of this turn.

        Raises:
            StorageError: The database cannot be used.
        """
        turn = WorkDone(turns=1)
        self.refresh()
        jobs = Jobs.of(self.store, self.context.now())
        self._recount(jobs, turn)
        self._tick(jobs, turn)
        self.done.add(turn)
        self._seen(idle=not turn.progress)
        return turn

    def _recount(self, jobs: Jobs, turn: WorkDone) -> None:
        """Recount what another calendar moved, with an event for each deadline, before anything projects it anew."""
        stale_now = tuple(stale_cases(self.context)) if overtaken_by_now(self.context).bases else ()
        jobs.forget(RECOUNT, {stale.case for stale in stale_now})
        for stale in stale_now:
            if self.waiter.stopping:
                return
            outcome = jobs.attempt(RECOUNT, stale.case, lambda: recount(self.context, stale))  # noqa: B023  # at once
            turn.recounted += outcome is JobOutcome.DONE
            self._note(RECOUNT, stale.case, outcome, turn)
            self._quiet.pop(stale.case, None)

    def _tick(self, jobs: Jobs, turn: WorkDone) -> None:
        """Bring every case whose day has come up to its day."""
        cases = outdated(self.context)
        jobs.forget(TICK, frozenset(cases))
        for case in cases:
            if self.waiter.stopping:
                return
            if self._is_quiet(case, jobs.now) or jobs.unsettled(RECOUNT, case):
                continue
            events: list[int] = []
            outcome = jobs.attempt(TICK, case, lambda: events.append(self._ticked(case)))  # noqa: B023  # at once
            turn.events += sum(events)
            turn.ticked += outcome is JobOutcome.DONE
            self._note(TICK, case, outcome, turn)
            if outcome is JobOutcome.DONE:
                self._quiet[case] = jobs.now

    def _ticked(self, case: str) -> int:
        return sum(len(ticked.events) for ticked in tick(self.context, [case]))

    def _is_quiet(self, case: str, now: datetime) -> bool:
        """True for a case that was ticked a moment ago: what is only provisional is not written, however often."""
        last = self._quiet.get(case)
        return last is not None and last <= now < last + QUIET and last.date() == now.date()

    def _note(self, kind: str, case: str, outcome: JobOutcome, turn: WorkDone) -> None:
        turn.failed += outcome is JobOutcome.FAILED
        turn.set_aside += outcome is JobOutcome.SET_ASIDE
        if outcome in (JobOutcome.FAILED, JobOutcome.SET_ASIDE):
            LOG.warning("job %s", outcome.value, extra={"worker": self.name, "job": kind, "case": case})
        elif outcome is JobOutcome.DONE:
            LOG.info("job done", extra={"worker": self.name, "job": kind, "case": case})

    def _begin(self) -> None:
        now = self.context.now()
        self._row = SeenWorker(name=self.name, started=now, seen=now)
        self.store.put_worker(self._row)
        LOG.info("worker started", extra={"worker": self.name})

    def _seen(self, *, idle: bool) -> None:
        """Say that it works, for operators; not in every turn, as each time is a write."""
        now, row = self.context.now(), self._row
        news = row is None or (idle and row.done is None)
        if row is not None and not news and row.seen <= now < row.seen + SEEN:
            return
        started = now if row is None else row.started
        done = now if idle else None if row is None else row.done
        self._row = SeenWorker(name=self.name, started=started, seen=now, done=done)
        self.store.put_worker(self._row)

    def _end(self) -> None:
        now = self.context.now()
        started = now if self._row is None else self._row.started
        self.store.put_worker(SeenWorker(name=self.name, started=started, seen=now, done=now, stopped=now))
        LOG.info("worker stopped", extra={"worker": self.name, "turns": self.done.turns})
