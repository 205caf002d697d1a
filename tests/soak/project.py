"""A project with a journal to kill commands on, copied anew for every try, on both databases."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests import frozen
from tests.cli.program import case_file, write
from tests.cli.test_calendar_notices import NOTICE
from tests.soak import tracing
from tests.soak.lab import Lab
from tests.support import DATA, MINI

PHONE = "13800138000"
EARLIER = "2026-03-03T10:00:00+08:00"
_TOML = 'database = "zhengxie.db"\nlanguage = "en"\nattachments = "papers"\n'
_NUMBERS = count()

# Cases of every kind: with items and a planned day, with personal values and a case under it, with a limit that has lapsed.
_HISTORY = """\
open town/petition --case P --by clerk --set petitioner=张三丰 --set topic=绿化
record P receive --at 2026-03-02 --by clerk --with petitioner=张三丰 --with phone=13800138000
open town/inquiry --case I --by clerk --under P
open town/inquiry --case free --by clerk
open clocks/lapse --case L1 --by clerk
record L1 receive --at 2026-03-02 --by clerk
open clocks/lapse --case L2 --by clerk
record L2 receive --at 2026-03-03 --by clerk
plan c1 hold --to 2027-01-20 --by department
plan c2 hold --to 2027-02-18 --by department
record P receive --at 2026-03-02 --by clerk --with phone=13500135000 --evidence {input}/history.yaml
"""


@dataclass(frozen=True)
class Command:
    """A command that is killed.

    Attributes:
        name: Its name.
        line: Its arguments; ``{input}`` stands for the folder with its input files.
        steps: True where it is several transactions, each of which is whole.
        before: SQL that makes something for it to do.
    """

    name: str
    line: str
    steps: bool = False
    before: tuple[str, ...] = ()

    def args(self, place: Place) -> list[str]:
        return [*place.options, *(part.format(input=place.inputs) for part in self.line.split())]


COMMANDS = (
    Command("open", "open mini/talk --case new --by office --key k"),
    Command("open under", "open town/inquiry --case J --by clerk --under P --key k"),
    Command("link", "link free --under P --by clerk --key k"),
    Command("advance", "advance P name --by clerk --for w1 --with name=李四光 --with kind=expert --key k", steps=True),
    Command("record", "record c1 notify --at 2026-10-12 --for g1 --by office --key k"),
    Command("determine", "determine c1 urgent=true --by office --reason r --key k"),
    Command("plan", "plan c1 hold --to 2027-02-25 --by department --key k"),
    Command("explain", "explain c1 a2.notice --for g1 --reason r --by office --key k"),
    Command("correct", "correct P 2 --reason typing --by clerk --with phone=13900139000 --key k"),
    Command("erase", "erase P 2 phone --reason asked --by clerk --key k"),
    Command("attach", "record P receive --at 2026-03-02 --by clerk --evidence {input}/notice.yaml --key k", steps=True),
    Command("erase evidence", "erase P 4 evidence --reason asked --by clerk --key k", steps=True),
    Command("import", "import {input}/cases.yaml", steps=True),
    Command("tick", "tick", steps=True),
    Command("checkpoint", "db checkpoint"),
    Command(
        "rebuild", "db rebuild", steps=True, before=("DELETE FROM zx_deadlines", "UPDATE zx_heads SET state = 'x'")
    ),
    Command("calendar import", "calendar import {input}/notice.yaml", steps=True),
)


@dataclass
class Place:
    """A copy of the project with a database of its own."""

    project: Path
    url: str
    inputs: Path
    server: sa.Engine | None = None
    engine: sa.Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)

    @property
    def options(self) -> list[str]:
        return ["--project", str(self.project), "--db", self.url, "--lang", "en"]

    @property
    def database(self) -> Path | None:
        return None if self.server is not None else self.project / "zhengxie.db"

    def settle(self) -> None:
        """Wait until a server has noticed that its client is gone."""
        if self.server is None:
            return
        query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
        until = time.monotonic() + 30
        with self.server.connect() as connection:
            while connection.execute(query, {"name": self.engine.url.database}).scalar():
                assert time.monotonic() < until, "the server still works for a client that is gone"

    def checkpoint(self) -> None:
        """Let a server bring its log into its files."""
        if self.server is not None:
            with self.server.connect() as connection:
                connection.exec_driver_sql("CHECKPOINT")

    def does(self, *statements: str) -> None:
        """A hand in the database."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def bytes(self) -> bytes:
        """Everything that lies on the disk of an SQLite journal."""
        return b"".join(file.read_bytes() for file in sorted(self.project.glob("zhengxie.db*")))

    def parts(self) -> dict[str, Any]:
        """What the journal says, case by case, and the files of the project; what differs from run to run is left out."""
        parts: dict[str, Any] = dict(_files(self.project))
        with self.engine.connect() as connection:
            inspector = sa.inspect(connection)
            names = sorted(name for name in inspector.get_table_names() if name.startswith("zx_"))
            for table in names:
                columns = {column["name"] for column in inspector.get_columns(table)}
                case = next((name for name in ("case_id", "case") if name in columns), None)
                for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings():  # noqa: S608
                    values = {name: _stable(name, row[name]) for name in columns - _CHANCE}
                    owner = f"case {row[case]}" if case else table
                    parts.setdefault(owner, []).append((table, tuple(sorted(values.items()))))
            parts["schema"] = names
        return {
            name: tuple(sorted(map(str, value))) if isinstance(value, list) else value for name, value in parts.items()
        }


_CHANCE = {"id", "hash", "prev_hash", "previous", "salt", "value", "digest", "root", "heads", "signature"}


def _stable(name: str, value: object) -> str:
    text = re.sub(r"(sha256:)?[0-9a-f]{64}", "#", str(value))
    return "#" if name == "key" and re.fullmatch(r"[0-9a-f]{32}", text) else text


def _files(project: Path) -> Iterator[tuple[str, str]]:
    for file in project.rglob("*"):
        if "staging" in file.parts:  # copies that were begun; swept a day later
            continue
        if file.is_file() and not file.name.startswith("zhengxie.db"):
            text = re.sub(r"recorded_at: .*", "recorded_at: #", file.read_text(encoding="utf-8"))
            yield f"file {file.relative_to(project)}", text
        elif file.is_dir():
            yield f"file {file.relative_to(project)}", "/"


class Template:
    """The project that is copied, with the journal that every try begins with."""

    def __init__(self, folder: Path, lab: Lab, server: str | None = None, release: str | None = None) -> None:
        """Write the journal; with ``release`` it is the one that a released version left behind."""
        self.folder = folder
        self.traced = tracing.available() is None
        self._url = server
        self.server = (
            None
            if server is None
            else sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        )
        self.project, self.inputs = folder / "project", folder / "inputs"
        _fill(self.project, self.inputs)
        self.name = f"zx_{next(_NUMBERS)}"
        self.asks(f"CREATE DATABASE {self.name}")
        place = Place(self.project, self._database(self.name), self.inputs, self.server)
        if release is not None:
            with place.engine.begin() as connection:
                frozen.leave(connection, release)
            return
        for line in [
            "db upgrade",
            f"import {self.inputs}/history.yaml",
            *_HISTORY.format(input=self.inputs).splitlines(),
        ]:
            done = lab.zhengxie(*place.options, *line.split(), clock=EARLIER)
            assert done.code == 0, (line, done.err)
        place.settle()

    def asks(self, statement: str) -> None:
        """Give the server a statement, where there is one."""
        if self.server is not None:
            with self.server.connect() as connection:
                connection.exec_driver_sql(statement)

    def _database(self, name: str) -> str:
        if self._url is None:
            return f"sqlite:///{self.project}/zhengxie.db"
        return sa.make_url(self._url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def copy(self, folder: Path, command: Command | None = None, where: str = "") -> Iterator[Place]:
        """Copy the project and its database for one try; ``where`` is a clause of CREATE DATABASE."""
        project = folder / "project"
        shutil.copytree(self.project, project)
        url, name = f"sqlite:///{project}/zhengxie.db", f"zx_{next(_NUMBERS)}"
        if self._url is not None:
            self.asks(f"CREATE DATABASE {name} TEMPLATE {self.name} {where}")
            url = self._database(name)
        place = Place(project, url, self.inputs, self.server)
        try:
            if command is not None and command.before:
                place.does(*command.before)
            yield place
        finally:
            place.engine.dispose()
            self.asks(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            shutil.rmtree(project)


def _fill(project: Path, inputs: Path) -> None:
    shutil.copytree(MINI, project)
    shutil.copytree(DATA / "personal" / "processes", project / "processes", dirs_exist_ok=True)
    (project / "processes" / "clocks").mkdir()
    for name in ("law", "lapse"):
        shutil.copy(DATA / "clocks" / "processes" / "clocks" / f"{name}.yaml", project / "processes" / "clocks")
    (project / "zhengxie.toml").write_text(_TOML, encoding="utf-8")
    inputs.mkdir()
    (inputs / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    agreed = {"at": "2026-01-12", "do": "agree", "by": "partner"}
    write(inputs / "history.yaml", [case_file(name, agreed) for name in ("c1", "c2")])
    later = {"at": "2026-09-01", "do": "notify", "for": "g1", "by": "office"}
    known = case_file("c1", agreed, later)
    write(inputs / "cases.yaml", [known, *(case_file(f"n{n}", agreed, later) for n in range(4))])
