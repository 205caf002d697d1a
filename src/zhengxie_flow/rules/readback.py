"""Decisions read back: every rule as a phrase, a code with its parameters, that is put into words at the rim.

A lawyer approves the sentence, not the YAML; so each phrase says all that the rule says, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.base import Period
from zhengxie_flow.model.condition import Condition, FieldRef, Test
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.rules.compile import Ruleset


@dataclass(frozen=True, slots=True)
class Name:
    """A name that has a label: of a fact, an action, an outcome, another decision; ``of`` is what it belongs to.

    ``within`` are the actions or types of items whose field a fact is looked up in first.
    """

    family: str  # fact | value | action | item | state | duty | decision | outcome | output | layer | verdict
    id: str
    of: str | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its code; parameters are phrases, names, lists of them, or plain values."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The phrase as JSON."""
        return {"code": self.code, **{name: _plain(value) for name, value in self.params.items()}}


def within(owners: tuple[str, ...], value: Any) -> Any:
    """Return a phrase whose facts are looked up first among the fields of some actions or types of items."""
    match value:
        case Phrase():
            return replace(value, params={name: within(owners, inner) for name, inner in value.params.items()})
        case Name(family="fact" | "value" | "field", within=()):
            return replace(value, within=owners)
        case tuple():
            return tuple(within(owners, entry) for entry in value)
    return value


def _plain(value: Any) -> Any:
    match value:
        case Phrase():
            return value.plain()
        case Name():
            return value.id
        case tuple() | list():
            return [_plain(entry) for entry in value]
        case Decimal() | date():
            return str(value)
    return value


def readback(ruleset: Ruleset) -> tuple[Phrase, ...]:
    """A decision as phrases: its outcomes and policy, each rule, the default, and the constraints."""
    decision = ruleset.decision
    return (
        *_head(decision),
        *(_rule(rule, ruleset, index) for index, rule in enumerate(decision.rules)),
        *_default(decision),
        *(Phrase("impossible", {"id": constraint.id, "when": phrase(test)})
          for constraint, test in zip(decision.constraints, ruleset.constraints, strict=True)),
    )  # fmt: skip


def _head(decision: Decision) -> Iterator[Phrase]:
    possible = tuple(Name("outcome", outcome, decision.decision) for outcome in decision.outcomes)
    possible = possible or tuple(Name("output", name, decision.decision) for name in decision.outputs)
    yield Phrase(
        "decides", {"decision": Name("decision", decision.decision), "law": _law(decision.law), "outcomes": possible}
    )
    policy = f"policy.{decision.policy}"
    if decision.policy == "collect":
        policy = f"policy.collect.{decision.aggregate or 'list'}"
    yield Phrase(policy)
    yield from _force(decision.in_force)
    if decision.layers:
        yield Phrase("layers", {"layers": tuple(Name("layer", layer) for layer in decision.layers)})


def _law(law: Any) -> tuple[str, ...]:
    return tuple(str(ref) for ref in law)


def _rule(rule: Rule, ruleset: Ruleset, index: int) -> Phrase:
    decision = ruleset.decision
    tests = ruleset.tests[index]
    if rule.never:
        when: Phrase = Phrase("never")
    elif not tests:
        when = Phrase("always")
    else:
        when = phrase(tests[0]) if len(tests) == 1 else Phrase("all", {"parts": tuple(phrase(test) for test in tests)})
    notes = tuple(_notes(rule, decision))
    then = _then(decision, rule.then)
    return Phrase(
        "rule", {"id": rule.id, "law": _law(rule.law or decision.law), "when": when, "then": then, "notes": notes}
    )


def _then(decision: Decision, then: Any) -> Any:
    if decision.outcomes:
        return Name("outcome", str(then), decision.decision)
    values = decision.outcome(then)
    return tuple(
        Phrase("gives", {"output": Name("output", name, decision.decision), "value": value})
        for name, value in values.items()
    )


def _force(period: Period) -> Iterator[Phrase]:
    if period.from_ is not None:
        yield Phrase("note.from", {"day": period.from_})
    if period.to is not None:
        yield Phrase("note.to", {"day": period.to})


def _notes(rule: Rule, decision: Decision) -> Iterator[Phrase]:
    if rule.layer is not None:
        yield Phrase("note.layer", {"layer": Name("layer", rule.layer)})
    if rule.priority and len({other.priority for other in decision.rules}) > 1:
        yield Phrase("note.priority", {"priority": rule.priority})
    if rule.over:
        yield Phrase("note.over", {"rules": tuple(rule.over)})
    yield from _force(rule.in_force)
    if rule.reading is not None:
        reading = Name("reading", rule.id, decision.decision)
        yield Phrase("note.reading", {"reading": reading, "interpretation": rule.reading.interpretation or "-"})
    if rule.must_record:
        yield Phrase("note.record", {"fields": tuple(Name("field", name) for name in rule.must_record)})


def _default(decision: Decision) -> Iterator[Phrase]:
    if decision.default is not None:
        yield Phrase("otherwise", {"then": _then(decision, decision.default)})
    elif not decision.several:
        yield Phrase("otherwise.nothing")


_CONTRARY = {
    "fact.true": "fact.false", "fact.false": "fact.true", "done": "done.none", "some": "some.none",
    "in_state": "in_state.none",
}  # fmt: skip
_OF_THE_ACT = frozenset({"with.where", "with.before", "with.after", "with.since"})
"""What tells of an act which is meant; that none such was done is the contrary."""


def phrase(condition: Condition) -> Phrase:  # noqa: C901  # one case for each head
    """A condition as a phrase."""
    match condition:
        case c.All():
            return Phrase("all", {"parts": tuple(map(phrase, condition.all))})
        case c.AnyOf():
            return Phrase("any", {"parts": tuple(map(phrase, condition.any))})
        case c.Not():
            inner = phrase(condition.not_)
            return _contrary(inner) or Phrase("not", {"part": inner})
        case c.Compare():
            return _compare(condition)
        case c.Decided():
            ((name, ids),) = condition.decided.items()
            outcomes = tuple(Name("outcome", outcome, name) for outcome in ids)
            return Phrase("decided", {"decision": Name("decision", name), "outcomes": outcomes})
        case c.ParameterIs():
            ((parameter, values),) = condition.parameter.items()
            names = tuple(Name("given", value, parameter) for value in values)
            return Phrase("parameter.is", {"parameter": Name("parameter", parameter), "values": names})
        case c.SubcaseIs():
            return _of_subcase(condition)
        case c.InState():
            return Phrase("in_state", {"states": tuple(Name("state", state) for state in condition.in_state)})
        case c.VerdictIs():
            ((duty, verdicts),) = condition.verdict.items()
            stands = tuple(Name("verdict", verdict) for verdict in verdicts)
            return Phrase("verdict", {"duty": Name("duty", duty), "verdicts": stands})
        case c.Done() | c.Last() | c.Every() | c.Some() | c.Count():
            return _of_record(condition)
        case _:
            assert_never(condition)


def _contrary(said: Phrase) -> Phrase | None:
    """The contrary of a phrase, where there are words for it."""
    if said.code in _OF_THE_ACT:
        inner = _contrary(said.params["said"])
        return None if inner is None else replace(said, params={**said.params, "said": inner})
    code = _CONTRARY.get(said.code)
    return None if code is None else replace(said, code=code)


def _of_subcase(condition: c.SubcaseIs) -> Phrase:
    ((name, statuses),) = condition.subcase.items()
    stands = tuple(Name("standing", standing) for standing in statuses)
    unqualified = Phrase("subcase", {"subcase": Name("subcase", name), "standings": stands})
    where = None if condition.where is None else within((name,), phrase(condition.where))
    return unqualified if where is None else _qualified(unqualified, [("where", where)])


def _of_record(condition: c.Done | c.Last | c.Every | c.Some | c.Count) -> Phrase:
    """Conditions on acts and items."""
    match condition:
        case c.Done():
            parts: list[tuple[str, Any]] = []
            if condition.where is not None:
                parts.append(("where", within(condition.done, phrase(condition.where))))
            parts += [(key, Name("action", act)) for key in ("before", "after", "since")
                      if (act := getattr(condition, key)) is not None]  # fmt: skip
            done = _qualified(Phrase("done", {"actions": _one_of("action", condition.done)}), parts)
            if condition.in_force is None:
                return done
            return Phrase("with.in_force" if condition.in_force else "with.no_force", {"said": done})
        case c.Last():
            acts = _one_of("action", condition.last)
            return Phrase("last", {"actions": acts, "where": within(condition.last, phrase(condition.where))})
        case c.Every():
            inner = within((condition.every,), phrase(condition.is_))
            return Phrase("every", {"item": _item(condition.every, condition.where), "is": inner})
        case c.Some() if condition.is_ is not None:
            inner = within((condition.some,), phrase(condition.is_))
            return Phrase("some.is", {"item": _item(condition.some, condition.where), "is": inner})
        case c.Some():
            return Phrase("some", {"item": _item(condition.some, condition.where)})
        case c.Count():
            bounds = tuple(Phrase(f"test.{key}", {"value": value}) for key in ("at_least", "at_most")
                           if (value := getattr(condition, key)) is not None)  # fmt: skip
            return Phrase("count", {"item": _item(condition.count, condition.where), "bounds": bounds})
        case _:
            assert_never(condition)


def _item(kind: str, where: Condition | None) -> Phrase:
    """A type of item with the condition on the items that are meant, which stands beside it."""
    quoted = Phrase("quoted", {"name": Name("item", kind)})
    return quoted if where is None else _qualified(quoted, [("where", within((kind,), phrase(where)))])


def _one_of(family: str, idents: tuple[str, ...]) -> Phrase:
    """Several names in quotation marks, of which one is meant."""
    return Phrase("or", {"parts": tuple(Phrase("quoted", {"name": Name(family, ident)}) for ident in idents)})


def _qualified(qualified: Phrase, parts: list[tuple[str, Any]]) -> Phrase:
    for key, value in parts:
        qualified = Phrase(f"with.{key}", {"said": qualified, "value": value})
    return qualified


def _compare(compare: c.Compare) -> Phrase:
    fact = Name("fact", compare.name)
    tests = tuple(_tests(compare.name, compare.test))
    if {test.code for test in tests} == {"test.false", "test.recorded"}:
        return Phrase("fact.found_false", {"fact": fact})
    if len(tests) == 1 and tests[0].code in ("test.true", "test.false"):
        return Phrase("fact.true" if tests[0].code == "test.true" else "fact.false", {"fact": fact})
    return Phrase("fact", {"fact": fact, "tests": tests})


def _tests(name: str, test: Test) -> Iterator[Phrase]:
    for key in sorted(Test.model_fields, key=lambda key: key in _UPPER):
        operand = getattr(test, key)
        if operand is None:
            continue
        if key == "recorded":
            yield Phrase("test.recorded" if operand else "test.not_recorded")
        elif isinstance(operand, bool) and key == "equals":
            yield Phrase("test.true" if operand else "test.false")
        elif isinstance(operand, tuple):
            yield Phrase(f"test.{key}", {"value": tuple(_operand(name, entry) for entry in operand)})
        else:
            yield Phrase(f"test.{key}", {"value": _operand(name, operand)})


_UPPER = frozenset({"at_most", "less_than", "before", "on_or_before"})
"""The upper end of a range is read after the lower."""


def _operand(name: str, operand: Any) -> Any:
    match operand:
        case FieldRef():
            return Phrase("field", {"fact": Name("fact", operand.field)})
        case bool():
            return Phrase("word.true" if operand else "word.false")
        case "this":
            return Phrase("this")
        case str():
            return Name("value", operand, name)
    return operand
