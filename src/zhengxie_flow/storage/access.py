"""Access to the files of a database: who may read them by their modes, and by those of the folders above."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhengxie_flow.storage.connections import log_of

OWNER: Final = "owner"
GROUP: Final = "group"
OTHERS: Final = "others"

_READ: Final = {GROUP: stat.S_IRGRP, OTHERS: stat.S_IROTH}
_PASS: Final = {GROUP: stat.S_IXGRP | stat.S_IXOTH, OTHERS: stat.S_IXOTH}


@dataclass(frozen=True, slots=True)
class FileAccess:
    """Access to one file.

    Attributes:
        path: The file.
        mode: Its permissions in octal digits, such as ``0600``.
        owner: The name of its owner, else the number.
        group: The name of its group, else the number.
        readers: Who may read it, of ``owner group others``, by its mode and those of the folders above.
        replaceable: True where others may write to its folder, and so put another file in its place.
        acl: True where a list of further rights is attached to it.
    """

    path: str
    mode: str
    owner: str
    group: str
    readers: tuple[str, ...]
    replaceable: bool
    acl: bool


def file_access(database: Path) -> tuple[FileAccess, ...]:
    """Look at a database file and the side files of SQLite that exist.

    Args:
        database: The SQLite file.

    Returns:
        The access to each of them; a file that may not be looked at is left out.
    """
    files = (database, log_of(database), Path(f"{database}-shm"), Path(f"{database}-journal"))
    return tuple(access for path in files for access in _access(path))


def _access(path: Path) -> Iterator[FileAccess]:
    real = Path(os.path.realpath(path))
    try:
        status = real.stat()
        folders = [folder.stat() for folder in real.parents]
    except OSError:
        return
    yield FileAccess(
        path=str(path),
        mode=f"{stat.S_IMODE(status.st_mode):04o}",
        owner=_user(status.st_uid),
        group=_group(status.st_gid),
        readers=(OWNER, *(who for who in _READ if _may_read(status, folders, who))),
        replaceable=bool(folders[0].st_mode & stat.S_IWOTH) and not folders[0].st_mode & stat.S_ISVTX,
        acl=_has_acl(real),
    )


def _may_read(status: os.stat_result, folders: Sequence[os.stat_result], who: str) -> bool:
    return bool(status.st_mode & _READ[who]) and all(folder.st_mode & _PASS[who] for folder in folders)


def _has_acl(path: Path) -> bool:
    if not hasattr(os, "getxattr"):
        return False
    try:
        return bool(os.getxattr(path, "system.posix_acl_access"))
    except OSError:
        return False


def _user(number: int) -> str:
    try:
        from pwd import getpwuid

        return getpwuid(number).pw_name
    except (ImportError, KeyError):
        return str(number)


def _group(number: int) -> str:
    try:
        from grp import getgrgid

        return getgrgid(number).gr_name
    except (ImportError, KeyError):
        return str(number)
