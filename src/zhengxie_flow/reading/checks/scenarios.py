"""References and values in scenarios and case files, and checks that values can be read and reasons are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, assert_never

from zhengxie_flow.engine.findings.line import IDS
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.former_names import FormerNames
from zhengxie_flow.model.item import SUCCESSOR
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import CaseFile, Expectation, HappeningKind, Scenario, ScenarioSetup, ScriptEvent
from zhengxie_flow.model.values import ValueType, read_value
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.checks.catalogue import Defect, cached, check, of_stories
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_references import NameReference, actors, duties, reference_to, references_in
from zhengxie_flow.reading.checks.name_resolution import act_fields, field_type, suggestion
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
class ScenarioWalker:
    """A scenario or case file as it is read from top to bottom; ``items`` are those known so far, with their types."""

    process: Process
    decisions: Mapping[str, Decision]
    items: dict[str, str]
    processes: Mapping[str, Process] = field(default_factory=dict)  # those of its subcases
    beside: Mapping[str, Decision] = field(default_factory=dict)  # the decisions they may ask for
    subcases: dict[str, ScenarioWalker] = field(default_factory=dict)  # the subcases it opens
    event_ids: set[str] = field(default_factory=set)  # that events of this case give themselves
    editions: tuple[str, ...] | None = None  # what those of its process are called, where that is known
    former: FormerNames | None = None  # what is called otherwise now

    def references(self, story: Scenario | CaseFile, place: Place) -> Iterator[NameReference]:
        """Everything the story names."""
        yield from self._given(self._setup(story.given), place.at("given"))
        if isinstance(story, CaseFile):
            names = {} if self.former is None else self.former.roles
            yield from reference_to("role", names.get(story.by, story.by), place.at("by"), actors(self.process))
        for index, happening in enumerate(story.events):
            yield from self._anywhere(happening, place.at("events", index))
        for index, expected in enumerate(story.expect if isinstance(story, Scenario) else ()):
            at = place.at("expect", index)
            yield from reference_to("subcase", expected.in_, at.at("in"), self.subcases)
            subject = self if expected.in_ is None else self.subcases.get(expected.in_)
            if subject is not None:
                yield from subject.expected(expected, at)

    def _anywhere(self, event: ScriptEvent, place: Place) -> Iterator[NameReference]:
        """A happening here, or in a subcase that was opened before."""
        if event.in_ is not None:
            yield from reference_to("subcase", event.in_, place.at("in"), self.subcases)
            if event.in_ in self.subcases:
                yield from self.subcases[event.in_].happening(event, place)
            return
        if event.open is None:
            yield from self.happening(event, place)
            return
        yield from reference_to("subcase", event.open, place.at("open"), self.process.subcases)
        if event.open in self.processes and event.id is not None:
            process = self.processes[event.open]
            self.subcases[event.id] = ScenarioWalker(process, self.beside, {}, former=FormerNames.of(process))
            yield from reference_to("role", event.by, place.at("by"), process.roles)
            yield from (
                NameReference("fact", name, place.name("with", name), tuple(process.facts)) for name in event.with_
            )

    def _setup(self, setup: ScenarioSetup) -> ScenarioSetup:
        return setup if self.former is None else self.former.setup(setup)

    def _event(self, event: ScriptEvent) -> ScriptEvent:
        return event if self.former is None else self.former.event(event)

    def _given(self, setup: ScenarioSetup, place: Place) -> Iterator[NameReference]:
        for name in setup.facts:
            yield NameReference("fact", name, place.name("facts", name), tuple(self.process.facts))
        for kind, members in setup.items.items():
            yield NameReference("item_type", kind, place.name("items", kind), tuple(self.process.items))
            item_type = self.process.items.get(kind)
            for ident, fields in members.items():
                self.items[ident] = kind
                if item_type is not None:
                    at = place.at("items", kind, ident)
                    yield from (NameReference("field", name, at.name(name), tuple(item_type.fields)) for name in fields)
        yield from self._roles(setup.facts, self.process.facts, place.at("facts"))
        yield from reference_to("state", setup.state, place.at("state"), self.process.states)

    def happening(self, event: ScriptEvent, place: Place) -> Iterator[NameReference]:
        """Everything a happening of this case names."""
        process, event = self.process, self._event(event)
        if event.id is not None:
            self.event_ids.add(event.id)
        for key, action in (("do", event.do), ("try", event.try_), ("plan", event.plan)):
            yield from reference_to("action", action, place.at(key), process.actions)
        done = process.actions.get(event.do or event.try_ or "")
        if done is not None and done.adds is not None:
            self.items.update(dict.fromkeys(event.for_, done.adds))
        if done is not None and done.replaces is not None and SUCCESSOR in event.with_:
            self.items[str(event.with_[SUCCESSOR])] = done.replaces
        yield from references_in("item", event.for_, place.at("for"), (*self.items, ALL_ITEMS))
        yield from reference_to("role", event.by, place.at("by"), (*actors(process), *self.items))
        if done is not None:
            action = event.do or event.try_ or ""
            for name in event.with_:
                yield NameReference("field", name, place.name("with", name), act_fields(process, action))
            yield from self._roles(event.with_, _field_types(process, action), place.at("with"))
        for name in event.determine or ():
            yield NameReference("fact", name, place.name("determine", name), (*self._fields(event), *process.facts))
        if self.editions is not None:
            yield from reference_to("edition", event.move, place.at("move"), self.editions)
        yield from self._roles(event.determine or {}, {**process.facts, **self._fields(event)}, place.at("determine"))
        owed = (*duties(process), *process.exemptions)
        yield from reference_to("obligation", event.explain, place.at("explain"), owed)
        fields = (f"with.{name}" for name in (done.fields if done is not None else ()))
        yield from references_in("obligation", event.refused or (), place.at("refused"), (*owed, *REASONS, *fields))

    def _roles(
        self, values: Mapping[str, Any], types: Mapping[str, ValueType | None], place: Place
    ) -> Iterator[NameReference]:
        """The roles that values name."""
        for value in _typed(values, types, place):
            if value.type.type == "role" and isinstance(value.value, str):
                yield NameReference("role", value.value, value.place, (*actors(self.process), *self.items))

    def _fields(self, event: ScriptEvent) -> dict[str, ValueType]:
        """The fields of the items that a happening is about."""
        kinds = [self.process.items.get(self.items.get(ident, "")) for ident in event.for_]
        return {name: kind for item_type in kinds if item_type is not None for name, kind in item_type.fields.items()}

    def expected(self, expected: Expectation, place: Place) -> Iterator[NameReference]:
        """Everything an expectation about this case names."""
        process = self.process
        if self.former is not None:
            expected = self.former.expectation(expected)
        names = (*duties(process), *process.exemptions, *IDS)
        pattern = expected.obligation
        if pattern is not None and not _pattern_of(pattern, names):
            yield NameReference("obligation", pattern, place.at("obligation"), names)
        ids = (*names, *process.acts)
        if expected.none is not None and not any(fnmatchcase(ident, expected.none) for ident in ids):
            yield NameReference("obligation", expected.none, place.at("none"), ids)
        yield from reference_to("action", expected.action, place.at("action"), process.actions)
        if expected.action is not None:
            fields = act_fields(process, expected.action)
            yield from (NameReference("field", name, place.name("with", name), fields) for name in expected.with_)
        grants = (*process.exemptions, *self.event_ids)
        yield from reference_to("obligation", expected.lifted_by, place.at("lifted_by"), grants)
        yield from reference_to("item", expected.for_, place.at("for"), self.items)
        yield from references_in("role", expected.who, place.at("who"), (*actors(process), *self.items))
        for key in ("verdict", "worst"):
            yield from reference_to("verdict", getattr(expected, key), place.at(key), map(str, Verdict))
        item_type = process.items.get(self.items.get(expected.for_ or "", ""))
        yield from reference_to(
            "state", expected.state, place.at("state"), item_type.states if item_type else process.states
        )
        for name, outcome in (expected.decided or {}).items():
            yield NameReference("decision", name, place.name("decided", name), tuple(self.decisions))
            if name in self.decisions:
                possible = (*self.decisions[name].outcomes, *STATUSES)
                yield NameReference("outcome", outcome, place.at("decided", name), possible)

    def values(self, story: Scenario | CaseFile, place: Place) -> Iterator[Value]:
        """Every value the story gives for a fact or field there is."""
        for _ in self.references(story, place):  # to know the items
            pass
        facts, setup = self.process.facts, self._setup(story.given)
        yield from _typed(setup.facts, facts, place.at("given", "facts"))
        for kind, members in setup.items.items():
            item_type = self.process.items.get(kind)
            for ident, fields in members.items():
                types = item_type.fields if item_type is not None else {}
                yield from _typed(fields, types, place.at("given", "items", kind, ident))
        for index, event in enumerate(story.events):
            at = place.at("events", index)
            if event.open is not None and event.id in self.subcases:
                yield from _typed(event.with_, self.subcases[event.id].process.facts, at.at("with"))
            subject = self if event.in_ is None else self.subcases.get(event.in_)
            if subject is not None:
                yield from subject.told_values(event, at)

    def told_values(self, event: ScriptEvent, place: Place) -> Iterator[Value]:
        """Every value a happening of this case gives for a fact or field there is."""
        event = self._event(event)
        action = event.do or event.try_
        yield from _typed(event.determine or {}, {**self.process.facts, **self._fields(event)}, place.at("determine"))
        if action in self.process.actions:
            yield from _typed(event.with_, _field_types(self.process, action), place.at("with"))


def _field_types(process: Process, action: str) -> dict[str, ValueType | None]:
    """The fields that an act of an action can carry, with their types."""
    return {name: field_type(process, action, name) for name in act_fields(process, action)}


def _typed(values: Mapping[str, Any], types: Mapping[str, ValueType | None], place: Place) -> Iterator[Value]:
    for name, value in values.items():
        kind = types.get(name)
        if kind is not None and value is not None:
            yield Value(name, kind, value, place.at(name))


def _pattern_of(pattern: str, names: tuple[str, ...]) -> bool:
    """True if an expectation is a pattern (``*``, or a prefix of ids) that matches some duties."""
    if pattern == "*":
        return True
    return pattern.endswith(".*") and any(ident.startswith(pattern[:-1]) for ident in names)


@cached
def scenario_references(loaded: Loaded) -> Iterator[NameReference]:
    """Everything the scenarios of a definition name, in whichever of its editions the name leads somewhere."""
    for member in loaded.scenarios:
        place = Place(member.source, member.node)
        later = {
            (reference.kind, reference.name, reference.place.loc)
            for edition in loaded.editions
            for reference in _begin(edition).references(member.scenario, place)
            if reference.name in reference.choices
        }
        for mention in _begin(loaded).references(member.scenario, place):
            if (mention.kind, mention.name, mention.place.loc) not in later:
                yield mention


def given_values(loaded: Loaded) -> Iterator[Value]:
    """Every value the scenarios of a definition give."""
    for member in loaded.scenarios:
        yield from _begin(loaded).values(member.scenario, Place(member.source, member.node))


def _begin(loaded: Loaded) -> ScenarioWalker:
    ((processes, beside),) = _below(loaded)
    called = _called(loaded)
    (former,) = _former(loaded)
    return ScenarioWalker(
        loaded.definition.process, loaded.definition.decisions, {}, processes, beside, editions=called, former=former
    )


@cached
def _former(loaded: Loaded) -> Iterator[FormerNames | None]:
    yield FormerNames.of(loaded.definition.process)


def _called(loaded: Loaded) -> tuple[str, ...]:
    """Labels of the editions of a process: name, or day of entry into force; the first has no name."""
    first = loaded.definition.process.in_force.from_
    later = [edition.definition.edition for edition in loaded.editions]
    named = [name for edition in later if edition is not None for name in (edition.edition, edition.begins.isoformat())]
    return (*named, *(() if first is None else (first.isoformat(),)))


@cached
def _below(loaded: Loaded) -> Iterator[tuple[dict[str, Process], dict[str, Decision]]]:
    """The processes of the subcases, and the decisions they may ask."""
    processes = {name: Process.model_validate(values) for name, values in loaded.subcases.items()}
    nodes = loaded.decisions if processes else {}
    yield processes, {name: Decision.model_validate(node.value) for name, (_, node) in nodes.items()}


@of_stories
@check(
    "ZX1215",
    "unreadable-value",
    en="A fact or field takes values of its type alone: a date as 2026-03-04, one of the choices listed, a number.",
    zh="事实和字段只接受其类型的值：日期写作 2026-03-04，选项取列出的值，数字写数字。",
)
def unreadable_value(loaded: Loaded) -> Iterator[Defect]:
    """Report values that cannot be read as what they are given for."""
    for entry in given_values(loaded):
        try:
            read_value(entry.type, entry.value, entry.name)
        except UsageError:
            choices = entry.type.of if isinstance(entry.type.of, dict) else ()
            hint = suggestion(str(entry.value), choices) if choices else {"suggestion": "-", "known": "-"}
            params = {**hint, "name": entry.name, "type": entry.type.type, "given": str(entry.value)}
            yield Defect(entry.place, **params)


def _reasoned(kind: HappeningKind) -> bool:
    """Return whether events of a kind are recorded with their reason."""
    match kind:
        case "determine" | "explain" | "correct" | "move":
            return True
        case "do" | "try" | "plan" | "open" | "link":
            return False
        case _:
            assert_never(kind)


@of_stories
@check(
    "ZX1258",
    "unreasoned",
    en="What somebody determines, explains, corrects or decides is recorded with its reason, or not at all.",
    zh="认定、说明、更正和转版都要连同理由一起记录，没有理由不能记录。",
)
def unreasoned(loaded: Loaded) -> Iterator[Defect]:
    """Report happenings without a reason that cannot be recorded without one."""
    for member in loaded.scenarios:
        for index, event in enumerate(member.scenario.events):
            if _reasoned(event.kind) and not (event.reason or "").strip():
                place = Place(member.source, member.node).name("events", index, event.kind)
                yield Defect(place, kind=event.kind)


CHECKS = (unreadable_value, unreasoned)
