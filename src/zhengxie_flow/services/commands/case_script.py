"""From what people write in scenarios and case files to events: one translation for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import assert_never

from zhengxie_flow.engine import (
    CompiledProcess,
    apply_lapsed_limits,
    decide,
    evolve,
    parent_updates,
    refusals_for_opening,
    view_of,
)
from zhengxie_flow.engine.editions.governing import edition_governing_life, edition_on
from zhengxie_flow.engine.events import corrections, statements
from zhengxie_flow.engine.events.decide import Command, known_action
from zhengxie_flow.engine.events.moves import find_edition, move
from zhengxie_flow.engine.events.statements import Attribution, Opening
from zhengxie_flow.engine.view import Calendars
from zhengxie_flow.errors import Conflict, InternalError, NotFound, Refused, UsageError, Where
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.scenario import Moment, ScenarioSetup, ScriptEvent
from zhengxie_flow.spelling import known_names

ALL = "all"


Processes = Callable[[str], tuple[CompiledProcess, Calendars]]
"""A process by its id, with its calendar."""


def no_processes(process: str) -> tuple[CompiledProcess, Calendars]:
    """Where only one process is at hand."""
    raise NotFound("ZX4003", process=process, **known_names(process, ()))


@dataclass(slots=True)
class ScriptedCase:
    """A case as it grows, happening by happening, with those that are opened under it.

    ``labels`` are the ids that happenings gave themselves, ``below`` the stories of the subcases by their ids.
    """

    compiled: CompiledProcess
    calendars: Calendars
    case: Case
    labels: dict[str, int] = field(default_factory=dict)
    processes: Processes = no_processes
    below: dict[str, ScriptedCase] = field(default_factory=dict)

    def tell(self, happening: ScriptEvent, now: datetime) -> Iterator[Event]:
        """The events of one happening (one for each item it names), recorded at ``now``, each applied at once.

        What happens in a subcase gives the events by which this case learns of it.
        """
        if happening.open is not None or happening.in_ is not None:
            yield from self._below(happening, now)
            return
        if happening.try_ is not None:  # asked for live: what time has produced until then comes first
            self.case, fired = apply_lapsed_limits(
                self.compiled, self.case, self.calendars, civil(happening.at, self.compiled), now
            )
            yield from fired
        for item in self._items(happening):
            event = self._event(happening, item, now)
            self.case = evolve(self.case, event)
            self.compiled = edition_governing_life(self.compiled, self.case)
            if happening.id is not None:
                self.labels[happening.id] = event.sequence
            yield event

    def _below(self, happening: ScriptEvent, now: datetime) -> Iterator[Event]:
        """Something that happens in a subcase, its opening included, and what this case is told of it."""
        ident = happening.in_ or happening.id or ""
        if happening.in_ is None:
            if ident in self.below:
                raise Conflict("ZX4036", where=Where(case=ident), process=self.below[ident].compiled.id)
            self.below[ident] = self._opened(happening, now)
        elif ident not in self.below:
            raise NotFound("ZX4002", where=Where(case=ident))
        else:
            for _ in self.below[ident].tell(happening.model_copy(update={"in_": None}), now):
                pass
        child = self.below[ident]
        edition = self.calendars(now.astimezone(self.compiled.zone).date()).edition
        for event in parent_updates(
            self.case, self.compiled, child.case, child.compiled, child.case.parents[0], now=now, calendar=edition
        ):
            self.case = evolve(self.case, event)
            yield event

    def _opened(self, happening: ScriptEvent, now: datetime) -> ScriptedCase:
        """The story of a subcase; where reasons against it are expected, opening it is asked for."""
        name = happening.open or ""
        kind = self.compiled.process.subcases.get(name)
        if kind is None:
            raise NotFound("ZX4073", name=name, process="-", **known_names(name, self.compiled.process.subcases))
        if happening.refused is not None:
            view = view_of(self.compiled, self.case, self.calendars, civil(happening.at, self.compiled))
            if reasons := refusals_for_opening(view, name, happening.by):
                raise Refused("ZX4075", reasons=reasons, name=name)
        process, calendars = self.processes(kind.process)
        compiled = edition_on(process, civil(happening.at, process))
        told = Attribution(by=happening.by, at=happening.at, actor=happening.actor, evidence=happening.evidence)
        opening = Opening(facts=happening.with_, parent=Parent(self.case.id, name))
        edition = calendars(now.astimezone(compiled.zone).date()).edition
        event = statements.open_case(compiled, happening.id or name, opening, told, now, edition)
        return ScriptedCase(compiled, calendars, evolve(None, event), processes=self.processes)

    def _items(self, happening: ScriptEvent) -> tuple[str | None, ...]:
        if not happening.for_:
            return (None,)
        action = happening.do or happening.try_ or happening.plan
        if happening.for_ != (ALL,) or action is None:
            return happening.for_
        kind = known_action(self.compiled, action).item_type
        view = view_of(self.compiled, self.case, self.calendars, civil(happening.at, self.compiled))
        return tuple(item.id for item in view.items(kind)) if kind else (None,)

    def _event(self, happening: ScriptEvent, item: str | None, now: datetime) -> Event:
        compiled, case = self.compiled, self.case
        edition = self.calendars(now.astimezone(compiled.zone).date()).edition
        told = Attribution(
            by=happening.by or self._only_role(happening),
            at=happening.at,
            item=item,
            evidence=happening.evidence,
            actor=happening.actor,
        )
        kind = happening.kind
        match kind:
            case "do" | "try":
                asked = happening.try_ is not None
                command = Command(
                    action=happening.try_ or happening.do or "",
                    by=told.by or "",
                    at=None if asked else happening.at,
                    item=item,
                    fields=happening.with_,
                    evidence=happening.evidence,
                    actor=happening.actor,
                )
                when = instant(happening.at, compiled) if asked else now
                return decide(compiled, case, command, self.calendars, when)
            case "determine":
                reason, basis = happening.reason or "", happening.basis
                facts = happening.determine or {}
                return statements.determine(
                    compiled, case, facts, told, now, reason=reason, basis=basis, calendar=edition
                )
            case "plan":
                return statements.plan(
                    compiled, case, happening.plan or "", happening.to or date.min, told, now, edition
                )
            case "explain":
                return statements.explain(
                    compiled,
                    case,
                    happening.explain or "",
                    happening.reason or "",
                    told,
                    now,
                    public=happening.public,
                    calendar=edition,
                )
            case "move":
                to, reason = happening.move or "", happening.reason or ""
                return move(compiled, case, to, told, now, reason=reason, basis=happening.basis, calendar=edition)
            case "correct":
                return corrections.correct(
                    compiled,
                    case,
                    self._sequence(happening),
                    told,
                    now,
                    reason=happening.reason or "",
                    retract=happening.retract or not happening.with_,
                    changes=happening.with_,
                    calendar=edition,
                )
            case "open" | "link":  # a subcase has a story of its own, and a link needs the case above
                raise InternalError("ZX9000", kind="happening", detail=kind)
            case _:
                assert_never(kind)

    def _sequence(self, happening: ScriptEvent) -> int:
        """The event a correction means: by the id it was given, or by its sequence."""
        wanted = happening.correct
        if isinstance(wanted, str) and wanted in self.labels:
            return self.labels[wanted]
        if isinstance(wanted, int) or (isinstance(wanted, str) and wanted.isdecimal()):
            return int(wanted)
        raise NotFound("ZX4033", event=wanted, known=tuple(self.labels))

    def _only_role(self, happening: ScriptEvent) -> str | None:
        """Who acts where nobody is named: the only role that may, else it must be said."""
        process, kind = self.compiled.process, happening.kind
        match kind:
            case "do" | "try":
                allowed = known_action(self.compiled, happening.do or happening.try_ or "").by
            case "determine":
                kinds = [process.facts.get(name) for name in happening.determine or ()]
                allowed = tuple(dict.fromkeys(role for kind in kinds if kind is not None for role in kind.by))
            case "move":
                edition = find_edition(self.compiled, happening.move or "").definition.edition
                allowed = edition.transition.by if edition is not None else ()
            case "plan" | "explain" | "correct" | "open" | "link":
                return None
            case _:
                assert_never(kind)
        if len(allowed) > 1:
            raise UsageError("ZX4014", subject=happening.do or happening.try_ or kind, known=allowed)
        return allowed[0] if allowed else None


def begin(
    compiled: CompiledProcess,
    calendars: Calendars,
    case: str,
    given: ScenarioSetup,
    told: Attribution,
    now: datetime,
    *,
    parent: Parent | None = None,
    processes: Processes = no_processes,
) -> tuple[ScriptedCase, Event]:
    """A story at its opening, with what is given, under the edition in force on that day."""
    compiled = edition_on(compiled, civil(now if told.at is None else told.at, compiled))
    opening = Opening(facts=given.facts, items=given.items, state=given.state, parent=parent)
    edition = calendars(now.astimezone(compiled.zone).date()).edition
    event = statements.open_case(compiled, case, opening, told, now, edition)
    return ScriptedCase(compiled, calendars, evolve(None, event), processes=processes), event


def civil(moment: Moment, compiled: CompiledProcess) -> date:
    """The civil day of a moment in the zone of a process."""
    return moment.astimezone(compiled.zone).date() if isinstance(moment, datetime) else moment


def instant(moment: Moment, compiled: CompiledProcess, at: time = time(23, 59, 59)) -> datetime:
    """An instant for a civil day where one is needed (when something became known): the end of the day."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, at, compiled.zone)
