"""The rows that a journal keeps of a case: its time limits, and what else is open and waits for somebody.

They are rebuildable: dropping them and projecting the case again gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, KeysView
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.determinations import needs_second
from zhengxie_flow.engine.editions.governing import (
    JudgedView,
    edition_governing_life,
    exemptions_of,
    ids_in_editions,
    obligations_of,
)
from zhengxie_flow.engine.findings.influence import requirements_on
from zhengxie_flow.engine.judging.closing import OPEN
from zhengxie_flow.engine.judging.judge import judged
from zhengxie_flow.engine.judging.owed import at_issue
from zhengxie_flow.engine.limits.resolve import owed_limit, resolve_limit
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.state_machine.machine import StateMachine
from zhengxie_flow.engine.state_machine.reachability import life_graph, passed_over
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.engine.watched import WatchedCase, allowed_part, answering
from zhengxie_flow.model.case import Item
from zhengxie_flow.model.document import AnchorKind, RowDirection, RowKind, one_of
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.process import Obligation, Process
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.verdict import Judgement, Verdict

_STILL_OPEN = OPEN | {Verdict.OVERDUE}
_UNSETTLED = _STILL_OPEN | {Verdict.NEEDS_JUDGEMENT}
_NEVER_OWED = frozenset({Verdict.NOT_APPLICABLE, Verdict.EXEMPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One time limit of a case, or what is open without one, as plain values.

    Attributes:
        kind: ``dated`` has a day; ``stopped`` has none while its clock stands still; ``undated`` is owed and can be
            done, and the law sets no day; ``waiting`` hangs on something that has not happened; ``determination`` is a
            fact that somebody has to determine, and no duty.
        bearer: The first of the roles that owe the act, or may settle the fact.
        roles: All of them.
        direction: ``none`` where there is no limit.
        fact: Of a determination: the fact; the obligation is the first that hangs on it.
        stopped_since: Of a stopped limit: the day on which its clock stopped; ``consumed`` is what had run by then.
        units_left: Of a stopped limit: the units that had not run.
        working_calendar: The calendar whose working days measure the time left; None where civil days do.
    """

    obligation: str
    item: str | None
    clause: str | None
    bearer: str | None
    direction: RowDirection
    amount: int | None = None
    unit: str | None = None
    anchor: str | None = None
    anchor_date: date | None = None
    anchor_kind: AnchorKind = "unknown"
    consumed: int = 0
    running_since: date | None = None
    day: date | None = None
    earliest: date | None = None
    latest: date | None = None
    status: Annotated[str, one_of("firm", "provisional", "unknown")] = "unknown"
    open: bool
    calendar: str
    edition: str
    round: int
    kind: RowKind = "dated"
    roles: tuple[str, ...] = ()
    fact: str | None = None
    stopped_since: date | None = None
    units_left: int | None = None
    working_calendar: str | None = None

    @property
    def timed(self) -> bool:
        """True where it has a limit, whether that gives it a day or not."""
        return self.direction != "none"


def deadlines(derived: DerivedCase) -> Iterator[Deadline]:
    """Project every limit of a case, open or settled, to its day.

    Args:
        derived: The case as of the day to judge by.

    Yields:
        One row for each obligation with a limit, and for each item it is owed for.
    """
    return (row for judged_line in duty_lines(derived.view) for row in _of_duty(*judged_line) if row.timed)


def open_work(derived: DerivedCase) -> tuple[Deadline, ...]:
    """Project a case to everything that a list of open work may show, and the limits that are settled.

    Args:
        derived: The case as of the day to judge by.

    Returns:
        The rows of `deadlines` in their order, with those of duties that are owed without a limit among them; then one
        for each fact that something hangs on and a role may settle.
    """
    work = work_of_case(derived)
    return (*work.rows, *work.determinations)


@dataclass(frozen=True, slots=True)
class Work:
    """The open work of a part of a case: its rows, and the facts that wait for somebody (listed once in a case).

    ``limits`` are those that ladders remind of.
    """

    rows: tuple[Deadline, ...] = ()
    determinations: tuple[Deadline, ...] = ()
    limits: tuple[RemindedLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindedLimit:
    """Open limit of an obligation that ladders remind of.

    Attributes:
        edition: The hash of the edition that judges it.
        start: The day its clock started, of a forward limit; None for any other.
        due: Its last day as it stands.
        late_from: The last day it can still turn out to be.
        behind: The numbers of the events that its last day hangs on.
        resumed: The day after which a clock that was stopped went on.
    """

    obligation: str
    item: str | None
    round: int
    edition: str
    start: date | None
    due: date
    late_from: date
    behind: tuple[int, ...]
    resumed: date | None


def work_of_case(derived: DerivedCase) -> Work:
    """The open work of a case, all of it judged."""
    view = derived.view
    lines = list(duty_lines(view))
    rows = tuple(row for judged_line in lines for row in _of_duty(*judged_line))
    requirements = (line for name in hanging_requirements(view) for line in _at_issue(view, name))
    exemptions = (line for name in exemptions_of(view.compiled) for line in judged(view, name))
    determinations = tuple(_determinations([*lines, *requirements, *exemptions]))
    return Work(rows, determinations, tuple(reminded_limits(lines)))


def work_of_duty(view: CaseView, name: str, item: Item | None = None) -> Work:
    """The open work of an obligation: of an item, or of all it is owed for."""
    lines = judged(view, name, item)
    rows = tuple(row for line in lines for row in _of_duty(*line))
    return Work(rows, tuple(_determinations(lines)), tuple(reminded_limits(lines)))


def reminded_limits(lines: Iterable[JudgedView]) -> Iterator[RemindedLimit]:
    """The open limits with a last day, among lines of obligations, that some ladder reminds of."""
    for view, line in lines:
        limit = line.proof
        ladders = view.compiled.process.reminders
        if not ladders or not isinstance(limit, ResolvedLimit) or limit.day is None or limit.projected:
            continue
        if not any(line.obligation in ladder.obligations for ladder in ladders.values()):
            continue
        if limit.direction in ("order_after", "earliest") or not is_open_work(view, line):
            continue
        counted = [change.act.sequence for change in limit.changes if change.verdict is not Verdict.INVALID]
        stops = limit.clock is not None and bool(limit.clock.stops)
        yield RemindedLimit(
            obligation=line.obligation,
            item=line.item,
            round=line.round,
            edition=view.compiled.hash,
            start=limit.anchor.day if limit.direction == "forward" else None,
            due=limit.day,
            late_from=limit.high or limit.day,
            behind=(*(() if limit.anchor.event is None else (limit.anchor.event,)), *counted),
            resumed=limit.running_since if stops else None,
        )


def work_of_requirement(view: CaseView, name: str) -> Work:
    """The facts that a requirement which is at issue waits for."""
    return Work(determinations=tuple(_determinations(_at_issue(view, name))))


def work_of_exemption(view: CaseView, name: str) -> Work:
    """The facts that an exemption waits for."""
    return Work(determinations=tuple(_determinations(judged(view, name))))


def hanging_requirements(view: CaseView) -> tuple[str, ...]:
    """The requirements that hang on what nobody has determined."""
    passed = cache(lambda: passed_over(view, life_graph(view)).keys())  # worked out at most once
    return ids_in_editions(view.compiled, lambda edition: tuple(_hanging_requirements(view, edition, passed)))


def duty_lines(view: CaseView) -> Iterator[JudgedView]:
    """The lines of every duty, each with the case as looked at by the edition that judges."""
    for name in obligations_of(view.compiled):
        yield from judged(view, name)


def _at_issue(view: CaseView, name: str) -> Iterator[JudgedView]:
    """The undecided lines of a requirement that is to be shown."""
    for by_edition, line in judged(view, name):
        if line.verdict in _UNSETTLED and line.needs and at_issue(by_edition, line):
            yield by_edition, line


def _hanging_requirements(
    view: CaseView, edition: CompiledProcess, passed: Callable[[], KeysView[str]]
) -> Iterator[str]:
    """The requirements of an edition that rest on a fact which somebody may determine and nobody has.

    Those of an act count that was done or planned, or that the case passed over.
    """
    reached = frozenset().union(*(requirements_on(edition, name) for name in _undetermined(view, edition.process)))
    hanging = [(name, action) for name, (action, _) in edition.requirements.items() if name in reached]
    concerned = {*view.case.acts, *(action for action, _ in view.case.plans)}
    if any(action not in concerned for _, action in hanging):
        concerned |= passed()
    return (name for name, action in hanging if action in concerned)


def _undetermined(view: CaseView, process: Process) -> Iterator[str]:
    """The facts, and fields of items, that a role may determine and that no value stands for, or none for certain."""
    case = view.case
    for name, kind in process.facts.items():
        if kind.by and (needs_second(kind) or readable(case.value(name)) is None):
            yield name
    for item_type, described in process.items.items():
        for name, field in described.fields.items():
            if isinstance(field, ValueType) and field.by:
                values = (
                    case.value(name, item.id) or item.fields.get(name)
                    for item in case.items.get(item_type, {}).values()
                )
                if needs_second(field) or any(readable(value) is None for value in values):
                    yield name


def _of_duty(view: CaseView, line: Judgement) -> Iterator[Deadline]:
    """The row of a line, by the edition that judges; none for what nobody owes, or what has no limit and is done."""
    duty = view.compiled.process.obligations.get(line.obligation)
    if duty is None or line.verdict in _NEVER_OWED:
        return
    if duty.limit is not None:
        yield _limited(view, line, duty)
    elif line.verdict in _STILL_OPEN and duty.obliges and _allowed(view, duty):
        yield _open_row(view, line, "undated", duty.bearers)


def _limited(view: CaseView, line: Judgement, duty: Obligation) -> Deadline:
    limit = duty.limit
    assert limit is not None  # noqa: S101  # _of_duty() passes only duties with a limit
    item = view.case.items[duty.for_][line.item] if duty.for_ and line.item else None
    resolved = (
        line.proof
        if isinstance(line.proof, ResolvedLimit)
        else resolve_limit(view, owed_limit(view, line.obligation, duty, item))
    )
    ends = resolved.day is not None and resolved.direction != "order_after"  # mere order after an act has no last day
    return Deadline(
        obligation=line.obligation,
        item=line.item,
        clause=line.clause,
        bearer=next(iter(duty.bearers), None),
        direction=resolved.direction,
        amount=resolved.part.amount if resolved.part else None,
        unit=resolved.part.unit if resolved.part else None,
        anchor=_anchor_name(resolved.part.anchor if resolved.part else limit.anchor),
        anchor_date=resolved.anchor.day,
        anchor_kind="projected" if resolved.projected else resolved.anchor.kind,
        consumed=resolved.consumed,
        running_since=resolved.running_since,
        day=resolved.day if ends else None,
        earliest=resolved.low if ends else None,
        latest=resolved.high if ends else None,
        status=("firm" if resolved.firm else "provisional") if ends else "unknown",
        open=is_open_work(view, line),
        calendar=resolved.snapshot.calendar_hash,
        edition=view.compiled.hash,
        round=line.round,
        kind="dated" if ends else _without_day(view, duty, resolved),
        roles=duty.bearers,
        stopped_since=resolved.stopped_since,
        units_left=resolved.left,
        working_calendar=resolved.working_calendar,
    )


def is_open_work(view: CaseView, line: Judgement) -> bool:
    """True for a line of a duty that is not done, and can still be done."""
    duty = view.compiled.process.obligations.get(line.obligation)
    return duty is not None and line.verdict in _STILL_OPEN and _can_be_done(view, duty)


def _without_day(view: CaseView, duty: Obligation, resolved: ResolvedLimit) -> RowKind:
    """The kind of a limit without a day: its clock stands still, has not begun, or nothing but the act is wanting."""
    if resolved.suspended:
        return "stopped"
    begun = resolved.anchor.actual or resolved.direction == "order_before"  # that it comes before hangs on no day
    return "undated" if begun and duty.obliges and _allowed(view, duty) else "waiting"


def _open_row(view: CaseView, line: Judgement, kind: RowKind, roles: tuple[str, ...]) -> Deadline:
    """The row of what is open and has no limit of its own."""
    return Deadline(
        obligation=line.obligation,
        item=line.item,
        clause=line.clause,
        bearer=roles[0] if roles else None,
        direction="none",
        open=True,
        calendar=view.calendar().calendar_hash,
        edition=view.compiled.hash,
        round=line.round,
        kind=kind,
        roles=roles,
    )


def _determinations(lines: Iterable[JudgedView]) -> Iterator[Deadline]:
    """One row for each fact that an open or undecided line waits for, and that some role may settle."""
    settled: set[tuple[str | None, str]] = set()
    for view, line in lines:
        if line.verdict not in _UNSETTLED:
            continue
        for fact in line.needs:
            owner = line.item if fact not in view.compiled.process.facts else None
            if (owner, fact) not in settled and (roles := view.who_settles(line.item, fact)):
                settled.add((owner, fact))
                yield replace(_open_row(view, line, "determination", roles), item=owner, fact=fact)


def _allowed(view: CaseView, duty: Obligation) -> bool:
    """True where the state of the case allows an act of the duty, or where the act is that of a subcase.

    The edition that judges may lack the state: that is asked of the one whose life the case leads.
    """
    machine, life = view.compiled.machine, edition_governing_life(view.compiled, view.case).machine
    return any(not machine.knows(action) or _allows(view, life, action) for action in duty.do)


def _allows(view: CaseView, life: StateMachine, action: str) -> bool:
    case = view.case
    if not isinstance(case, WatchedCase):
        return life.allowed(view.state, action)
    with answering(case, allowed_part(action)):
        return life.allowed(view.state, action)


def _can_be_done(view: CaseView, duty: Obligation) -> bool:
    """True unless the case has ended in a state that allows no act of the duty: what was missed then stays missed."""
    ended = view.final
    life = edition_governing_life(view.compiled, view.case).machine
    return not ended or any(_allows(view, life, action) for action in duty.do)


def _anchor_name(anchor: Any) -> str | None:
    """The name of the anchor, where it has one."""
    name: str | None = getattr(anchor, "name", None) or getattr(anchor, "due", None)
    return name
