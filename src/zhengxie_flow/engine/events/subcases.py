"""What happens in a case happens in the cases it lies under: the events a parent is told, and those it is told anew.

A parent's journal holds all it needs to be judged: when each of its subcases was opened, which states it reached and
the facts it told.  When the subcase is corrected, or something earlier comes to light in it, the parent is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from zhengxie_flow.conditions import NOWHERE, Trace, evaluate_optional
from zhengxie_flow.engine.authority import DELEGATION, NOT_IN_FORCE, missing_authority
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason, Unmet
from zhengxie_flow.model.body import AnyBody, CorrectedBody, SubcaseBody, parent_of, plain
from zhengxie_flow.model.body_parts import ReplacedValues, SubcaseReport
from zhengxie_flow.model.case import Case, Key, Parent
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.personal import alike
from zhengxie_flow.model.subcase import OPENED, TOLD, Subcase


@dataclass(frozen=True, slots=True)
class ParentUpdate:
    """One thing a parent is told: an act of its own that lies in the subcase, where ``event`` is its number."""

    action: str
    occurred: date | datetime
    by: str | None
    body: SubcaseBody
    event: int


def reports_of(child: Case, process: CompiledProcess, link: Parent, kind: Subcase) -> Iterator[ParentUpdate]:
    """Everything a parent is to know of a subcase, in the order it happened.

    What lies before the subcase was taken under the parent is told with the first notice.
    """
    standing = {event.sequence: event for event in effective(child.events)}
    moves = {stay.event: stay.state for stay in child.stays}
    facts = _told_facts(child, kind)
    since = next((event.sequence for event in standing.values() if _taken_under(event, link)), 0)
    telling = {since, *moves, *(key[1] for key, _, _ in facts)} & standing.keys()
    placed = sorted((standing[sequence].day(child.zone), sequence) for sequence in telling)
    for key in placed[placed.index((standing[since].day(child.zone), since)) :] if since in standing else ():
        event = standing[key[1]]
        state = [stay.state for stay in child.stays if stay.key <= key][-1]
        what = OPENED if event.sequence == since else moves.get(event.sequence, TOLD)
        status = SubcaseReport(
            name=link.subcase,
            case=child.id,
            process=child.process,
            state=state,
            final=_ending(process, state),
            event=event.sequence,
            linked=link.linked,
        )
        fields = {name: value for at, name, value in facts if at <= key}
        body = SubcaseBody(subcase=status, fields=fields or None)
        yield ParentUpdate(f"{link.subcase}.{what}", event.occurred, event.by, body, event.sequence)


def _ending(process: CompiledProcess, state: str) -> bool | Literal["withdrawn"]:
    """Whether a state is final, and how it ends the case."""
    final = process.final.get(state, False)
    return "withdrawn" if final == "withdrawn" else bool(final)


def _taken_under(event: Event, link: Parent) -> bool:
    parent = parent_of(event.body)
    return parent is not None and (parent.case, parent.subcase) == (link.case, link.subcase)


def _told_facts(child: Case, kind: Subcase) -> list[tuple[Key, str, Any]]:
    """The facts that are told, each with when it was asserted, oldest first."""
    assertions = [
        (assertion.key, name, assertion.value)
        for name in kind.fields
        for assertion in child.facts.get((None, name), ())
    ]
    return sorted(assertions, key=lambda entry: entry[0])


def parent_updates(
    parent: Case,
    compiled: CompiledProcess,
    child: Case,
    process: CompiledProcess,
    link: Parent,
    *,
    now: datetime,
    calendar: str,
) -> tuple[Event, ...]:
    """The events that bring a parent's journal up to what its subcase now says; none where it already does."""
    kind = compiled.process.subcases.get(link.subcase)
    if kind is None:
        return ()
    told_events = {
        event.body.subcase.event: event
        for event in effective(parent.events)
        if isinstance(event.body, SubcaseBody) and _about(event.body.subcase, child, link)
    }
    updates: list[Event] = []

    def add(kind: EventType, body: AnyBody, action: str | None, occurred: date | datetime, **other: Any) -> None:
        updates.append(
            Event(
                case=parent.id, sequence=parent.version + len(updates) + 1, type=kind, mode=Mode.RECORDED, body=body,
                action=action, occurred=occurred, recorded=now, definition=compiled.hash, calendar=calendar, **other,
            )
        )  # fmt: skip

    def correct(earlier: Event, replacement: ReplacedValues | None = None) -> None:
        body = CorrectedBody(reason=child.id, retract=replacement is None, replacement=replacement)
        add(EventType.CORRECTED, body, earlier.action, now.astimezone(parent.zone), supersedes=earlier.sequence)

    for notice in reports_of(child, process, link, kind):
        earlier = told_events.pop(notice.event, None)
        if earlier is not None and _same(earlier, notice):
            continue
        if earlier is not None and earlier.action == notice.action:
            moment = notice.occurred.isoformat()
            correct(earlier, {"occurred": moment, "by": notice.by, "body": plain(notice.body)})
            continue
        if earlier is not None:  # it led elsewhere: another act than the one told before
            correct(earlier)
        add(EventType.SUBCASE, notice.body, notice.action, notice.occurred, by=notice.by)
    for earlier in told_events.values():  # the subcase no longer says so
        correct(earlier)
    return tuple(updates)


def _about(status: SubcaseReport, child: Case, link: Parent) -> bool:
    return (status.case, status.name) == (child.id, link.subcase)


def _same(earlier: Event, notice: ParentUpdate) -> bool:
    same_act = (earlier.action, earlier.occurred, earlier.by) == (notice.action, notice.occurred, notice.by)
    # what was erased here or there is not told anew
    return same_act and alike(plain(notice.body), plain(replace(earlier.body, clock=None)))


def refusals_for_opening(view: CaseView, name: str, by: str | None) -> tuple[Reason, ...]:
    """What stands against opening a subcase now: who asks, the parent's end, whether it is called for, another open."""
    kind = view.compiled.process.subcases[name]
    clause = str(kind.law[0]) if kind.law else None
    reasons: list[Reason] = []
    if kind.by and by not in kind.by:
        reasons.append(Reason("role", "false", kind.by, clause))
    if (wants := missing_authority(view.compiled, view.case, by, view.until)) is not None:
        reasons.append(Reason("role" if wants == NOT_IN_FORCE else DELEGATION, "false", (by or "",), clause))
    if view.compiled.final.get(view.state):
        open_ = tuple(state for state in view.compiled.process.states if not view.compiled.final.get(state))
        reasons.append(Reason("state", "false", open_, clause))
    trace = Trace()
    called_for = evaluate_optional(kind.when, view, NOWHERE, trace)
    if called_for is not True:
        value: Unmet = "false" if called_for is False else "unknown"
        reasons.append(Reason(f"subcases.{name}", value, tuple(trace.needs), clause))
    running = tuple(summary.case for summary in view.subcases(name) if summary.status == "open")
    if running and not kind.many:
        reasons.append(Reason(f"subcases.{name}.many", "false", running, clause))
    return tuple(reasons)
