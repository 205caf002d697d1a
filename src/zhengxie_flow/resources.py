"""Folders of the files that ship with the package: ``processes/``, ``rules/`` and ``migrations/``.

In a wheel they lie in ``zhengxie_flow/_data``; in a checkout (and an editable install) at the top of the repository.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    shipped = _PACKAGE / "_data" / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name


def processes_dir() -> Path:
    """Return the folder of the packaged processes.

    Example:
        >>> processes_dir().name
        'processes'
    """
    return _folder("processes")


def rules_dir() -> Path:
    """Return the folder of the packaged decisions and calendars.

    Example:
        >>> rules_dir().name
        'rules'
    """
    return _folder("rules")


def migrations_dir() -> Path:
    """Return the folder of the schema migrations.

    Example:
        >>> migrations_dir().name
        'migrations'
    """
    return _folder("migrations")


def are_installed(root: Path) -> bool:
    """Return whether a folder is that of the files in an installed package, not that of a checkout or a project.

    Args:
        root: The folder that holds ``processes/`` and ``rules/``.
    """
    return root == _PACKAGE / "_data"
