"""Records of workers in SQL, beside the journal: failed jobs, and when each worker was seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Table, delete, select, update

from zhengxie_flow.ports.work import FailedJob, SeenWorker
from zhengxie_flow.storage import rows, tables
from zhengxie_flow.storage.connections import require_writable
from zhengxie_flow.storage.dialects import insert_once
from zhengxie_flow.storage.faults import translated

if TYPE_CHECKING:
    from zhengxie_flow.storage.connections import ConnectionSource
    from zhengxie_flow.storage.raw import AnyRow

_LONGEST: Final = 2000
"""Characters of a failure that are kept."""


class SqlWork:
    """Records of workers (see `zhengxie_flow.ports.work.WorkStore`); `SqlJournal.work` gives it.

    Args:
        source: The connections of the journal it lies beside.
    """

    def __init__(self, source: ConnectionSource) -> None:
        self._source = source

    def jobs(self, kind: str | None = None) -> tuple[FailedJob, ...]:
        """Return the jobs that failed, by kind and subject."""
        table = tables.jobs
        query = select(table).order_by(table.c.kind, table.c.subject)
        return tuple(self._read(query if kind is None else query.where(table.c.kind == kind), _job, table))

    def put_job(self, job: FailedJob) -> None:
        """Keep a job that failed, in place of what was kept of it."""
        values = {
            "state": job.state,
            "attempts": job.attempts,
            "at": rows.instant_column(job.at),
            "again": rows.instant_column(job.again),
            "code": job.code,
            "failure": None if job.failure is None else job.failure[:_LONGEST],
        }
        self._put(tables.jobs, {"kind": job.kind, "subject": job.subject}, values)

    def drop_job(self, kind: str, subject: str) -> bool:
        """Forget a job; False where nothing was kept of it."""
        table = tables.jobs
        return bool(self._change(delete(table).where(table.c.kind == kind, table.c.subject == subject)))

    def workers(self) -> tuple[SeenWorker, ...]:
        """Return the workers, by name."""
        table = tables.workers
        return tuple(self._read(select(table).order_by(table.c.name), _worker, table))

    def put_worker(self, worker: SeenWorker) -> None:
        """Keep when a worker was seen, in place of what was kept."""
        values = {name: rows.instant_column(getattr(worker, name)) for name in ("started", "seen", "done", "stopped")}
        self._put(tables.workers, {"name": worker.name}, values)

    def _read(self, query: Any, convert: Any, table: Table) -> Any:
        with self._source.reading() as connection:
            return rows.read(connection.execute(query).all(), convert, table.name)

    def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        """Replace a row, or add it."""
        with self._writing() as connection, translated(self._source.where):
            if not self._replaced(connection, table, key, values):
                insert_once(connection, table, {**key, **values})

    @staticmethod
    def _replaced(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> bool:
        named = [table.c[name] == value for name, value in key.items()]
        return bool(connection.execute(update(table).where(*named).values(values)).rowcount)

    def _change(self, statement: Any) -> int:
        with self._writing() as connection, translated(self._source.where):
            return int(connection.execute(statement).rowcount)

    def _writing(self) -> Any:
        require_writable(self._source)
        return self._source.writing()


def _job(row: AnyRow) -> FailedJob:
    return FailedJob(
        kind=row.kind,
        subject=row.subject,
        state=row.state,
        attempts=row.attempts,
        at=datetime.fromisoformat(row.at),
        again=rows.to_instant(row.again),
        code=row.code,
        failure=row.failure,
    )


def _worker(row: AnyRow) -> SeenWorker:
    return SeenWorker(
        name=row.name,
        started=datetime.fromisoformat(row.started),
        seen=datetime.fromisoformat(row.seen),
        done=rows.to_instant(row.done),
        stopped=rows.to_instant(row.stopped),
    )
