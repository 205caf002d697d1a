"""Kept open work: what a case still asks for, judged again only where an event touched what a judgement looked at.

Each duty, and each item that it is owed for, is judged by itself, and so is every requirement and exemption; what of
the case was looked at is kept beside the rows (see `zhengxie_flow.engine.watched`).  Of a later stage of the same case
on the same day everything stands that looked at nothing which has changed.  Where that cannot be said, all is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

from zhengxie_flow.engine.choices import Choices, KeptChoices
from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.editions.governing import edition_governing_life, exemptions_of, obligations_of
from zhengxie_flow.engine.judging.deadlines import (
    Deadline,
    RemindedLimit,
    Work,
    hanging_requirements,
    work_of_duty,
    work_of_exemption,
    work_of_requirement,
)
from zhengxie_flow.engine.next_change import first_day_of_case, first_day_of_law, first_day_of_rows
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.engine.watched import (
    ENDED,
    WHOLE,
    Part,
    WatchedCase,
    allowed_part,
    changed_parts,
    coarse,
    item_of,
    noting,
    watched,
)
from zhengxie_flow.model.case import Item

Fact = tuple[str | None, str | None]
_ID = attrgetter("id")


@dataclass(frozen=True, slots=True)
class _Judged:
    """A judgement of its own: its work, the first day on which time changes it, and what of the case it rests on.

    Attributes:
        work: The work.
        first_day: The first day to come that its rows name.
        parts: What it rests on, but for its own item.
        own: What it rests on of its item.
    """

    work: Work
    first_day: date | None
    parts: frozenset[Part]
    own: frozenset[Part]


@dataclass(frozen=True, slots=True)
class _Block:
    """A duty with all it is owed for, by item in their order; a requirement or an exemption as a whole."""

    judged: Mapping[str | None, _Judged]
    rows: tuple[Deadline, ...]
    determinations: Mapping[Fact, Deadline]
    limits: tuple[RemindedLimit, ...]
    first_day: date | None
    parts: Counter[frozenset[Part]]

    @classmethod
    def of(cls, judged: Mapping[str | None, _Judged]) -> _Block:
        """A block of what was judged."""
        entries = judged.values()
        parts = Counter(entry.parts for entry in entries)
        return cls(judged, _rows(entries), _facts(entries), _limits(entries), _first_day(entries), parts)

    def with_others(self, others: Mapping[str | None, _Judged]) -> _Block:
        """The block with some judged again, and with others that come after all it had."""
        again = [(self.judged[name], entry) for name, entry in others.items() if name in self.judged]
        new = [entry for name, entry in others.items() if name not in self.judged]
        judged = {**self.judged, **others}
        parts = self.parts.copy()
        parts.update(entry.parts for entry in others.values())
        for old, _ in again:
            parts[old.parts] -= 1
            if not parts[old.parts]:
                del parts[old.parts]
        if any(old.work != entry.work for old, entry in again):
            entries = judged.values()
            return _Block(judged, _rows(entries), _facts(entries), _limits(entries), _first_day(entries), parts)
        rows, facts, limits = _rows(new), _facts(new), _limits(new)
        days = [day for day in (self.first_day, _first_day(new)) if day is not None]
        return _Block(
            judged,
            self.rows + rows if rows else self.rows,
            self.determinations if facts.keys() <= self.determinations.keys() else self._and(facts),
            self.limits + limits if limits else self.limits,
            min(days, default=None),
            parts,
        )

    def _and(self, facts: Mapping[Fact, Deadline]) -> Mapping[Fact, Deadline]:
        """The facts that wait for somebody, with others after them."""
        return {**self.determinations, **{fact: row for fact, row in facts.items() if fact not in self.determinations}}

    def touched(self, changed: frozenset[Part], items: Iterable[str]) -> set[str | None]:
        """The names of what a change touches."""
        names: set[str | None] = set()
        for item in items:
            entry = self.judged.get(item)
            if entry is not None and not entry.own.isdisjoint(changed):
                names.add(item)
        if not all(parts.isdisjoint(changed) for parts in self.parts):
            names |= {name for name, entry in self.judged.items() if not entry.parts.isdisjoint(changed)}
        return names


def _rows(entries: Iterable[_Judged]) -> tuple[Deadline, ...]:
    return tuple(chain.from_iterable([entry.work.rows for entry in entries]))


def _limits(entries: Iterable[_Judged]) -> tuple[RemindedLimit, ...]:
    return tuple(chain.from_iterable([entry.work.limits for entry in entries]))


def _facts(entries: Iterable[_Judged]) -> Mapping[Fact, Deadline]:
    """The facts that wait for somebody, each by what waits for it first."""
    facts: dict[Fact, Deadline] = {}
    for row in chain.from_iterable([entry.work.determinations for entry in entries]):
        facts.setdefault((row.item, row.fact), row)
    return facts


def _first_day(entries: Iterable[_Judged]) -> date | None:
    return min([entry.first_day for entry in entries if entry.first_day is not None], default=None)


@dataclass(frozen=True, slots=True)
class _Hanging:
    """The requirements that hang on what nobody has determined, and what that rests on."""

    names: tuple[str, ...]
    parts: frozenset[Part]


@dataclass(frozen=True, slots=True)
class KeptWork:
    """The open work of a case as of a day, with what it rests on.

    Attributes:
        derived: The case.
        basis: What else it was worked out with: the editions and the calendar.
        sections: The rows of each duty, and the facts that wait for somebody; what did not change is the same value.
        next_change: As `zhengxie_flow.engine.next_change.next_change` has it.
        judged_again: How much was judged for it.
        duties: What was judged of each obligation.
        others: What was judged of requirements and exemptions.
        hanging: The requirements that hang on what nobody has determined.
        facts: The facts that wait for somebody, by item and name.
        case_day: The first day to come that something recorded names.
        choices: Which of many items conditions select.
        law_day: Whether the case has ended, and the first day to come on which its law may change.
    """

    derived: DerivedCase
    basis: str
    sections: tuple[tuple[Deadline, ...], ...]
    next_change: date | None
    judged_again: int
    duties: Mapping[str, _Block] = field(repr=False)
    others: Mapping[tuple[str, str], _Block] = field(repr=False)
    hanging: _Hanging = field(repr=False)
    facts: Mapping[Fact, Deadline] = field(repr=False)
    case_day: date | None = field(repr=False)
    law_day: tuple[object, date | None] = field(repr=False)
    choices: Mapping[Any, Choices] = field(repr=False)

    @property
    def limits(self) -> tuple[RemindedLimit, ...]:
        """The limits that ladders remind of."""
        return tuple(chain.from_iterable([block.limits for block in self.duties.values()]))

    @property
    def rows(self) -> tuple[Deadline, ...]:
        """The rows as `zhengxie_flow.engine.judging.deadlines.open_work` has them."""
        return tuple(chain.from_iterable(self.sections))

    @property
    def size(self) -> int:
        """The number of judgements, choices and events kept."""
        chosen = sum(len(choices.chosen) for choices in self.choices.values())
        judged = sum(len(block.judged) for block in self.duties.values()) + len(self.others) + 1
        return judged + chosen + len(self.derived.case.events)


def kept_work(derived: DerivedCase, basis: str, before: KeptWork | None = None) -> KeptWork:
    """Work out the open work of a case, judging again only what a change since an earlier stage touches.

    Args:
        derived: The case as of a day.
        basis: What else it is worked out with; another basis judges all anew.
        before: The work of an earlier stage; None to judge all.

    Returns:
        The work.
    """
    changed = _changed(derived, basis, before)
    return _Judging(derived, basis, None if changed is None else before, changed or frozenset()).work()


def _changed(derived: DerivedCase, basis: str, before: KeptWork | None) -> frozenset[Part] | None:
    """The parts that changed since an earlier stage; None where nothing that was kept can be relied upon."""
    if before is None or before.basis != basis or before.derived.as_of != derived.as_of:
        return None
    if before.derived.compiled is not derived.compiled:
        return None
    changed = changed_parts(before.derived.case, derived.case)
    if changed is None or ("pins",) in changed:
        return None
    return changed if ("stays",) not in changed else changed.union(_answers(before.derived, derived))


def _answers(before: DerivedCase, after: DerivedCase) -> Iterator[Part]:
    """The answers about the state of a case that are others after a change of it."""
    compiled = after.compiled
    stays = (*before.case.stays, *after.case.stays)
    if any(edition.final.get(period.state) for edition in (compiled, *compiled.editions) for period in stays):
        yield ENDED  # an earlier view may ask as well
    life, old, new = edition_governing_life(compiled, after.case).machine, before.view.state, after.view.state
    for edition in (compiled, *compiled.editions):
        for action in edition.process.acts:
            if life.allowed(old, action) != life.allowed(new, action):
                yield allowed_part(action)


class _Judging:
    """One working out of the open work of a case."""

    def __init__(self, derived: DerivedCase, basis: str, before: KeptWork | None, changed: frozenset[Part]) -> None:
        self.derived = derived
        self.basis = basis
        self.before = before
        self.changed = changed
        self.items = tuple(dict.fromkeys(item for part in changed if (item := item_of(part)) is not None))
        self.choices = KeptChoices({} if before is None else before.choices, changed, self.items)
        self.case: WatchedCase = watched(derived.case, self.choices)
        self.view: CaseView = replace(derived.view, case=self.case)
        self.present: dict[str, tuple[str, ...]] = {}
        self.interned: dict[frozenset[Part], frozenset[Part]] = {}
        self.count = 0

    def work(self) -> KeptWork:
        """The work."""
        before, derived = self.before, self.derived
        duties = {name: self.duty(name) for name in obligations_of(derived.compiled)}
        hanging = self.hanging()
        others = {("requirement", name): self.other(work_of_requirement, "requirement", name) for name in hanging.names}
        for name in exemptions_of(derived.compiled):
            others["exemption", name] = self.other(work_of_exemption, "exemption", name)
        blocks = (*duties.values(), *others.values())
        facts = self.facts(blocks)
        waiting = before.sections[-1] if before is not None and facts is before.facts else tuple(facts.values())
        case_day = first_day_of_case(
            derived.case, derived.as_of, None if before is None else (before.derived.case, before.case_day)
        )
        ended = derived.compiled.final.get(derived.view.state)
        law_day = (ended, None) if before is None else before.law_day
        if before is None or law_day[0] != ended:
            law_day = (ended, first_day_of_law(derived))
        days = [*(block.first_day for block in duties.values()), case_day, law_day[1]]
        first = min((day for day in days if day is not None), default=None)
        return KeptWork(
            derived=derived,
            basis=self.basis,
            sections=(*(block.rows for block in duties.values()), waiting),
            next_change=first if derived.written else derived.as_of,
            judged_again=self.count,
            duties=duties,
            others=others,
            hanging=hanging,
            facts=facts,
            case_day=case_day,
            law_day=law_day,
            choices=self.choices.after(),
        )

    def facts(self, blocks: tuple[_Block, ...]) -> Mapping[Fact, Deadline]:
        """The facts that wait for somebody, each once, in the order of what waits for them first."""
        before = self.before
        if before is not None:
            earlier = (*before.duties.values(), *before.others.values())
            if len(earlier) == len(blocks) and all(
                old.determinations is new.determinations for old, new in zip(earlier, blocks, strict=True)
            ):
                return before.facts
        facts: dict[Fact, Deadline] = {}
        for block in blocks:
            if block.determinations:
                facts = facts | {key: row for key, row in block.determinations.items() if key not in facts}
        return facts

    def duty(self, name: str) -> _Block:
        """The block of an obligation; by item where one edition alone judges."""
        compiled = self.derived.compiled
        before = None if self.before is None else self.before.duties.get(name)
        kind = None if compiled.editions else compiled.obligation(name).for_

        def judge(item: str | None) -> _Judged:
            of_item = None if kind is None or item is None else self.derived.case.items[kind][item]
            return self.judged(lambda: work_of_duty(self.view, name, of_item), of_item)

        if kind is not None and (before is None or ("items", kind, WHOLE) in self.changed):
            return self.block(judge, before, self.in_case(kind))
        return self.block(judge, before, (None,) if before is None else None)

    def other(self, work: Callable[[CaseView, str], Work], section: str, name: str) -> _Block:
        """The block of a requirement or an exemption."""
        before = None if self.before is None else self.before.others.get((section, name))
        return self.block(
            lambda _: self.judged(lambda: work(self.view, name), None), before, (None,) if before is None else None
        )

    def block(
        self, judge: Callable[[str | None], _Judged], before: _Block | None, names: tuple[str | None, ...] | None
    ) -> _Block:
        """A block of some names, or of those it had before; what no change touches stays as it was judged."""
        if before is None:
            return _Block.of({name: judge(name) for name in names or ()})
        touched = before.touched(self.changed, self.items)
        before_names = tuple(before.judged)
        if names is None or names[: len(before_names)] == before_names:
            others = {name: judge(name) for name in (*touched, *(names or ())[len(before_names) :])}
            return before.with_others(others) if others else before
        kept = before.judged
        return _Block.of({name: kept[name] if name in kept and name not in touched else judge(name) for name in names})

    def judged(self, work: Callable[[], Work], item: Item | None) -> _Judged:
        """Judge, noting what is looked at."""
        self.count += 1
        noted = self.case.parts
        noted.take()
        result, parts, own = work(), noted.take(), frozenset[Part]()
        if item is not None:
            own = frozenset([part for part in parts if item_of(part) == item.id])
            parts -= own
            own |= {("items", item.type, item.id)}
        rests_on = coarse(parts)
        first_day = first_day_of_rows(result.rows, self.derived.as_of)
        return _Judged(result, first_day, self.interned.setdefault(rests_on, rests_on), own)

    def hanging(self) -> _Hanging:
        """The requirements that hang on what nobody has determined."""
        if self.before is not None and self.before.hanging.parts.isdisjoint(self.changed):
            return self.before.hanging
        with noting(self.case) as parts:
            names = hanging_requirements(self.view)
        return _Hanging(names, coarse(parts))

    def in_case(self, kind: str) -> tuple[str, ...]:
        """The items of a type that are in the case."""
        if kind not in self.present:
            self.present[kind] = tuple(map(_ID, self.derived.view.items(kind)))
        return self.present[kind]
