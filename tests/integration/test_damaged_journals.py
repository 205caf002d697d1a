# ruff: noqa: S608 - the statements are the test
"""Damage of every kind in one journal: verification names each of it and goes on; lists name it and show the rest.

What is done here is what a person could do with the database in hand: bytes that are no text, days that are none, rows
of cases that are not there, definitions taken away, files of which pages are gone.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.byte_changes import Hand, small_journal
from tests.cli.program import Answer, run
from tests.tampering import opened, tamper

from zhengxie_flow import Engine, ZhengxieError
from zhengxie_flow.errors import StorageError
from zhengxie_flow.storage import create, open_journal
from zhengxie_flow.testing.builders import make_event, make_head

BAD = "CAST(x'61ff62' AS TEXT)"
DEADLINE = (
    "INSERT INTO zx_deadlines (case_id, position, obligation, direction, anchor_kind, consumed, day, first_day, status, "
    "open, calendar) VALUES ('gone', 0, 'o.decide', 'forward', 'actual', 0, '2026-03-12', '2026-03-12', 'firm', 1, 'x')"
)
HEAD = (
    "INSERT INTO zx_heads (case_id, process, definition, version, state, opened, updated, hash) VALUES "
    "('alone', 't/p', 'sha256:0', 1, 'start', '2026-03-02', '2026-03-02T10:00:00+08:00', 'sha256:0')"
)
PERSONAL = "INSERT INTO zx_personal (case_id, sequence, field, digest, value, salt) VALUES ('{case}', {event}, '/x', 'd', '1', 's')"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Hand]:
    """The journal as it was before anybody touched it, with its project beside it, and the clock it ended at."""
    folder = tmp_path_factory.mktemp("journal")
    return folder, small_journal(folder / "cases.db", folder / "city")


@pytest.fixture
def city(made: tuple[Path, Hand]) -> Path:
    return made[0] / "city"


@pytest.fixture
def clock(tmp_path: Path, made: tuple[Path, Hand]) -> Hand:
    shutil.copy(made[0] / "cases.db", tmp_path / "cases.db")
    return made[1]


@pytest.fixture
def engine(tmp_path: Path, city: Path, clock: Hand) -> Iterator[Engine]:
    with Engine(tmp_path / "cases.db", project=city, clock=clock) as opened_engine:
        yield opened_engine


@pytest.fixture
def program(tmp_path: Path, city: Path, clock: Hand, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    monkeypatch.setenv("ZHENGXIE_CLOCK", clock.at.isoformat())

    def ask(*words: str, form: str = "json") -> Answer:
        return run("--project", city, "--db", tmp_path / "cases.db", "--lang", "en", "--format", form, *words)

    return ask


def findings(engine: Engine) -> set[tuple[str, int | None, str]]:
    return {(found.case, found.sequence, found.kind) for found in engine.verify() if found.kind != "erased"}


DAMAGE: dict[str, tuple[str, tuple[str, int | None, str]]] = {
    "bytes that are no text in an event": (
        f"UPDATE zx_events SET actor = {BAD} WHERE case_id = 'T' AND sequence = 2", ("T", 2, "changed"),
    ),
    "bytes that are no text in a body": (
        f"UPDATE zx_events SET body = {BAD} WHERE case_id = 'T' AND sequence = 2", ("T", 2, "changed"),
    ),
    "bytes that are no text in a head": (f"UPDATE zx_heads SET state = {BAD} WHERE case_id = 'T'", ("T", None, "projection")),
    "a head that was never updated": ("UPDATE zx_heads SET updated = 'never' WHERE case_id = 'T'", ("T", None, "projection")),
    "a day that is none in a head": ("UPDATE zx_heads SET opened = 'today' WHERE case_id = 'T'", ("T", None, "projection")),
    "a day that is none in a deadline": (
        "UPDATE zx_deadlines SET day = '2026-02-30' WHERE case_id = 'T'", ("T", None, "projection"),
    ),
    "bytes that are no text in a deadline": (
        f"UPDATE zx_deadlines SET calendar = {BAD} WHERE case_id = 'T'", ("T", None, "projection"),
    ),
    "a text where a number should be": (
        "UPDATE zx_deadlines SET amount = 'many' WHERE case_id = 'T'", ("T", None, "projection"),
    ),
    "a number without an end": (
        "UPDATE zx_deadlines SET consumed = 9223372036854775807 WHERE case_id = 'T'", ("T", None, "projection"),
    ),
    "a body that is no object": (
        "UPDATE zx_events SET body = '[NaN]' WHERE case_id = 'T' AND sequence = 2", ("T", 2, "changed"),
    ),
    "a body as deep as a well": (
        f"UPDATE zx_events SET body = '{'[' * 100_000}' WHERE case_id = 'T' AND sequence = 2", ("T", 2, "changed"),
    ),
    "a deadline of no case": (DEADLINE, ("gone", None, "orphan")),
    "a personal value of no case": (PERSONAL.format(case="gone", event=1), ("gone", 1, "orphan")),
    "a personal value of no event": (PERSONAL.format(case="T", event=99), ("T", 99, "orphan")),
    "a personal value of no place": (PERSONAL.format(case="T", event=1), ("T", 1, "orphan")),
    "a message of no case": (
        "INSERT INTO zx_outbox (case_id, sequence, topic, payload) VALUES ('gone', 1, 't', '{}')", ("gone", 1, "orphan"),
    ),
    "a head of no events": (HEAD, ("alone", 1, "removed")),
    "a case without a head": ("DELETE FROM zx_heads WHERE case_id = 'T'", ("T", None, "head")),
    "a definition that is gone": (
        "DELETE FROM zx_definitions WHERE process = 't/p'", ("T", 1, "definition"),
    ),
    "bytes that are no text in a definition": (
        f"UPDATE zx_definitions SET bundle = {BAD} WHERE process = 't/p'", ("T", 1, "definition"),
    ),
    "another process of a definition": (
        "UPDATE zx_definitions SET process = 'town/petition' WHERE process = 't/p'", ("", None, "definition"),
    ),
    "a number of cases at a checkpoint": ("UPDATE zx_checkpoints SET cases = 99 WHERE id = 1", ("", None, "checkpoint")),
    "a signature nobody made": ("UPDATE zx_checkpoints SET signature = 'x' WHERE id = 1", ("", None, "checkpoint")),
    "an erased value put back": (
        "UPDATE zx_personal SET value = '\"13800138000\"', salt = '00', erased = NULL, ground = NULL WHERE erased IS NOT NULL",
        ("P", 2, "changed"),
    ),
    "another ground of an erasure": (
        "UPDATE zx_personal SET ground = 'retention' WHERE erased IS NOT NULL", ("P", 2, "changed"),
    ),
    "another day of an erasure": (
        "UPDATE zx_personal SET erased = '2020-01-01T10:00:00+08:00' WHERE erased IS NOT NULL", ("P", 2, "changed"),
    ),
    "another version that can read it": ("UPDATE zx_journal SET value = '0.0.1'", ("", None, "schema")),
    "a basis taken out": ("UPDATE zx_heads SET basis = NULL WHERE case_id = 'T'", ("T", None, "projection")),
    "a basis of a method there never was": (
        "UPDATE zx_heads SET basis = '0:sha256:0', state = 'ended' WHERE case_id = 'T'", ("T", None, "projection"),
    ),
    "a list of a day to come": ("UPDATE zx_heads SET projected = '2027-01-04' WHERE case_id = 'T'", ("T", None, "projection")),
}  # fmt: skip


DOORS = (("list",), ("due",), ("show", "T"), ("audit",))


@pytest.mark.parametrize(("name", "words"), list(zip(DAMAGE, cycle(DOORS), strict=False)))
def test_damage_is_a_named_finding(
    name: str, words: tuple[str, ...], engine: Engine, tmp_path: Path, program: Callable[..., Answer]
) -> None:
    statement, wanted = DAMAGE[name]
    with opened(tmp_path / "cases.db") as database:
        database.execute("PRAGMA ignore_check_constraints = on")
        database.execute(statement)
    assert wanted in findings(engine)
    answer = program("verify")
    assert (answer.code, answer.data["intact"]) == (1, False)
    asked = program(*words)
    assert asked.code in (0, 1, 4, 6), asked
    assert "Traceback" not in asked.err


def test_all_of_it_at_once_hides_nothing(engine: Engine, tmp_path: Path) -> None:
    """One damage a case, and one of everything that is no case's; a root that is not there is told of as well."""
    alone = ("a case without a head", "a definition that is gone", "bytes that are no text in a definition")
    first = {
        "T": DAMAGE["bytes that are no text in an event"],
        "S": ("UPDATE zx_heads SET updated = 'never' WHERE case_id = 'S'", ("S", None, "projection")),
        "P": DAMAGE["another ground of an erasure"],
    }
    rest = [entry for name, entry in DAMAGE.items() if entry[1][0] not in first and name not in alone]
    with opened(tmp_path / "cases.db") as database:
        for statement, _ in (*first.values(), *rest):
            database.execute(statement)
    found = engine.verify("sha256:none")
    places = {(finding.case, finding.sequence, finding.kind) for finding in found}
    assert {wanted for _, wanted in (*first.values(), *rest)} <= places
    assert [finding for finding in found if finding.expected == "sha256:none"] != []


def test_a_list_names_what_it_cannot_show(engine: Engine, tmp_path: Path, program: Callable[..., Answer]) -> None:
    with opened(tmp_path / "cases.db") as database:
        database.execute(DEADLINE)
        database.execute("UPDATE zx_heads SET opened = 'today' WHERE case_id = 'S'")
    due = program("due")
    assert (due.code, {row["case"] for row in due.data["deadlines"]}) == (6, {"P", "S", "T"})
    assert [(error["code"], error["case"]) for error in due.data["damaged"]] == [("ZX5910", "gone")]
    listed = program("list")
    assert (listed.code, [head["case"] for head in listed.data["cases"]]) == (6, ["P", "T"])
    assert [(error["code"], error["case"]) for error in listed.data["damaged"]] == [("ZX5019", "S")]
    text = program("due", form="text")
    assert (text.code, "T" in text.out) == (6, True)
    assert "gone: error ZX5910" in text.err
    with pytest.raises(StorageError) as caught:
        engine.heads()
    assert (caught.value.code, caught.value.where.case) == ("ZX5019", "S")


def test_what_can_be_rebuilt_is(engine: Engine, tmp_path: Path) -> None:
    rebuilt = [DEADLINE, *(DAMAGE[name][0] for name in DAMAGE if DAMAGE[name][1] == ("T", None, "projection"))]
    with opened(tmp_path / "cases.db") as database:
        for statement in rebuilt:
            database.execute(statement)
    assert {finding.case for finding in engine.rebuild()} == {"T", "gone"}
    assert findings(engine) == set()


def test_a_rebuild_always_writes_every_head_and_row(engine: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cases.db") as database:
        before = database.execute("SELECT * FROM zx_deadlines ORDER BY 1, 2").fetchall()
        database.execute("UPDATE zx_heads SET projected = NULL, basis = NULL, next_change = NULL")
        database.execute("UPDATE zx_deadlines SET day = '2030-01-01', definition = NULL, edition = NULL")
    assert {(finding.case, finding.kind) for finding in engine.rebuild()} >= {("T", "stale"), ("S", "stale")}
    with sqlite3.connect(tmp_path / "cases.db") as database:
        assert database.execute("SELECT * FROM zx_deadlines ORDER BY 1, 2").fetchall() == before
    assert findings(engine) == set()


SCHEMA = {
    "a trigger that does nothing": (
        "DROP TRIGGER zx_events_no_delete",
        "CREATE TRIGGER zx_events_no_delete BEFORE DELETE ON zx_events WHEN 0 BEGIN SELECT 1; END",
    ),
    "a trigger that is gone": ("DROP TRIGGER zx_personal_no_delete",),
    "a trigger of somebody else": (
        "CREATE TRIGGER zx_mine AFTER INSERT ON zx_events BEGIN DELETE FROM zx_heads; END",
    ),
    "an index that is gone": ("DROP INDEX ix_zx_heads_basis",),
    "a property nobody knows": ("INSERT INTO zx_journal VALUES ('colour', 'red')",),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMA)
def test_a_schema_that_is_not_as_it_was_made(name: str, engine: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cases.db") as database:
        for statement in SCHEMA[name]:
            database.execute(statement)
    assert findings(engine) == {("", None, "schema")}


def test_a_table_without_its_constraints(tmp_path: Path, city: Path, clock: Hand) -> None:
    with sqlite3.connect(tmp_path / "cases.db") as database:
        (sql,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'zx_personal'").fetchone()
        start, end = sql.index("CONSTRAINT ck_zx_personal_salt"), sql.index("CONSTRAINT ck_zx_personal_erased")
        database.execute("PRAGMA writable_schema = on")
        looser = sql[:start] + sql[end:]
        database.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'zx_personal'", (looser,))
    with Engine(tmp_path / "cases.db", project=city, clock=clock) as engine:
        assert findings(engine) == {("", None, "schema")}


def test_a_file_of_which_a_page_is_gone(tmp_path: Path, city: Path, clock: Hand) -> None:
    path = tmp_path / "cases.db"
    with sqlite3.connect(path) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'zx_checkpoints'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with Engine(path, project=city, clock=clock, read_only=True) as engine:
        assert "unreadable" in {kind for _, _, kind in findings(engine)}
        assert {head.case for head in engine.heads()} == {"P", "S", "T"}


def forged_definition(connection: sa.Connection) -> None:
    """A definition that hashes to its id and is none, in the place of that of a case whose chain is made anew."""
    import hashlib
    import json

    from zhengxie_flow.model.event import canonical

    bundle: dict[str, Any] = {"id": "t/p", "process": {"no": "process"}}
    digest = "sha256:" + hashlib.sha256(canonical(bundle)).hexdigest()
    row = {"hash": digest, "process": "t/p", "bundle": json.dumps(bundle, separators=(",", ":")), "sources": "{}"}
    connection.execute(sa.text("INSERT INTO zx_definitions VALUES (:hash, :process, :bundle, :sources)"), row)


def test_a_definition_that_is_none_stops_its_own_case_alone(tmp_path: Path, city: Path, clock: Hand) -> None:
    path = tmp_path / "cases.db"
    tamper(f"sqlite:///{path}", forged_definition)
    with sqlite3.connect(path) as database:
        ((digest,),) = database.execute("SELECT hash FROM zx_definitions WHERE sources = '{}'").fetchall()
    with create(path) as journal, journal.transaction() as write:
        head = make_head("X", "start", process="t/p", definition=digest)
        write.append(head, [make_event("X", 1, definition=digest)], expected_version=0)
    with Engine(path, project=city, clock=clock) as engine:
        assert findings(engine) == {("X", None, "definition")}
        with pytest.raises(ZhengxieError) as caught:
            engine.audit("X")
        assert caught.value.code == "ZX5911"
        assert {head.case for head in engine.heads()} == {"P", "S", "T", "X"}


def test_tables_of_several_schemas_are_no_journal(postgresql: str, postgresql_server: str) -> None:
    create(postgresql).close()
    own = postgresql.rpartition("%3D")[2]
    other = f"{own}_other"
    made = sa.create_engine(postgresql_server)
    with made.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {other}")
        connection.exec_driver_sql(f"CREATE TABLE {other}.zx_heads (LIKE {own}.zx_heads INCLUDING ALL)")
    both = postgresql.replace(f"%3D{own}", f"%3D{other},{own}")
    with pytest.raises(StorageError) as caught:
        open_journal(both)
    assert (caught.value.code, caught.value.params["schemas"]) == ("ZX5916", f"{own}, {other}")
    with made.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {other} CASCADE")
    made.dispose()


def test_an_empty_journal_before_the_real_one_is_found(postgresql: str, postgresql_server: str) -> None:
    create(postgresql).close()
    own = postgresql.rpartition("%3D")[2]
    made = sa.create_engine(postgresql_server)
    with made.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {own}_front")
    front = postgresql.replace(f"%3D{own}", f"%3D{own}_front")
    create(front).close()
    with open_journal(postgresql.replace(f"%3D{own}", f"%3D{own}_front,{own}")) as journal:
        assert [(found.kind, found.found) for found in journal.verify()] == [("schema", f"schema {own}")]
    with made.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {own}_front CASCADE")
    made.dispose()


@pytest.mark.parametrize("day", ["infinity", "-infinity", "0044-03-15 BC", "12026-03-02"])
def test_a_day_that_python_does_not_have(postgresql: str, tmp_path: Path, day: str) -> None:
    """PostgreSQL has days that its driver refuses: in a list of deadlines, in a head, beside an event."""
    city = tmp_path / "city"
    clock = small_journal(postgresql, city)
    tamper(postgresql, f"UPDATE zx_deadlines SET day = '{day}' WHERE case_id = 'T'")
    tamper(postgresql, f"UPDATE zx_heads SET opened = '{day}' WHERE case_id = 'S'")
    tamper(postgresql, f"UPDATE zx_events SET occurred_day = '{day}' WHERE case_id = 'P' AND sequence = 1")
    with Engine(postgresql, project=city, clock=clock) as engine:
        found = {(case, kind) for case, _, kind in findings(engine)}
        assert found == {("T", "projection"), ("S", "projection"), ("P", "changed")}
        damaged: list[StorageError] = []
        assert {head.case for head in engine.heads(damaged=damaged.append)} == {"P", "T"}
        assert {error.where.case for error in damaged} == {"S"}
        assert {row.case for row in engine.due(damaged=damaged.append)} >= {"S"}
