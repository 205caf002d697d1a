"""Files of volumes: where those of a process lie, and the plain values of a process with those attached to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.patch import PARTS, Values
from zhengxie_flow.model.volume import Merge, Volume
from zhengxie_flow.reading.files import attached_files
from zhengxie_flow.reading.sources import SourceFile, read_source


def attached_paths(processes: Path, ids: Iterable[str]) -> list[Path]:
    """The files in reach of some processes that speak of any of them, and so may be attached to it.

    Args:
        processes: The folder of processes.
        ids: The id of a process, and of the one it extends.
    """
    return [path for path, _ in attached_files(processes, ids)]


def read_volumes(paths: Iterable[Path], root: Path, problems: list[Problem]) -> tuple[SourceFile, ...]:
    """Volumes from their files.

    Args:
        paths: The files.
        root: The folder that messages name files from.
        problems: Takes the problems of shape.
    """
    read = [read_source(path, root, Volume, problems) for path in paths]
    return tuple(source for source in read if source is not None)


def with_attached(values: dict[str, Any], process: str, processes: Path, root: Path) -> dict[str, Any]:
    """The plain values of a process, with those of the volumes attached to it; problems are theirs to report.

    Args:
        values: The process as its own file states it.
        process: Its id.
        processes: The folder of processes.
        root: The folder that messages name files from.
    """
    for path in attached_paths(processes, [process]):
        problems: list[Problem] = []
        (source,) = read_volumes([path], root, problems) or (None,)
        if source is None or problems:
            continue
        if any(entry["to"] == process for entry in source.node.value["attaches"]):
            merged = Merge[Any](Values()).merged(values, source.node.value)
            values = {name: value for name, value in merged.items() if name in values or name not in PARTS}
    return values
