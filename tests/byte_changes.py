# ruff: noqa: S608 - the statements are the test
"""Every change of one value in a journal: each byte of it, nothing in its place, another type; and what `verify` says.

Each change is made in a savepoint of its own, on a connection whose guards are down, and taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.cli.test_ticking import LAW, PROCESS
from tests.projects import put
from tests.support import DATA, shanghai

from zhengxie_flow import Engine, ZhengxieError
from zhengxie_flow.ports import Finding
from zhengxie_flow.storage import tables, versions
from zhengxie_flow.storage.dialects import Target

LISTED = {
    ("zx_events", "id"): "the order of writing, which nothing reads; the number of an event is its sequence",
    ("zx_checkpoints", "id"): "the order of checkpoints, which their roots tell as well",
    ("zx_definitions", "sources"): "the texts a definition came from; its hash is over what they mean",
    ("zx_personal", "erased"): "within the minute in which the event of the erasure was recorded",
    ("zx_heads", "projected"): "a day on which the same deadlines hold",
    ("zx_schema", "version_num"): "a number that a later version may have given; it is read by the word of the journal",
}
"""The changes that cannot be found, with the reason.  Of the last four only some."""
SURROGATES = {("zx_events", "id"), ("zx_checkpoints", "id"), ("zx_feed", "id")}


Change = tuple[str, str, Any, str, Any]
"""Table, column, row, kind and the new value."""


class Hand:
    """A clock turned by hand."""

    fixed = False

    def __init__(self) -> None:
        self.at = shanghai("2026-03-02T10:00:00")

    def now(self) -> Any:
        return self.at


def project(folder: Path) -> Path:
    """A project with personal data, subcases, limits and what silence brings."""
    for file in (DATA / "personal").rglob("*.yaml"):
        put(folder, {str(file.relative_to(DATA / "personal")): file.read_text(encoding="utf-8")})
    return put(folder, {"zhengxie.toml": "", "processes/t/law.yaml": LAW, "processes/t/p.yaml": PROCESS})


def small_journal(place: Any, folder: Path) -> Hand:
    """A journal that has something in every table that is written to; gives the clock it ended at."""
    clock = Hand()
    with Engine(place, project=project(folder), clock=clock, create=True) as engine:
        items = {"witness": {"w1": {"name": "李四光", "kind": "expert"}}}
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"}, items=items)
        fields = {"petitioner": "张三丰", "phone": "13800138000"}
        engine.record("P", "receive", at=date(2026, 3, 2), by="clerk", fields=fields, evidence=("a.pdf",))
        engine.determine("P", {"born": "1975-05-05"}, by="clerk", reason="identity card")
        engine.open("t/p", "T", by="office", at=date(2026, 3, 2), actor="li", key="k")
        engine.record("T", "receive", at=date(2026, 3, 2), by="office")
        engine.assign("T", "office", to="finance", by="office", from_day=date(2026, 3, 2))
        engine.assign("T", "office", to="person: li", by="office", from_day=date(2026, 4, 1))
        engine.checkpoint()
        clock.at = shanghai("2026-03-03T10:00:00")
        engine.correct("P", 2, reason="typing", by="clerk", fields={"phone": "13900139000"})
        engine.erase("P", 2, "phone", by="clerk", reason="asked")
        engine.open("t/p", "S", by="office", at=date(2026, 3, 3))
        engine.record("S", "receive", at=date(2026, 3, 3), by="office")
        engine.checkpoint()
    return clock


@dataclass(slots=True)
class Sweep:
    """What became of the changes.

    Attributes:
        tried: All of them, by column.
        refused: Those that the database itself refused.
        found: Those that were found.
        missed: Those that were not.
    """

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def figures(self) -> str:
        """One line for a report."""
        numbers = (sum(counts.values()) for counts in (self.tried, self.refused, self.found))
        missed = {f"{table}.{column}": len(entries) for (table, column), entries in sorted(self.missed.items())}
        return "tried {}, refused by the database {}, found {}".format(*numbers) + f", missed {missed}"


def of_value(value: Any, *, thorough: bool) -> Iterator[tuple[str, Any]]:
    """Other values in the place of one; texts come and go as bytes, ``("blob", …)`` is of another type."""
    if value is None:
        yield from (("text", b"x"), ("number", 1))
        return
    yield ("null", None)
    if isinstance(value, bool):
        yield ("bool", not value)
    elif isinstance(value, int):
        yield from (("number", value + 1), ("number", value - 1), ("text", b"x"), ("real", value + 0.5))
        if thorough:
            yield from (("number", 0), ("number", -value), ("number", value * 10), ("number", 2**62), ("blob", b"7"))
    elif isinstance(value, bytes):
        places = range(len(value)) if thorough or not value else sorted({0, len(value) // 2, len(value) - 1})
        for place in places:
            yield ("text", value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :])
        yield from (("blob", value), ("text", value + b"x"), ("number", 7))
        if thorough:
            for place in places:
                yield ("text", value[:place] + b"\xff" + value[place + 1 :])
            yield from (("text", value[:-1]), ("text", b""))


def changes(connection: sa.Connection, *, thorough: bool) -> Iterator[Change]:
    """Each change of each value: table, column, row, kind and the new value."""
    sqlite = connection.dialect.name == "sqlite"
    row_id = "rowid" if sqlite else "ctid"
    for table in (*sorted(tables.metadata.tables), tables.VERSION_TABLE):
        columns = [row[0] for row in connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 0").cursor.description]
        for column in columns:
            raw = f"CASE WHEN typeof({column}) = 'text' THEN CAST({column} AS BLOB) ELSE {column} END"
            shown = raw if sqlite else column
            for row, value in connection.exec_driver_sql(f"SELECT {row_id}, {shown} FROM {table} ORDER BY 1").all():
                present = value if sqlite or not isinstance(value, str | date) else str(value).encode()
                for kind, other in of_value(present, thorough=thorough):
                    same = other == present and kind == ("text" if isinstance(present, bytes) else "number")
                    if not same and (sqlite or kind not in ("blob", "real")):  # no type to change to
                        yield table, column, row, kind, other


def some(entries: list[Change], most: int) -> list[Change]:
    """Of the changes of each column so many, from everywhere among them."""
    by_column: dict[tuple[str, str], list[Change]] = {}
    for entry in entries:
        by_column.setdefault(entry[:2], []).append(entry)
    return [entry for column in by_column.values() for entry in column[:: max(1, -(-len(column) // most))]]


def found(connection: sa.Connection, engine: Engine) -> frozenset[Finding] | str:
    """What is found in a journal as it lies there; a journal that cannot be opened is found out by that."""
    try:
        versions.check(connection, Target(connection.engine.url, None))
    except ZhengxieError as error:
        return error.code
    stored = frozenset(engine.journal.verify())
    return stored if _beyond(stored) else frozenset(engine.verify())


_BASELINE: set[frozenset[Finding]] = set()


def _beyond(findings: frozenset[Finding]) -> bool:
    return bool(_BASELINE) and findings not in _BASELINE


def sweep(engine: Engine, connection: sa.Connection, entries: Any) -> Sweep:
    """Try changes, one after the other."""
    done = Sweep()
    _BASELINE.clear()
    before = engine.verify()
    _BASELINE.add(frozenset(engine.journal.verify()))
    sqlite = connection.dialect.name == "sqlite"
    for table, column, row, kind, other in entries:
        place = (table, column)
        done.tried[place] += 1
        savepoint = connection.begin_nested()
        try:
            _change(connection, sqlite, (table, column, row), kind, other)
        except (sa.exc.DBAPIError, UnicodeDecodeError):
            done.refused[place] += 1
            savepoint.rollback()
            continue
        answer = found(connection, engine)
        savepoint.rollback()
        if isinstance(answer, str) or answer not in (frozenset(before), *_BASELINE):
            done.found[place] += 1
        else:
            done.missed.setdefault(place, []).append(f"row {row} {kind} {other!r}")
    return done


def _change(connection: sa.Connection, sqlite: bool, place: tuple[str, str, Any], kind: str, other: Any) -> None:
    table, column, row = place
    if sqlite:
        value = "CAST(? AS TEXT)" if kind == "text" else "?"
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} WHERE rowid = ?", (other, row))
        return
    text = other.decode() if isinstance(other, bytes) else other
    connection.exec_driver_sql(f"UPDATE {table} SET {column} = %s WHERE ctid = %s", (text, row))
