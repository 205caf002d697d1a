"""A subscriber that ends the transaction of the write: refused beforehand where it can be, and told truthfully else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from tests.support import DATA

from zhengxie_flow import Engine, SubscriberFailed, WriteContext, Written, storage
from zhengxie_flow.errors import UsageError, ZhengxieError
from zhengxie_flow.i18n import describe

TOWN = DATA / "subcases"


def committed(context: WriteContext) -> None:
    context.connection.commit()


def committed_through_the_transaction(context: WriteContext) -> None:
    context.connection.get_transaction().commit()  # type: ignore[union-attr]


def committed_by_statement(context: WriteContext) -> None:
    context.connection.execute(sa.text(" -- so\n/* be */ Commit"))


def ended_by_statement(context: WriteContext) -> None:
    context.connection.exec_driver_sql("END")


def hidden(context: WriteContext) -> None:
    with suppress(ZhengxieError):
        context.connection.commit()


def rolled_back(context: WriteContext) -> None:
    context.connection.rollback()


def rolled_back_and_went_on(context: WriteContext) -> None:
    context.connection.rollback()
    context.connection.execute(sa.text("INSERT INTO letters VALUES ('after')"))


def rolled_back_by_statement(context: WriteContext) -> None:
    context.connection.exec_driver_sql("ROLLBACK")


def rolled_back_and_raised(context: WriteContext) -> None:
    context.connection.rollback()
    raise ValueError("enough")


def closed(context: WriteContext) -> None:
    context.connection.close()


def committed_by_the_driver(context: WriteContext) -> None:
    context.connection.connection.commit()


def committed_by_the_driver_and_raised(context: WriteContext) -> None:
    context.connection.connection.commit()
    raise ValueError("enough")


BREACHES: dict[Callable[[WriteContext], None], str] = {
    committed: "undone",
    committed_through_the_transaction: "undone",
    committed_by_statement: "nothing",
    ended_by_statement: "nothing",
    hidden: "undone",
    rolled_back: "undone",
    rolled_back_and_went_on: "undone",
    rolled_back_by_statement: "undone",
    rolled_back_and_raised: "undone",
    closed: "undone",
    committed_by_the_driver: "stored",
    committed_by_the_driver_and_raised: "stored",
}
"""What a subscriber may do to the transaction, and what then became of the write."""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql")
    else:
        url = f"sqlite:///{tmp_path}/cases.db"
    storage.upgrade(url)
    made = sa.create_engine(url)
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE letters (matter text)"))
    made.dispose()
    return url


@contextmanager
def own(url: str) -> Iterator[Engine]:
    with Engine(url, project=TOWN) as engine:
        yield engine


@contextmanager
def of_engine(url: str) -> Iterator[Engine]:
    host = sa.create_engine(url)
    with Engine(host, project=TOWN) as engine:
        yield engine
    host.dispose()


@contextmanager
def of_connection(url: str) -> Iterator[Engine]:
    host = sa.create_engine(url)
    with host.connect() as connection:
        connection.execute(sa.text("INSERT INTO letters VALUES ('host')"))
        yield Engine(connection, project=TOWN)
        with suppress(sa.exc.SQLAlchemyError):  # a host that heeds no error
            connection.commit()
    host.dispose()


@contextmanager
def of_session(url: str) -> Iterator[Engine]:
    host = sa.create_engine(url)
    with Session(host) as session:
        session.execute(sa.text("INSERT INTO letters VALUES ('host')"))
        yield Engine(session, project=TOWN)
        with suppress(sa.exc.SQLAlchemyError):
            session.commit()
    host.dispose()


@pytest.mark.filterwarnings("ignore:.*deassociated:sqlalchemy.exc.SAWarning")  # to a host that is none the wiser
@pytest.mark.parametrize("door", [own, of_engine, of_connection, of_session], ids=lambda door: door.__name__)
def test_what_is_said_of_the_write_is_what_is_stored(place: str, door) -> None:
    for breach in BREACHES:
        check(place, door, breach)


def check(place: str, door, breach: Callable[[WriteContext], None]) -> None:
    """Let a subscriber do it, and compare what the error says with what is stored."""
    case = f"{door.__name__}-{breach.__name__}"
    with door(place) as engine:

        @engine.subscribe
        def breaking(context: WriteContext, written: Written) -> None:
            context.connection.execute(sa.text("INSERT INTO letters VALUES (:case)"), {"case": written.case})
            breach(context)

        with pytest.raises(SubscriberFailed) as caught:
            engine.open("town/matter", case, by="clerk")
    assert (caught.value.code, caught.value.params["outcome"]) == ("ZX4095", BREACHES[breach])
    stored = BREACHES[breach] == "stored"
    with Engine(place, project=TOWN) as engine:
        assert (case in {head.case for head in engine.heads()}) == stored
    looking = sa.create_engine(place)
    with looking.connect() as connection:
        letters = connection.execute(sa.text("SELECT matter FROM letters")).scalars().all()
    looking.dispose()
    assert (case in letters) == stored
    assert "after" not in letters
    said = describe(caught.value, "en").message
    assert {"nothing": "nothing of the write", "undone": "rolled back", "stored": "is stored"}[BREACHES[breach]] in said


def test_a_savepoint_of_its_own_is_its_own(place: str) -> None:
    with of_session(place) as engine:

        @engine.subscribe
        def trying(context: WriteContext, _: Written) -> None:
            with suppress(sa.exc.SQLAlchemyError), context.connection.begin_nested():
                context.connection.execute(sa.text("SELECT * FROM no_such_table"))
            with context.connection.begin_nested():
                context.connection.execute(sa.text("INSERT INTO letters VALUES ('nested')"))

        engine.open("town/matter", "nested", by="clerk")
    with Engine(place, project=TOWN) as engine:
        assert engine.case("nested").version == 1


def test_savepoints_around_the_write_are_not_the_subscribers(place: str) -> None:
    host = sa.create_engine(place)
    with Session(host) as session:
        session.begin_nested()
        engine = Engine(session, project=TOWN)
        engine.subscribe(lambda *_: session.rollback())
        with pytest.raises(SubscriberFailed) as caught:
            engine.open("town/matter", "around", by="clerk")
        assert caught.value.params["outcome"] == "undone"
        with suppress(sa.exc.SQLAlchemyError):
            session.commit()
    with Engine(place, project=TOWN) as engine:
        assert "around" not in {head.case for head in engine.heads()}
    host.dispose()


def test_the_next_write_of_the_same_program_is_as_ever(place: str) -> None:
    with own(place) as engine:
        breaking = True

        @engine.subscribe
        def once(context: WriteContext, _: Written) -> None:
            if breaking:
                context.connection.commit()

        with pytest.raises(SubscriberFailed) as caught:
            engine.open("town/matter", "next", by="clerk")
        assert isinstance(caught.value.__cause__, UsageError)
        assert caught.value.__cause__.code == "ZX4098"
        breaking = False
        assert engine.open("town/matter", "next", by="clerk").sequence == 1


def test_a_database_in_memory_goes_on_after_a_breach() -> None:
    with Engine("sqlite://", project=TOWN) as engine:
        breaches = [rolled_back, committed, committed_by_statement, committed_by_the_driver]

        @engine.subscribe
        def breaking(context: WriteContext, _: Written) -> None:
            if breaches:
                breaches.pop(0)(context)

        said = []
        for number in range(4):
            with pytest.raises(SubscriberFailed) as caught:
                engine.open("town/matter", f"M{number}", by="clerk")
            said.append(caught.value.params["outcome"])
        assert said == ["undone", "undone", "nothing", "stored"]
        engine.open("town/matter", "last", by="clerk")
        assert [head.case for head in engine.heads()] == ["M3", "last"]
