"""Symbolic links: a file of a project lies in it, and is not read from elsewhere through a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.resources import processes_dir

__all__ = ["folders_leaving", "leaving"]


def leaving(path: Path, root: Path, label: str) -> Problem | None:
    """Find the link by which a file of a project leads out of it.

    The files that come with the package are not asked: an installer may well have linked them to its store.

    Args:
        path: the file; one that is not named below the folder was asked for by its own path, and may lie anywhere.
        root: the folder of the project.
        label: label of the file in errors.

    Returns:
        The problem ZX6085 with the link and where it leads; None where the file stays in the project.
    """
    top = os.path.realpath(root)
    if not path.is_relative_to(root) or _within(os.path.realpath(path), top) or root == processes_dir().parent:
        return None
    place = root
    for part in path.relative_to(root).parts:
        place = place / part
        if place.is_symlink() and not _within(target := os.path.realpath(place), top):
            return Problem("ZX6085", Where(label), {"link": str(place.relative_to(root)), "target": target})
    return None


def folders_leaving(folder: Path, root: Path) -> Iterator[Problem]:
    """Find the folders below one that are links out of the project: nothing in them is looked at.

    Args:
        folder: the folder, of the project.
        root: the folder of the project.

    Yields:
        A problem ZX6085 for each.
    """
    for place, names, _ in os.walk(folder):
        for name in sorted(names):
            path = Path(place) / name
            if path.is_symlink() and (link := leaving(path, root, str(path.relative_to(root)))) is not None:
                yield link


def _within(real: str, top: str) -> bool:
    return os.path.commonpath((real, top)) == top
