"""Freeze the journal of a version as test data: what it wrote, what it made of it, and what it was made from.

Runs the demo of a checkout with its own program, then the single acts of ``tests/data/journals/acts``, and writes to
``tests/data/journals/<version>/``

- ``journal.jsonl.xz``: the rows of every table of the journal, one JSON object a line (``{"table": ..., "row": ...}``);
- ``verdicts.jsonl.xz``: what this version's audit made of it, one verdict a line;
- ``imports.tar.xz``: the files the demo imported, and those of the project that are not shipped;
- ``frozen.json``: version, schema revision, day of the audit, what ``verify`` said, how many events of each type;

and to ``tests/data/codes/<version>.txt`` the codes that this version can raise.

The programs it starts are this project's own.  Without arguments it freezes this checkout with the program beside this
interpreter; another version is given as its checkout and its program.  A version is frozen once, when it is released.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
JOURNALS: Final = ROOT / "tests" / "data" / "journals"
CODES: Final = ROOT / "tests" / "data" / "codes"
ACTS: Final = JOURNALS / "acts"
AS_OF: Final = "2026-11-22"
JUDGED: Final = ("obligation", "item", "verdict", "due", "latest", "earliest")
STATUTES: Final = ("mini", "personal")
"""The small statutes of ``tests/data`` that the single acts are about."""


@dataclass(frozen=True)
class Program:
    """The command of a version, pointed at one project."""

    path: Path
    project: Path

    def __call__(self, *args: str, day: str = AS_OF) -> str:
        """Run one command on a day; its standard output.  Raises where it fails."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGXIE_")}
        environment |= {"ZHENGXIE_CLOCK": f"{day}T09:00:00+08:00", "ZHENGXIE_LANG": "en"}
        command = [str(self.path), "--project", str(self.project), "--format", "json", *args]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            sys.exit(f"{shlex.join(args)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def data(self, *args: str) -> Any:
        """The answer of one command."""
        return json.loads(self(*args))["data"]


def freeze(source: Path, path: Path) -> Path:
    """Make a journal with the program of a version and keep it; returns the folder."""
    output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    version = output.split()[-1]
    folder = JOURNALS / version
    if folder.exists():
        sys.exit(f"{folder.relative_to(ROOT)} is there already; what is frozen stays as it is")
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        environment = os.environ | {"PATH": f"{path.parent}{os.pathsep}{os.environ['PATH']}"}
        demo = ["sh", str(source / "scripts" / "demo.sh"), str(project)]
        subprocess.run(demo, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
        program = Program(path, project)
        added = list(act(program, source, version))
        folder.mkdir(parents=True)
        rows = list(stored(project / "zhengxie.db"))
        write(folder / "journal.jsonl.xz", lines(rows))
        cases = program.data("audit", "--as-of", AS_OF, "--fail-on", "never")["cases"]
        judged = [[case["case"], *(line[key] for key in JUDGED)] for case in cases for line in case["verdicts"]]
        write(folder / "verdicts.jsonl.xz", lines(judged))
        imported = sorted((source / "examples" / "qinghe").glob("*.yaml"))
        packed = {f"imports/{file.name}": file for file in imported}
        packed |= {f"project/{file.relative_to(project)}": file for file in added}
        write(folder / "imports.tar.xz", tar(packed))
        frozen = {
            "version": version,
            "revision": next(row["row"]["version_num"] for row in rows if row["table"] == "zx_schema"),
            "as_of": AS_OF,
            "columns": ["case", *JUDGED],
            "verify": program.data("verify"),
            "events": dict(sorted(Counter(row["row"]["type"] for row in rows if row["table"] == "zx_events").items())),
        }
        text = json.dumps(frozen, ensure_ascii=False, indent=1) + "\n"
        (folder / "frozen.json").write_text(text, encoding="utf-8")
    return folder


def act(program: Program, source: Path, version: str) -> Iterator[Path]:
    """Do the single acts the version knows; yields the files put into the project."""
    for statute in STATUTES:
        for file in sorted((source / "tests" / "data" / statute).rglob("*.yaml")):
            yield put(file, program.project / file.relative_to(source / "tests" / "data" / statute))
    for line in (ACTS / "acts.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        since, day, command, *args = shlex.split(line.format(acts=ACTS))
        if number(since) > number(version):
            continue
        if command == "put":
            yield put(ACTS / args[0], program.project / args[1])
        else:
            program(command, *args, day=day)
    yield from sorted((program.project / "rules" / "calendars").rglob("2027.yaml"))


def put(file: Path, to: Path) -> Path:
    """Copy a file into the project."""
    to.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(file, to))


def number(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare."""
    return tuple(int(part) for part in version.split("."))


def stored(database: Path) -> Iterator[dict[str, Any]]:
    """Every row of every table of a journal, by table and in the order of writing."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'zx@_%' ESCAPE '@' ORDER BY name"
        for (table,) in connection.execute(tables).fetchall():
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608  # a name of our own
                yield {"table": table, "row": dict(row)}


def lines(values: list[Any]) -> bytes:
    """One JSON value a line."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def codes(source: Path) -> list[str]:
    """The codes that a checkout has texts for."""
    texts = (json.loads(path.read_bytes()) for path in (source / "src/zhengxie_flow/i18n/messages").glob("*.json"))
    return sorted(key for area in texts for key in area if key.startswith("ZX"))


def tar(files: dict[str, Path]) -> bytes:
    """An archive that holds names and contents and nothing of the machine it was made on."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, file in sorted(files.items()):
            content = file.read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def write(file: Path, content: bytes) -> None:
    """Keep it compressed."""
    file.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def main() -> None:
    """Freeze one version."""
    parser = argparse.ArgumentParser(description="Freeze the journal of a version as test data.")
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout of the version (default: this one)")
    beside = Path(sys.executable).parent / "zhengxie"
    parser.add_argument("--program", type=Path, default=beside, help="its command (default: beside this Python)")
    options = parser.parse_args()
    folder = freeze(options.source.resolve(), options.program.absolute())
    raised = CODES / f"{folder.name}.txt"
    raised.write_text("".join(f"{code}\n" for code in codes(options.source.resolve())), encoding="utf-8")
    for file in (*sorted(folder.iterdir()), raised):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
