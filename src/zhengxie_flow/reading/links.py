"""Symbolic links: a file of a project lies in it, and is not read from elsewhere through a link."""

from __future__ import annotations

import os
from pathlib import Path

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.resources import processes_dir

__all__ = ["leaving"]


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


def _within(real: str, top: str) -> bool:
    return os.path.commonpath((real, top)) == top
