"""The office's own tables and its database; those of the journal lie beside them, in the same transactions."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What the office's own migrations look after."""


class Letter(Base):
    """A letter, and the case it started."""

    __tablename__ = "letters"

    case: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    sender: Mapped[str]


class Bell(Base):
    """A line for the office's screen: something happened in a case."""

    __tablename__ = "bells"

    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[str] = mapped_column(sa.String(200), index=True)
    text: Mapped[str]


def database(url: str) -> sa.Engine:
    """An engine of SQLAlchemy; on SQLite, one whose writes take the lock when they begin, and not half-way."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def connect(driver: sqlite3.Connection, _: object) -> None:
        driver.isolation_level = None
        driver.execute("PRAGMA journal_mode = WAL")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine
