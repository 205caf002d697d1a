"""What scenarios and case files name and give: facts, items, actions, roles, duties, verdicts, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.engine.integrity import IDS
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.item import SUCCESSOR
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import CaseFile, Expectation, Given, Happening, Scenario
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.checks.memory import remembered
from zhengxie_flow.reading.checks.mentions import Mention, actors, duties, each, one
from zhengxie_flow.reading.checks.names import act_fields, field_type
from zhengxie_flow.reading.checks.places import Place
from zhengxie_flow.reading.sources import Loaded

ALL_ITEMS = "all"
STATUSES = ("pending", "conflict", "no_rule")
"""What may be expected of a decision beside its outcomes."""
REASONS = ("role", "state", "item_state", "four_eyes", "delegation")
"""Why an act may be refused beside duties and missing fields."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value given for a fact or field of a type."""

    name: str
    type: ValueType
    value: Any
    place: Place


@dataclass(slots=True)
class Story:
    """A scenario or case file as it is read from top to bottom; ``items`` are those known so far, with their types."""

    process: Process
    decisions: Mapping[str, Decision]
    items: dict[str, str]
    processes: Mapping[str, Process] = field(default_factory=dict)  # those of its subcases
    beside: Mapping[str, Decision] = field(default_factory=dict)  # the decisions they may ask for
    below: dict[str, Story] = field(default_factory=dict)  # the subcases it opens
    editions: tuple[str, ...] | None = None  # what those of its process are called, where that is known

    def mentions(self, story: Scenario | CaseFile, place: Place) -> Iterator[Mention]:
        """Everything the story names."""
        yield from self._given(story.given, place.at("given"))
        if isinstance(story, CaseFile):
            yield from one("role", story.by, place.at("by"), actors(self.process))
        for index, happening in enumerate(story.events):
            yield from self._anywhere(happening, place.at("events", index))
        for index, expected in enumerate(story.expect if isinstance(story, Scenario) else ()):
            at = place.at("expect", index)
            yield from one("subcase", expected.in_, at.at("in"), self.below)
            about = self if expected.in_ is None else self.below.get(expected.in_)
            if about is not None:
                yield from about.expected(expected, at)

    def _anywhere(self, told: Happening, place: Place) -> Iterator[Mention]:
        """A happening here, or in a subcase that was opened before."""
        if told.in_ is not None:
            yield from one("subcase", told.in_, place.at("in"), self.below)
            if told.in_ in self.below:
                yield from self.below[told.in_].happening(told, place)
            return
        if told.open is None:
            yield from self.happening(told, place)
            return
        yield from one("subcase", told.open, place.at("open"), self.process.subcases)
        if told.open in self.processes and told.id is not None:
            process = self.processes[told.open]
            self.below[told.id] = Story(process, self.beside, {})
            yield from one("role", told.by, place.at("by"), process.roles)
            yield from (Mention("fact", name, place.name("with", name), tuple(process.facts)) for name in told.with_)

    def _given(self, given: Given, place: Place) -> Iterator[Mention]:
        for name in given.facts:
            yield Mention("fact", name, place.name("facts", name), tuple(self.process.facts))
        for kind, members in given.items.items():
            yield Mention("item", kind, place.name("items", kind), tuple(self.process.items))
            known = self.process.items.get(kind)
            for ident, fields in members.items():
                self.items[ident] = kind
                if known is not None:
                    at = place.at("items", kind, ident)
                    yield from (Mention("field", name, at.name(name), tuple(known.fields)) for name in fields)
        yield from self._roles(given.facts, self.process.facts, place.at("facts"))
        yield from one("state", given.state, place.at("state"), self.process.states)

    def happening(self, told: Happening, place: Place) -> Iterator[Mention]:
        """Everything a happening of this case names."""
        process = self.process
        for key, action in (("do", told.do), ("try", told.try_), ("plan", told.plan)):
            yield from one("action", action, place.at(key), process.actions)
        done = process.actions.get(told.do or told.try_ or "")
        if done is not None and done.adds is not None:
            self.items.update(dict.fromkeys(told.for_, done.adds))
        if done is not None and done.replaces is not None and SUCCESSOR in told.with_:
            self.items[str(told.with_[SUCCESSOR])] = done.replaces
        yield from each("item_id", told.for_, place.at("for"), (*self.items, ALL_ITEMS))
        yield from one("role", told.by, place.at("by"), (*actors(process), *self.items))
        if done is not None:
            action = told.do or told.try_ or ""
            for name in told.with_:
                yield Mention("field", name, place.name("with", name), act_fields(process, action))
            yield from self._roles(told.with_, _field_types(process, action), place.at("with"))
        for name in told.determine or ():
            yield Mention("fact", name, place.name("determine", name), (*self._fields(told), *process.facts))
        if self.editions is not None:
            yield from one("edition", told.move, place.at("move"), self.editions)
        yield from self._roles(told.determine or {}, {**process.facts, **self._fields(told)}, place.at("determine"))
        owed = (*duties(process), *process.exemptions)
        yield from one("duty", told.explain, place.at("explain"), owed)
        fields = (f"with.{name}" for name in (done.fields if done is not None else ()))
        yield from each("duty", told.refused or (), place.at("refused"), (*owed, *REASONS, *fields))

    def _roles(
        self, given: Mapping[str, Any], types: Mapping[str, ValueType | None], place: Place
    ) -> Iterator[Mention]:
        """The roles that values name."""
        for value in _typed(given, types, place):
            if value.type.type == "role" and isinstance(value.value, str):
                yield Mention("role", value.value, value.place, (*actors(self.process), *self.items))

    def _fields(self, told: Happening) -> dict[str, ValueType]:
        """The fields of the items that a happening is about."""
        kinds = [self.process.items.get(self.items.get(ident, "")) for ident in told.for_]
        return {name: kind for known in kinds if known is not None for name, kind in known.fields.items()}

    def expected(self, expected: Expectation, place: Place) -> Iterator[Mention]:
        """Everything an expectation about this case names."""
        process = self.process
        known = (*duties(process), *process.exemptions, *IDS)
        wanted = expected.obligation
        if wanted is not None and not _pattern_of(wanted, known):
            yield Mention("duty", wanted, place.at("obligation"), known)
        yield from one("action", expected.action, place.at("action"), process.actions)
        yield from one("item_id", expected.for_, place.at("for"), self.items)
        yield from each("role", expected.who, place.at("who"), (*actors(process), *self.items))
        for key in ("verdict", "worst"):
            yield from one("verdict", getattr(expected, key), place.at(key), map(str, Verdict))
        about = process.items.get(self.items.get(expected.for_ or "", ""))
        yield from one("state", expected.state, place.at("state"), about.states if about else process.states)
        for name, outcome in (expected.decided or {}).items():
            yield Mention("decision", name, place.name("decided", name), tuple(self.decisions))
            if name in self.decisions:
                possible = (*self.decisions[name].outcomes, *STATUSES)
                yield Mention("outcome", outcome, place.at("decided", name), possible)

    def values(self, story: Scenario | CaseFile, place: Place) -> Iterator[Value]:
        """Every value the story gives for a fact or field there is."""
        for _ in self.mentions(story, place):  # to know the items
            pass
        facts = self.process.facts
        yield from _typed(story.given.facts, facts, place.at("given", "facts"))
        for kind, members in story.given.items.items():
            known = self.process.items.get(kind)
            for ident, fields in members.items():
                types = known.fields if known is not None else {}
                yield from _typed(fields, types, place.at("given", "items", kind, ident))
        for index, told in enumerate(story.events):
            at = place.at("events", index)
            if told.open is not None and told.id in self.below:
                yield from _typed(told.with_, self.below[told.id].process.facts, at.at("with"))
            about = self if told.in_ is None else self.below.get(told.in_)
            if about is not None:
                yield from about.told_values(told, at)

    def told_values(self, told: Happening, place: Place) -> Iterator[Value]:
        """Every value a happening of this case gives for a fact or field there is."""
        action = told.do or told.try_
        yield from _typed(told.determine or {}, {**self.process.facts, **self._fields(told)}, place.at("determine"))
        if action in self.process.actions:
            yield from _typed(told.with_, _field_types(self.process, action), place.at("with"))


def _field_types(process: Process, action: str) -> dict[str, ValueType | None]:
    """The fields that an act of an action can carry, with their types."""
    return {name: field_type(process, action, name) for name in act_fields(process, action)}


def _typed(given: Mapping[str, Any], types: Mapping[str, ValueType | None], place: Place) -> Iterator[Value]:
    for name, value in given.items():
        kind = types.get(name)
        if kind is not None and value is not None:
            yield Value(name, kind, value, place.at(name))


def _pattern_of(wanted: str, known: tuple[str, ...]) -> bool:
    """Whether an expectation means duties by ``*`` or by the beginning of their ids, and there are some."""
    if wanted == "*":
        return True
    return wanted.endswith(".*") and any(ident.startswith(wanted[:-1]) for ident in known)


@remembered
def told_names(loaded: Loaded) -> Iterator[Mention]:
    """Everything the scenarios of a definition name, in whichever of its editions the name leads somewhere."""
    for member in loaded.scenarios:
        place = Place(member.source, member.node)
        later = {
            (each.kind, each.name, each.place.loc)
            for edition in loaded.editions
            for each in _begin(edition).mentions(member.scenario, place)
            if each.name in each.known
        }
        for mention in _begin(loaded).mentions(member.scenario, place):
            if (mention.kind, mention.name, mention.place.loc) not in later:
                yield mention


def given_values(loaded: Loaded) -> Iterator[Value]:
    """Every value the scenarios of a definition give."""
    for member in loaded.scenarios:
        yield from _begin(loaded).values(member.scenario, Place(member.source, member.node))


def _begin(loaded: Loaded) -> Story:
    ((processes, beside),) = _below(loaded)
    called = _called(loaded)
    return Story(loaded.definition.process, loaded.definition.decisions, {}, processes, beside, editions=called)


def _called(loaded: Loaded) -> tuple[str, ...]:
    """What the editions of a process are called: by name, or by the day they begin; the first has no name."""
    first = loaded.definition.process.in_force.from_
    later = [each.definition.edition for each in loaded.editions]
    named = [name for each in later if each is not None for name in (each.edition, each.begins.isoformat())]
    return (*named, *(() if first is None else (first.isoformat(),)))


@remembered
def _below(loaded: Loaded) -> Iterator[tuple[dict[str, Process], dict[str, Decision]]]:
    """The processes of the subcases, and the decisions they may ask."""
    processes = {name: Process.model_validate(values) for name, values in loaded.below.items()}
    nodes = loaded.decisions if processes else {}
    yield processes, {name: Decision.model_validate(node.value) for name, (_, node) in nodes.items()}
