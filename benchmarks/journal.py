"""Cost of the journal: an act on disk against a bare transaction, a reading and a proof against json and SHA-256."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from tempfile import TemporaryDirectory

from benchmarks._measure import Goal, main, ratio

from zhengxie_flow import storage
from zhengxie_flow.storage import SqlJournal
from zhengxie_flow.testing.builders import make_event, make_head

EVENTS = 200
DURABLE = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
"""As the journal writes."""


def acts(journal: SqlJournal) -> Callable[[], None]:
    """One event more of a case: its head looked at, the event chained and hashed, both written."""
    numbers = count(1)

    def act() -> None:
        number = next(numbers)
        with journal.transaction() as write:
            write.head("act")
            write.append(make_head("act"), [make_event("act", number)], expected_version=number - 1)

    return act


def rows(connection: sqlite3.Connection) -> Callable[[], None]:
    """A row read, one written anew and one more, in a transaction."""
    connection.execute("CREATE TABLE head (name TEXT PRIMARY KEY, version INTEGER)")
    connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT)")
    connection.execute("INSERT INTO head VALUES ('act', 0)")
    body = json.dumps({"n": 1, "text": "x" * 500})

    def act() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT version FROM head WHERE name = 'act'").fetchone()
        connection.execute("UPDATE head SET version = version + 1 WHERE name = 'act'")
        connection.execute("INSERT INTO event (body) VALUES (?)", (body,))
        connection.execute("COMMIT")

    return act


def goals() -> Iterator[Goal]:
    """All goals of the journal."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        bare = closing(sqlite3.connect(place / "bare.db", isolation_level=None))
        with storage.create(place / "journal.db") as journal, bare as connection:
            for pragma in DURABLE:
                connection.execute(pragma)
            what = "one more event on disk over a bare transaction as durable"
            yield Goal(what, ratio(acts(journal), rows(connection), rounds=301), 4.0, "at most")
        with storage.create(place / "long.db") as journal:
            with journal.transaction() as write:
                events = [make_event("long", number) for number in range(1, EVENTS + 1)]
                write.append(make_head("long"), events, expected_version=0)
            yield from _read(journal)


def _read(journal: SqlJournal) -> Iterator[Goal]:
    texts = [json.dumps(_plain(event)).encode() for event in journal.events("long")]
    parsed = ratio(lambda: journal.events("long"), lambda: [json.loads(text) for text in texts], rounds=151)
    yield Goal(f"reading {EVENTS:,} events over their json", parsed, 10.0, "at most")

    def hashed() -> None:
        for text in texts:
            hashlib.sha256(json.dumps(json.loads(text), sort_keys=True).encode()).hexdigest()

    proved = ratio(lambda: list(journal.verify()), hashed, rounds=151)
    yield Goal("proving every chain over parsing and hashing the same", proved, 10.0, "at most")


def _plain(event: object) -> dict[str, object]:
    return {name: str(getattr(event, name)) for name in ("case", "type", "mode", "by", "occurred", "recorded", "body")}


if __name__ == "__main__":
    main("journal", goals)
