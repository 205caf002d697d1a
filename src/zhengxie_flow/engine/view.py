"""A case as it stood at one position on the timeline: what conditions, decisions and judgements look at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import partial
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from zhengxie_flow.calendars import Snapshot, deemed_day
from zhengxie_flow.conditions.view import (
    UNKNOWN,
    Choosing,
    FactValue,
    ParameterValue,
    Resolved,
    Scope,
    SubcaseSummary,
    output_value,
    stated,
)
from zhengxie_flow.engine.choices import MANY
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.determinations import awaiting, counted_assertions, may_determine
from zhengxie_flow.engine.parameters import parameter_value
from zhengxie_flow.engine.validity import is_lent, is_void
from zhengxie_flow.engine.watched import ENDED, Once, WatchedCase, answering, shared
from zhengxie_flow.model.body import SubcaseBody
from zhengxie_flow.model.case import Act, Assertion, Case, HasPosition, Item, Key, StatePeriod, end_of
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.fast_dataclass import maker
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.rules import resolve

_BY_KEY = attrgetter("key")


T = TypeVar("T", bound=HasPosition)
Question = tuple[object, ...]
"""An unknown condition, and the act or item it is asked about."""

Calendars = Callable[[date], Snapshot]
"""The process's calendar as it was published by a day."""


class Answers(Protocol):
    """Assumed answers to the questions that nobody has answered yet."""

    def answer(self, question: Question, needs: Iterable[str]) -> bool:
        """The answer assumed to a question, which these facts would settle."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case up to (not including) a position on the timeline.

    ``answers`` are assumed to conditions still unknown; up to the ``horizon`` a first answer given later counts.
    ``judge`` answers how another duty stands in a view; it is handed in, because judging needs views in turn.
    """

    compiled: CompiledProcess
    case: Case
    calendars: Calendars
    judge: Callable[[CaseView, str, Item | None], Verdict]
    until: Key
    answers: Answers | None = None
    horizon: Key | None = None

    def at(self, until: Key) -> CaseView:
        """The same case at another position on the timeline; never later than this view itself."""
        if self.until < until:  # noqa: PLR1730  # min() of two places costs as much as the view
            until = self.until
        return view_before(self.compiled, self.case, self.calendars, self.judge, until, self.answers)

    def read_at(self, until: Key) -> CaseView:
        """The case as a condition about an earlier position reads it: acts, states and verdicts as they were then.

        A fact or field is as last asserted by then, else as first asserted after it, else presumed, else unknown.
        """
        if self.until <= until:
            return self
        return view_before(self.compiled, self.case, self.calendars, self.judge, until, None, self.until)

    def answering(self, answers: Answers) -> CaseView:
        """The same view under answers assumed to the conditions of limits that are still unknown."""
        return view_before(self.compiled, self.case, self.calendars, self.judge, self.until, answers)

    def under(self, edition: CompiledProcess) -> CaseView:
        """The same case looked at by another edition of its process."""
        return self if edition is self.compiled else replace(self, compiled=edition)

    @property
    def zone(self) -> tzinfo:
        """The zone whose civil days count: that of the process."""
        return self.compiled.zone

    @property
    def day(self) -> date:
        """The civil day this view is on."""
        return self.until[0]

    def calendar(self, published_by: date | None = None) -> Snapshot:
        """The calendar as published by a day, by default by the day of this view."""
        return self.calendars(self.day if published_by is None else min(published_by, self.day))

    def deemed(self, act: Act) -> date:
        """The civil day an act counts for: the next one where it came after office hours that are configured.

        An act deemed done counts for the day of its event, which may lie before the end of the limit that brought it.
        """
        occurred = act.event.occurred if act.event is not None else None
        if act.event is not None and act.event.type is EventType.DEEMED:
            return act.event.day(self.case.zone)
        if not isinstance(occurred, datetime):
            return act.day
        hours = self.calendar(act.day).office_hours
        return deemed_day(occurred, self.case.zone, hours) if hours else act.day

    def past(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows, given in time order, that lie before this view."""
        if not rows or rows[-1].key < self.until:
            return rows
        return rows[: bisect_left(rows, self.until, key=_BY_KEY)]

    @property
    def stay(self) -> StatePeriod:
        """The state the case is in, and since when."""
        return self.past(self.case.stays)[-1]

    @property
    def state(self) -> str:
        """The state the case is in."""
        now = self.case.stays[-1]  # the common case, answered without a search
        return now.state if now.key < self.until else self.stay.state

    @property
    def final(self) -> bool | str | None:
        """The way in which the state ends the case; false, or None, while the case is open."""
        case = self.case
        if not isinstance(case, WatchedCase):
            return self.compiled.final.get(self.state)
        with answering(case, ENDED):
            return self.compiled.final.get(self.state)

    def fact(self, name: str) -> FactValue:
        """A fact of the case: asserted, else presumed, else unknown."""
        return self._value(self.case.facts.get((None, name), ()), self.compiled.process.facts.get(name))

    def determined(self, name: str) -> Sequence[Assertion]:
        """The determinations of a fact that count so far, oldest first."""
        assertions = self.past(self.case.facts.get((None, name), ()))
        return counted_assertions(assertions, self.compiled.process.facts.get(name)) if assertions else assertions

    def assertion(self, name: str) -> Assertion | None:
        """The standing assertion of a fact."""
        determinations = self.determined(name)
        return determinations[-1] if determinations else None

    def since_true(self, name: str) -> Assertion | None:
        """The assertion by which a fact that is true became so; saying it again changes nothing."""
        first = None
        for assertion in reversed(self.determined(name)):
            if assertion.value is not True:
                break
            first = assertion
        return first

    def item_state(self, item: Item) -> str | None:
        """The state an item is in (before it entered: the first one); None where its type has no states."""
        kind = self.compiled.process.items.get(item.type)
        if kind is None or not kind.states:
            return None
        stays = self.past(item.stays)
        return stays[-1].state if stays else kind.start

    def refers_to(self, name: str, scope: Scope) -> tuple[str | None, bool]:
        """The type of item that a name refers to, and whether it is a name of the act in sight."""
        process = self.compiled.process
        if scope.act is not None:
            action = process.actions.get(scope.act.action)
            if name == "for" or name in scope.act.fields:
                field = action.fields.get(name) if action is not None else None
                kind = action.item_type if action is not None and name == "for" else getattr(field, "of", None)
                return (kind if isinstance(kind, str) else None), True
        fields = process.items[scope.item.type].fields if scope.item is not None else {}
        of = getattr(fields.get(name) or process.facts.get(name), "of", None)
        return (of if isinstance(of, str) else None), False

    def owed_for(self, duty: str) -> str | None:
        """The type of item a duty is owed for, or a requirement is asked for."""
        process = self.compiled.process
        if duty in process.obligations:
            return process.obligations[duty].for_
        requirement = self.compiled.requirements.get(duty)
        return process.actions[requirement[0]].item_type if requirement is not None else None

    def item_field(self, item: Item, name: str) -> FactValue | None:
        """A field of an item: determined later, else as given, else presumed; None when it has no such field."""
        kind = self.compiled.item_type(item.type).fields.get(name)
        if kind is None:
            return None
        assertions = self.case.facts.get((item.id, name), ())
        initial = item.fields.get(name)
        determined = self._value(assertions, kind, initial)
        if determined.erased or (determined.value is not None and not determined.presumed):
            return determined
        return stated(initial, kind) if initial is not None else determined

    def _value(self, assertions: Sequence[Assertion], kind: ValueType | None, initial: Any = None) -> FactValue:
        """The value last asserted; where a later answer counts and nothing was said before, the first one after."""
        counted = self.past(assertions)
        if counted and kind is not None and kind.countersigned_by:
            counted = counted_assertions(counted, kind)
        if counted:
            return stated(counted[-1].value, kind)
        if assertions and initial is None and (first := self._first_answer(assertions, kind)) is not None:
            return stated(first.value, kind)
        return UNKNOWN if kind is None or kind.presumed is None else replace(stated(kind.presumed, kind), presumed=True)

    def _first_answer(self, assertions: Sequence[Assertion], kind: ValueType | None) -> Assertion | None:
        """The first assertion that counts after this view, as far as the reading looks."""
        far = self.horizon
        if far is None:
            return None
        return next(iter(counted_assertions([entry for entry in assertions if entry.key < far], kind)), None)

    def may_determine(self, item: str | None, name: str) -> tuple[str, ...]:
        """The roles that may determine a fact of the case, or a field of one of its items."""
        return may_determine(self.kind_of(item, name))

    def kind_of(self, item: str | None, name: str) -> ValueType | None:
        """The type of a fact of the case, or of a field of one of its items."""
        if item is not None:
            for kind, items in self.case.items.items():
                if item in items and name in self.compiled.item_type(kind).fields:
                    return self.compiled.item_type(kind).fields[name]
        return self.compiled.process.facts.get(name)

    def who_settles(self, item: str | None, name: str) -> tuple[str, ...]:
        """The roles that can make a value known now: by determining it, or by countersigning."""
        kind = self.kind_of(item, name)
        owner = item if item is not None and (item, name) in self.case.facts else None
        return awaiting(self.past(self.case.facts.get((owner, name), ())), kind) or may_determine(kind)

    def acts(self, actions: Iterable[str]) -> Sequence[Act]:
        """The acts of these actions so far, oldest first."""
        rows = [row for action in actions if (row := self.past(self.case.acts.get(action, ())))]
        if len(rows) < 2:  # the usual case: most actions were not done
            return rows[0] if rows else ()
        return sorted((act for acts in rows for act in acts), key=_BY_KEY)

    def acts_about(self, action: str, item: str) -> Sequence[Act]:
        """The acts of an action so far that are about an item, oldest first."""
        return self.past(self.case.acts_of_items.get((action, item), ()))

    def in_force(self, act: Act) -> bool:
        """True for an act that is not void; of one that lends a role, while it is lent on the day of this view."""
        void = is_void(self, self.compiled.process.actions.get(act.action), act)
        return not void and is_lent(self.compiled, self.case, act, self.until)

    def act_field(self, act: Act, name: str) -> ValueType | None:
        """The type of a field of an act: its own, that of the item it adds, or that of the fact it asserts."""
        process = self.compiled.process
        action = process.acts.get(act.action)
        if action is None:
            return None
        kind = action.fields.get(name)
        if kind is None and action.adds:
            kind = process.items[action.adds].fields.get(name)
        if isinstance(kind, FactRef):  # left empty, what was asserted before still stands
            return process.facts.get(name) if name in act.fields else None
        return kind

    def parameter(self, name: str, scope: Scope) -> ParameterValue:
        """The value of a parameter of the rules: the first row in force that holds, else the default."""
        return parameter_value(self.compiled.definition.parameters.get(name), self, scope)

    def items(self, kind: str) -> Sequence[Item]:
        """The items of a type that are in the case: added so far and not ended."""
        present = self.case.items.get(kind, {}).values()
        return [item for item in present if item.key < self.until and (item.ended is None or item.ended >= self.until)]

    def choices(self, where: Condition, kind: str, scope: Scope) -> Choosing | None:
        """Ask of each of many items whether a condition holds, as far as that is not kept; None where nothing is."""
        case = self.case
        if not isinstance(case, WatchedCase) or case.choices is None or self.answers is not None:
            return None
        items = shared(case, ("items", kind, self.until), lambda: self.items(kind))
        if len(items) < MANY:
            return None
        this = [(item.type, item.id) for item in (scope.item, scope.this, *scope.around) if item is not None]
        about = (Once(where), Once(self.compiled), self.judge, self.until, self.horizon, scope.item is None, *this)
        kept = case.choices.of(about, scope)
        return None if kept is None else partial(kept.among, case, items)

    def all_items(self, kind: str) -> Sequence[Item]:
        """The items of a type that entered the case so far, those that have ended too."""
        return [item for item in self.case.items.get(kind, {}).values() if item.key < self.until]

    def item(self, kind: str, ident: str) -> Item | None:
        """An item that entered the case so far, be it in the case still or not."""
        item = self.case.items.get(kind, {}).get(ident)
        return item if item is not None and item.key < self.until else None

    def has_ended(self, item: Item) -> bool:
        """Return whether an item was withdrawn or replaced by now."""
        return item.ended is not None and item.ended < self.until

    def plan(self, action: str, item: str | None, since: Key | None = None) -> date | None:
        """The day an action is planned for by the latest plan after a place, of the item or else of the case."""
        for owner in (item, None) if item is not None else (None,):
            plans = self.past(self.case.plans.get((action, owner), ()))
            if plans and (since is None or plans[-1].key > since):
                to = plans[-1].to
                return to.astimezone(self.case.zone).date() if isinstance(to, datetime) else to
        return None

    def decision(self, name: str, scope: Scope) -> Resolved:
        """Resolve a decision of the rules."""
        return resolve(self.compiled.rulesets[name], self, scope)

    def output(self, decision: str, part: str, scope: Scope) -> FactValue | None:
        """An output of a decision of the rules; an action of that name goes before it."""
        ruleset = self.compiled.rulesets.get(decision)
        if ruleset is None or decision in self.compiled.process.acts:
            return None
        return output_value(self.decision(decision, scope), part, ruleset.decision.output_type(part))

    def subcases(self, name: str) -> Sequence[SubcaseSummary]:
        """The subcases of a name with their last report, in the order they came."""
        last: dict[str, SubcaseSummary] = {}
        # By what was told, not by the states known here: its process may have come to another edition meanwhile.
        brought = [act for act in self.case.acts if act.startswith(f"{name}.")]
        for act in self.acts(brought) if brought else ():
            body = act.event.body if act.event is not None else None
            if not isinstance(body, SubcaseBody) or body.subcase.name != name:
                continue
            report = body.subcase
            status = "withdrawn" if report.final == "withdrawn" else "completed" if report.final else "open"
            last[report.case] = SubcaseSummary(report.case, status, report.state, act, report.linked)
        return tuple(last.values())

    def verdict(self, obligation: str, item: Item | None) -> Verdict:
        """The verdict on another duty, without what is assumed here."""
        plain = self if self.answers is None and self.horizon is None else replace(self, answers=None, horizon=None)
        return self.judge(plain, obligation, item)


view_before = maker(CaseView)  # made all the time


def view_on(
    compiled: CompiledProcess,
    case: Case,
    calendars: Calendars,
    judge: Callable[[CaseView, str, Item | None], Verdict],
    as_of: date,
) -> CaseView:
    """The case at the end of a civil day."""
    return view_before(compiled, case, calendars, judge, end_of(as_of))
