"""A case that notes what of it is looked at, so that what was worked out from it can be kept until that changes.

Judging has no other way to a case than its tables, so what is noted here is all that a verdict can rest on.  A part of
a case is a path: a table, a table and a name in it, or a table as a whole, which any change of it touches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import compress
from operator import is_not
from typing import Any, Final, cast

from zhengxie_flow.model.case import Act, Case

Part = tuple[Any, ...]
"""A part of a case: the name of a table, and of what in it, or `WHOLE`."""

WHOLE: Final = "*"
NAMES: Final = "?"
"""The names of a table, whatever stands under them."""

ENDED: Final = ("ended",)
"""Whether, and how, a state ends the case: no part of its record, but all that most judgements ask of the state."""

_TABLES: Final = ("acts", "facts", "plans", "acts_of_items")
_ROWS: Final = ("stays", "timeline", "events", "explanations", "parents", "pins", "assignments")
_NUMBERS: Final = ("version", "last")
_FIXED: Final = ("id", "process", "definition", "zone")
COARSE: Final = 64
"""Of a table with more parts than this the whole is noted."""
_NEW: Final = 16
"""So many of the last acts of a row may have been chained since it was looked at."""


@dataclass(frozen=True, slots=True)
class Once:
    """A value that is told apart by its identity, as a key."""

    value: Any

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Once) and self.value is other.value


class Parts:
    """The parts of a case that are being looked at."""

    __slots__ = ("_noted", "_of_tables", "rows")

    def __init__(self) -> None:
        self._noted: set[Part] = set()
        self._of_tables: list[tuple[Part, set[Any]]] = []
        self.rows: set[str] = set()

    def of_table(self, path: Part) -> set[Any]:
        """The names that are looked at in a table."""
        names: set[Any] = set()
        self._of_tables.append((path, names))
        return names

    def note(self, parts: Iterable[Part]) -> None:
        """Note parts."""
        self._noted.update(parts)

    def take(self) -> set[Part]:
        """The parts that were noted, which are noted no longer."""
        taken, self._noted = self._noted, set()
        if self.rows:
            taken.update([(name,) for name in self.rows])
            self.rows.clear()
        for path, names in self._of_tables:
            if names:
                taken.update([(*path, name) for name in names])
                names.clear()
        return taken


class _Table(Mapping[Any, Any]):
    """A table whose readings are noted."""

    __slots__ = ("_add", "_entries", "_get", "_parts", "_path")

    def __init__(self, parts: Parts, path: Part, entries: Mapping[Any, Any]) -> None:
        self._parts = parts
        self._path = path
        self._entries = entries
        self._get = entries.get
        self._add = parts.of_table(path).add

    def get(self, name: Any, default: Any = None) -> Any:
        self._add(name)
        return self._get(name, default)

    def __getitem__(self, name: Any) -> Any:
        self._add(name)
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        self._add(name)
        return name in self._entries

    def __iter__(self) -> Iterator[Any]:
        self._add(NAMES)
        return iter(self._entries)

    def __len__(self) -> int:
        self._add(NAMES)
        return len(self._entries)

    def values(self) -> Any:
        self._add(WHOLE)
        return self._entries.values()

    def items(self) -> Any:
        self._add(WHOLE)
        return self._entries.items()


class _Items(_Table):
    """The items by type: each type is a table of its own."""

    __slots__ = ("_types",)

    def __init__(self, parts: Parts, path: Part, entries: Mapping[Any, Any]) -> None:
        super().__init__(parts, path, entries)
        self._types: dict[Any, _Table] = {}

    def get(self, name: Any, default: Any = None) -> Any:  # noqa: ARG002 - no items are an empty table
        return self[name]

    def __getitem__(self, name: Any) -> Any:
        table = self._types.get(name)
        if table is None:
            table = self._types[name] = _Table(self._parts, (*self._path, name), self._entries.get(name, {}))
        return table

    def values(self) -> Any:
        return [self[name] for name in self]

    def items(self) -> Any:
        return [(name, self[name]) for name in self]


def _noting(name: str) -> property:
    plain: Any = vars(Case)[name].__get__

    def looked_at(self: WatchedCase) -> Any:
        self.parts.rows.add(name)
        return plain(self, Case)

    return property(looked_at)


class WatchedCase(Case):
    """A case that notes what of it is looked at.

    Attributes:
        parts: What is being looked at.
        shared: What several readings have in common, with the parts it rests on.
        choices: Which of many items conditions select (see `zhengxie_flow.engine.choices`).
    """

    __slots__ = ("choices", "parts", "shared")

    parts: Parts
    shared: dict[Any, tuple[Any, frozenset[Part]]]
    choices: Any

    @property
    def opened(self) -> Any:
        """The civil day the case opened; another one is another case (see `changed_parts`)."""
        return vars(Case)["events"].__get__(self, Case)[0].day(self.zone)


for _name in (*_ROWS, *_NUMBERS):
    setattr(WatchedCase, _name, _noting(_name))


def watched(case: Case, choices: Any = None) -> WatchedCase:
    """The same case, watched, with the choices of an earlier stage."""
    copy, parts = cast("Any", object.__new__(WatchedCase)), Parts()
    for name in (*_FIXED, *_NUMBERS, *_ROWS):
        vars(Case)[name].__set__(copy, getattr(case, name))
    for name in _TABLES:
        vars(Case)[name].__set__(copy, _Table(parts, (name,), getattr(case, name)))
    vars(Case)["items"].__set__(copy, _Items(parts, ("items",), case.items))
    for name, value in (("parts", parts), ("shared", {}), ("choices", choices)):
        object.__setattr__(copy, name, value)
    return cast("WatchedCase", copy)


def allowed_part(action: str) -> Part:
    """The answer whether the present state allows an action."""
    return ("allowed", action)


@contextmanager
def answering(case: WatchedCase, answer: Part) -> Iterator[None]:
    """Note of the state of a case that is looked at meanwhile nothing but the answer which is found."""
    rows = case.parts.rows
    before = "stays" in rows
    yield
    if not before:
        rows.discard("stays")
    case.parts.note((answer,))


@contextmanager
def noting(case: WatchedCase) -> Iterator[set[Part]]:
    """Note apart what is looked at meanwhile; the set holds it in the end."""
    outer, inner = case.parts.take(), set[Part]()
    try:
        yield inner
    finally:
        inner |= case.parts.take()
        case.parts.note(outer)
        case.parts.note(inner)


def shared(case: Case, key: Any, work: Callable[[], Any]) -> Any:
    """The value that several readings of a watched case share, worked out once; each of them rests on its parts.

    Args:
        case: The case; of one that is not watched nothing is kept.
        key: What is asked.
        work: Works it out.
    """
    if not isinstance(case, WatchedCase):
        return work()
    if key not in case.shared:
        with noting(case) as parts:
            value = work()
        case.shared[key] = (value, frozenset(parts))
    value, rests_on = case.shared[key]
    case.parts.note(rests_on)
    return value


def coarse(parts: set[Part]) -> frozenset[Part]:
    """The parts; of many in a table that table as a whole."""
    if len(parts) <= COARSE:
        return frozenset(parts)
    many = {path for path, count in Counter(part[:-1] for part in parts).items() if count > COARSE and len(path) > 0}
    return frozenset((*part[:-1], WHOLE) if part[:-1] in many and part != ("items", NAMES) else part for part in parts)


def changed_parts(before: Case, after: Case) -> frozenset[Part] | None:
    """The parts in which two stages of a case differ; None where they are not stages of one case under one definition.

    Args:
        before: The earlier stage.
        after: The later stage.
    """
    if before.events[0] != after.events[0] or any(getattr(before, name) != getattr(after, name) for name in _FIXED):
        return None
    changed: set[Part] = {(name,) for name in _NUMBERS if getattr(before, name) != getattr(after, name)}
    changed |= {(name,) for name in _ROWS if not _same_rows(getattr(before, name), getattr(after, name))}
    for name in _TABLES:
        changed |= _differing((name,), getattr(before, name), getattr(after, name))
    if before.items is not after.items:
        kinds = dict.fromkeys((*before.items, *after.items))
        if tuple(before.items) != tuple(after.items):
            changed |= {("items", NAMES), *(("items", kind) for kind in before.items.keys() ^ after.items.keys())}
        for kind in kinds:
            changed |= _differing(("items", kind), before.items.get(kind, {}), after.items.get(kind, {}))
    return frozenset(changed)


def alike(before: Any, after: Any) -> bool:
    """True for equal values, and for rows of acts whose last events were chained meanwhile: no verdict reads a hash."""
    if before is after:
        return True
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return bool(before == after)
    if len(before) != len(after):
        return False
    if before == after:
        return True
    return before[:-_NEW] == after[:-_NEW] and all(map(_same_act, before[-_NEW:], after[-_NEW:]))


def _same_act(before: Any, after: Any) -> bool:
    if before == after:
        return True
    if not isinstance(before, Act) or not isinstance(after, Act) or before.event is None or after.event is None:
        return False
    event = replace(before.event, hash=after.event.hash, previous_hash=after.event.previous_hash)
    return replace(before, event=event) == after


def _same_rows(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    return before is after or (len(before) == len(after) and before == after)


def item_of(part: Part) -> str | None:
    """The item that a part of a case is about; None where it is about the case, or about several."""
    match part:
        case ("items", _, str(item)) if item not in (WHOLE, NAMES):
            return item
        case ("facts", (str(item), _)) | (("acts_of_items" | "plans"), (_, str(item))):
            return item
        case _:
            return None


def _differing(path: Part, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> set[Part]:
    """The parts of a table that are not the same."""
    if before is after:
        return set()
    names, common = tuple(after), len(before)
    ordered = len(names) >= common and tuple(before) == names[:common]  # the usual case: at most some names more
    if not ordered:
        suspects: Iterable[Any] = {*before, *after}
    else:
        suspects = (*compress(names, map(is_not, before.values(), after.values())), *names[common:])
    changed = {(*path, name) for name in suspects if not alike(before.get(name, WHOLE), after.get(name, WHOLE))}
    if not ordered or len(before) != len(after):
        changed.add((*path, NAMES))
    return changed | {(*path, WHOLE)} if changed else set()
