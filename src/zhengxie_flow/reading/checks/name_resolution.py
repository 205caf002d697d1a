"""Name resolution: a field of the act, a field of the item, or a fact of the case; suggestions for unknown names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.model.item import SUCCESSOR
from zhengxie_flow.model.process import Action, Process
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.reading.checks.catalogue import cached
from zhengxie_flow.reading.labels import ids_by_label
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules.kinds import output_types
from zhengxie_flow.spelling import closest, hint

_OF_ACT = {"by": ValueType(type="role"), "at": ValueType(type="date"), "for": ValueType(type="ref"),
           "actor": ValueType(type="text")}  # fmt: skip
"""What every act has, whatever its fields."""
_SUCCESSOR = ValueType(type="text")
"""The id of the item that takes another's place."""


@dataclass(frozen=True, slots=True)
class NameBinding:
    """Binding of a name: its owner (``act``, ``item``, ``fact``, ``decision``) and its type."""

    whose: str
    type: ValueType


@dataclass(frozen=True, slots=True)
class Names:
    """The names that can be used at some place of a process: the act's own fields, then the item's, then the facts.

    ``outputs`` are the outputs of decisions, which are named after their decision (``fee.amount``).
    """

    process: Process
    actions: tuple[str, ...] = ()
    item: str | None = None
    outputs: Mapping[str, ValueType] = field(default_factory=dict, compare=False)

    @property
    def scope(self) -> tuple[tuple[str, ...], str | None]:
        """Key that distinguishes this scope from others of the same process."""
        return self.actions, self.item

    def of_act(self, actions: tuple[str, ...]) -> Names:
        """Scope of a condition on acts of these actions."""
        return replace(self, actions=actions)

    def of_item(self, item: str) -> Names:
        """Scope of a condition on an item; the fields of an enclosing act are not visible."""
        return replace(self, actions=(), item=item)

    def meanings(self, name: str) -> tuple[NameBinding, ...]:
        """Return the bindings of a name here, at most one for each owner; the engine takes the first."""
        meanings: dict[str, NameBinding] = {}
        for meaning in self._meanings(name):
            meanings.setdefault(meaning.whose, meaning)
        return tuple(meanings.values())

    def _meanings(self, name: str) -> Iterator[NameBinding]:
        for action in self.actions:
            yield from self._in_act(action, name)
        item = self.process.items.get(self.item or "")
        if item is not None and name in item.fields:
            yield NameBinding("item", item.fields[name])
        if "." in name:
            action, _, part = name.rpartition(".")
            yield from self._of_referred(action, part)
            if name in self.outputs and action not in self.process.acts:
                yield NameBinding("decision", self.outputs[name])
            yield from self._in_act(action, part)
        elif name in self.process.facts:
            yield NameBinding("fact", self.process.facts[name])

    def _of_referred(self, name: str, field: str) -> Iterator[NameBinding]:
        """The field of an item that another name refers to (``counterpart.kind``)."""
        for meaning in self.meanings(name):
            kind = self.process.items.get(meaning.type.of) if isinstance(meaning.type.of, str) else None
            if meaning.type.type == "ref" and kind is not None and field in kind.fields:
                yield NameBinding("item", kind.fields[field])

    def _in_act(self, action: str, name: str) -> Iterator[NameBinding]:
        done = self.process.acts.get(action)
        if done is None:
            return
        if name in _OF_ACT:
            yield NameBinding("act", _OF_ACT[name])
            return
        new = _new_item(self.process, done)
        field = done.fields.get(name)
        if name in new:  # what is said of a new item becomes its fields
            yield NameBinding("item", new[name])
        elif isinstance(field, ValueType):
            yield NameBinding("act", field)
        elif field is not None and name in self.process.facts:
            yield NameBinding("fact", self.process.facts[name])

    def choices(self) -> tuple[str, ...]:
        """Return all names that have a binding here."""
        item = self.process.items.get(self.item or "")
        of_acts = [name for action in self.actions for name in act_fields(self.process, action)]
        return tuple(dict.fromkeys((*of_acts, *(item.fields if item else ()), *self.process.facts, *self.outputs)))


def names_of(loaded: Loaded, actions: tuple[str, ...] = (), item: str | None = None) -> Names:
    """The names that can be used at some place of a definition."""
    return Names(loaded.definition.process, actions, item, output_types(loaded.definition.decisions))


def act_fields(process: Process, action: str) -> tuple[str, ...]:
    """The names of the fields that an act of an action can carry."""
    done = process.acts.get(action)
    return (*done.fields, *_new_item(process, done)) if done is not None else ()


def field_type(process: Process, action: str, name: str) -> ValueType | None:
    """The type of a field that an act of an action can carry; None where there is no such field."""
    done = process.acts[action]
    kind = done.fields.get(name) or _new_item(process, done).get(name)
    return process.facts.get(name) if isinstance(kind, FactRef) else kind


def _new_item(process: Process, action: Action) -> dict[str, ValueType]:
    """The fields of the item that an action adds, or puts in another's place."""
    kind = process.items.get(action.adds or action.replaces or "")
    if kind is None:
        return {}
    return {**kind.fields, SUCCESSOR: _SUCCESSOR} if action.replaces else kind.fields


def suggestion(name: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
    """Return the parameters of an unknown name: the name, a suggestion (``-`` where none is near), and the choices."""
    distinct = tuple(dict.fromkeys(choices))
    shown = closest(name, distinct)
    listed = (*shown, "…") if len(shown) < len(distinct) else shown
    return {"name": name, "suggestion": hint(name, distinct, names or language_names()), "known": listed}


def names_in(loaded: Loaded) -> Mapping[str, Iterable[str]]:
    """Return ids by label and by word of the language, as people may write them."""
    names = {word: list(ids) for word, ids in language_names().items()}
    for label, ids in _labels(loaded):
        names.setdefault(label, []).extend(ids)
    return names


@cached
def _labels(loaded: Loaded) -> Iterable[tuple[str, list[str]]]:
    return ids_by_label(loaded.definition.bundle).items()
