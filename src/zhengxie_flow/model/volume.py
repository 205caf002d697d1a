"""Volumes: duties of another statute, or internal controls, attached to a process for a time.

A volume adds names to a process and takes nothing away: roles, facts, items, actions, obligations, requirements,
exemptions and ladders of reminders of its own, and requirements, optional fields and ``closes`` on actions of the
process.  The same merge serves values with positions, as read from files, and the plain values of a bundle that a case
was opened under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Generic, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Day, Id, Labelled, Model, Number, Period, Text
from zhengxie_flow.model.citation import Citations, Incorporating, Interpretation
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.edition import Transition
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.item import ItemType
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.model.patch import T, Trees
from zhengxie_flow.model.process import Action, Obligation, Role
from zhengxie_flow.model.reminder import ReminderLadder
from zhengxie_flow.model.values import ValueType

OWN = "measure"
"""The volume of the text that the process itself states."""

CONTROL = "control"
"""The volume of the internal controls that a process lists itself."""

SECTIONS = ("roles", "facts", "items", "actions", "obligations", "exemptions", "decisions", "parameters", "reminders")
"""The sections of a volume whose entries join those of the process."""

Kind = Literal["law", "control"]


class AttachedPeriod(Model):
    """A period in which a volume counts for a process, both days included, and the cases it binds."""

    from_: Day = Field(alias="from")
    until: Day | None = None
    law: Citations = ()
    transition: Transition = Transition()

    def covers(self, day: date) -> bool:
        """Return whether a civil day lies inside."""
        return self.from_ <= day and (self.until is None or day <= self.until)


class VolumeAttachment(AttachedPeriod):
    """Attachment of a volume to a process, from a day on."""

    to: Text


class Volume(Incorporating):
    """Law of another instrument, or internal controls, attached to processes from a day on.

    ``law`` is the instrument that a bare clause means, ``in_force`` the period in which it is law, ``incorporates``
    what the law file of the process does not hold yet, ``interpretations`` its own entries of the register.
    ``kind: control`` cites no clause, and the worst verdict of its obligations is a finding.
    """

    language: Literal[1]
    volume: Number
    kind: Kind = "law"
    law: Number | None = None
    in_force: Period = Period()
    attaches: Annotated[tuple[VolumeAttachment, ...], Field(min_length=1)]
    interpretations: dict[Number, Interpretation] = Field(default_factory=dict)
    roles: dict[Id, Role] = Field(default_factory=dict)
    facts: dict[Id, ValueType] = Field(default_factory=dict)
    items: dict[Id, ItemType] = Field(default_factory=dict)
    actions: dict[Id, Action] = Field(default_factory=dict)
    obligations: dict[Id, Obligation] = Field(default_factory=dict)
    exemptions: dict[Id, Exemption] = Field(default_factory=dict)
    decisions: dict[Id, Decision] = Field(default_factory=dict)
    parameters: dict[Id, Parameter] = Field(default_factory=dict)
    reminders: dict[Id, ReminderLadder] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _name(self) -> Volume:
        if self.volume == OWN:
            raise PydanticCustomError("ZX1370", "a reserved name", {"name": OWN, "at": ["volume"]})
        return self


class AttachedVolume(Labelled):
    """Volume in a resolved bundle: when it counts for the process, and what it brought (``brings``)."""

    volume: Number
    kind: Kind = "law"
    law: Number | None = None
    periods: tuple[AttachedPeriod, ...]
    brings: dict[str, Any] = Field(default_factory=dict)

    @cached_property
    def duties(self) -> frozenset[str]:
        """The ids of its obligations, requirements and exemptions."""
        return frozenset(duty_ids(self.brings))

    @cached_property
    def actions(self) -> frozenset[str]:
        """The actions it defines itself."""
        return frozenset(self.brings.get("defines", ()))

    def period(self, day: date) -> AttachedPeriod | None:
        """The period in which a day lies."""
        return next((period for period in self.periods if period.covers(day)), None)

    def binding(self, day: date, opened: date) -> AttachedPeriod | None:
        """The period by which it binds, on a day, a case that was opened on another; None where it does not."""
        period = self.period(day)
        if period is not None and period.transition.rule == "by_start" and opened < period.from_:
            return None
        return period


def duty_ids(sections: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the obligations, exemptions and requirements in the sections of a volume."""
    asked = [
        entry["id"]
        for action in sections.get("actions", {}).values()
        for entry in _listed((action or {}).get("requires"))
        if isinstance(entry, Mapping) and "id" in entry
    ]
    return (*sections.get("obligations", ()), *sections.get("exemptions", ()), *asked)


def _listed(value: Any) -> Iterable[Any]:
    return () if value is None else value if isinstance(value, list | tuple) else (value,)


EXTENDED = ("requires", "closes", "with")
"""Keys of an action of the process that a volume may add to."""

Path = tuple[str, ...]


@dataclass(slots=True)
class Merge(Generic[T]):
    """Merge of the sections of a volume into the tree of a process.

    Attributes:
        trees: Access to the values.
        clashes: The names that are taken already, each by its path in the volume; they change nothing.
        added: What was added, as plain values; ``defines`` lists the actions that are new.
    """

    trees: Trees[T]
    clashes: list[Path] = field(default_factory=list)
    added: dict[str, Any] = field(default_factory=dict)

    def merged(self, tree: T, volume: T) -> T:
        """The tree of a process with the sections of a volume in it; what both have stands where the process has it.

        Args:
            tree: The process, with its decisions and parameters beside the sections.
            volume: The volume.
        """
        fields, sections = dict(self.trees.fields(tree) or {}), self.trees.fields(volume) or {}
        for section in SECTIONS:
            if section in sections:
                fields[section] = self._section(section, fields.get(section), sections[section])
        return self.trees.mapping(volume, tree, fields)

    def _section(self, section: str, base: T | None, new: T) -> T:
        entries = dict((None if base is None else self.trees.fields(base)) or {})
        for name, entry in (self.trees.fields(new) or {}).items():
            if name not in entries:
                entries[name] = entry
                self.added.setdefault(section, {})[name] = self.trees.value(entry)
                if section == "actions":
                    self.added.setdefault("defines", []).append(name)
            elif section == "actions":
                entries[name] = self._extended(name, entries[name], entry)
            else:
                self.clashes.append((section, name))
        return self.trees.mapping(new, new if base is None else base, entries)

    def _extended(self, name: str, base: T, change: T) -> T:
        fields = dict(self.trees.fields(base) or {})
        added: dict[str, Any] = {}
        for key, value in (self.trees.fields(change) or {}).items():
            path = ("actions", name, key)
            if key == "with":
                fields[key], added[key] = self._fields(path, fields.get(key), value)
            elif key in EXTENDED:
                fields[key], added[key] = self._list(path, fields.get(key), value)
            else:
                self.clashes.append(path)
        if any(added.values()):
            self.added.setdefault("actions", {})[name] = {key: value for key, value in added.items() if value}
        return self.trees.mapping(change, base, fields)

    def _fields(self, path: Path, base: T | None, new: T) -> tuple[T, dict[str, Any]]:
        fields, added = dict((None if base is None else self.trees.fields(base)) or {}), {}
        for name, value in (self.trees.fields(new) or {}).items():
            if name in fields:
                self.clashes.append((*path, name))
            else:
                fields[name], added[name] = value, self.trees.value(value)
        return self.trees.mapping(new, new if base is None else base, fields), added

    def _list(self, path: Path, base: T | None, new: T) -> tuple[T, list[Any]]:
        before = [] if base is None else self._entries(base)
        taken = {_ident(self.trees.value(entry)) for entry in before}
        fresh: list[T] = []
        for entry in self._entries(new):
            if _ident(self.trees.value(entry)) in taken:
                self.clashes.append((*path, str(_ident(self.trees.value(entry)))))
            else:
                fresh.append(entry)
        entries = [*before, *fresh]
        return self.trees.listing(new if base is None else base, new, entries), list(map(self.trees.value, fresh))

    def _entries(self, value: T) -> list[T]:
        entries = self.trees.entries(value)
        return [value] if entries is None else list(entries)


def _ident(value: Any) -> Any:
    return value.get("id") or value.get("obligation") if isinstance(value, Mapping) else value
