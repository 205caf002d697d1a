"""Copying the progress of a subcase into its parent's journal, and correcting the copies.

A parent's journal holds all it needs to be judged: when each of its subcases was opened, the states it reached and the
facts it reported.  When the subcase is corrected, or an earlier event is recorded in it, the parent is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from zhengxie_flow.conditions import NOWHERE, Trace, evaluate_optional
from zhengxie_flow.engine.authority import DELEGATION, NOT_IN_FORCE, missing_authority
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.evolve import effective
from zhengxie_flow.engine.events.recording import RecordingTime
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason, Unmet
from zhengxie_flow.model.body import AnyBody, CorrectedBody, SubcaseBody, parent_of, plain
from zhengxie_flow.model.body_parts import ReplacedValues, SubcaseReport
from zhengxie_flow.model.case import BEGINNING, Case, Key, Parent, number_of
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.model.personal import alike
from zhengxie_flow.model.subcase import OPENED, TOLD, Subcase


@dataclass(frozen=True, slots=True)
class ParentUpdate:
    """One child event to copy into the parent; ``event`` is its sequence number in the child."""

    action: str
    occurred: date | datetime
    by: str | None
    body: SubcaseBody
    event: int


def reports_of(child: Case, process: CompiledProcess, link: Parent, kind: Subcase) -> Iterator[ParentUpdate]:
    """The updates that a subcase owes its parent, in the order of time.

    The first update also reports what happened before the subcase was linked to the parent.
    """
    events = {event.sequence: event for event in effective(child.events)}
    moves = {stay.event: stay.state for stay in child.stays}
    facts = _reported_facts(child, kind)
    since = next((event.sequence for event in events.values() if _taken_under(event, link)), 0)
    reported = {since, *moves, *(number_of(key) for key, _, _ in facts)} & events.keys()
    by_event = {stay.event: stay.key for stay in child.stays} | {number_of(key): key for key, _, _ in facts}
    places = {
        sequence: max(by_event.get(sequence, BEGINNING), (events[sequence].day(child.zone), sequence))
        for sequence in reported
    }
    placed = sorted(places.values())
    for key in placed[placed.index(places[since]) :] if since in events else ():
        event = events[number_of(key)]
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
    """The way a state ends a case: ``withdrawn``, True for another final state, else False."""
    final = process.final.get(state, False)
    return "withdrawn" if final == "withdrawn" else bool(final)


def _taken_under(event: Event, link: Parent) -> bool:
    parent = parent_of(event.body)
    return parent is not None and (parent.case, parent.subcase) == (link.case, link.subcase)


def _reported_facts(child: Case, kind: Subcase) -> list[tuple[Key, str, Any]]:
    """The reported facts with the positions of their assertions, oldest first."""
    assertions = [
        (assertion.key, name, assertion.value)
        for name in kind.fields
        for assertion in child.facts.get((None, name), ())
    ]
    return sorted(assertions, key=lambda entry: entry[0])


def parent_updates(
    governed_parent: GovernedCase, subcase: GovernedCase, link: Parent, time: RecordingTime
) -> tuple[Event, ...]:
    """The events that bring a parent's journal up to date with a subcase.

    Args:
        governed_parent: The parent case.
        subcase: The subcase.
        link: The link between the two.
        time: The time of recording.

    Returns:
        New events and corrections of earlier copies; empty where the parent is up to date.
    """
    (compiled, parent), (process, child) = governed_parent, subcase
    kind = compiled.process.subcases.get(link.subcase)
    if kind is None:
        return ()
    copies = {
        event.body.subcase.event: event
        for event in effective(parent.events)
        if isinstance(event.body, SubcaseBody) and _about(event.body.subcase, child, link)
    }
    updates: list[Event] = []

    def add(kind: EventType, body: AnyBody, action: str | None, occurred: date | datetime, **other: Any) -> None:
        updates.append(
            Event(
                case=parent.id, sequence=parent.version + len(updates) + 1, type=kind, mode=Mode.RECORDED, body=body,
                action=action, occurred=occurred, recorded=time.now, definition=compiled.hash, calendar=time.calendar,
                **other,
            )
        )  # fmt: skip

    def correct(earlier: Event, replacement: ReplacedValues | None = None) -> None:
        body = CorrectedBody(reason=child.id, retract=replacement is None, replacement=replacement)
        add(EventType.CORRECTED, body, earlier.action, time.now.astimezone(parent.zone), supersedes=earlier.sequence)

    for notice in reports_of(child, process, link, kind):
        earlier = copies.pop(notice.event, None)
        if earlier is not None and _same(earlier, notice):
            continue
        if earlier is not None and earlier.action == notice.action:
            moment = notice.occurred.isoformat()
            correct(earlier, {"occurred": moment, "by": notice.by, "body": plain(notice.body)})
            continue
        if earlier is not None:  # its action changed: withdraw the copy, add another
            correct(earlier)
        add(EventType.SUBCASE, notice.body, notice.action, notice.occurred, by=notice.by)
    for earlier in copies.values():  # the subcase no longer says so
        correct(earlier)
    return tuple(updates)


def _about(status: SubcaseReport, child: Case, link: Parent) -> bool:
    return (status.case, status.name) == (child.id, link.subcase)


def _same(earlier: Event, notice: ParentUpdate) -> bool:
    same_act = (earlier.action, earlier.occurred, earlier.by) == (notice.action, notice.occurred, notice.by)
    # values erased on either side are not copied again
    return same_act and alike(plain(notice.body), plain(replace(earlier.body, clock=None)))


def refusals_for_opening(view: CaseView, name: str, by: str | None) -> tuple[Reason, ...]:
    """Reasons to refuse opening a subcase now: role, parent ended, its ``when`` not met, another one open."""
    kind = view.compiled.process.subcases[name]
    clause = str(kind.law[0]) if kind.law else None
    reasons: list[Reason] = []
    if kind.by and by not in kind.by:
        reasons.append(Reason("role", "false", kind.by, clause))
    if (defect := missing_authority(view.compiled, view.case, by, view.until)) is not None:
        reasons.append(Reason("role" if defect == NOT_IN_FORCE else DELEGATION, "false", (by or "",), clause))
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
