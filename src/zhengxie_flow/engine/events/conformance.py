"""Conformance of a journal to its definition: every name that an event uses is one the definition has.

The chain of a case proves that nothing was changed since it was written, not that what was written makes sense.  An
event that a program of ours could not have written (a state that does not exist, a fact of another type, a correction
of what comes later) would lead every later reading astray, so it is named before the case is rebuilt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.body import (
    ActBody,
    AnyBody,
    AssignedBody,
    Changes,
    CorrectedBody,
    DeemedBody,
    DeterminedBody,
    ErasedBody,
    ExplainedBody,
    LinkedBody,
    MovedBody,
    OpenedBody,
    PlannedBody,
    RecomputedBody,
    SubcaseBody,
    UnfitBody,
    UrgedBody,
    facts_of,
    items_of,
    read_body,
    state_of,
)
from zhengxie_flow.model.body_parts import ItemChanges
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.personal import withheld
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.values import FactRef, ValueType, read_value


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in an event that its definition, or the order of the journal, has no place for.

    Attributes:
        sequence: The event.
        place: Where in the event, as a JSON pointer (RFC 6901).
        name: What stands there.
    """

    sequence: int
    place: str
    name: str


Types = Mapping[str, tuple[ValueType, ...]]
"""Names with the types they have, in whichever edition."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a process, in all its editions together."""

    process: str
    hashes: frozenset[str]
    states: frozenset[str]
    actions: frozenset[str]
    roles: frozenset[str]
    duties: frozenset[str]
    subcases: frozenset[str]
    items: Mapping[str, frozenset[str]]  # type -> states of its items
    facts: Types
    determined: Types  # what can be determined of an item: its fields, and facts
    added: Types  # what an added item can hold: fields of its type, and of the act that adds it
    fields: Mapping[str, Types]  # action -> fields of its acts

    @classmethod
    def of(cls, compiled: CompiledProcess, *others: CompiledProcess) -> Vocabulary:
        """Collect the names of a definition, of the editions beside it, and of others the case has passed to."""
        editions = {
            edition.hash: edition
            for definition in (compiled, *others)
            for edition in (definition, *definition.editions)
        }.values()
        processes = [edition.process for edition in editions]
        types = {name for process in processes for name in process.items}
        of_type = {name: [process.items[name] for process in processes if name in process.items] for name in types}
        of_act = {
            name: _together(_fields_of_act(edition, name) for edition in editions)
            for name in {name for process in processes for name in process.acts}
        }
        return cls(
            process=compiled.id,
            hashes=frozenset(edition.hash for edition in editions),
            states=frozenset(name for process in processes for name in process.states),
            actions=frozenset(name for process in processes for name in process.actions),
            roles=frozenset(name for process in processes for name in process.roles),
            duties=frozenset(name for edition in editions for name in edition.own_ids()),
            subcases=frozenset(name for process in processes for name in process.subcases),
            items={name: frozenset(state for kind in of_type[name] for state in kind.states) for name in types},
            facts=_together(process.facts for process in processes),
            determined=_together(table for process in processes for table in (process.facts, *_of_items_in(process))),
            added=_together((*(table for process in processes for table in _of_items_in(process)), *of_act.values())),
            fields=of_act,
        )


def _fields_of_act(compiled: CompiledProcess, action: str) -> Mapping[str, ValueType]:
    if action in compiled.outlines:
        return compiled.outlines[action].kinds
    act = compiled.process.acts.get(action)  # of a subcase
    return {} if act is None else {name: kind for name, kind in act.fields.items() if not isinstance(kind, FactRef)}


def _of_items_in(process: Process) -> Iterator[Mapping[str, ValueType]]:
    return (kind.fields for kind in process.items.values())


def _together(tables: Iterable[Mapping[str, ValueType] | Types]) -> Types:
    types: dict[str, tuple[ValueType, ...]] = {}
    for table in tables:
        for name, kind in table.items():
            types[name] = (*types.get(name, ()), *(kind if isinstance(kind, tuple) else (kind,)))
    return types


def misfits(vocabulary: Vocabulary, events: Sequence[Event], after: int = 0) -> Iterator[Misfit]:
    """Find everything in the events of a case that cannot be, in their order.

    Args:
        vocabulary: The names of the definitions the case was under.
        events: Its events in journal order, from the first.
        after: So many of them were found to fit before.
    """
    for place in range(after, len(events)):
        event = events[place]
        yield from (Misfit(event.sequence, *misfit) for misfit in _of_event(vocabulary, events, place, event))


def _of_event(vocabulary: Vocabulary, events: Sequence[Event], place: int, event: Event) -> Iterator[tuple[str, str]]:
    body = event.body
    if (place == 0) != isinstance(body, OpenedBody):
        yield "/type", str(event.type)
        return
    yield from _of_action(vocabulary, event)
    if isinstance(body, CorrectedBody):
        yield from _of_correction(vocabulary, events, event, body)
    elif event.supersedes is not None:
        yield "/supersedes", str(event.supersedes)
    yield from _of_body(vocabulary, event, body)


def _of_action(vocabulary: Vocabulary, event: Event) -> Iterator[tuple[str, str]]:
    body = event.body
    match body:
        case ActBody() | DeemedBody() | PlannedBody():
            if event.action not in vocabulary.actions:
                yield "/action", event.action or "-"
        case SubcaseBody(subcase=status):  # its states are those of another process, which may have come to an edition
            if status.name not in vocabulary.subcases:
                yield "/body/subcase/name", status.name
            elif event.action is None or not event.action.startswith(f"{status.name}."):
                yield "/action", event.action or "-"
        case (
            OpenedBody() | DeterminedBody() | ExplainedBody() | CorrectedBody() | MovedBody() | LinkedBody()
            | ErasedBody() | AssignedBody() | UrgedBody() | RecomputedBody()
        ):  # fmt: skip
            return
        case _:
            assert_never(body)


def _of_correction(
    vocabulary: Vocabulary, events: Sequence[Event], event: Event, body: CorrectedBody
) -> Iterator[tuple[str, str]]:
    """A correction is about an earlier event, neither the opening nor an erasure; its body is one of that kind."""
    root = event
    while root.type is EventType.CORRECTED:
        target = root.supersedes
        if target is None or not 1 < target < root.sequence:
            yield "/supersedes", str(event.supersedes)
            return
        root = events[target - 1]
    if root.type is EventType.ERASED:
        yield "/supersedes", str(event.supersedes)
    if body.replacement is None or "body" not in body.replacement:
        return
    try:
        replaced = replace(root, body=read_body(root.type, body.replacement["body"]))
    except UnfitBody as error:
        yield "/body/replacement/body", str(error)
        return
    for pointer, name in _of_body(vocabulary, replaced, replaced.body):
        yield f"/body/replacement{pointer}", name


def _of_body(vocabulary: Vocabulary, event: Event, body: AnyBody) -> Iterator[tuple[str, str]]:
    state = state_of(body)
    if state is not None:
        yield from _unless("/body/state/to", state.to, vocabulary.states)
        if state.from_ is not None:
            yield from _unless("/body/state/from", state.from_, vocabulary.states)
    if (items := items_of(body)) is not None:
        yield from _of_items(vocabulary, items)
    if (facts := facts_of(body)) is not None:
        of_item = isinstance(body, DeterminedBody) and event.item is not None
        yield from _of_values("/body/facts", facts, vocabulary.determined if of_item else vocabulary.facts)
    if isinstance(body, Changes) and body.fields is not None:
        yield from _of_values("/body/fields", body.fields, vocabulary.fields.get(event.action or "", {}))
    yield from _of_names(vocabulary, body)


def _of_names(vocabulary: Vocabulary, body: AnyBody) -> Iterator[tuple[str, str]]:
    match body:
        case OpenedBody():
            yield from _unless("/body/process", body.process, (vocabulary.process,))
        case ExplainedBody() | RecomputedBody() | UrgedBody():
            yield from _unless("/body/obligation", body.obligation, vocabulary.duties)
        case AssignedBody():
            yield from _unless("/body/role", body.role, vocabulary.roles)
        case MovedBody():
            yield from _unless("/body/definition/from", body.definition.from_, vocabulary.hashes)
            yield from _unless("/body/definition/to", body.definition.to, vocabulary.hashes)
        case (
            ActBody() | DeterminedBody() | PlannedBody() | CorrectedBody() | DeemedBody() | SubcaseBody()
            | LinkedBody() | ErasedBody()
        ):  # fmt: skip
            return
        case _:
            assert_never(body)


def _of_items(vocabulary: Vocabulary, items: ItemChanges) -> Iterator[tuple[str, str]]:
    for index, entry in enumerate(items.added):
        pointer = f"/body/items/added/{index}"
        yield from _unless(f"{pointer}/type", entry.type, vocabulary.items)
        yield from _of_values(f"{pointer}/fields", entry.fields, vocabulary.added)
        if entry.state is not None:
            yield from _unless(f"{pointer}/state", entry.state, vocabulary.items.get(entry.type, ()))
    for index, moved in enumerate(items.moved):
        pointer = f"/body/items/moved/{index}"
        yield from _unless(f"{pointer}/type", moved.type, vocabulary.items)
        yield from _unless(f"{pointer}/to", moved.to, vocabulary.items.get(moved.type, ()))
    for index, ended in enumerate(items.ended):
        yield from _unless(f"/body/items/ended/{index}/type", ended.type, vocabulary.items)


def _of_values(pointer: str, values: Mapping[str, Any], kinds: Types) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if name not in kinds:
            yield f"{pointer}/{_escaped(name)}", name
        elif not withheld(value) and not any(_readable(kind, value, name) for kind in kinds[name]):
            yield f"{pointer}/{_escaped(name)}", "…" if any(kind.personal for kind in kinds[name]) else str(value)[:80]


def _readable(kind: ValueType, value: Any, name: str) -> bool:
    if value is None:
        return True
    try:
        read_value(kind, value, name)
    except UsageError:
        return False
    return True


def _unless(pointer: str, name: str, allowed: Collection[str]) -> Iterator[tuple[str, str]]:
    if name not in allowed:
        yield pointer, name


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
