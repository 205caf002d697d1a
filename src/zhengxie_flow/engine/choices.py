"""Kept choices: which of many items a condition selects, asked again only of those that a change touches.

A condition such as `some` or `count` looks at every item of a type.  While a case is watched, the answer for each is
kept with what it rests on; of a later stage of the case the answers stand that rest on nothing which has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.engine.watched import WHOLE, Part, WatchedCase, item_of, noting
from zhengxie_flow.model.case import Item

MANY: Final = 64
"""Of fewer items nothing is kept."""
MOST: Final = 32
"""So many questions are kept of a case at most."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """The answer for an item: the scope inside, and the names that it rests on."""

    item: Item
    inside: Scope
    truth: Truth
    names: Trace
    own: frozenset[Part]


@dataclass(slots=True)
class Choices:
    """The answers of one question for each item of a type.

    Attributes:
        scope: The scope in which it is asked.
        parts: The parts of the case that all of them rest on.
        tables: The tables of which an answer rests on what is about its own item.
        asked: The items of which it was asked last, all of whose answers stand.
        found: Those of them for which the answer is not false.
        names: The names that all their answers rest on.
    """

    scope: Scope
    chosen: dict[str, _Choice] = field(default_factory=dict)
    parts: set[Part] = field(default_factory=set)
    tables: set[Part] = field(default_factory=set)
    asked: Sequence[Item] = field(default_factory=list)
    found: list[tuple[Scope, Truth]] = field(default_factory=list)
    names: Trace = field(default_factory=Trace)

    def after(self, changed: frozenset[Part], items: Iterable[str]) -> Choices:
        """The choices that stand after a change, which touches some items."""
        if not self.parts.isdisjoint(changed):
            return Choices(self.scope)
        chosen = self.chosen
        gone = [name for name in items if name in chosen and not chosen[name].own.isdisjoint(changed)]
        if not gone:
            return self
        chosen = dict(chosen)
        for name in gone:
            del chosen[name]
        return Choices(self.scope, chosen, set(self.parts), set(self.tables))

    def apart(self) -> Choices:
        """The same choices, to which others may be added."""
        names = Trace()
        _add(names, self.names)
        kept = dict(self.chosen), set(self.parts), set(self.tables), self.asked, list(self.found), names
        return Choices(self.scope, *kept)

    def among(
        self, case: WatchedCase, items: Sequence[Item], ask: Callable[[Scope, Trace], Truth], trace: Trace
    ) -> list[tuple[Scope, Truth]]:
        """The items for which the answer is not false, with the scope inside."""
        known = len(self.asked)
        if self.asked != items[:known]:
            known, self.found, self.names = 0, [], Trace()
        for item in items[known:]:
            choice = self.chosen.get(item.id)
            if choice is None or (choice.item is not item and choice.item != item):
                choice = self.chosen[item.id] = self._ask(case, item, ask)
            _add(self.names, choice.names)
            if choice.truth is not False:
                self.found.append((choice.inside, choice.truth))
        self.asked = items
        _add(trace, self.names)
        case.parts.note(self.parts)
        case.parts.note(self.tables)
        return list(self.found)

    def _ask(self, case: WatchedCase, item: Item, ask: Callable[[Scope, Trace], Truth]) -> _Choice:
        scope, trace = self.scope, Trace()
        around = scope.around if scope.item is None else (*scope.around, scope.item)
        inside = Scope(None, item, scope.this or scope.item, around)
        with noting(case) as parts:
            truth = ask(inside, trace)
        own = frozenset(part for part in parts if item_of(part) == item.id)
        self.parts |= parts - own
        self.tables |= {(*part[:-1], WHOLE) for part in own}
        return _Choice(item, inside, truth, trace, own)


def _add(names: Trace, others: Trace) -> None:
    names.needs.update(others.needs)
    names.presumed.update(others.presumed)
    names.absent.update(others.absent)


@dataclass(slots=True)
class KeptChoices:
    """The choices of a watched case, going on from those of an earlier stage.

    Attributes:
        earlier: The choices of the earlier stage.
        changed: The parts that changed since.
        items: The items that they are about.
        present: The choices that were asked for in this stage.
    """

    earlier: Mapping[Any, Choices] = field(default_factory=dict)
    changed: frozenset[Part] = frozenset()
    items: tuple[str, ...] = ()
    present: dict[Any, Choices] = field(default_factory=dict)

    def of(self, key: tuple[Any, ...], scope: Scope) -> Choices | None:
        """The choices of a question; None where too much is kept already."""
        about = (scope.item, scope.this, scope.around)
        if key not in self.present:
            if len(self.present) >= MOST:
                return None
            before = self.earlier.get(key)
            same = before is not None and (before.scope.item, before.scope.this, before.scope.around) == about
            stands = before.after(self.changed, self.items).apart() if same and before is not None else Choices(scope)
            self.present[key] = stands
        kept = self.present[key]
        return kept if (kept.scope.item, kept.scope.this, kept.scope.around) == about else None

    def after(self) -> Mapping[Any, Choices]:
        """All choices that stand in this stage, those too that nobody asked for."""
        others = [(key, kept) for key, kept in self.earlier.items() if key not in self.present]
        room = max(0, MOST - len(self.present))
        return self.present | {key: kept.after(self.changed, self.items) for key, kept in others[:room]}
