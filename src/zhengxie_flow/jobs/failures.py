"""Failures of jobs: tried again after a growing time, then set aside with the code of the error."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from zhengxie_flow.errors import ChainBroken, Conflict, StorageError, ZhengxieError
from zhengxie_flow.ports.work import SET_ASIDE, WAITING, FailedJob, WorkStore

ATTEMPTS: Final = 5
"""Attempts of a job before it is set aside."""

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
CLOCK_PAUSE: Final = timedelta(minutes=15)
"""The pause of a job that the clock holds up: it lies before what its case recorded last."""

CLOCK_BACK: Final = "ZX4090"
UNFORESEEN: Final = "ZX9000"


class JobOutcome(Enum):
    """The outcome of a job."""

    DONE = "done"
    WAITS = "waits"  # it is not tried now
    BUSY = "busy"  # others were in the way
    FAILED = "failed"  # it is tried again later
    SET_ASIDE = "set_aside"  # it is not tried again


def pause_after(attempts: int) -> timedelta:
    """Return the pause after a number of attempts: twice as long each time.

    Args:
        attempts: The attempts so far.

    Example:
        >>> [str(pause_after(attempts)) for attempts in (1, 2, 3, 20)]
        ['0:01:00', '0:02:00', '0:04:00', '6:00:00']
    """
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 20)))


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs of one turn of a worker, each guarded: one that fails keeps no other waiting.

    Attributes:
        store: What workers keep.
        now: The present instant.
        kept: The jobs that failed before, by kind and subject.
    """

    store: WorkStore
    now: datetime
    kept: dict[tuple[str, str], FailedJob]

    @classmethod
    def of(cls, store: WorkStore, now: datetime) -> Jobs:
        """Read what failed before."""
        return cls(store, now, {(job.kind, job.subject): job for job in store.jobs()})

    def unsettled(self, kind: str, subject: str) -> bool:
        """Return whether a job failed and has not succeeded since.

        Args:
            kind: Its kind.
            subject: What it is about.
        """
        return (kind, subject) in self.kept

    def forget(self, kind: str, present: Collection[str]) -> None:
        """Forget the jobs that wait and that nobody needs any more: what they would do was done otherwise.

        Args:
            kind: Their kind.
            present: What there is still to do something about.
        """
        for job in [job for job in self.kept.values() if job.kind == kind and job.state == WAITING]:
            if job.subject not in present:
                self.store.drop_job(kind, job.subject)
                del self.kept[kind, job.subject]

    def attempt(self, kind: str, subject: str, work: Callable[[], object]) -> JobOutcome:
        """Do a job, unless it waits or was set aside.

        Args:
            kind: Its kind.
            subject: What it is about.
            work: The job; doing it twice does no harm.

        Returns:
            Its outcome.

        Raises:
            StorageError: The database cannot be used, which is no fault of the job.
        """
        before = self.kept.get((kind, subject))
        if before is not None and before.waits(self.now):
            return JobOutcome.WAITS
        try:
            work()
        except Conflict as error:
            if error.code != CLOCK_BACK:
                return JobOutcome.BUSY
            attempts = 0 if before is None else before.attempts
            self._keep(FailedJob(
                kind=kind, subject=subject, state=WAITING, attempts=attempts, at=self.now,
                again=self.now + CLOCK_PAUSE, code=error.code,
            ))  # fmt: skip
            return JobOutcome.FAILED
        except Exception as error:
            if isinstance(error, StorageError) and not isinstance(error, ChainBroken):
                raise
            return self._failed(kind, subject, error, before)
        if before is not None:
            self.store.drop_job(kind, subject)
            del self.kept[kind, subject]
        return JobOutcome.DONE

    def _failed(self, kind: str, subject: str, error: Exception, before: FailedJob | None) -> JobOutcome:
        attempts = 1 if before is None else before.attempts + 1
        code = error.code if isinstance(error, ZhengxieError) else UNFORESEEN
        pause = None if attempts >= ATTEMPTS else pause_after(attempts)
        self._keep(FailedJob(
            kind=kind, subject=subject, state=WAITING if pause else SET_ASIDE, attempts=attempts, at=self.now,
            again=None if pause is None else self.now + pause, code=code, failure=type(error).__name__,
        ))  # fmt: skip
        return JobOutcome.SET_ASIDE if pause is None else JobOutcome.FAILED

    def _keep(self, job: FailedJob) -> None:
        """Keep a job; of its error only code and type, as the text may hold what somebody entered."""
        self.store.put_job(job)
        self.kept[job.kind, job.subject] = job
