"""The files of a project, found by their names; what they hold is read where it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from zhengxie_flow.errors import InvalidDefinition, NotFound
from zhengxie_flow.reading.file_names import EDITIONS, SCENARIOS, VOLUMES, is_process, label_of
from zhengxie_flow.reading.links import leaving
from zhengxie_flow.spelling import known_names

if TYPE_CHECKING:
    from zhengxie_flow.reading.attachment_targets import AttachmentTargets
    from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class Files:
    """The two folders that policy staff write: ``processes/`` and ``rules/``."""

    processes: Path
    rules: Path

    @property
    def root(self) -> Path:
        """The folder that messages name files from."""
        return self.processes.parent

    def ids(self) -> Iterator[str]:
        """The ids of all processes, in order."""
        if not self.processes.is_dir():
            return
        for path in sorted(self.processes.rglob("*.yaml")):
            inner = path.relative_to(self.processes)
            if is_process(inner):
                yield str(PurePosixPath(inner.with_suffix("")))

    def scenarios(self, process: str | None = None) -> Iterator[Path]:
        """The scenario files of all processes, or of those beside one."""
        root = self.processes if process is None else (self.processes / process).parent
        if not root.is_dir():
            return
        for path in sorted(root.rglob("*.yaml")):
            if SCENARIOS in path.relative_to(self.processes).parts[:-1]:
                yield path

    def current_id(self, process: str) -> str:
        """The id of a process today, for one that it may have had before (``was:``).

        Args:
            process: the id; it comes back where no process was ever called so.
        """
        if (self.processes / f"{process}.yaml").is_file():
            return process
        return self.former_ids().get(process, process)

    def former_ids(self) -> dict[str, str]:
        """The ids of processes today by those they had before."""
        from zhengxie_flow.reading.former_ids import former_ids

        return former_ids(self.processes, self.root, self.ids())

    def path(self, process: str) -> Path:
        """Return the file of a process.

        Args:
            process: its id.

        Raises:
            NotFound: ZX4003, with the ids of the processes there are.
            InvalidDefinition: ZX6085, a link leads out of the project.
        """
        path = self.processes / f"{process}.yaml"
        inside = path.is_relative_to(self.processes) and ".." not in Path(process).parts
        if inside and (link := leaving(path, self.root, label_of(path, self.root))) is not None:
            raise InvalidDefinition(problems=(link,))
        if not inside or not is_process(Path(path.name)) or not path.is_file():
            raise NotFound("ZX4003", process=process, **known_names(process, tuple(self.ids())))
        return path

    def read(self, process: str, *, checked: bool = False) -> Loaded:
        """Read a process without checking its references.

        Args:
            process: its id, the path below ``processes/`` without the suffix.
            checked: True to have all volumes in reach with it, attached or not, so that they can be checked.

        Returns:
            The definition, valid in shape; names in it may lead nowhere.

        Raises:
            NotFound: ZX4003, with the ids of the processes there are.
            InvalidDefinition: with every problem of shape in its files.
        """
        loaded: Loaded = _reading().DefinitionFiles(self).read(process, checked=checked)
        return loaded

    def has_editions(self, process: str) -> bool:
        """True if there is a folder for later editions of a process."""
        head, _, name = process.rpartition("/")
        return os.path.isdir(os.path.join(self.processes, head, EDITIONS, name))  # noqa: PTH112, PTH118  # asked at every step

    def edition_files(self, process: str) -> list[Path]:
        """The files of the later editions of a process."""
        path = self.processes / process
        return sorted((path.parent / EDITIONS / path.name).glob("*.yaml"))

    def volume_files(self, process: str) -> list[Path]:
        """The files of the volumes in reach of a process."""
        return volume_paths(self.processes, process)

    def volumes_as_in(self, ids: Sequence[str], sources: Mapping[str, str]) -> bool:
        """True if the texts of all volumes that may be attached to a process are among some texts, by their labels.

        Args:
            ids: the id of the process, and that of the one it extends.
            sources: the texts that a definition of it was made from.
        """
        try:
            return all(
                content == sources.get(label_of(path, self.root), "").encode()
                for path, content in attached_files(self.processes, ids)
            )
        except (OSError, UnicodeEncodeError):
            return False

    def periods_attached(self, targets: AttachmentTargets) -> dict[str, list[dict[str, Any]]]:
        """The periods in which volumes count for a process, by their names; files with faults are left out.

        Args:
            targets: the processes whose volumes it takes.
        """
        periods: dict[str, list[dict[str, Any]]] = _reading().DefinitionFiles(self).periods_attached(targets)
        return periods

    @staticmethod
    def project_of(path: Path) -> Files | None:
        """Return the project that a file lies in, by a folder called ``processes`` or ``rules`` above it.

        Args:
            path: any path.

        Returns:
            The folders of the project; None where there is no such folder.
        """
        for parent in path.resolve().parents:
            if parent.name in ("processes", "rules"):
                return Files(parent.parent / "processes", parent.parent / "rules")
        return None

    def load(self, process: str) -> Loaded:
        """Read a process that can be run.

        Args:
            process: its id.

        Returns:
            The definition, with its later editions.

        Raises:
            NotFound: ZX4003, no such process.
            InvalidDefinition: with the problems of all its files at once.
        """
        loaded: Loaded = _reading().runnable(self.read(process))
        return loaded


def _reading() -> Any:
    """The module that reads definitions from these files; who only looks for files never loads it."""
    return import_module("zhengxie_flow.reading.definitions")


def volume_paths(processes: Path, process: str) -> list[Path]:
    """The files of the volumes in reach of a process: in ``volumes/`` beside it, and beside the folders above."""
    parts = process.split("/")[:-1]
    folders = (os.path.join(processes, *parts[:depth], VOLUMES) for depth in range(len(parts), -1, -1))  # noqa: PTH118
    return [path for folder in folders if os.path.isdir(folder) for path in sorted(Path(folder).glob("*.yaml"))]  # noqa: PTH112  # asked at every step


def attached_files(processes: Path, ids: Iterable[str]) -> Iterator[tuple[Path, bytes]]:
    """The files in reach of some processes that speak of any of them, and so may be attached to it, with their content.

    Args:
        processes: The folder of processes.
        ids: The id of a process, and of the one it extends.
    """
    names = tuple(ids)
    for path in dict.fromkeys(path for name in names for path in volume_paths(processes, name)):
        content = path.read_bytes()
        if any(name.encode() in content for name in names):
            yield path, content
