"""One thing turned in a definition: where it lies, and the definition with it turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str | int, ...]

DROP: Final = object()
"""Stands for a value that is taken out."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One thing turned: where it lies in the bundle, and what stands there instead (`DROP`: nothing).

    In its path, what has an id in a list stands under that id, so that a line put in above renames nothing.
    """

    kind: str
    path: Path
    change: str
    value: Any

    @property
    def id(self) -> str:
        """What it is called in reports and in the list of equivalents; it does not depend on lines."""
        return f"{'.'.join(map(str, self.path))}: {self.change}"

    @property
    def words(self) -> frozenset[str]:
        """The names it lies under: scenarios that speak of them are likely to notice."""
        return frozenset(step for step in self.path if isinstance(step, str))

    def apply(self, bundle: Mapping[str, Any]) -> dict[str, Any]:
        """The bundle with this one thing turned; what is not on the way to it is shared."""
        turned: dict[str, Any] = _replaced(bundle, list_positions(bundle, self.path), self.value)
        return turned


def entry_id(entry: Any) -> str | None:
    """What an entry of a list is called there, if anything."""
    if not isinstance(entry, dict):
        return None
    return next((str(entry[key]) for key in ("id", "obligation", "decision") if key in entry), None)


def list_positions(value: Any, path: Path) -> Path:
    """A path with the places of entries in lists instead of their ids."""
    resolved: list[str | int] = []
    for step in path:
        here = step
        if isinstance(value, list) and isinstance(step, str):
            here = next(index for index, entry in enumerate(value) if entry_id(entry) == step)
        resolved.append(here)
        value = value[here] if not isinstance(value, Mapping) or here in value else None
    return tuple(resolved)


def _replaced(value: Any, path: Path, new: Any) -> Any:
    step, rest = path[0], path[1:]
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    if rest:
        copy[step] = _replaced(copy[step], rest, new)
    elif new is DROP:
        del copy[step]
    else:
        copy[step] = new
    return copy
