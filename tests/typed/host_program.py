"""A program that embeds the engine, as its developers write it: `make types` reads it strictly, a test runs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Session, sessionmaker

from zhengxie_flow import (
    AsyncEngine,
    Audit,
    Case,
    Database,
    Engine,
    Event,
    Packaged,
    Refused,
    Runtime,
    WriteContext,
    Written,
)
from zhengxie_flow.ports import Message

metadata = sa.MetaData()
letters = sa.Table("letters", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("matter", sa.String))


class Office:
    """The rest of the program: its own table, and cases beside it in one transaction."""

    def __init__(self, texts: Mapping[str, str], database: sa.Engine) -> None:
        self.runtime = Runtime([Packaged(), texts])
        self.database = database
        self.sessions = sessionmaker(database)

    def receive(self, matter: str) -> Written:
        """Register a letter and open its case, both or neither."""
        with self.sessions.begin() as session:
            session.execute(letters.insert().values(matter=matter))
            return self.engine(session).open("mini/talk", matter, by="office")

    def engine(self, database: Database) -> Engine:
        """Return an engine on whatever there is."""
        return self.runtime.on(database)

    def hold(self, matter: str) -> Written | list[str]:
        """Act, or say why the law does not allow it now."""
        try:
            return self.runtime.on(self.database).advance(matter, "hold", by="office")
        except Refused as refused:
            return [reason.id for reason in refused.reasons]

    def judge(self, session: Session, matter: str, day: date) -> tuple[Case, Audit]:
        """Read a case and its audit."""
        engine = self.runtime.on(session)
        return engine.case(matter), engine.audit(matter, as_of=day)

    async def receive_async(self, connection: AsyncConnection, matter: str) -> tuple[Written, int]:
        """The same in an asynchronous program."""
        engine: AsyncEngine = self.runtime.on_async(connection)
        opened: Written = await engine.open("mini/talk", matter, by="office")
        heads = await engine.run(lambda engine: len(engine.heads()))
        return opened, heads


def count(context: WriteContext, written: Written) -> None:
    """A subscriber: a row of its own for each write, in the same transaction."""
    rows = [{"matter": touched.case} for touched in written.cases]
    context.connection.execute(letters.insert(), rows)
    assert context.engine.case(written.case).version >= written.sequence


def follow(runtime: Runtime, place: Path, reached: int) -> tuple[int, list[str]]:
    """Read what is new, and what is to be delivered."""
    with runtime.on(place) as engine:
        engine.subscribe(count)
        page = engine.feed(reached)
        hashes: list[str] = [event.hash for _, event in page.entries]
        messages: tuple[Message, ...] = engine.outbox.messages()
    return page.next, [*hashes, *(message.topic for message in messages)]


def of_before(written: Written) -> tuple[str, int, str | None, Event]:
    """A result read as the event it was before."""
    return written.case, written.sequence, written.action, written.event


def mistakes(place: Path, database: sa.Engine) -> None:
    """What the types refuse; each line would be a warning of mypy if they did not."""
    Engine(place, pool={"pool_size": 3, "pool_pre_ping": True}).close()
    Engine(sessionmaker(database))  # type: ignore[arg-type]
    Engine(5)  # type: ignore[arg-type]
    Engine(place, pool={"size": 3})  # type: ignore[arg-type]
    Runtime(5)  # type: ignore[arg-type]
    Runtime().on(place).open("mini/talk", "a", by=5)  # type: ignore[arg-type]
    AsyncEngine(database)  # type: ignore[arg-type]
    Runtime(subscribers=[5])  # type: ignore[list-item]
    Runtime(subscribers=[lambda _: None])  # type: ignore[list-item, misc]
