"""A mutation of a definition: its path, and the definition with it applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str | int, ...]

DROP: Final = object()
"""Replacement value of a mutation that removes its target."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutation: its path in the bundle and the replacement value (`DROP` removes the target).

    Entries of lists that have an id stand in the path under that id, so that an entry added above renames nothing.
    """

    kind: str
    path: Path
    change: str
    value: Any

    @property
    def id(self) -> str:
        """The id in reports and in the list of equivalents; it does not depend on line numbers."""
        return f"{'.'.join(map(str, self.path))}: {self.change}"

    @property
    def words(self) -> frozenset[str]:
        """The names of its path: scenarios that mention them are likely to detect it."""
        return frozenset(step for step in self.path if isinstance(step, str))

    def apply(self, bundle: Mapping[str, Any]) -> dict[str, Any]:
        """Return the bundle with the mutation applied; parts off its path are shared with the original.

        Example:
            >>> mutant = Mutant("number", ("limit", "within"), "5 -> 6", 6)
            >>> mutant.apply({"limit": {"within": 5}})
            {'limit': {'within': 6}}
        """
        mutated: dict[str, Any] = _replaced(bundle, list_positions(bundle, self.path), self.value)
        return mutated


def entry_id(entry: Any) -> str | None:
    """Return the id of an entry of a list, or None."""
    if not isinstance(entry, dict):
        return None
    return next((str(entry[key]) for key in ("id", "obligation", "decision") if key in entry), None)


def list_positions(value: Any, path: Path) -> Path:
    """Return a path with list positions instead of the ids of entries."""
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
