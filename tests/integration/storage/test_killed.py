"""A process that is killed leaves all of its transaction, or nothing of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from zhengxie_flow import storage
from zhengxie_flow.testing.builders import make_event, write

CHILD = Path(__file__).parent / "children" / "write_until_killed.py"
COUNT = 1000  # about 12 MB: far more than SQLite's page cache, so pages reach the disk before the commit


def kill_at(path: Path, step: str) -> None:
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(path), str(COUNT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == step:
                break
            child.stdin.write("\n")
            child.stdin.flush()
        else:
            pytest.fail(f"the child never came to {step!r}")
        child.kill()


@pytest.mark.parametrize("step", ["half", "before commit"])
def test_killed_inside_the_transaction_nothing_is_left(tmp_path: Path, step: str) -> None:
    path = tmp_path / "journal.db"
    with storage.create(path) as journal:
        write(journal, "before", make_event("before", 1), expected=0)
    kill_at(path, step)
    assert Path(f"{path}-wal").stat().st_size > 1_000_000, "nothing had reached the disk: the test shows nothing"
    with storage.open_journal(path) as journal:
        assert [head.case for head in journal.heads()] == ["before"]
        assert journal.events("case-0") == ()
        assert list(journal.deadlines(open_only=False)) == []
        assert list(journal.verify()) == []
        write(journal, "before", make_event("before", 2), expected=1)


def test_killed_after_the_commit_all_is_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    storage.upgrade(path)
    kill_at(path, "committed")
    with storage.open_journal(path, read_only=True) as journal:
        assert [head.version for head in journal.heads()] == [COUNT // 10] * 10
        assert len(list(journal.deadlines())) == 10
        assert list(journal.verify()) == []
