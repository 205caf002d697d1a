"""A new project folder, and the schema of a database."""

from __future__ import annotations

import os

import pytest
from tests.cli.program import run


def test_a_new_project_is_complete_and_works(tmp_path, monkeypatch):
    answer = run("--lang", "en", "init", "city")
    assert answer.code == 0
    assert sorted(os.listdir("city")) == ["processes", "rules", "zhengxie.db", "zhengxie.toml"]
    monkeypatch.chdir(tmp_path / "city" / "processes")  # found upwards from anywhere inside
    assert run("--format", "json", "list").data == {"cases": [], "next": None}
    opened = run("open", "jilin/consultation", "--case", "m-1", "--by", "general_office", "--set", "phase=pre_decision")
    assert opened.code == 0, opened.err
    assert [case["case"] for case in run("--format", "json", "list").data["cases"]] == ["m-1"]


def test_an_empty_project_has_room_for_a_statute_of_ones_own():
    assert run("init", "own", "--empty").code == 0
    assert sorted(os.listdir("own")) == ["processes", "rules", "zhengxie.db", "zhengxie.toml"]
    assert os.listdir("own/processes") == os.listdir("own/rules") == []
    assert run("--project", "own", "--format", "json", "list").data == {"cases": [], "next": None}


@pytest.mark.parametrize("name", ["zhengxie.toml", "processes", "zhengxie.db"])
def test_nothing_that_is_there_is_overwritten(tmp_path, name):
    folder = tmp_path / "used"
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")
    answer = run("--format", "json", "init", folder)
    assert (answer.code, answer.error["code"]) == (2, "ZX6050")
    assert os.listdir(folder) == [name]
    assert (folder / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_holds_other_things_is_kept_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert run("init", tmp_path).code == 0
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer = run("--format", "json", "init", tmp_path / "file" / "city")
    assert (answer.code, answer.error["code"]) == (3, "ZX6051")
    assert os.listdir(tmp_path) == ["file"]


def test_the_schema_is_made_once_and_told(tmp_path):
    db = tmp_path / "a.db"
    made = run("--db", db, "--format", "json", "db", "upgrade")
    assert made.code == 0
    again = run("--db", db, "--format", "json", "db", "upgrade")
    assert again.data == made.data
    now = run("--db", db, "--format", "json", "db", "current").data
    assert now == made.data | {"newest": made.data["schema"], "missing": []}


@pytest.mark.parametrize("args", [("list",), ("db", "current"), ("audit",), ("due",), ("verify",), ("show", "x")])
def test_a_database_that_is_missing_is_not_made(tmp_path, args):
    db = tmp_path / "missing.db"
    answer = run("--db", db, "--format", "json", *args)
    assert (answer.code, answer.error["code"]) == (6, "ZX5001")
    assert not db.exists()


def test_a_file_that_is_no_database_is_told_so(tmp_path):
    db = tmp_path / "text.db"
    db.write_text("no database at all, but long enough to be looked at " * 40, encoding="utf-8")
    answer = run("--db", db, "--format", "json", "list")
    assert (answer.code, answer.error["code"]) == (6, "ZX5005")


def test_a_password_is_not_shown(tmp_path):
    from zhengxie_flow.cli.session import Session

    session = Session(db="postgresql+psycopg://clerk:secret@host/cases")
    assert session.database == "postgresql+psycopg://clerk:***@host/cases"
    assert Session(db=str(tmp_path / "a@b.db")).database == str(tmp_path / "a@b.db")
