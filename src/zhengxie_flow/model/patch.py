"""Changes to a definition: what editions, overlays and other readings of the law have in common.

A change has the shape of what it changes and holds only what becomes different: mappings are merged key by key,
values and lists are replaced, ``null`` takes an entry away.  A mapping set against a list whose entries carry an ``id``
(or name an ``obligation``) changes those entries.  Conditions, anchors and citations are replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
Path = tuple[str, ...]

WHOLE = frozenset(["when", "that", "excused_by", "law", "before", "after", "by_date", "by", "restarts_on"])
"""Keys whose values mean something only as a whole."""


@dataclass(frozen=True, slots=True)
class Astray:
    """Unknown path in a change: the path, the name that does not exist, and the names that do."""

    path: Path
    name: str
    choices: tuple[str, ...]


class Trees(Protocol[T]):
    """Access to trees of values, so that one merge serves plain values and values with positions."""

    def fields(self, tree: T) -> Mapping[str, T] | None:
        """The entries of a mapping; None for anything else."""

    def entries(self, tree: T) -> Sequence[T] | None:
        """The members of a list; None for anything else."""

    def value(self, tree: T) -> Any:
        """The plain value."""

    def mapping(self, base: T, change: T, fields: dict[str, T]) -> T:
        """A mapping of these entries, made from a base and its change."""

    def listing(self, base: T, change: T, entries: list[T]) -> T:
        """A list of these members, made from a base and its change."""


class Values:
    """Plain JSON values."""

    def fields(self, tree: Any) -> Mapping[str, Any] | None:
        """The entries of a mapping."""
        return tree if isinstance(tree, dict) else None

    def entries(self, tree: Any) -> Sequence[Any] | None:
        """The members of a list."""
        return tree if isinstance(tree, list) else None

    def value(self, tree: Any) -> Any:
        """The value itself."""
        return tree

    def mapping(self, _base: Any, _change: Any, fields: dict[str, Any]) -> Any:
        """A mapping of these entries."""
        return fields

    def listing(self, _base: Any, _change: Any, entries: list[Any]) -> Any:
        """A list of these members."""
        return entries


@dataclass(frozen=True, slots=True)
class Patch(Generic[T]):
    """Merge of a change into a base; unknown names are noted in ``unknown_paths`` and change nothing."""

    trees: Trees[T]
    unknown_paths: list[Astray]

    def merged(self, base: T, change: T, path: Path = ()) -> T:
        """The base with the change in it; neither is touched."""
        fields = self.trees.fields(change)
        if fields is None or (path and path[-1] in WHOLE):
            return change
        base_fields = self.trees.fields(base)
        if base_fields is not None:
            return self._mapping(base, base_fields, change, fields, path)
        entries = self.trees.entries(base)
        if entries is not None and any(_ident(self.trees.value(entry)) is not None for entry in entries):
            return self._listing(base, entries, change, fields, path)
        return change

    def _mapping(self, base: T, base_fields: Mapping[str, T], change: T, fields: Mapping[str, T], path: Path) -> T:
        merged = dict(base_fields)
        for name, inner in fields.items():
            if self.trees.value(inner) is None:
                self._removed(merged, name, path)
            else:
                merged[name] = self.merged(merged[name], inner, (*path, name)) if name in merged else inner
        return self.trees.mapping(base, change, merged)

    def _listing(self, base: T, entries: Sequence[T], change: T, fields: Mapping[str, T], path: Path) -> T:
        members = {_ident(self.trees.value(entry)) or f"#{index}": entry for index, entry in enumerate(entries)}
        for name, inner in fields.items():
            if self.trees.value(inner) is None:
                self._removed(members, name, path)
            elif name in members:
                members[name] = self.merged(members[name], inner, (*path, name))
            else:
                self.unknown_paths.append(Astray((*path, name), name, tuple(members)))
        return self.trees.listing(base, change, list(members.values()))

    def _removed(self, members: dict[str, T], name: str, path: Path) -> None:
        if name in members:
            del members[name]
        else:
            self.unknown_paths.append(Astray((*path, name), name, tuple(members)))


def _ident(value: Any) -> str | None:
    """Return the id of a list member: of a rule row or requirement its own, of a repeated duty that of the duty."""
    ident = (value.get("id") or value.get("obligation")) if isinstance(value, dict) else None
    return ident if isinstance(ident, str) else None


def apply_change(base: Any, change: Any) -> tuple[Any, tuple[Astray, ...]]:
    """Apply a change to plain values.

    Args:
        base: plain JSON values; they stay as they are.
        change: the new values by key; None removes a key, members of a list go by their ids.

    Returns:
        The changed values, and the unknown paths of the change, which change nothing.

    Example:
        >>> apply_change({"limit": {"within": 15, "unit": "month"}}, {"limit": {"within": 20}})
        ({'limit': {'within': 20, 'unit': 'month'}}, ())
        >>> apply_change({"limit": 1}, {"lmit": None})[1][0].choices
        ('limit',)
    """
    unknown_paths: list[Astray] = []
    return Patch(Values(), unknown_paths).merged(base, change), tuple(unknown_paths)


def change_from_settings(tree: Any, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Astray, ...]]:
    """Build a change from settings by path.

    Ids hold dots themselves, so at each level the longest name that exists counts.  The last step may be a key that is
    not written yet.

    Args:
        tree: the values that the paths lead into.
        settings: values by path, such as ``obligations.a7.4.report.limit.after``.

    Returns:
        The change, and the paths that lead nowhere.

    Example:
        >>> change_from_settings({"obligations": {"a7.4": {"within": 3}}}, {"obligations.a7.4.within": 5})
        ({'obligations': {'a7.4': {'within': 5}}}, ())
    """
    change: dict[str, Any] = {}
    unknown_paths: list[Astray] = []
    for path, value in settings.items():
        steps = _steps(tree, path.split("."))
        if isinstance(steps, Astray):
            unknown_paths.append(Astray((path,), steps.name, steps.choices))
        else:
            _set(change, steps, value)
    return change, tuple(unknown_paths)


def steps_of(tree: Any, path: str) -> tuple[str, ...]:
    """Return the steps of a path into a tree, whose names hold dots themselves; none where it leads nowhere.

    Args:
        tree: the values that the path leads into.
        path: such as ``obligations.a7.4.report.limit.after``.

    Example:
        >>> steps_of({"obligations": {"a7.4": {"within": 3}}}, "obligations.a7.4.within")
        ('obligations', 'a7.4', 'within')
    """
    steps = _steps(tree, path.split("."))
    return () if isinstance(steps, Astray) else tuple(steps)


def _steps(tree: Any, words: list[str]) -> list[str] | Astray:
    steps: list[str] = []
    while words:
        names = _named(tree)
        length = next((n for n in range(len(words), 0, -1) if ".".join(words[:n]) in names), 0)
        if length == 0:
            if len(words) == 1 and steps and isinstance(tree, dict):
                return [*steps, words[0]]
            return Astray((), ".".join(words), tuple(names))
        name = ".".join(words[:length])
        if name in WHOLE and len(words) > length:  # nothing inside can be set for itself
            return Astray((), ".".join(words), tuple(names))
        steps.append(name)
        tree, words = names[name], words[length:]
    return steps


def _named(tree: Any) -> Mapping[str, Any]:
    if isinstance(tree, dict):
        return tree
    entries: Iterable[Any] = tree if isinstance(tree, list) else ()
    return {ident: entry for entry in entries if (ident := _ident(entry)) is not None}


def _set(change: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        change = change.setdefault(step, {})
    change[steps[-1]] = value


PARTS = ("decisions", "parameters", "clauses")
"""What a change may name beside the sections of a process file."""


def tree_of(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """A resolved bundle as the one tree that changes speak of: the process, its decisions, parameters and clauses."""
    law = bundle.get("law") or {}
    return {
        **bundle["process"],
        "decisions": {entry["decision"]: entry for entry in bundle.get("decisions", ())},
        "parameters": bundle.get("parameters", {}),
        "clauses": law.get("clauses", {}),
    }


def bundle_of(tree: Mapping[str, Any], bundle: Mapping[str, Any]) -> dict[str, Any]:
    """The bundle with a changed tree put back into it."""
    law = bundle.get("law")
    return {
        **bundle,
        "process": {name: value for name, value in tree.items() if name not in PARTS},
        "start": next(iter(tree["states"])),
        "law": {**law, "clauses": tree["clauses"]} if law else law,
        "decisions": list(tree["decisions"].values()),
        "parameters": tree["parameters"],
    }
