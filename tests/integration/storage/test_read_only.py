"""Reading a journal that may not be written, without root's rights, and while others write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zhengxie_flow import storage
from zhengxie_flow.errors import Conflict, StorageError
from zhengxie_flow.testing.builders import make_event, make_head, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhengxie_flow.storage import SqlJournal

CHILD = Path(__file__).parent / "children" / "read_as_nobody.py"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder others can enter (pytest's own are closed to them)."""
    folder = Path(tempfile.mkdtemp(prefix="journal-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def path(folder: Path) -> Path:
    path = folder / "journal.db"
    with storage.create(path) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
    return path


def try_it(path: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(CHILD), str(path)], capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_read_only_file_at_rest(folder: Path, path: Path, folder_mode: int) -> None:
    path.chmod(0o444)
    folder.chmod(folder_mode)
    assert try_it(path) == {"read": [["a"], 0], "write": "ZX5004"}
    assert [entry.name for entry in folder.iterdir()] == ["journal.db"], "a reader laid files beside the journal"


def test_a_writable_file_in_a_read_only_folder(folder: Path, path: Path) -> None:
    path.chmod(0o666)
    folder.chmod(0o555)
    assert try_it(path) == {"read": [["a"], 0], "write": "ZX5004"}


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_read_only_file_while_another_process_writes(folder: Path, path: Path, folder_mode: int) -> None:
    with storage.open_journal(path) as journal:
        write(journal, "b", make_event("b", 1), expected=0)
        with journal.transaction() as transaction:
            transaction.append(make_head("c"), [make_event("c", 1)], expected_version=0)
            for entry in folder.iterdir():
                entry.chmod(0o444)
            folder.chmod(folder_mode)
            assert try_it(path) == {"read": [["a", "b"], 0], "write": "ZX5004"}


def test_a_copy_whose_log_cannot_be_read_is_refused(folder: Path, path: Path) -> None:
    """The log holds changes; reading the file without them would show an old state as the new one."""
    target = folder / "copy"
    target.mkdir()
    with storage.open_journal(path) as journal:
        write(journal, "b", make_event("b", 1), expected=0)
        for name in ("journal.db", "journal.db-wal"):
            shutil.copy(folder / name, target)
            (target / name).chmod(0o444)
    target.chmod(0o555)
    assert try_it(target / "journal.db")["read"] == "ZX5018"


def test_a_reader_sees_what_a_writer_committed(path: Path) -> None:
    with storage.open_journal(path) as writer, storage.open_journal(path, read_only=True) as reader:
        with writer.transaction() as transaction:
            transaction.append(make_head("b"), [make_event("b", 1)], expected_version=0)
            assert [head.case for head in reader.heads()] == ["a"]
        assert [head.case for head in reader.heads()] == ["a", "b"]


def test_one_reading_sees_one_state(path: Path) -> None:
    with storage.open_journal(path) as writer, storage.open_journal(path, read_only=True) as reader:
        heads = reader.heads()
        assert next(heads).case == "a"
        write(writer, "b", make_event("b", 1), expected=0)
        assert list(heads) == []


def test_nothing_is_written_through_a_read_only_journal(path: Path) -> None:
    before = path.read_bytes()
    with storage.open_journal(path, read_only=True) as journal:
        with pytest.raises(StorageError) as caught, journal.transaction():
            pytest.fail("a write was begun")
        assert caught.value.code == "ZX5004"
        list(journal.verify())
    assert path.read_bytes() == before


class TestFrozen:
    """The file is read as unchanging; somebody with more rights writes it all the same."""

    @pytest.fixture
    def frozen(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlJournal]:
        monkeypatch.setattr("zhengxie_flow.storage.connections._better_untouched", lambda _: not log(path))
        with storage.open_journal(path, read_only=True) as journal:
            assert not log(path), "the file is not read as unchanging: the test shows nothing"
            yield journal

    def test_between_two_readings(self, path: Path, frozen: SqlJournal) -> None:
        assert [head.case for head in frozen.heads()] == ["a"]
        with storage.open_journal(path) as writer:
            write(writer, "b", make_event("b", 1), expected=0)
            assert [head.case for head in frozen.heads()] == ["a", "b"]
        assert [head.case for head in frozen.heads()] == ["a", "b"]

    def test_during_a_reading(self, path: Path, frozen: SqlJournal) -> None:
        heads = frozen.heads()
        assert next(heads).case == "a"
        with storage.open_journal(path) as writer:
            write(writer, "b", make_event("b", 1), expected=0)
            with pytest.raises(Conflict) as caught:
                list(heads)
        assert caught.value.code == "ZX5003"
        assert [head.case for head in frozen.heads()] == ["a", "b"]


def log(path: Path) -> bool:
    return Path(f"{path}-wal").exists()
