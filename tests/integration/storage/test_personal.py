"""Personal values lie beside the journal; erasing one leaves the chain valid."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from zhengxie_flow import storage
from zhengxie_flow.errors import InternalError, NotFound
from zhengxie_flow.model.event import canonical
from zhengxie_flow.storage.personal import seal, unseal
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
        sealed, data = seal(EVENT, FIELDS)
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [sealed], expected_version=0)
            transaction.keep_personal(data)
        yield journal


def test_the_event_holds_hashes_only(journal: SqlJournal) -> None:
    (event,) = journal.events("a")
    text = canonical(event.body).decode()
    assert "张三" not in text
    assert '"138"' not in text
    assert event.body["fields"]["topic"] == "绿化"
    assert unseal(event, journal.personal("a")).body == EVENT.body
    assert list(journal.verify()) == []


def test_equal_values_have_different_hashes() -> None:
    _, first = seal(EVENT, FIELDS[:1])
    _, again = seal(EVENT, FIELDS[:1])
    assert first[0].digest != again[0].digest


def test_an_erased_value_is_gone_and_the_chain_stays_valid(journal: SqlJournal) -> None:
    before = journal.events("a")
    with journal.transaction() as transaction:
        transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="retention ended")
    assert journal.events("a") == before
    (finding,) = journal.verify()
    assert (finding.case, finding.sequence, finding.kind) == ("a", 1, "erased")
    by_field = {datum.field: datum for datum in journal.personal("a")}
    erased = by_field["/fields/name"]
    assert (erased.value, erased.salt, erased.erased) == (None, None, NOW.isoformat())
    assert json.loads(by_field[FIELDS[1]].value or "") == "138"
    restored = unseal(before[0], journal.personal("a"))
    assert restored.body["fields"]["name"] == {"$personal": erased.digest}
    with pytest.raises(NotFound) as caught, journal.transaction() as transaction:
        transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="again")
    assert caught.value.code == "ZX5020"


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
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in ("zx_personal_no_delete", "zx_personal_only_erase"):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE zx_personal DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)
    engine.dispose()
    (finding,) = journal.verify()
    assert (finding.case, finding.sequence, finding.kind) == ("a", 1, kind)


@pytest.mark.parametrize("field", ["/fields/none", "/fields/name/0", "/x/y", "/fields/a~1b~0c/tel/7"])
def test_a_field_that_is_not_there(field: str) -> None:
    with pytest.raises(InternalError) as caught:
        seal(EVENT, [field])
    assert caught.value.code == "ZX5017"
