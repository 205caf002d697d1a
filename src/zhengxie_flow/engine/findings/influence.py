"""The lines of an audit that an entry in the record can reach: all of them, or the duties that depend on some names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.condition import Compare, Formula
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.process import Obligation

Influence = frozenset[str] | None
"""The ids of the obligations and requirements that can change; None where anything can."""
EVERYTHING: Final[Influence] = None
NOTHING: Final[Influence] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """The lines that depend on some names, and whether the names can also change the life of the case."""

    lines: Influence
    life: bool = False


class _Definition:
    """A compiled definition that equals any other: the hash beside it tells them apart."""

    def __init__(self, compiled: CompiledProcess) -> None:
        self.compiled = compiled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Definition)

    def __hash__(self) -> int:
        return 0


def reach_of_first_answers(compiled: CompiledProcess, names: Iterable[str]) -> Reach:
    """The adverse lines that first answers to facts nobody had stated or presumed can change.

    What is adverse while a fact is unknown is so under every answer.  Left are days that an answer fixes, reasons that
    excuse, what the answer does to the life of the case, and questions that are never unknown.

    Args:
        compiled: The definition of the case.
        names: The facts.
    """
    return _reach(compiled.hash, _Definition(compiled), frozenset(names), "first")


def reach_of_changes(compiled: CompiledProcess, names: Iterable[str]) -> Reach:
    """All lines that other values of facts can change."""
    return _reach(compiled.hash, _Definition(compiled), frozenset(names), "changed")


def reach_of_plans(compiled: CompiledProcess, names: Iterable[str]) -> Reach:
    """All lines that other planned days of acts can change."""
    return _reach(compiled.hash, _Definition(compiled), frozenset(names), "planned")


def reach_of_act(compiled: CompiledProcess, name: str) -> Reach:
    """The adverse lines that an act can change which no other act on record follows in time.

    What was judged at an earlier act stays: only duties open at the time, and what looks at the state or the facts.

    Args:
        compiled: The definition of the case.
        name: The action.
    """
    return _reach(compiled.hash, _Definition(compiled), frozenset({name}), "act")


def requirements_on(compiled: CompiledProcess, name: str) -> frozenset[str]:
    """The requirements of a definition whose truth can rest on a fact, by itself or through a decision."""
    return _requirements_on(compiled.hash, _Definition(compiled), name)


@lru_cache(maxsize=2048)
def _requirements_on(digest: str, definition: _Definition, name: str) -> frozenset[str]:  # noqa: ARG001
    compiled = definition.compiled
    reached = _closure(frozenset({name}), _nodes(compiled), {})
    return frozenset(reached & compiled.requirements.keys())


@lru_cache(maxsize=2048)
def _reach(digest: str, definition: _Definition, names: frozenset[str], how: str) -> Reach:  # noqa: ARG001
    compiled = definition.compiled
    if compiled.editions:
        return Reach(EVERYTHING)
    if how == "first" and not names.isdisjoint(_asked_whether_recorded(compiled)):
        how = "changed"
    if how == "act":
        return Reach(_reached_by_act(compiled, *names))
    process = compiled.process
    nodes = _nodes(compiled, of_first_answers=how == "first")
    reached = _closure(names, nodes, process.obligations if how == "changed" else {})
    duties = reached & process.obligations.keys()
    limits = [limit for name in duties if (limit := process.obligations[name].limit) is not None]
    if how == "first":
        everywhere = _closure(names, _nodes(compiled), {})
        life = not everywhere.isdisjoint(_life_tokens(compiled)) or any(
            (limit := process.obligations[name].limit) is not None and limit.consequence is not None
            for name in everywhere & process.obligations.keys()
        )
        return Reach(EVERYTHING if _names_role(compiled, everywhere) else frozenset(duties), life)
    consequential = any(
        limit.consequence is not None or any(part.extended_by for part in limit.components) for limit in limits
    )
    if how == "changed" and (_names_role(compiled, reached) or not reached.isdisjoint(_decisive_tokens(compiled))):
        consequential = True
    return Reach(EVERYTHING if consequential else frozenset(duties | (reached & compiled.requirements.keys())))


def _reached_by_act(compiled: CompiledProcess, name: str) -> Influence:
    process, outline = compiled.process, compiled.outlines.get(name)
    if outline is None or compiled.deems:
        return EVERYTHING
    action = outline.action
    ends = any(compiled.final.get(goal or "") for goal in outline.goals) or action.withdraws or action.replaces
    if ends or action.closes or outline.exempts or _lends(compiled, name):
        return EVERYTHING
    moved = list(process.states) if outline.goals else []
    if action.item_type is not None and (action.item or action.adds):
        moved += [action.item_type, *process.items[action.item_type].states]
    names = frozenset({name, *outline.noted, *moved})
    duties = process.obligations
    nodes = {
        ident: frozenset(_tokens((duty.when, duty.limit, duty.excused_by, duty.do))) for ident, duty in duties.items()
    }
    others = _nodes(compiled)
    nodes |= {ident: tokens for ident, tokens in others.items() if ident not in duties}
    reached = _closure(names, nodes, {})
    answered = _closure(frozenset(outline.noted), others, {})  # a way was taken when its act was done
    by_way = not answered.isdisjoint(_life_tokens(compiled))
    if by_way or not reached.isdisjoint(_ground_tokens(compiled)) or _names_role(compiled, reached):
        return EVERYTHING
    return frozenset(reached & (duties.keys() | compiled.requirements.keys()))


def _lends(compiled: CompiledProcess, name: str) -> bool:
    """True where an act gives a role for a time, or takes one away."""
    return any(name in acts for acts in (*compiled.delegating.values(), *compiled.revoking.values()))


def _closure(
    names: frozenset[str], nodes: Mapping[str, frozenset[str]], obligations: Mapping[str, Obligation]
) -> set[str]:
    """The names, and every node that speaks of them or of another such node; of obligations also their acts."""
    reached = set(names)
    while found := {name for name, tokens in nodes.items() if name not in reached and not reached.isdisjoint(tokens)}:
        reached |= found | {act for name in found if name in obligations for act in obligations[name].do}
    return reached


def _nodes(compiled: CompiledProcess, *, of_first_answers: bool = False) -> Mapping[str, frozenset[str]]:
    """For each obligation, requirement, decision and parameter the words in it."""
    return _nodes_of(compiled.hash, _Definition(compiled), of_first_answers=of_first_answers)


@lru_cache(maxsize=128)
def _nodes_of(
    digest: str,  # noqa: ARG001
    definition_: _Definition,
    *,
    of_first_answers: bool,
) -> Mapping[str, frozenset[str]]:
    compiled = definition_.compiled
    definition, process = compiled.definition, compiled.process
    duties: Mapping[str, Any] = process.obligations
    if of_first_answers:
        duties = {name: (_without_judgement(duty.limit), duty.excused_by) for name, duty in process.obligations.items()}
    requirements = {name: requirement for name, (_, requirement) in compiled.requirements.items()}
    tables = (duties, {} if of_first_answers else requirements, definition.decisions, definition.parameters)
    return {name: frozenset(_tokens(entry)) for table in tables for name, entry in table.items()}


def _without_judgement(limit: Limit | None) -> Limit | None:
    """A limit without the fact by which somebody judges whether an act was in time: until then nothing is adverse."""
    return limit if limit is None else limit.model_copy(update={"judged_by": None})


def _life_tokens(compiled: CompiledProcess) -> frozenset[str]:
    """The words in the conditions of ways, of acts deemed done and of acts that close duties."""
    places: list[Any] = []
    for action in compiled.process.actions.values():
        places += [*(way.when for way in action.moves), *(step.when for step in action.item), *action.deem]
        places += [closing.where for closing in action.closes]
    return frozenset(token for place in places for token in _tokens(place))


def _decisive_tokens(compiled: CompiledProcess) -> frozenset[str]:
    """The words in whatever decides on more than one duty: the life of a case, exemptions, the process's condition."""
    follows = (action.follows for action in compiled.process.actions.values())
    return _life_tokens(compiled) | _ground_tokens(compiled) | frozenset(_tokens([*follows]))


def _ground_tokens(compiled: CompiledProcess) -> frozenset[str]:
    """The words in the conditions of exemptions, and in that of the process."""
    process = compiled.process
    grounds = [part for part in _models(process.exemptions) if isinstance(part, Formula)]
    return frozenset(_tokens([process.when, *grounds]))


def _names_role(compiled: CompiledProcess, reached: set[str]) -> bool:
    """True where a parameter that names who may act is among the names."""
    return any(action.by_parameter in reached for action in compiled.process.actions.values())


def _asked_whether_recorded(compiled: CompiledProcess) -> frozenset[str]:
    """The names of which some condition asks whether the record has a value at all, which is never unknown."""
    definition = compiled.definition
    places = (compiled.process, definition.decisions, definition.parameters)
    return frozenset(
        token
        for place in places
        for part in _models(place)
        if isinstance(part, Compare) and part.test.recorded is not None
        for token in _tokens(part.name)
    )


def _models(value: Any) -> Iterator[Model]:
    """A model and every model in it."""
    if isinstance(value, Model):
        yield value
    for entry in _entries(value):
        yield from _models(entry)


def _tokens(value: Any) -> Iterator[str]:
    """Every name in a value, and the parts of names with dots."""
    if isinstance(value, str):
        yield value
        if "." in value:
            yield from value.split(".")
    if isinstance(value, Mapping):
        yield from (token for key in value for token in _tokens(key))
    for entry in _entries(value):
        yield from _tokens(entry)


def _entries(value: Any) -> Iterable[Any]:
    """What a value holds: the fields of a model but its labels and citations, the values of a table, a list."""
    if isinstance(value, Model):
        return [getattr(value, name) for name in type(value).model_fields if name not in ("zh", "en", "law")]
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple | frozenset) else ()
