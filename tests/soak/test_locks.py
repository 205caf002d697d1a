"""Somebody else holds the lock: a command gives up with a conflict, writes nothing, and succeeds afterwards."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from tests.soak.invariants import check_killed, check_repeated
from tests.soak.lab import Lab
from tests.soak.project import Command, Place, Template
from tests.soak.tried import commands, whole

TABLES = "zx_events, zx_heads, zx_checkpoints, zx_deadlines"


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Hold what writers need, as a program that hangs does."""
    if place.database is not None:
        with sqlite3.connect(place.database, isolation_level=None) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")
        holder.close()
        return
    with place.engine.connect() as connection:
        connection.execute(sa.text(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE"))  # others may still read
        yield
        connection.rollback()


@commands(sqlite={"record"}, postgresql={"checkpoint"})
def test_a_command_waits_and_gives_up(
    lab: Lab, template: Template, command: Command, tmp_path: Path, tally: Counter[str]
) -> None:
    before, after, _ = whole(lab, template, command)
    with template.copy(tmp_path, command) as place:
        with locked(place):
            impatient = f"{place.url}{'&' if '?' in place.url else '?'}patience=0.05"
            done = lab.zhengxie(*(impatient if arg == place.url else arg for arg in command.args(place)))
            assert done.code == 5, done.err
            assert "ZX5003" in done.err
        place.settle()
        check_killed(place, command, before, after, acknowledged=False)
        check_repeated(lab, place, command, after)
        tally["lock timeouts"] += 1
