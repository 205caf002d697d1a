"""Conventions of counting as sentences: each rule with the clause it rests on, and what nobody has settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never, get_args

from zhengxie_flow.model import convention as c
from zhengxie_flow.model.counting import Counting
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.presentation.readback.sentence import ReadStatement, Titled, in_force, note
from zhengxie_flow.rules.part_phrases import amount_phrase
from zhengxie_flow.rules.readback import Name, Phrase

_DIRECTIONS = (*get_args(Counting), "set_day")

AnyRule = (
    c.CountRule
    | c.MonthEndRule
    | c.RollRule
    | c.DaySetRule
    | c.ShortRule
    | c.GrowRule
    | c.LeastRule
    | c.AddedRule
    | c.ExtensionRule
    | c.HoursRule
    | c.ClearEdgeRule
    | c.ProofRule
)


def conventions(definition: Definition) -> Iterator[ReadStatement]:
    """Every convention by which a limit of the process may be counted."""
    for ident, convention in definition.conventions.items():
        yield _counting_statement(ident, _head(ident, convention))
        for number, edition in enumerate(convention.editions):
            for phrase in _edition(edition):
                yield _counting_statement(f"{ident}.{number + 1}" if len(convention.editions) > 1 else ident, phrase)


def _counting_statement(ident: str, phrase: Phrase) -> ReadStatement:
    return ReadStatement("counting", ident, (), phrase)


def _head(ident: str, convention: c.Convention) -> Phrase:
    based = None if convention.based_on is None else Name("convention", convention.based_on)
    notes = (*note("read.convention.based", based), *note("read.convention.calendar", convention.calendar))
    return Phrase("read.convention", {"convention": Titled(convention, ident), "law": convention.law, "notes": notes})


def _edition(edition: c.ConventionEdition) -> Iterator[Phrase]:
    period = in_force(edition.in_force)
    if period:
        yield Phrase("read.convention.edition", {"notes": period})
    yield from _rules(edition.rules)
    for kind, rules in edition.kinds.items():
        for rule in _rules(rules):
            yield Phrase("read.convention.kind", {"kind": kind, "said": rule})
    for terms in edition.excepted:
        yield Phrase("read.convention.excepted", {"marks": _terms(terms), "law": terms.law})
    for ident, question in edition.unsettled.items():
        readings = tuple(
            Phrase(
                "read.convention.reading",
                {"reading": Titled(reading, name), "rules": tuple(_rules(reading.rules))},
            )
            for name, reading in question.readings.items()
        )
        yield Phrase(
            "read.convention.unsettled",
            {"question": Titled(question, ident), "terms": _terms(question), "marks": readings,
             "notes": note("read.convention.law", question.law)},
        )  # fmt: skip


def _terms(terms: c.Terms) -> tuple[Phrase, ...]:
    marks = (
        *note("read.terms.direction", None if terms.direction is None else _word("direction", terms.direction)),
        *note("read.terms.unit", None if terms.unit is None else Phrase(f"unit.{terms.unit}")),
        *(() if terms.over is None else (Phrase("read.terms.over", {"value": terms.over}),)),
        *note("read.terms.up_to", terms.up_to),
        *note("read.terms.kind", terms.kind),
    )
    return marks or (Phrase("read.terms.any"),)


def _word(family: str, word: str) -> Name:
    return Name("choice", word, f"read.{family}")


def _rules(rules: c.RuleSet) -> Iterator[Phrase]:
    for name in c.RuleSet.model_fields:
        rule: AnyRule | None = getattr(rules, name)
        if rule is not None:
            yield Phrase(f"read.rule.{name}", {"marks": _rule(rule), "law": rule.law})


def _rule(rule: AnyRule) -> tuple[Phrase, ...]:  # noqa: C901, PLR0912  # one case for each rule
    match rule:
        case c.CountRule():
            return (Phrase(f"part.{rule.is_}"), *_by_direction(rule, "part"))
        case c.MonthEndRule():
            return (Phrase(f"part.month_end.{rule.is_}"),)
        case c.RollRule():
            return _by_direction(rule, "part.roll")
        case c.DaySetRule():
            return (*note("read.days.of", rule.is_), *_by_direction(rule, None), *note("read.days.also", rule.also))
        case c.ShortRule():
            unit = Phrase(f"unit.{rule.unit}")
            return (
                *note("read.short.up_to", rule.up_to, unit=unit),
                *note("read.short.numbers", rule.numbers, unit=unit),
            )
        case c.GrowRule():
            units = tuple(Phrase(f"unit.{unit}") for unit in rule.units)
            return (Phrase("read.grow", {"run": rule.run, "takes": _word("takes", rule.takes), "units": units}),)
        case c.LeastRule():
            bound = amount_phrase(rule.from_units, rule.unit)
            return (Phrase("read.least", {"days": rule.working_days, "from": bound}),)
        case c.AddedRule():
            return (Phrase("read.added", {"days": rule.days}),)
        case c.ExtensionRule():
            return (Phrase(f"read.extended_from.{rule.from_}"),)
        case c.HoursRule():
            return (Phrase(f"read.hours.{rule.is_}"), Phrase(f"read.hours.from.{rule.from_}"))
        case c.ClearEdgeRule():
            return (Phrase(f"read.clear_edge.{rule.is_}"),)
        case c.ProofRule():
            return (Phrase(f"read.proof.{rule.is_}"), *note("read.proof.within", rule.within_days))
        case _:
            assert_never(rule)


def _by_direction(rule: Any, words: str | None) -> tuple[Phrase, ...]:
    """The words of a rule for each direction; the word itself where it is the name of a calendar."""
    wording = []
    for direction in _DIRECTIONS:
        word = getattr(rule, direction, None)
        if word is not None:
            value = word if words is None else Phrase(f"{words}.{word}")
            wording.append(Phrase("read.for_direction", {"direction": _word("direction", direction), "value": value}))
    return tuple(wording)
