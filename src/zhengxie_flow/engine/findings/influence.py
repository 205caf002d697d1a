"""The lines of an audit that an entry in the record can reach: all of them, or the duties that depend on some names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.body import DeterminedBody
from zhengxie_flow.model.event import Event, EventType

Influence = frozenset[str] | None
"""The ids of the obligations and requirements that can change; None where anything can."""
EVERYTHING: Final[Influence] = None


def influence_of(compiled: CompiledProcess, events: Sequence[Event]) -> Influence:
    """The lines that can change by some events.

    Args:
        compiled: The definition of the case.
        events: The events.

    Returns:
        The ids of what depends on a fact that is determined or an act that is planned; everything for other events, and
        where the name decides on the life of a case, on an extension, an exemption or an authority.
    """
    names: set[str] = set()
    for event in events:
        if isinstance(event.body, DeterminedBody):
            names |= set(event.body.facts)
        elif event.type is EventType.PLANNED and event.action is not None:
            names.add(event.action)
        else:
            return EVERYTHING
    if compiled.editions:
        return EVERYTHING
    planned = all(event.type is EventType.PLANNED for event in events)
    return _reached(compiled.hash, _Definition(compiled), frozenset(names), planned)


class _Definition:
    """A compiled definition that equals any other: the hash beside it tells them apart."""

    def __init__(self, compiled: CompiledProcess) -> None:
        self.compiled = compiled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Definition)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=1024)
def _reached(digest: str, definition: _Definition, names: frozenset[str], planned: bool) -> Influence:  # noqa: FBT001
    compiled = definition.compiled
    process = compiled.process
    nodes, decisive = _tokens_of(compiled), _decisive(compiled, planned=planned)
    reached = set(names)
    grown = True
    while grown:
        found = {name for name, tokens in nodes.items() if name not in reached and not reached.isdisjoint(tokens)}
        acts = {act for name in found if name in process.obligations for act in process.obligations[name].do}
        grown = bool(found)
        reached |= found | (set() if planned else acts)
    duties = reached & process.obligations.keys()
    consequential = any(
        (limit := process.obligations[name].limit) is not None
        and (limit.consequence is not None or any(part.extended_by for part in limit.components))
        for name in duties
    )
    if consequential or not reached.isdisjoint(decisive):
        return EVERYTHING
    return frozenset(duties | (reached & compiled.requirements.keys()))


def _tokens_of(compiled: CompiledProcess) -> Mapping[str, frozenset[str]]:
    """For each obligation, requirement, decision and parameter the words in it."""
    definition, process = compiled.definition, compiled.process
    tables: Iterable[Mapping[str, Any]] = (
        process.obligations,
        {name: requirement for name, (_, requirement) in compiled.requirements.items()},
        definition.decisions,
        definition.parameters,
    )
    return {name: frozenset(_tokens(entry)) for table in tables for name, entry in table.items()}


def _decisive(compiled: CompiledProcess, *, planned: bool) -> frozenset[str]:
    """The words in what decides on more than a duty: ways, deemed acts, exemptions, the process's own condition, and
    parameters that name a role.  A plan decides on none of them.
    """
    process = compiled.process
    if planned:
        return frozenset()
    places: list[Any] = [process.when, *process.exemptions.values(), *(kind.when for kind in process.subcases.values())]
    for action in process.actions.values():
        places += [action.by_parameter, *(way.when for way in action.moves), *action.item, *action.deem, action.follows]
    return frozenset(token for place in places for token in _tokens(place))


def _tokens(value: Any) -> Iterator[str]:
    """Every name in a value, and the parts of names with dots."""
    match value:
        case str():
            yield value
            if "." in value:
                yield from value.split(".")
        case Model():
            for name in type(value).model_fields:
                if name not in ("zh", "en", "law"):
                    yield from _tokens(getattr(value, name))
        case Mapping():
            for key, entry in value.items():
                yield from _tokens(key)
                yield from _tokens(entry)
        case list() | tuple() | frozenset():
            for entry in value:
                yield from _tokens(entry)
        case _:
            return
