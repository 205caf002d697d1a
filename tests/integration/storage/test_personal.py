"""Personal values lie beside the journal; erasing one leaves the chain valid."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from tests.tampering import unguarded

from zhengxie_flow import storage
from zhengxie_flow.errors import InternalError, NotFound
from zhengxie_flow.model.event import content
from zhengxie_flow.storage.personal import seal
from zhengxie_flow.testing.builders import make_event, make_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zhengxie_flow.storage import SqlJournal

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
EVENT = make_event("a", 1, body={"fields": {"name": "张三", "a/b~c": {"tel": [1, "138"]}, "topic": "绿化"}})
FIELDS = ("/fields/name", "/fields/a~1b~0c/tel/1")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    url: str = request.getfixturevalue("postgresql")
    return url


@pytest.fixture
def journal(place: str) -> Iterator[SqlJournal]:
    with storage.create(place) as journal:
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [EVENT], expected_version=0, personal={1: FIELDS})
        yield journal


def stored(place: str) -> str:
    """The bodies as they stand in the table of events."""
    engine = sa.create_engine(place)
    with engine.connect() as connection:
        found = "".join(connection.exec_driver_sql("SELECT body FROM zx_events").scalars())
    engine.dispose()
    return found


def test_the_event_holds_hashes_only(journal: SqlJournal, place: str) -> None:
    text = stored(place)
    assert "张三" not in text
    assert '"138"' not in text
    assert "绿化" in text
    (event,) = journal.events("a")
    assert event.body == EVENT.body
    assert list(journal.verify()) == []


def test_equal_values_have_different_hashes() -> None:
    _, first = seal(content(EVENT), FIELDS[:1])
    _, again = seal(content(EVENT), FIELDS[:1])
    assert first[0].digest != again[0].digest


def test_an_erased_value_is_gone_and_the_chain_stays_valid(journal: SqlJournal, place: str) -> None:
    before = stored(place)
    with journal.transaction() as transaction:
        transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="retention ended")
    assert stored(place) == before
    (finding,) = journal.verify()
    assert (finding.case, finding.sequence, finding.kind) == ("a", 1, "erased")
    by_field = {datum.field: datum for datum in journal.personal("a")}
    erased = by_field["/fields/name"]
    assert (erased.value, erased.salt, erased.erased) == (None, None, NOW.isoformat())
    assert json.loads(by_field[FIELDS[1]].value or "") == "138"
    (event,) = journal.events("a")
    assert event.body.fields["name"] == {"$erased": NOW.isoformat()}
    with pytest.raises(NotFound) as caught, journal.transaction() as transaction:
        transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="again")
    assert caught.value.code == "ZX5020"


def test_nothing_of_an_erased_value_stays_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    name = "某某某-" * 20
    with storage.create(path) as journal:
        for number in range(1, 40):
            event = make_event("a", number, body={"fields": {"name": f"{name}{number}", "topic": "绿化" * 50}})
            with journal.transaction() as transaction:
                transaction.append(
                    make_head("a"), [event], expected_version=number - 1, personal={number: ["/fields/name"]}
                )
        assert name.encode() in _bytes(path)
        with journal.transaction() as transaction:
            for number in range(1, 40):
                transaction.erase_personal("a", number, "/fields/name", at=NOW, ground="retention ended")
        assert name.encode() not in _bytes(path)
        assert "绿化".encode() in _bytes(path)
        assert {finding.kind for finding in journal.verify()} == {"erased"}


def _bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_a_key_finds_its_event_with_its_values(journal: SqlJournal) -> None:
    with journal.transaction() as transaction:
        found = transaction.find_key("a", "key-1")
    assert found == journal.events("a")[0]
    assert found.body == EVENT.body


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE zx_personal SET value = '\"李四\"' WHERE field = '/fields/name'", "changed"),
        ("UPDATE zx_personal SET digest = 'sha256:00' WHERE field = '/fields/name'", "changed"),
        ("DELETE FROM zx_personal WHERE field = '/fields/name'", "removed"),
    ],
)
def test_a_value_changed_or_taken_away(journal: SqlJournal, place: str, statement: str, kind: str) -> None:
    engine = sa.create_engine(place)
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    with engine.begin() as connection, unguarded(connection):
        connection.exec_driver_sql(statement)
    engine.dispose()
    (finding,) = journal.verify()
    assert (finding.case, finding.sequence, finding.kind) == ("a", 1, kind)


@pytest.mark.parametrize("field", ["/fields/none", "/fields/name/0", "/x/y", "/fields/a~1b~0c/tel/7"])
def test_a_field_that_is_not_there(field: str) -> None:
    with pytest.raises(InternalError) as caught:
        seal(content(EVENT), [field])
    assert caught.value.code == "ZX5017"
