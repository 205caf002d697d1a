"""What another program left unflushed is flushed before it is relied on; a flush that fails is a coded error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhengxie_flow import durability, storage
from zhengxie_flow.errors import StorageError
from zhengxie_flow.ports import Attachment
from zhengxie_flow.storage.attachments import FolderAttachments
from zhengxie_flow.testing.builders import make_event, write


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are flushed by this program itself, and not by SQLite."""
    paths: list[str] = []
    whole = durability._flush

    def flush(path: Path, flags: int) -> None:
        paths.append(path.name)
        whole(path, flags)

    monkeypatch.setattr(durability, "_flush", flush)
    return paths


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Path]:
    """A journal that another engine has open, with what it has written still in the log."""
    path = tmp_path / "cases.db"
    with storage.create(path) as journal:
        write(journal, "a", make_event("a", 1), expected=0)
        yield path


def test_the_log_that_is_found_is_flushed_by_who_may_write(busy: Path, flushed: list[str]) -> None:
    with storage.open_journal(busy, read_only=True) as journal:
        assert journal.head("a") is not None
    assert flushed == []
    with storage.open_journal(busy):
        assert flushed[:2] == ["cases.db-wal", busy.parent.name]


def test_the_log_behind_a_link_is_flushed_where_it_lies(busy: Path, flushed: list[str], tmp_path: Path) -> None:
    link = tmp_path / "other" / "link.db"
    link.parent.mkdir()
    link.symlink_to(busy)
    with storage.open_journal(link):
        assert flushed[:2] == ["cases.db-wal", busy.parent.name]


def test_nothing_is_flushed_where_no_log_was_left(tmp_path: Path, flushed: list[str]) -> None:
    storage.create(tmp_path / "cases.db").close()
    flushed.clear()
    with storage.open_journal(tmp_path / "cases.db"):
        assert flushed == []


def test_a_log_that_cannot_be_flushed_is_a_coded_error(busy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, _flags: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(durability, "_flush", fail)
    with pytest.raises(StorageError) as caught:
        storage.open_journal(busy)
    assert caught.value.code in {"ZX5006", "ZX5018"}


def test_a_file_that_is_kept_already_or_gone_already_is_flushed_again(tmp_path: Path, flushed: list[str]) -> None:
    files = FolderAttachments(tmp_path / "papers")
    for _ in range(2):
        staged = files.stage(Attachment("a.txt", b"a"))
        flushed.clear()
        files.keep(staged)
        assert flushed == [staged.hash.removeprefix("sha256:")[:2], "sha256", "papers", tmp_path.name]
    for present in (True, False):
        flushed.clear()
        assert files.remove(staged.hash) is present
        assert flushed == [staged.hash.removeprefix("sha256:")[:2]]


def test_where_a_folder_may_not_be_read_everything_is_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path, _flags: int) -> None:
        if path == tmp_path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    everything: list[bool] = []
    monkeypatch.setattr(durability, "_flush", forbidden)
    monkeypatch.setattr(os, "sync", lambda: everything.append(True), raising=False)
    durability.flush_folders(tmp_path / "a", tmp_path / "a")
    assert everything == []
    durability.flush_folders(tmp_path / "a", tmp_path.parent)
    assert everything == [True]
