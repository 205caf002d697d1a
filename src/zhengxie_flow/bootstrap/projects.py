"""Projects of a runtime: a folder, the files of a package, texts, or several of these together."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from zhengxie_flow.errors import InvalidDefinition, NotFound, UsageError
from zhengxie_flow.reading.files import Files
from zhengxie_flow.reading.links import leaving

_OURS: Final = "zhengxie_flow"
_TOPS: Final = ("processes", "rules")
_OWN_CALENDAR: Final = ("rules", "calendars", "cn")
"""The notices that come with this package: every project has them anyway."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """The definitions that an installed Python package brings: its folders ``processes/`` and ``rules/``.

    Attributes:
        package: The name of the package; without one, the definitions that come with this package.

    Example:
        >>> Packaged()
        Packaged(package='zhengxie_flow')
    """

    package: str = _OURS


ProjectPart: TypeAlias = "str | os.PathLike[str] | Packaged | Mapping[str, str]"
"""A project folder, the files of a package, or texts by the path of their file (``processes/mini/talk.yaml``)."""

Project: TypeAlias = "ProjectPart | Sequence[ProjectPart] | None"
"""A project: one of its parts, several that are taken together, or None for the files that come with this package."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ProjectFolder:
    """The files of a project.

    Attributes:
        files: Its process files.
        rules: The folder of rules that it adds to those of this package; None where it adds none.
        made: True where the folder was made here, of texts or of several projects.
    """

    files: Files
    rules: Path | None
    made: bool = False


def folder_of(project: Project) -> ProjectFolder:
    """Return the files of a project; texts and several projects are written into a folder that is removed with them.

    Args:
        project: The project.

    Returns:
        Its files; no definition is read yet.

    Raises:
        NotFound: ZX6020, ZX6021, there is no such project; ZX6093, no such package.
        UsageError: ZX6090 to ZX6092, it is none, or its files cannot stand together.
        InvalidDefinition: ZX6085, a link leads out of one of several projects.

    Example:
        >>> folder = folder_of({"processes/mini/talk.yaml": "..."})
        >>> list(folder.files.ids())
        ['mini/talk']
    """
    if project is None or isinstance(project, str | os.PathLike | Packaged):
        return _single(Packaged() if project is None else project)
    if isinstance(project, Mapping):
        return _together([project])
    if not isinstance(project, Sequence):
        raise _wrong(project)
    parts = list(project)
    if not parts:
        raise _wrong(project)
    return _single(parts[0]) if len(parts) == 1 and not isinstance(parts[0], Mapping) else _together(parts)


def _single(part: str | os.PathLike[str] | Packaged) -> ProjectFolder:
    top = _top(part)
    ours = part == Packaged()
    return ProjectFolder(Files(top / "processes", top / "rules"), None if ours else top / "rules")


def _top(part: object) -> Path:
    """The folder that holds ``processes/`` and ``rules/``."""
    if isinstance(part, Packaged):
        return _package_folder(part.package)
    from zhengxie_flow.settings import CONFIG_NAME

    if not isinstance(part, str | os.PathLike) or not isinstance(os.fspath(part), str):
        raise _wrong(part)
    top = Path(part)
    if not os.path.isdir(top):  # noqa: PTH112 - false, not an exception, for a name no folder can have
        raise NotFound("ZX6020", folder=str(top), source="project=")
    if not any(os.path.lexists(top / name) for name in (CONFIG_NAME, *_TOPS)):
        raise NotFound("ZX6021", folder=str(top), source="project=")
    return top


def _package_folder(package: str) -> Path:
    from zhengxie_flow.resources import processes_dir

    if package == _OURS:
        return processes_dir().parent
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    places = () if spec is None else spec.submodule_search_locations or ()
    for place in map(Path, places):
        if any((place / name).is_dir() for name in _TOPS):
            return place
    raise NotFound("ZX6093", package=package)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a part: its content, read when it is asked for, and the name of the part."""

    read: Callable[[], bytes]
    part: str


def _together(parts: Sequence[object]) -> ProjectFolder:
    """Write the files of several parts into one folder, in which they find each other as in any project."""
    entries: dict[PurePosixPath, _Entry] = {}
    for part in parts:
        for inner, entry in _texts(part) if isinstance(part, Mapping) else _files(part):
            earlier = entries.setdefault(inner, entry)
            if earlier is not entry and earlier.read() != entry.read():
                raise UsageError("ZX6092", file=str(inner), first=earlier.part, second=entry.part)
    top = Path(tempfile.mkdtemp(prefix="zhengxie-project-"))
    folder = ProjectFolder(Files(top / "processes", top / "rules"), top / "rules", made=True)
    weakref.finalize(folder, _remove, str(top), os.getpid())
    for inner, entry in entries.items():
        path = top / inner
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.read())
    return folder


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:  # a fork that ends leaves it to its parent
        shutil.rmtree(folder, ignore_errors=True)


def _texts(part: Mapping[object, object]) -> Iterator[tuple[PurePosixPath, _Entry]]:
    for path, text in part.items():
        if not isinstance(path, str) or not isinstance(text, str):
            raise _wrong(text if isinstance(path, str) else path)
        inner = PurePosixPath(path)
        inside = inner.parts[:1] != inner.parts and inner.parts[0] in _TOPS and ".." not in inner.parts
        if not inside or inner.suffix != ".yaml" or not path.isprintable():
            raise UsageError("ZX6091", path=path[:200])
        content = text.encode("utf-8", "surrogatepass")  # what no file can hold, the reading of the file reports
        yield inner, _Entry(lambda content=content: content, "{}")  # type: ignore[misc]


def _files(part: object) -> Iterator[tuple[PurePosixPath, _Entry]]:
    top = _top(part)
    ours = part == Packaged()
    for path in (path for name in _TOPS for path in sorted((top / name).rglob("*.yaml"))):
        inner = path.relative_to(top)
        if not path.is_file() or (ours and inner.parts[: len(_OWN_CALENDAR)] == _OWN_CALENDAR):
            continue
        if (problem := leaving(path, top, str(inner))) is not None:
            raise InvalidDefinition(problems=(problem,))
        yield PurePosixPath(inner), _Entry(path.read_bytes, str(top))


def _wrong(value: object) -> UsageError:
    return UsageError("ZX6090", given=repr(value)[:80])
