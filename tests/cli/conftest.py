"""What the tests of the command line share: a clean environment, and a database of the small statute."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.cli.program import CLOCK, Desk, case_file, run, write

TOLD = [
    {"at": "2026-01-12", "do": "agree", "by": "partner"},
    {"at": "2026-02-05", "do": "notify", "for": "g1", "by": "office"},
    {"at": "2026-02-09", "do": "notify", "for": "g2", "by": "office"},
    {"at": "2026-02-11", "do": "prepare", "by": "office"},
    {"at": "2026-03-04", "do": "hold", "by": "department"},
    {"at": "2026-03-04", "do": "finish", "by": "department"},
]


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("ZHENGXIE_", "LC_")) or name in ("LANG", "LANGUAGE", "NO_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZHENGXIE_CLOCK", CLOCK)
    monkeypatch.setenv("ZHENGXIE_CACHE", "off")  # nothing is kept in the projects of the tests
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """An empty database and one with a case that was held after a late notice, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("shelf")
    empty, told = folder / "empty.db", folder / "told.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGXIE_CLOCK", CLOCK)
        assert run("--db", empty, "db", "upgrade").code == 0
        shutil.copy(empty, told)
        answer = Desk(told)("import", write(folder / "told.yaml", case_file("c1", *TOLD)))
    assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def desk(shelf, tmp_path):
    """An empty database."""
    return Desk(shutil.copy(shelf / "empty.db", tmp_path / "cases.db"))


@pytest.fixture
def told(shelf, tmp_path):
    """A database with one case that was held, with one late notice."""
    return Desk(shutil.copy(shelf / "told.db", tmp_path / "cases.db"))
