"""How long a write waits for a lock: by setting, URL or argument, bounded, and never the fixed five seconds."""

from __future__ import annotations

import pytest
from tests.cli.program import run
from tests.support import MINI

from zhengxie_flow import Conflict, Engine, storage
from zhengxie_flow.errors import InvalidInput, UsageError
from zhengxie_flow.settings import read_config
from zhengxie_flow.storage.dialects import target

BAD = ["-1", "601", "nan", "inf", "soon", "1e9"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql")
        return url
    return f"sqlite:///{tmp_path}/journal.db"


def with_patience(url: str, seconds: object) -> str:
    return f"{url}{'&' if '?' in url else '?'}patience={seconds}"


def test_the_url_says_it_before_the_argument_and_no_driver_sees_it(database):
    where = target(with_patience(database, "2.5"))
    assert (where.patience, "patience" in where.url.query, "patience" in where.name) == (2.5, False, False)
    storage.upgrade(database)
    for url, argument, patience in ((database, None, 5.0), (database, 30, 30.0), (with_patience(database, 7), 30, 7.0)):
        with Engine(url, project=MINI, patience=argument) as engine:
            assert engine.journal.patience == patience
            assert engine.context.retries.patience == patience


@pytest.mark.parametrize("bad", BAD)
def test_a_patience_that_is_no_number_of_seconds_is_refused(bad, tmp_path):
    with pytest.raises(UsageError) as caught:
        storage.create(f"sqlite:///{tmp_path}/j.db?patience={bad}")
    assert caught.value.code == "ZX5030"
    with pytest.raises(UsageError) as caught:
        Engine(tmp_path / "j.db", patience=bad)  # type: ignore[arg-type]
    assert caught.value.code == "ZX5030"
    assert not (tmp_path / "j.db").exists()


@pytest.mark.parametrize("written", ["-1", "601", "nan", "true", '"5"', "[1]"])
def test_a_setting_that_is_no_number_of_seconds_is_refused_with_its_place(written, tmp_path):
    (tmp_path / "zhengxie.toml").write_text(f'language = "zh"\npatience = {written}\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_config(tmp_path / "zhengxie.toml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line, problem.where.column) == ("ZX5030", 2, 1)


@pytest.mark.parametrize("how", ["setting", "url"])
def test_who_has_no_patience_is_told_at_once(database, tmp_path, how):
    """Two programs; the one that may not wait gets its answer while the other still holds the lock."""
    (tmp_path / "zhengxie.toml").write_text("patience = 0\n" if how == "setting" else "", encoding="utf-8")
    (tmp_path / "processes").mkdir()
    storage.upgrade(database)
    with Engine(database, project=MINI) as engine:
        engine.open("mini/talk", "c", by="office")
        url = database if how == "setting" else with_patience(database, 0)
        with engine.journal.transaction() as transaction:
            transaction.head("c")
            args = ("determine", "c", "urgent=true", "--by", "office", "--reason", "r", "--lang", "en")
            answer = run("--project", str(tmp_path), "--db", url, *args)
        assert (answer.code, "ZX5003" in answer.err, "patience" in answer.err) == (5, True, True)
        again = run("--project", str(tmp_path), "--db", url, *args)
        assert again.code == 0, again.err


def test_threads_of_one_program_wait_no_longer_either(tmp_path):
    with storage.create(tmp_path / "j.db", busy_timeout=0) as journal, journal.transaction():
        with pytest.raises(Conflict) as caught, journal.transaction():
            pass
        assert (caught.value.code, caught.value.retry) == ("ZX5003", "in_time")
