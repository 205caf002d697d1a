"""What the doctor learns of a database, on both kinds, whatever state it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from zhengxie_flow import StorageError, storage
from zhengxie_flow.storage.health import database_health
from zhengxie_flow.storage.versions import newest
from zhengxie_flow.testing.builders import make_event, write


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of either kind."""
    return f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else str(request.getfixturevalue("postgresql"))


def changed(url: str, *statements: str) -> None:
    """A database after somebody changed it by hand."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_database_is_described_as_it_is(url: str) -> None:
    with storage.create(url) as journal:
        assert database_health(url).latest is None
        write(journal, "c", make_event("c", 1), expected=0)
    health = database_health(url)
    assert health.kind.split()[0] in ("SQLite", "PostgreSQL")
    assert (health.revision, health.newest, health.missing, health.unfinished) == (newest(), newest(), (), None)
    assert health.latest is not None
    trigger = "zx_personal_only_erase"
    changed(url, f"DROP TRIGGER {trigger}" + (" ON zx_personal" if "postgresql" in url else ""))
    assert database_health(url).missing == (trigger,)
    changed(url, "UPDATE zx_heads SET updated = 'never'")
    assert database_health(url).latest is None
    changed(url, "DROP TABLE zx_journal")
    assert set(database_health(url).missing) == {trigger, "zx_journal"}


def test_an_older_or_an_empty_database_is_described_too(url: str) -> None:
    storage.upgrade(url)
    changed(url, "UPDATE zx_schema SET version_num = '0001'")
    assert database_health(url).revision == "0001"
    changed(url, "DROP TABLE zx_schema")
    assert database_health(url).revision is None


def test_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as raised:
        database_health(str(tmp_path / "none.db"))
    assert raised.value.code == "ZX5001"
