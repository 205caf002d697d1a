"""Projects made for a test: the shipped files or the small statute, with files put in and texts changed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tests.support import DATA, MINI

from zhengxie_flow.bootstrap import Engine, FixedClock
from zhengxie_flow.bootstrap.definitions import CompiledFiles
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.reading.definitions import Files

ROOT = Path(__file__).parents[1]
EDITION = "processes/mini/editions/talk/{}.yaml"
HEAD = 'language: 1\nedition: "{name}"\namends: mini/talk\nzh: 修订\nen: Amendment\nin_force: {{from: {begins}}}\n'


def edition(name: str, begins: str, text: str) -> dict[str, str]:
    """The file of an edition of the small statute."""
    return {EDITION.format(name): HEAD.format(name=name, begins=begins) + text}


def small(folder: Path, *files: Mapping[str, str]) -> Path:
    """The small statute in a folder, with some files added."""
    shutil.copytree(MINI, folder, dirs_exist_ok=True)
    return put(folder, *files)


def shipped(folder: Path, *files: Mapping[str, str]) -> Path:
    """The shipped processes and rules in a folder, with some files added."""
    for name in ("processes", "rules"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    return put(folder, *files)


def amended(folder: Path) -> Path:
    """The shipped processes with a fictional amendment of the consultation, and its scenarios."""
    shipped(folder)
    shutil.copytree(DATA / "editions", folder, dirs_exist_ok=True)
    return folder


def put(folder: Path, *files: Mapping[str, str]) -> Path:
    """Files by their path in a project."""
    for each in files:
        for name, text in each.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def files_of(project: Path) -> Files:
    """The two folders of a project."""
    return Files(project / "processes", project / "rules")


def compiled(project: Path, process: str = "mini/talk") -> CompiledProcess:
    """A process of a project, ready to run, with its editions."""
    return CompiledFiles(files_of(project)).by_id(process)


def engine_at(project: Path, at: str, db: str = "cases.db") -> Engine:
    """An engine on a project whose clock stands at an instant of local time."""
    clock = FixedClock(datetime.fromisoformat(at + "+08:00"))
    return Engine(str(project / db), project=project, clock=clock)
