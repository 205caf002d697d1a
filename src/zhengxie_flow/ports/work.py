"""The port of the records of workers beside the journal: jobs that failed, and when each worker was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

WAITING, SET_ASIDE = "waiting", "set_aside"
"""States of a job that failed: it is tried again, or somebody has to look at it."""

TICK: Final = "tick"
RECOUNT: Final = "recount"
"""Kinds of jobs: write what time has brought to a case; recount what another calendar moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """Job that failed.

    Attributes:
        kind: ``tick`` or ``recount``.
        subject: What it is about: the id of a case.
        state: ``waiting`` to be tried again, or ``set_aside``.
        attempts: How often it failed.
        at: The instant of the last attempt.
        again: The instant before which it is not tried again.
        code: The code of the error.
        failure: What failed, without any value that somebody entered.
    """

    kind: str
    subject: str
    state: str
    attempts: int
    at: datetime
    again: datetime | None = None
    code: str | None = None
    failure: str | None = None

    def waits(self, now: datetime) -> bool:
        """Return whether it is not to be tried at an instant; a clock that was set back does not hold it up.

        Args:
            now: The present instant.
        """
        return self.state == SET_ASIDE or (self.again is not None and self.at <= now < self.again)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWorker:
    """Worker, and when it was seen.

    Attributes:
        name: Its name.
        started: When it started.
        seen: When it last said that it works.
        done: When it last had nothing left to do.
        stopped: When it ended in order; None while it works, or where it was killed.
    """

    name: str
    started: datetime
    seen: datetime
    done: datetime | None = None
    stopped: datetime | None = None


class WorkStore(Protocol):
    """Records of workers; each call is a transaction of its own."""

    def jobs(self, kind: str | None = None) -> tuple[FailedJob, ...]:
        """Return the jobs that failed, by kind and subject.

        Args:
            kind: Of one kind alone; None for all.
        """

    def put_job(self, job: FailedJob) -> None:
        """Keep a job that failed, in place of what was kept of it.

        Args:
            job: The job.
        """

    def drop_job(self, kind: str, subject: str) -> bool:
        """Forget a job: it succeeded, or is to be tried anew.

        Args:
            kind: Its kind.
            subject: What it is about.

        Returns:
            False where nothing was kept of it.
        """

    def workers(self) -> tuple[SeenWorker, ...]:
        """Return the workers, by name."""

    def put_worker(self, worker: SeenWorker) -> None:
        """Keep when a worker was seen, in place of what was kept.

        Args:
            worker: The worker.
        """
