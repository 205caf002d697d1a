"""Labels of the ids that a message quotes: one rule for every finding about a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from zhengxie_flow.i18n.catalogue import LANGUAGES, texts
from zhengxie_flow.i18n.ids import Assignment, Cycle, LabelledId

_OBLIGATIONS = ("obligation", "requirement", "exemption")
_ANY = (
    "field", "fact", *_OBLIGATIONS, "action", "role", "state", "item_type", "subcase", "decision", "outcome",
    "parameter", "value", "verdict", "interpretation", "instrument", "clause",
)  # fmt: skip
_FAMILIES: Mapping[str | None, tuple[str, ...]] = {
    None: _ANY,
    "obligation": _OBLIGATIONS,
    "judged": (*_OBLIGATIONS, "decision"),
    "name": ("field", "fact", "action"),
    "field": ("field", "fact", "action"),
    "role": ("role", "item_type"),
    "register_entry": ("interpretation", "unassigned"),
}
"""Families of ids that a reference of a kind may lead to, in order; a kind that is not listed is a family itself."""

_OF_KIND = ("name", "suggestion", "known", "allowed", "circle")
"""Parameters of messages that hold ids of the kind that the finding says."""
_KINDS = {
    "action": "action", "state": "state", "role": "role", "roles": "role", "type": "item_type",
    "duty": "obligation", "owed": "obligation", "requirement": "obligation",
    "clause": "clause", "instrument": "instrument",
    "decision": "decision", "outcome": "outcome", "process": "process", "case": "fact", "rung": "rung",
}  # fmt: skip
"""Parameters of messages that hold ids of one kind."""


class IdLabel(NamedTuple):
    """Labels of an id, with its family and the id of what the part belongs to."""

    family: str
    owner: str
    ident: str
    zh: str | None
    en: str | None


@dataclass(frozen=True, slots=True)
class IdLabels:
    """The labels of the ids of a definition or file, by family and id."""

    entries: Mapping[tuple[str, str], list[IdLabel]]

    @classmethod
    def of(cls, parts: Iterator[IdLabel]) -> IdLabels:
        """Collect the labels of some parts, and those of the verdicts."""
        entries: dict[tuple[str, str], list[IdLabel]] = {}
        for entry in (*parts, *_verdicts()):
            if entry.zh or entry.en:
                entries.setdefault((entry.family, entry.ident), []).append(entry)
        return cls(entries)

    def params(
        self, params: Mapping[str, Any], kind: str | None = None, around: Collection[object] = ()
    ) -> dict[str, Any]:
        """Return the parameters of a message with the labels of the ids in them.

        Args:
            params: the parameters.
            kind: the kind of what ``name``, ``suggestion`` and ``known`` are; None: the one that the parameters say, as
                those of an unknown name do, or any.
            around: the keys on the way to the place of the finding, which say whose field is meant where several have
                one of that id.

        Returns:
            The parameters; an id without a label, and what is no id, as it was.
        """
        kinds = _KINDS | dict.fromkeys(_OF_KIND, kind or params.get("kind"))
        return {
            name: self._labelled(value, kinds[name], around) if name in kinds else value
            for name, value in params.items()
        }

    def _labelled(self, value: Any, kind: str | None, around: Collection[object]) -> Any:
        match value:
            case Cycle():
                return Cycle(self._labelled(entry, kind, around) for entry in value)
            case tuple() | list():
                return tuple(self._labelled(entry, kind, around) for entry in value)
            case Assignment(name, choice):
                return Assignment(self._labelled(name, "name", around), self._labelled(choice, "value", (name,)))
            case bool() | None:
                return value
            case str():
                return self._label(value, kind, around)
        return value

    def _label(self, ident: str, kind: str | None, around: Collection[object]) -> str:
        for family in _FAMILIES.get(kind, (kind or "",)):
            entries = self.entries.get((family, ident), ())
            near = [entry for entry in entries if entry.owner and entry.owner in around]
            alone = [entry for entry in entries if not entry.owner]
            for entry in (*near, *alone, *entries)[:1]:
                return LabelledId(ident, entry.zh or entry.en or "", entry.en or entry.zh or "")
        return ident


def _verdicts() -> Iterator[IdLabel]:
    for key, text in texts().items():
        family, _, ident = key.partition(".")
        if family == "verdict":
            yield IdLabel(family, "", ident, text.zh, text.en)


_SECTIONS = {
    "roles": "role", "facts": "fact", "items": "item_type", "states": "state", "actions": "action",
    "obligations": "obligation", "exemptions": "exemption", "subcases": "subcase", "outcomes": "outcome", "of": "value",
    "clauses": "clause", "incorporates": "instrument", "interpretations": "interpretation", "parameters": "parameter",
    "reminders": "reminder",
}  # fmt: skip
"""Families of the ids under the keys of the language; under any other they are fields."""

_LISTED = {"requires": "requirement", "rungs": "rung"}
"""Families of the ids in the lists under keys of the language."""

_OWN = ("process", "decision", "law")
"""Keys under which a file says its own id, the first there is."""


def labels_in_file(values: Any) -> Iterator[IdLabel]:
    """Yield the labels of all ids in the plain values of a file, which may not be valid."""
    if isinstance(values, dict):
        family = next((key for key in _OWN if isinstance(values.get(key), str)), None)
        if family is not None:
            own = "instrument" if family == "law" else family
            yield _labelled(own, "", values[family], values)
            yield from _labels_under(values, values[family] if own == "decision" else "")
            return
    yield from _labels_under(values, "")


def _labels_under(values: Any, owner: str, section: str = "") -> Iterator[IdLabel]:
    """Yield the labels in a part of a file: ``section`` is the key that it stands under."""
    for value in values if isinstance(values, list) else ():
        if section in _LISTED and isinstance(value, dict) and isinstance(value.get("id"), str):
            yield _labelled(_LISTED[section], owner, value["id"], value)
        yield from _labels_under(value, owner)
    for key, value in values.items() if isinstance(values, dict) else ():
        if section:
            if isinstance(value, dict):
                yield _labelled(_SECTIONS.get(section, "field"), owner, str(key), value)
            yield from _labels_under(value, str(key))
        else:
            yield from _labels_under(value, owner, str(key))


def _labelled(family: str, owner: str, ident: str, values: Mapping[str, Any]) -> IdLabel:
    zh, en = (text if isinstance(text := values.get(lang), str) else None for lang in LANGUAGES)
    return IdLabel(family, owner, ident, zh, en)
