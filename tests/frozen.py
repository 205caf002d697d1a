"""The journals that released versions left behind (``tests/data/journals``), brought back into a database."""

from __future__ import annotations

import io
import json
import lzma
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Date, MetaData, Table, create_engine, delete, insert, text
from tests.support import DATA

from zhengxie_flow.storage import upgrade

JOURNALS = DATA / "journals"
VERSIONS = sorted(
    (file.parent.name for file in JOURNALS.glob("*/frozen.json")), key=lambda name: tuple(map(int, name.split(".")))
)


def about(version: str) -> dict[str, Any]:
    """What was written down beside a journal: its schema revision, and what its version made of it."""
    frozen: dict[str, Any] = json.loads((JOURNALS / version / "frozen.json").read_text(encoding="utf-8"))
    return frozen


def verdicts(version: str) -> list[list[str | None]]:
    """The verdicts of the version's own audit, in the ``columns`` of `about`."""
    return _lines(version, "verdicts")


def unpack(version: str, folder: Path) -> tuple[Path, list[Path]]:
    """The project files that are not shipped, laid into ``folder``, and the files the version imported."""
    packed = lzma.decompress((JOURNALS / version / "imports.tar.xz").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for entry in archive:  # files alone, as they were frozen; `filter=` came only with Python 3.11.4
            content = archive.extractfile(entry)
            assert content is not None, entry.name
            file = folder / entry.name
            assert file.resolve().is_relative_to(folder.resolve()), entry.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())
    return folder / "project", sorted((folder / "imports").glob("*.yaml"))


def restore(version: str, url: str) -> None:
    """The journal as it lay in its database: at the schema revision of its version, then brought up to date."""
    engine = create_engine(url)
    with engine.begin() as connection:
        leave(connection, version)
    engine.dispose()
    upgrade(url)


def leave(connection: Connection, version: str) -> None:
    """The journal as it lay in its database: at the schema revision of its version."""
    upgrade(connection, to=about(version)["revision"])
    _fill(connection, version)


def _fill(connection: Connection, version: str) -> None:
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name.startswith("zx_") and name != "zx_schema")
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in _lines(version, "journal"):
        rows.setdefault(line["table"], []).append(line["row"])
    for table in metadata.sorted_tables:
        if table.name in rows:
            connection.execute(delete(table))  # what the migrations put there themselves
            connection.execute(insert(table), [_row(table, row) for row in rows[table.name]])
            if connection.dialect.name == "postgresql" and "id" in table.c:  # the next row is numbered after the last
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, max(id)) FROM {table.name}"))  # noqa: S608
    if connection.dialect.name == "postgresql" and "zx_feed" in metadata.tables:  # SQLite needs no positions
        columns = "case_id, first_sequence, last_sequence, position"
        places = "case_id, sequence, sequence, row_number() OVER (ORDER BY id)"
        connection.execute(text(f"INSERT INTO zx_feed ({columns}) SELECT {places} FROM zx_events ORDER BY id"))  # noqa: S608


def _row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row of SQLite, which keeps days as text and truth as a number."""
    values = dict(row)
    for name, value in row.items():
        kind = table.c[name].type
        if value is not None and isinstance(kind, Date):
            values[name] = date.fromisoformat(value)
        elif value is not None and isinstance(kind, Boolean):
            values[name] = bool(value)
    return values


def _lines(version: str, name: str) -> list[Any]:
    packed = (JOURNALS / version / f"{name}.jsonl.xz").read_bytes()
    return [json.loads(line) for line in lzma.decompress(packed).decode().splitlines()]
