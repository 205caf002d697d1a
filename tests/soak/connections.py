"""Loss of the connection to a PostgreSQL server in the middle of a command, at its n-th statement or commit."""

from __future__ import annotations

import os
import signal
import socket
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

WAYS = ("ended", "cut", "unanswered")
"""The server ends the session; the connection is cut; the statement arrives, and its answer does not."""


def disturb(plan: dict[str, Any] | None) -> None:
    """Arrange the loss of a connection; with ``at`` None only count, into the file of the plan."""
    if plan is None:
        return
    number = 0

    def reached(driver: Any, what: str) -> None:
        nonlocal number
        if plan["at"] is None:
            with open(plan["count"], "a", encoding="utf-8") as stream:
                stream.write(what.split(maxsplit=1)[0] + "\n")
        elif number == plan["at"]:
            lose(driver, plan["way"])
        number += 1

    @event.listens_for(sa.Engine, "before_cursor_execute")
    def before(connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        reached(connection.connection.dbapi_connection, statement)

    commit = PGDialect_psycopg.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        reached(getattr(connection, "dbapi_connection", connection), "COMMIT")
        commit(self, connection)

    PGDialect_psycopg.do_commit = do_commit


def lose(driver: Any, way: str) -> None:
    """Lose a connection of psycopg."""
    if way == "ended":
        import psycopg

        with psycopg.connect(driver.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])
        return
    if way == "killed":
        os.kill(driver.info.backend_pid, signal.SIGKILL)
        return
    with socket.socket(fileno=os.dup(driver.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR if way == "cut" else socket.SHUT_RD)
