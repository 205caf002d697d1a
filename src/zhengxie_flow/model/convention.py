"""Conventions: how a legal order counts its terms, rule by rule with its clause, in editions by date.

A limit names one, or its process does for all limits that say nothing else; a key of the limit itself goes before it.
What nobody has settled stands in it as readings: a day on which they differ is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from zhengxie_flow.model.base import Id, Int, Labelled, Model, Period, Text
from zhengxie_flow.model.calendar_name import CalendarName
from zhengxie_flow.model.counting import Convention as CountWord, Counting, Roll, Unit

Days = Annotated[Int, Field(ge=1, le=1_000)]

HourRegime = Literal["elapsed", "without_days_off", "rolls"]
"""Hours run on over days off; those of days off do not count; or an end on a day off moves to the same time later."""

RunsTaken = Literal["every", "longest", "extended"]
"""The runs of days off that lengthen a term: every one inside it, the longest, or also one met in the days added."""

SetDayDirection = Literal[Counting, "set_day"]


class RuleOfTime(Model):
    """A rule of a convention, with the clause it rests on."""

    law: Text


class CountRule(RuleOfTime):
    """The word for the day of the event; by direction where it differs."""

    is_: CountWord = Field(alias="is")
    forward: CountWord | None = None
    backward: CountWord | None = None
    minimum: CountWord | None = None
    earliest: CountWord | None = None


class MonthEndRule(RuleOfTime):
    """The rule for a term of months that starts on a month's last day."""

    is_: Literal["keep", "off"] = Field(alias="is")


class RollRule(RuleOfTime):
    """The roll of an end on a day of rest, by direction; a direction that is not named has the ordinary rule."""

    forward: Roll | None = None
    backward: Roll | None = None
    minimum: Roll | None = None
    earliest: Roll | None = None
    set_day: Roll | None = None


class DaySetRule(RuleOfTime):
    """The calendars whose days count: of working days that are counted, or of days of rest that are rolled over.

    By direction where it differs.  What is named for a direction goes before the calendar of the limit or its process;
    ``is`` gives way to one that the limit names itself.  The days off of ``also`` count beside, going forward.
    """

    is_: CalendarName | None = Field(default=None, alias="is")
    forward: CalendarName | None = None
    backward: CalendarName | None = None
    also: CalendarName | None = None


class ShortRule(RuleOfTime):
    """Short terms are counted in working days: those of at most so many units, or of exactly these numbers."""

    up_to: Days | None = None
    numbers: tuple[Days, ...] = ()
    unit: Unit = "calendar_day"

    def covers(self, unit: Unit, amount: int) -> bool:
        """Return whether a term of so many units is one."""
        return unit == self.unit and (amount in self.numbers or (self.up_to is not None and amount <= self.up_to))


class GrowRule(RuleOfTime):
    """A run of at least so many days off inside the bare term lengthens it by as many working days.

    ``takes`` says which runs count: ``every`` one inside the bare term, the ``longest`` alone, or also one that is met
    only in the days added (``extended``).  Only terms in these ``units`` grow.
    """

    run: Days
    takes: RunsTaken = "every"
    units: tuple[Unit, ...] = ("calendar_day", "week")


class LeastRule(RuleOfTime):
    """A term is lengthened until it holds so many working days; one in this unit only from so many units on."""

    working_days: Days
    from_units: Days = 1
    unit: Unit = "calendar_day"


class AddedRule(RuleOfTime):
    """Calendar days that are added after the roll, and whose end rolls again."""

    days: Days


class ExtensionRule(RuleOfTime):
    """The end an extension runs from: the bare one, or the one that has rolled."""

    from_: Literal["nominal", "rolled"] = Field(alias="from")


class HoursRule(RuleOfTime):
    """The regime of hours, and whether they run from the event at once or from the next full hour."""

    is_: HourRegime = Field(alias="is")
    from_: Literal["event", "next_hour"] = Field(default="event", alias="from")


class ClearEdgeRule(RuleOfTime):
    """The day that stays clear at the end of a term counted in working days: one of those, or any day."""

    is_: Literal["counted", "any"] = Field(alias="is")


class ProofRule(RuleOfTime):
    """The proof that something sent is in time: by when it was posted, by when it arrived, or by either.

    ``either``: it arrived in time, or was posted in time and arrived within so many days after the last day.
    """

    is_: Literal["posted", "received", "either"] = Field(alias="is")
    within_days: Days | None = None


class RuleSet(Model):
    """Rules of a convention; each may be left out, and is then the ordinary one."""

    count: CountRule | None = None
    month_end: MonthEndRule | None = None
    roll: RollRule | None = None
    counted: DaySetRule | None = None
    rolled_over: DaySetRule | None = None
    short: ShortRule | None = None
    grow: GrowRule | None = None
    least: LeastRule | None = None
    added: AddedRule | None = None
    extension: ExtensionRule | None = None
    hours: HoursRule | None = None
    clear_edge: ClearEdgeRule | None = None
    proof: ProofRule | None = None

    def over(self, other: RuleSet) -> RuleSet:
        """These rules, with what they leave out taken from others."""
        names = RuleSet.model_fields
        return RuleSet.model_construct(
            **{name: getattr(other, name) if getattr(self, name) is None else getattr(self, name) for name in names}
        )


@dataclass(frozen=True, slots=True)
class TermKind:
    """A term as its limit states it: direction, unit, amount, and the kind of act or term."""

    direction: SetDayDirection
    unit: Unit | None
    amount: int = 0
    kind: str | None = None


class Terms(Model):
    """Terms by their direction, their unit and their size as they are stated; what is left out is any."""

    direction: SetDayDirection | None = None
    unit: Unit | None = None
    over: Annotated[Int, Field(ge=0)] | None = None
    up_to: Days | None = None
    kind: Id | None = None

    def cover(self, term: TermKind) -> bool:
        """Return whether a term is one of these."""
        return (
            self.direction in (None, term.direction)
            and self.unit in (None, term.unit)
            and self.kind in (None, term.kind)
            and (self.over is None or term.amount > self.over)
            and (self.up_to is None or term.amount <= self.up_to)
        )


class ExceptedTerms(Terms):
    """Terms to which a law does not apply: no roll, no growth, no least of working days, no short terms."""

    law: Text


class OpenRules(Labelled):
    """One of several readings of what nobody has settled: the rules under it."""

    rules: RuleSet = RuleSet()


class Unsettled(Terms, Labelled):
    """A question the text leaves open, its terms, and how it may be read; the first reading is shown first."""

    law: Text | None = None
    readings: Annotated[dict[Id, OpenRules], Field(min_length=2)]


class ConventionEdition(Model):
    """The rules of a convention while they are in force; ``kinds`` are those of acts or terms of a kind."""

    in_force: Period = Period()
    rules: RuleSet = RuleSet()
    kinds: dict[Id, RuleSet] = Field(default_factory=dict)
    excepted: tuple[ExceptedTerms, ...] = ()
    unsettled: dict[Id, Unsettled] = Field(default_factory=dict)


class Convention(Labelled):
    """A way of counting time: editions by date, the rest from the convention it is based on."""

    language: Literal[1]
    convention: Id
    based_on: Id | None = None
    law: Text
    calendar: CalendarName | None = None
    editions: Annotated[tuple[ConventionEdition, ...], Field(min_length=1)]

    def edition(self, day: date) -> ConventionEdition | None:
        """The edition in force on a day, the latest where several are; None before the first."""
        return next((edition for edition in reversed(self.editions) if edition.in_force.covers(day)), None)

    def calendars(self) -> Iterator[str]:
        """The names of the calendars it counts or rolls by."""
        for edition in self.editions:
            readings = (reading.rules for open_ in edition.unsettled.values() for reading in open_.readings.values())
            for rules in (edition.rules, *edition.kinds.values(), *readings):
                for rule in (rules.counted, rules.rolled_over):
                    if rule is not None:
                        yield from (
                            name for name in (rule.is_, rule.forward, rule.backward, rule.also) if name is not None
                        )


class Growth(Model):
    """A run of at least so many days off inside the bare term lengthens it by as many working days."""

    run: Days


class Sending(Model):
    """The fields of an act that say when what it sends was posted, and arrived; its own day where one is empty."""

    posted: Id | None = None
    received: Id | None = None


class CalendarChoice(Model):
    """The calendar that a fact or field names, ``of`` these: its values and the names of the calendars.

    Without ``of`` the values are themselves the names; the fact is then one of a list.
    """

    field: Id
    of: dict[str, CalendarName] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenReading:
    """A question of a convention that nobody has settled, with its readings by id."""

    convention: str
    ident: str
    readings: Mapping[str, RuleSet]

    @property
    def name(self) -> str:
        """The name under which it is asked."""
        return f"{self.convention}.{self.ident}"


@dataclass(frozen=True, slots=True)
class FoundRules:
    """The rules of a convention for a term, and the questions that it leaves open."""

    rules: RuleSet
    excepted: str | None = None  # the clause by which the law does not apply to the term
    open: tuple[OpenReading, ...] = field(default=())


def rules_for(conventions: Mapping[str, Convention], name: str, term: TermKind, day: date) -> FoundRules:
    """The rules of a convention for a term that starts on a day.

    Args:
        conventions: The conventions by id.
        name: The convention.
        term: The term.
        day: The day of the event that starts it, whose edition decides.

    Returns:
        The rules, those of the kind before those of all terms, each before what the convention is based on.
    """
    rules, excepted = RuleSet(), None
    settled: set[str] = set()  # rules that a kind states itself
    unsettled: dict[str, OpenReading] = {}
    chain: str | None = name
    while chain is not None:
        convention = conventions[chain]
        edition = convention.edition(day)
        if edition is not None:
            if term.kind in edition.kinds:
                rules = rules.over(edition.kinds[term.kind])
                settled |= _stated(edition.kinds[term.kind], term)
            rules = rules.over(edition.rules)
            shut = next((terms for terms in edition.excepted if terms.cover(term)), None)
            excepted = excepted or (None if shut is None else shut.law)
            for ident, question in edition.unsettled.items():
                if question.cover(term) and not settled & _spoken_of(question):
                    unsettled.setdefault(ident, OpenReading(chain, ident, _rules_of(question)))
        chain = convention.based_on
    return FoundRules(rules, excepted, tuple(unsettled.values()))


def _stated(rules: RuleSet, term: TermKind) -> set[str]:
    """The rules that are stated; a roll only where it is for the direction of the term."""
    names = {name for name in RuleSet.model_fields if getattr(rules, name) is not None}
    roll = rules.roll
    return names - {"roll"} if roll is not None and getattr(roll, term.direction) is None else names


def _spoken_of(question: Unsettled) -> set[str]:
    readings = question.readings.values()
    return {name for reading in readings for name in RuleSet.model_fields if getattr(reading.rules, name) is not None}


def _rules_of(question: Unsettled) -> dict[str, RuleSet]:
    return {ident: reading.rules for ident, reading in question.readings.items()}


def kinds_of(conventions: Mapping[str, Convention], name: str) -> set[str]:
    """The kinds of acts and terms for which a convention, or one it is based on, has rules of their own."""
    kinds: set[str] = set()
    chain: str | None = name
    while chain is not None and chain in conventions:
        kinds |= {kind for edition in conventions[chain].editions for kind in edition.kinds}
        kinds |= {
            open_.kind for edition in conventions[chain].editions for open_ in edition.unsettled.values() if open_.kind
        }
        chain = conventions[chain].based_on
    return kinds


def read_conventions(entries: Mapping[str, Any]) -> dict[str, Convention]:
    """Conventions from their plain values, by id."""
    return {name: Convention.model_validate(entry) for name, entry in entries.items()}
