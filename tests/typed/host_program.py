"""A program that embeds the engine, as its developers write it: `make types` reads it strictly, a test runs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Session, sessionmaker

from zhengxie_flow import AsyncEngine, Audit, Case, Database, Engine, Packaged, Refused, Runtime, Written

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


def mistakes(place: Path, database: sa.Engine) -> None:
    """What the types refuse; each line would be a warning of mypy if they did not."""
    Engine(place, pool={"pool_size": 3, "pool_pre_ping": True}).close()
    Engine(sessionmaker(database))  # type: ignore[arg-type]
    Engine(5)  # type: ignore[arg-type]
    Engine(place, pool={"size": 3})  # type: ignore[arg-type]
    Runtime(5)  # type: ignore[arg-type]
    Runtime().on(place).open("mini/talk", "a", by=5)  # type: ignore[arg-type]
    AsyncEngine(database)  # type: ignore[arg-type]
