"""Backup and restore: a copy that is whole while others write, and one that is too old and says so."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import threading
from pathlib import Path

import pytest
from tests.cli.program import run
from tests.support import MINI, shanghai

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.errors import Conflict, StorageError, UsageError
from zhengxie_flow.storage import back_up, upgrade
from zhengxie_flow.testing.postgresql_server import programs

CLOCK = FixedClock(shanghai("2026-01-20T09:00:00"))


def engine_on(place: object) -> Engine:
    return Engine(place, project=MINI, clock=CLOCK)  # type: ignore[arg-type]


def opened(engine: Engine, *cases: str) -> None:
    for case in cases:
        engine.open("mini/talk", case, by="office", items={"guest": {"g1": {"kind": "expert"}}})


def test_a_backup_is_a_whole_journal_of_one_moment(tmp_path):
    place, copy = tmp_path / "cases.db", tmp_path / "backup.db"
    with engine_on(place) as engine:
        opened(engine, "a", "b")
        note = engine.checkpoint().note
        done = back_up(str(place), copy)
        opened(engine, "c")
    assert (done.source, done.size) == (place, copy.stat().st_size)
    assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
    with engine_on(copy) as restored:
        assert [head.case for head in restored.heads()] == ["a", "b"]
        assert restored.verify(note, replay=True) == ()
        opened(restored, "c")
    with pytest.raises(Conflict, match="ZX5126"):
        back_up(str(place), copy)
    assert sorted(path.name for path in tmp_path.glob(".zh*")) == []


def test_others_write_while_a_backup_is_made(tmp_path):
    place = tmp_path / "cases.db"
    with engine_on(place) as engine:
        opened(engine, "a")
        stop, faults = threading.Event(), []

        def writing() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                try:
                    opened(engine, f"w{number}")
                except Exception as error:  # noqa: BLE001
                    faults.append(error)

        writer = threading.Thread(target=writing)
        writer.start()
        try:
            for number in range(3):
                back_up(str(place), tmp_path / f"{number}.db")
        finally:
            stop.set()
            writer.join()
    assert faults == []
    for number in range(3):
        with engine_on(tmp_path / f"{number}.db") as restored:
            assert restored.verify() == ()


def test_what_was_erased_is_in_no_page_of_a_backup(tmp_path):
    place, copy = tmp_path / "cases.db", tmp_path / "backup.db"
    with engine_on(place) as engine:
        opened(engine, "a")
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE scratch (text)")
        connection.executemany("INSERT INTO scratch VALUES (?)", [("a secret" * 100,)] * 200)
        connection.commit()
        connection.execute("DROP TABLE scratch")
    back_up(str(place), copy)
    assert b"a secret" not in copy.read_bytes()


def test_an_older_copy_is_convicted_by_the_note_of_a_checkpoint_kept_elsewhere(tmp_path):
    place, old = tmp_path / "cases.db", tmp_path / "old.db"
    with engine_on(place) as engine:
        opened(engine, "a")
        first = engine.checkpoint()
        back_up(str(place), old)
        opened(engine, "b")
        second = engine.checkpoint()
        assert engine.verify(second.note) == ()
    with engine_on(old) as restored:
        assert restored.verify() == ()  # by itself, an older copy is whole
        assert restored.verify(first.note) == ()
        (finding,) = restored.verify(second.note)
        assert (finding.kind, finding.code) == ("checkpoint", "ZX5917")
        assert (finding.expected, finding.found) == ("2 checkpoints", "1 checkpoints")
        (finding,) = restored.verify(second.root)
        assert (finding.kind, finding.code) == ("checkpoint", None)
    empty = tmp_path / "empty.db"
    upgrade(empty)
    with engine_on(empty) as nothing:
        assert [finding.code for finding in nothing.verify(first.note)] == ["ZX5917"]


def test_the_command_line(tmp_path):
    place, copy = tmp_path / "cases.db", tmp_path / "backup.db"
    with engine_on(place) as engine:
        opened(engine, "a")
        note = engine.checkpoint().note
    common = ("--db", place, "--project", MINI, "--lang", "en")
    assert run(*common, "verify", "--root", note).code == 0
    done = run(*common, "--format", "json", "db", "backup", copy)
    assert (done.code, done.data["attachments"], done.data["bytes"]) == (0, None, copy.stat().st_size)
    (tmp_path / "cases.db.attachments").mkdir()
    assert "copy the folder of attachments after it" in run(*common, "db", "backup", tmp_path / "more.db").out
    assert run(*common, "db", "backup", copy).code == 5
    assert run("--db", tmp_path / "absent.db", "db", "backup", tmp_path / "x").code == 6
    old = tmp_path / "older.db"
    with engine_on(old):
        pass
    answer = run("--db", old, "--project", MINI, "--lang", "en", "verify", "--root", note)
    assert answer.code == 1
    assert "rolled back" in answer.out


def test_what_is_no_sqlite_file_says_what_to_use(tmp_path):
    for place in ("postgresql://office@db/cases", "sqlite://"):
        with pytest.raises(UsageError, match="ZX5132"):
            back_up(place, tmp_path / "b")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(StorageError):
        back_up(str(tmp_path / "empty"), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def _programs() -> Path | None:
    """Where the programs of the PostgreSQL of the tests lie."""
    folder = programs()
    return folder / "bin" if folder is not None and (folder / "bin" / "pg_dump").exists() else None


@pytest.mark.skipif(_programs() is None, reason="no pg_dump")
def test_postgresql_by_pg_dump_and_pg_restore(postgresql, tmp_path):
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    tools, url = _programs(), make_url(postgresql)
    assert tools is not None
    upgrade(postgresql)
    schema = str(url.query["options"]).split("=", 1)[1]
    address = f"host={url.query['host']} user={url.username} dbname={url.database}"
    with engine_on(postgresql) as engine:
        opened(engine, "a", "b")
        note = engine.checkpoint().note
        before = [(event.hash, event.recorded) for event in engine.journal.events("a")]
        dump = tmp_path / "cases.dump"
        subprocess.run([tools / "pg_dump", "-Fc", "-n", schema, "-f", dump, address], check=True)
        opened(engine, "c")
        later = engine.checkpoint().note
    database = create_engine(url.set(query={"host": url.query["host"]}), isolation_level="AUTOCOMMIT")
    with database.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    database.dispose()
    subprocess.run([tools / "pg_restore", "--exit-on-error", "-d", address, dump], check=True)
    with engine_on(postgresql) as restored:
        assert [head.case for head in restored.heads()] == ["a", "b"]
        assert [(event.hash, event.recorded) for event in restored.journal.events("a")] == before
        assert restored.verify(note, replay=True) == ()
        assert [finding.code for finding in restored.verify(later)] == ["ZX5917"]
        opened(restored, "c")  # the numbers of rows go on where they ended
        assert restored.verify(note) == ()
