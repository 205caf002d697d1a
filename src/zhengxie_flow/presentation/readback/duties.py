"""Obligations and requirements as sentences, each with the limit that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.model.base import Text
from zhengxie_flow.model.condition import Compare, Condition
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.process import Force, Obligation, Requirement
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.presentation.readback.limits import limit_phrase
from zhengxie_flow.presentation.readback.sentence import (
    ReadStatement,
    SentenceKind,
    Titled,
    conditional,
    either,
    entries,
    names,
    note,
    proof,
)
from zhengxie_flow.rules.readback import Name, Phrase, phrase, within


def obligations(definition: Definition) -> Iterator[ReadStatement]:
    """Every obligation, followed by its limit."""
    controls = definition.process.controls
    for ident, duty in definition.process.obligations.items():
        kind: SentenceKind = "control" if ident in controls or not duty.law else _kind(duty.force)
        yield ReadStatement(kind, ident, duty.law, _obligation(definition, ident, duty))
        if duty.limit is not None:
            limit = limit_phrase(duty.limit, Titled(duty, ident), judge=_judges(definition, duty.limit.judged_by))
            yield ReadStatement("control" if kind == "control" else "limit", ident, duty.law, limit)


def requirements(definition: Definition) -> Iterator[ReadStatement]:
    """Every requirement of its own."""
    controls = definition.process.controls
    for ident, (action, requirement) in definition.process.requirements().items():
        kind: SentenceKind = "control" if ident in controls or not requirement.law else _kind(requirement.force)
        yield ReadStatement(kind, ident, requirement.law, _requirement(definition, action, requirement))


def _kind(force: Force) -> SentenceKind:
    match force:
        case "must" | "should" | "by_reference":
            return "duty"
        case "must_not":
            return "prohibition"
        case "may":
            return "power"
        case _:
            assert_never(force)


def _obligation(definition: Definition, ident: str, duty: Obligation) -> Phrase:
    core = Phrase(
        f"read.duty.{duty.force}" if duty.judged_by is None else f"read.duty.judged.{duty.force}",
        {
            "who": names("role", duty.who) or (Phrase("read.nobody"),),
            "each": _manner(definition, duty),
            "acts": either("action", duty.do),
            **({} if duty.judged_by is None else {"fact": Name("fact", duty.judged_by)}),
        },
    )
    owners = () if duty.for_ is None else (duty.for_,)
    when = None if duty.when is None else within(owners, phrase(duty.when))
    notes = (
        *_end(definition, ident, duty),
        *note("read.excused", None if duty.excused_by is None else within(owners, phrase(duty.excused_by))),
        *note("read.duty.jointly", names("role", duty.jointly)),
        *_well_done(definition, duty),
        *note("read.duty.due_with", None if duty.due_with is None else Name("duty", duty.due_with)),
        *_footing(by_reference=duty.by_reference, basis=duty.basis),
        *proof(duty.evidence, duty.do),
        *_judged(definition, duty.when, duty.excused_by),
        *entries(duty.entries),
    )
    return Phrase("read.duty", {"duty": Titled(duty, ident), "said": conditional(when, core), "notes": notes})


def _manner(definition: Definition, duty: Obligation) -> Phrase | str:
    """For each item, and through whom: the roles that do the act where none of them owes it."""
    acts = definition.process.actions
    performers = tuple(dict.fromkeys(role for name in duty.do if name in acts for role in acts[name].by))
    through = performers if duty.who and not set(duty.who) & set(performers) else ()
    params = {
        **({} if duty.for_ is None else {"item": Name("item", duty.for_)}),
        **({"roles": Phrase("or", {"parts": names("role", through)})} if through else {}),
    }
    code = "".join(word for word, key in ((".each", "item"), (".through", "roles")) if key in params)
    return Phrase(f"read{code}", params) if params else ""


def _end(definition: Definition, ident: str, duty: Obligation) -> tuple[Phrase, ...]:
    """The end of a duty without a limit: an act that closes it, else the end of the case."""
    if duty.limit is not None or not duty.obliges:
        return ()
    closings = [
        (name, closing) for name, action in definition.process.actions.items()
        for closing in action.closes if ident in closing.obligations
    ]  # fmt: skip
    if not closings:
        return (Phrase("read.no_limit"),)
    code = "closed" if all(closing.where is None for _, closing in closings) else "closed_where"
    acts = either("action", dict.fromkeys(name for name, _ in closings))
    return (Phrase(f"read.no_limit.{code}", {"acts": acts}),)


def _requirement(definition: Definition, action: str, requirement: Requirement) -> Phrase:
    owners = tuple(filter(None, (action, definition.process.actions[action].item_type)))
    that = within(owners, phrase(requirement.that))
    core = Phrase(f"read.requirement.{requirement.force}", {"act": Name("action", action), "that": that})
    when = None if requirement.when is None else within(owners, phrase(requirement.when))
    notes = (
        *(() if requirement.unmet == "breach" else (Phrase(f"read.unmet.{requirement.unmet}"),)),
        *_footing(by_reference=requirement.by_reference, basis=requirement.basis),
        *_judged(definition, requirement.when, requirement.that),
        *entries(requirement.interpretation),
    )
    wording = conditional(when, core)
    return Phrase("read.duty", {"duty": Titled(requirement, requirement.id), "said": wording, "notes": notes})


def _well_done(definition: Definition, duty: Obligation) -> tuple[Phrase, ...]:
    """The fact by which a person says whether a duty was done as the law wants it."""
    if duty.judged_by is None:
        return ()
    roles = names("role", _judges(definition, duty.judged_by)) or (Phrase("read.anybody"),)
    return (Phrase("read.duty.judged_by", {"roles": roles}),)


def _footing(*, by_reference: bool, basis: Text | None) -> tuple[Phrase, ...]:
    return (*note("read.by_reference", by_reference), *note("read.basis", basis))


def _judged(definition: Definition, *conditions: Condition | None) -> tuple[Phrase, ...]:
    """The facts in some conditions that a person determines, with the roles that may."""
    judged: dict[str, tuple[str, ...]] = {}
    for condition in conditions:
        for name in _facts(condition) if condition is not None else ():
            roles = _judges(definition, name)
            if roles:
                judged[name] = roles
    marks = tuple(
        Phrase("read.judged", {"fact": Name("fact", name), "roles": names("role", roles)})
        for name, roles in judged.items()
    )
    return (Phrase("read.persons", {"marks": marks}),) if marks else ()


def _facts(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Compare):
        yield condition.name
    for child in condition.children():
        yield from _facts(child)


def _judges(definition: Definition, name: str | None) -> tuple[str, ...]:
    """The roles that may determine a fact, or a field of an item."""
    process = definition.process
    owners = (process.facts, *(kind.fields for kind in process.items.values()))
    kinds = (owner.get(name or "") for owner in owners)
    return next((kind.by for kind in kinds if isinstance(kind, ValueType)), ())
