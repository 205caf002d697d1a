"""Actions and subcases as sentences: who may do what, when, to what effect, and what has to be written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.internal_control import Delegation, Follows, Span
from zhengxie_flow.model.item import ItemStep
from zhengxie_flow.model.process import Action, ByObligation, Closing, Move
from zhengxie_flow.model.subcase import Subcase
from zhengxie_flow.presentation.readback.facts import field_phrases
from zhengxie_flow.presentation.readback.limits import deemed_phrase
from zhengxie_flow.presentation.readback.sentence import ReadStatement, Titled, either, names, note, qualified
from zhengxie_flow.rules.readback import Name, Phrase, phrase, within


def actions(definition: Definition) -> Iterator[ReadStatement]:
    """Every action of its own."""
    states = definition.process.states
    unfinished = frozenset(name for name, state in states.items() if not state.final)
    for ident, action in definition.process.actions.items():
        wording = _action(ident, action, unfinished)
        yield ReadStatement("power" if action.power else "act", ident, action.law, wording)


def _action(ident: str, action: Action, unfinished: frozenset[str]) -> Phrase:
    owners = tuple(filter(None, (ident, action.item_type)))
    notes = (
        *note("read.act.names_actor", action.names_actor),
        *note("read.act.power.void", action.power),
        *_item(action),
        *_ways(action, unfinished),
        *_fields(action),
        *_conditions(action),
        *_effects(action),
    )
    code = "read.act.power" if action.power else "read.act"
    return Phrase(code, {"act": Titled(action, ident), "who": _who(action), "notes": within(owners, notes)})


def _who(action: Action) -> tuple[Any, ...]:
    if action.by_parameter is not None:
        return (Phrase("read.by_parameter", {"parameter": Name("parameter", action.by_parameter)}),)
    return names("role", action.by) or (Phrase("read.anybody"),)


def _item(action: Action) -> Iterator[Phrase]:
    """The item an act is about, and where it moves it."""
    for key in ("for_", "adds", "withdraws", "replaces"):
        kind = getattr(action, key)
        if kind is not None:
            yield Phrase(f"read.act.{key}", {"item": Name("item", kind)})
    for step in action.item:
        yield Phrase("read.sentence", {"said": _step(step, action.item_type)})
    yield from note("read.act.carries", names("duty", action.carries))


def _step(step: ItemStep, kind: str | None) -> Phrase:
    when = None if step.when is None else phrase(step.when)
    return qualified(when, _passage("read.item", step.from_, step.to, kind))


def _ways(action: Action, unfinished: frozenset[str]) -> Iterator[Phrase]:
    """The states in which it is allowed, and where it leads."""
    ways = action.moves or (Move.model_construct(from_=action.from_, to=action.to, when=None),)
    for way in ways:
        if way.from_ or way.to is not None:
            when = None if way.when is None else phrase(way.when)
            anywhere = way.to is None and len(unfinished) > 1 and unfinished == set(way.from_)
            goal = None if way.from_ == (way.to,) else way.to
            wording = Phrase("read.way.open") if anywhere else _passage("read.way", way.from_, goal)
            yield Phrase("read.sentence", {"said": qualified(when, wording)})


def _passage(code: str, origins: tuple[str, ...], goal: str | None, kind: str | None = None) -> Phrase:
    """From some states to another; in some states; or to a state from any; of a type of item, where one is named."""
    states = either("state", origins, kind)
    if goal is None:
        return Phrase(f"{code}.in", {"states": states})
    to = Phrase("quoted", {"name": Name("state", goal, kind)})
    return Phrase(f"{code}.from", {"states": states, "to": to}) if origins else Phrase(f"{code}.to", {"to": to})


def _fields(action: Action) -> Iterator[Phrase]:
    yield from note("read.act.fields", field_phrases(action.fields))


def _conditions(action: Action) -> Iterator[Phrase]:
    """Obligations to be met before, and acts that another person must have done."""
    repeated = tuple(entry.obligation for entry in action.requires if isinstance(entry, ByObligation))
    if repeated:
        yield Phrase("read.act.requires", {"duties": names("duty", repeated)})
    if action.follows is not None:
        yield Phrase("read.act.follows", {"acts": either("action", action.follows.acts), "span": _gap(action.follows)})
    yield from note("read.act.four_eyes", names("anchor", action.four_eyes))


def _gap(follows: Follows) -> Phrase:
    if follows.parameter is not None:
        return Phrase("read.follows.parameter", {"parameter": Name("parameter", follows.parameter)})
    return Phrase("read.follows.same_day") if follows.within is None else span_phrase(follows.within)


def span_phrase(span: Span) -> Phrase:
    """A number of days, working days or calendar days."""
    return Phrase("amount", {"amount": span.days, "unit": Phrase(f"unit.{span.unit}")})


def _effects(action: Action) -> Iterator[Phrase]:
    """Obligations that end with it, acts deemed done, and delegations."""
    yield from note("read.act.void_without", names("fact", action.void_without))
    yield from map(_closing, action.closes)
    for deem in action.deem:
        yield Phrase("read.act.deems", {"deemed": deemed_phrase(deem)})
    if action.delegates is not None:
        yield _delegation(action.delegates)
    yield from note("read.act.revokes", names("role", action.revokes))


def _closing(closing: Closing) -> Phrase:
    """Obligations that can no longer be performed after an act, and what a miss comes to."""
    wording = Phrase("read.closes", {"duties": names("duty", closing.obligations)})
    where = None if closing.where is None else phrase(closing.where)
    notes = (
        *note("read.closes.follows", None if closing.follows_from is None else Name("duty", closing.follows_from)),
        *(() if closing.missed is None else (Phrase(f"read.closes.missed.{closing.missed}"),)),
    )
    return Phrase("read.act.closes", {"said": qualified(where, wording), "notes": notes})


def _delegation(delegation: Delegation) -> Phrase:
    begin = Phrase("read.delegates.act_day") if delegation.from_ is None else Name("fact", delegation.from_)
    end = Phrase("read.delegates.open") if delegation.until is None else Name("fact", delegation.until)
    return Phrase("read.act.delegates", {"role": Name("role", delegation.role), "from": begin, "until": end})


def subcases(definition: Definition) -> Iterator[ReadStatement]:
    """Every kind of subcase."""
    for ident, subcase in definition.process.subcases.items():
        yield ReadStatement("subcase", ident, subcase.law, _subcase(ident, subcase))


def _subcase(ident: str, subcase: Subcase) -> Phrase:
    notes = (
        *note("read.subcase.when", None if subcase.when is None else phrase(subcase.when)),
        Phrase("read.subcase.by", {"roles": names("role", subcase.by) or (Phrase("read.anybody"),)}),
        Phrase("read.subcase.many" if subcase.many else "read.subcase.one"),
        *note("read.subcase.told", field_phrases(subcase.fields)),
        *note("read.subcase.states", tuple(_state(ident, *state) for state in subcase.states.items())),
    )
    return Phrase("read.subcase", {"subcase": Titled(subcase, ident), "process": subcase.process, "notes": notes})


def _state(subcase: str, name: str, final: object) -> Phrase:
    code = "withdrawn" if final == "withdrawn" else "final" if final else "open"
    return Phrase(f"read.state.{code}", {"state": Name("subcase_state", name, subcase)})
