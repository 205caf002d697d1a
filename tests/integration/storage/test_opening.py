"""Opening a database that is missing, foreign, damaged, locked or at another schema: one coded error each."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from zhengxie_flow import __version__, storage
from zhengxie_flow.errors import Conflict, StorageError, UsageError, ZhengxieError
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.storage.versions import newest
from zhengxie_flow.testing.builders import make_event, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "协商 50%?#.db"
    with storage.create(path) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    return path


def at_revision(path: Path, revision: str, least: str | None = None) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE zx_schema SET version_num = ?", (revision,))
        if least is None:
            connection.execute("DROP TABLE zx_journal")
        else:
            connection.execute("UPDATE zx_journal SET value = ?", (least,))
    connection.close()


def code_of(*arguments: object, **options: object) -> str:
    with pytest.raises(ZhengxieError) as caught:
        storage.open_journal(*arguments, **options)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize("read_only", [False, True])
class TestBoth:
    def test_path_url_and_string_are_the_same(self, path: Path, read_only: bool) -> None:
        for place in (path, str(path), sa.URL.create("sqlite", database=str(path))):
            with storage.open_journal(place, read_only=read_only) as journal:
                assert len(journal.events("a")) == 1

    def test_missing(self, tmp_path: Path, read_only: bool) -> None:
        absent = tmp_path / "absent.db"
        assert code_of(absent, read_only=read_only) == "ZX5001"
        assert code_of(tmp_path / "no folder" / "absent.db", read_only=read_only) == "ZX5001"
        assert list(tmp_path.iterdir()) == []

    def test_a_folder(self, tmp_path: Path, read_only: bool) -> None:
        assert code_of(tmp_path, read_only=read_only) == "ZX5018"
        with pytest.raises(StorageError) as caught:
            storage.upgrade(tmp_path)
        assert caught.value.code == "ZX5018"

    def test_files_that_cannot_be_made_for_want_of_room(
        self, path: Path, read_only: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path(f"{path}-wal").mkdir()
        assert code_of(path, read_only=read_only) == "ZX5018"
        room = os.statvfs(path)
        for full in ({"f_bavail": 0}, {"f_favail": 0, "f_files": 1}):
            numbers = {name: getattr(room, name) for name in dir(room) if name.startswith("f_")} | full
            monkeypatch.setattr(os, "statvfs", lambda _, numbers=numbers: SimpleNamespace(**numbers))
            assert code_of(path, read_only=read_only) == "ZX5006"

    def test_an_empty_file(self, tmp_path: Path, read_only: bool) -> None:
        empty = tmp_path / "empty.db"
        empty.touch()
        assert code_of(empty, read_only=read_only) == "ZX5002"

    def test_not_a_database(self, tmp_path: Path, read_only: bool) -> None:
        text = tmp_path / "text.db"
        text.write_text("协商规则\n" * 1000)
        assert code_of(text, read_only=read_only) == "ZX5005"

    def test_damaged(self, path: Path, read_only: bool) -> None:
        content = bytearray(path.read_bytes())
        content[100:8192] = os.urandom(8092)
        path.write_bytes(content)
        assert code_of(path, read_only=read_only) in {"ZX5005", "ZX5002"}

    @pytest.mark.parametrize("revision", ["0000", "0001"])
    def test_another_schema(self, path: Path, read_only: bool, revision: str) -> None:
        at_revision(path, revision)
        with pytest.raises(StorageError) as caught:
            storage.open_journal(path, read_only=read_only)
        assert caught.value.code == "ZX5002"
        assert (caught.value.params["found"], caught.value.params["expected"]) == (revision, newest())
        assert storage.current(path) == revision

    @pytest.mark.parametrize("least", ["99.0.0", "nonsense", None])
    def test_written_by_a_newer_version(self, path: Path, read_only: bool, least: str | None) -> None:
        at_revision(path, "9999", least)
        with pytest.raises(StorageError) as caught:
            storage.open_journal(path, read_only=read_only)
        assert caught.value.code == "ZX5022"
        assert (caught.value.params["least"], caught.value.params["version"]) == (least or "-", __version__)

    def test_written_by_a_newer_version_that_this_one_can_still_read(self, path: Path, read_only: bool) -> None:
        at_revision(path, "9999", __version__)
        with storage.open_journal(path, read_only=read_only) as journal:
            assert journal.head("a") is not None
            assert list(journal.verify()) == []

    def test_a_foreign_database(self, tmp_path: Path, read_only: bool) -> None:
        foreign = tmp_path / "foreign.db"
        with sqlite3.connect(foreign) as connection:
            connection.execute("CREATE TABLE events (id)")
        connection.close()
        assert code_of(foreign, read_only=read_only) == "ZX5002"

    @pytest.mark.parametrize(
        "url", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "nonsense://", "sqlite:///file:x"]
    )
    def test_an_address_that_cannot_be_used(self, url: str, read_only: bool) -> None:
        assert code_of(url, read_only=read_only) == "ZX5011"

    def test_a_hash_that_is_not_there(self, path: Path, read_only: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        assert code_of(path, read_only=read_only, hash_name="md5") == "ZX5010"
        monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})
        assert code_of(path, read_only=read_only, hash_name="sm3") == "ZX5010"


def test_a_password_is_never_told() -> None:
    with pytest.raises(StorageError) as caught:
        storage.open_journal("mysql://clerk:s3cret@host/db")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_locked_by_another_process(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with storage.open_journal(path, busy_timeout=0.01) as journal:
        with pytest.raises(Conflict) as caught, journal.transaction():
            pytest.fail("two writers at a time")
        assert caught.value.code == "ZX5003"
        other.execute("ROLLBACK")
        write(journal, "a", make_event("a", 2), expected=1)
    other.close()


def test_locked_by_another_thread(path: Path) -> None:
    with storage.open_journal(path, busy_timeout=0.01) as journal, journal.transaction():
        with pytest.raises(Conflict) as caught, journal.transaction():
            pytest.fail("two writers at a time")
        assert caught.value.code == "ZX5003"


def test_upgrade_of_a_locked_database(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Conflict) as caught:
        storage.upgrade(path, busy_timeout=0.01)
    assert caught.value.code == "ZX5003"
    other.close()


def test_a_full_disk_keeps_nothing(path: Path) -> None:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        journal = storage.open_journal(connection)
        with pytest.raises(StorageError) as caught:
            write(journal, "b", make_event("b", 1, body={"fields": {"long": "x" * 100_000}}), expected=0)
        assert caught.value.code == "ZX5006"
    engine.dispose()
    with storage.open_journal(path) as journal:
        assert journal.head("b") is None


def test_a_table_that_vanished_is_not_a_crash(path: Path) -> None:
    with storage.open_journal(path) as journal:
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE zx_heads")
        connection.close()
        for call in (
            lambda: journal.head("a"),
            lambda: list(journal.heads()),
            lambda: list(journal.verify()),
        ):
            with pytest.raises(StorageError) as caught:
                call()
            assert caught.value.code == "ZX5002"


def test_unreadable_rows_are_coded_errors(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE zx_heads SET opened = 'yesterday'")
        connection.execute("DROP TRIGGER zx_events_no_update")
        connection.execute("UPDATE zx_events SET body = 'not json'")
    connection.close()
    with storage.open_journal(path, read_only=True) as journal:  # to write it wants its triggers
        with pytest.raises(StorageError) as head:
            journal.head("a")
        with pytest.raises(StorageError) as heads:
            list(journal.heads())
        with pytest.raises(StorageError) as events:
            journal.events("a")
    assert (head.value.code, heads.value.code, events.value.code) == ("ZX5019", "ZX5019", "ZX5900")
    assert (events.value.where.case, events.value.where.event) == ("a", 1)


def test_a_closed_journal_says_so(path: Path) -> None:
    journal = storage.open_journal(path)
    journal.close()
    journal.close()
    with pytest.raises(UsageError) as caught:
        journal.head("a")
    assert caught.value.code == "ZX5016"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="os.fork is missing on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_makes_its_own_connections(path: Path) -> None:
    with storage.open_journal(path) as journal:
        write(journal, "b", make_event("b", 1), expected=0)
        child = os.fork()
        if child == 0:
            try:
                write(journal, "b", make_event("b", 2), expected=1)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        write(journal, "b", make_event("b", 3), expected=2)
        assert [event.sequence for event in journal.events("b")] == [1, 2, 3]


def test_settings_of_the_database(path: Path) -> None:
    with storage.open_journal(path) as journal, journal.transaction() as transaction:
        connection = transaction._connection
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_opening_does_not_load_alembic(path: Path) -> None:
    code = f"""
import sys
import threading
from zhengxie_flow import storage
assert "sqlalchemy" not in sys.modules
with storage.open_journal({str(path)!r}) as journal:
    assert journal.head("a")
assert "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_memory_journal_does_not_load_sqlalchemy() -> None:
    code = "import sys, zhengxie_flow.testing.memory; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_code_raised_here_has_its_texts() -> None:
    package = Path(storage.__file__).parents[1]
    sources = [path for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "i18n"]
    raised = {code for source in sources for code in re.findall(r'"(ZX5\d{3})"', source.read_text("utf-8"))}
    assert {"ZX5000"} | raised == {code for code in texts() if re.fullmatch(r"ZX5\d{3}", code)}
    for code in raised:
        assert all(texts()[code])


def test_a_journal_may_change_its_hash_and_still_be_verified(path: Path) -> None:
    """The algorithm stands in every hash, so what was written before stays checkable."""
    with storage.open_journal(path, hash_name="sm3") as journal:
        write(journal, "a", make_event("a", 2), expected=1)
        names = [event.hash.partition(":")[0] for event in journal.events("a")]
        assert names == ["sha256", "sm3"]
        assert list(journal.verify()) == []


def test_journals_that_share_nothing_but_the_file_take_turns(path: Path) -> None:
    """As two processes would: only SQLite's own lock stands between them."""
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def run(name: str) -> None:
        with storage.open_journal(path) as journal:
            start.wait()
            for version in range(20):
                try:
                    write(journal, "race", make_event("race", version + 1, key=f"{name}{version}"), expected=version)
                    outcomes.append("won")
                except Conflict as conflict:
                    outcomes.append(conflict.code)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.open_journal(path, read_only=True) as journal:
        assert outcomes.count("won") == len(journal.events("race")) == 20
        assert set(outcomes) <= {"won", "ZX4031"}
        assert list(journal.verify()) == []
