"""Script of a case: scenarios and case files, translated into events in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import assert_never

from zhengxie_flow.engine import (
    CompiledProcess,
    decide,
    derive,
    evolve,
    parent_updates,
    receipts_of,
    refusals_for_opening,
    view_of,
)
from zhengxie_flow.engine.editions.governing import GovernedCase, edition_governing_life, edition_on
from zhengxie_flow.engine.events import corrections, statements
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.corrections import Correction
from zhengxie_flow.engine.events.decide import Command, known_action
from zhengxie_flow.engine.events.moves import find_edition, move
from zhengxie_flow.engine.events.recording import Recording, RecordingTime
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.engine.view import Calendars
from zhengxie_flow.errors import Conflict, InternalError, NotFound, Refused, UsageError, Where
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.former_names import FormerNames
from zhengxie_flow.model.scenario import Moment, ScenarioSetup, ScriptEvent
from zhengxie_flow.spelling import known_names

ALL = "all"


Processes = Callable[[str], tuple[CompiledProcess, Calendars]]
"""A process by its id, with its calendar."""


def no_processes(process: str) -> tuple[CompiledProcess, Calendars]:
    """Refuse every process, where only the one of the case is at hand.

    Args:
        process: The id of the process.

    Raises:
        NotFound: ZX4003, always.
    """
    raise NotFound("ZX4003", process=process, **known_names(process, ()))


@dataclass(frozen=True, slots=True)
class ScriptSource:
    """The source of the definitions of a script.

    Attributes:
        compiled: An edition of the process of the case.
        calendars: The calendar of that process by day.
        processes: The source of the processes of subcases.
    """

    compiled: CompiledProcess
    calendars: Calendars
    processes: Processes = no_processes


@dataclass(slots=True)
class ScriptedCase:
    """A case in memory that grows event by event, with its subcases.

    Attributes:
        compiled: The definition that governs the case now.
        calendars: The calendar by day.
        case: The case.
        labels: Sequence numbers by the ids that script events give themselves.
        processes: The source of the processes of subcases.
        subcases: The scripted subcases by their ids.
    """

    compiled: CompiledProcess
    calendars: Calendars
    case: Case
    labels: dict[str, int] = field(default_factory=dict)
    processes: Processes = no_processes
    subcases: dict[str, ScriptedCase] = field(default_factory=dict)

    def recording(self, attribution: Attribution, now: datetime) -> Recording:
        """Return the recording of a statement about the case as it is now.

        Args:
            attribution: The role, time and item of the statement.
            now: The instant of recording.

        Returns:
            The recording.
        """
        return Recording(self.compiled, self.case, attribution, RecordingTime.at(now, self.compiled, self.calendars))

    def apply(self, script_event: ScriptEvent, now: datetime) -> Iterator[Event]:
        """Apply one script event; one of a subcase yields the events that mirror it into this case.

        Args:
            script_event: The entry of the scenario or case file.
            now: The instant of recording.

        Yields:
            The events, one for each item it names, each applied at once.

        Raises:
            Refused: An act of now is not allowed; ``reasons`` holds every one.
            NotFound: A name is unknown.
            UsageError: The entry cannot be read.
        """
        former = self.compiled.former
        if former is not None and script_event.in_ is None:
            script_event = former.event(script_event)
        if script_event.open is not None or script_event.in_ is not None:
            yield from self._below(script_event, now)
            return
        if script_event.try_ is not None:  # asked for live: what time has produced until then comes first
            derived = derive(self.compiled, self.case, self.calendars, civil_day(script_event.at, self.compiled))
            for event in receipts_of(derived, now):
                self.case = evolve(self.case, event)
                yield event
        for item in self._items(script_event):
            event = self._event(script_event, item, now)
            self.case = evolve(self.case, event)
            self.compiled = edition_governing_life(self.compiled, self.case)
            if script_event.id is not None:
                self.labels[script_event.id] = event.sequence
            yield event

    def _below(self, script_event: ScriptEvent, now: datetime) -> Iterator[Event]:
        """Apply a script event of a subcase, its opening included; the events that mirror it into this case."""
        ident = script_event.in_ or script_event.id or ""
        if script_event.in_ is None:
            if ident in self.subcases:
                raise Conflict("ZX4036", where=Where(case=ident), process=self.subcases[ident].compiled.id)
            self.subcases[ident] = self._opened(script_event, now)
        elif ident not in self.subcases:
            raise NotFound("ZX4002", where=Where(case=ident))
        else:
            for _ in self.subcases[ident].apply(script_event.model_copy(update={"in_": None}), now):
                pass
        subcase = self.subcases[ident]
        for event in parent_updates(
            GovernedCase(self.compiled, self.case),
            GovernedCase(subcase.compiled, subcase.case),
            subcase.case.parents[0],
            RecordingTime.at(now, self.compiled, self.calendars),
        ):
            self.case = evolve(self.case, event)
            yield event

    def _opened(self, script_event: ScriptEvent, now: datetime) -> ScriptedCase:
        """Open a subcase; where the script expects a refusal, the opening is one of now."""
        name = script_event.open or ""
        kind = self.compiled.process.subcases.get(name)
        if kind is None:
            raise NotFound("ZX4073", name=name, process="-", **known_names(name, self.compiled.process.subcases))
        if script_event.refused is not None:
            view = view_of(self.compiled, self.case, self.calendars, civil_day(script_event.at, self.compiled))
            if reasons := refusals_for_opening(view, name, script_event.by):
                raise Refused("ZX4075", reasons=reasons, name=name)
        source = ScriptSource(*self.processes(kind.process), self.processes)
        attribution = Attribution(
            by=script_event.by, at=script_event.at, actor=script_event.actor, evidence=script_event.references
        )
        opening = Opening(facts=script_event.with_, parent=Parent(self.case.id, name))
        scripted, _ = begin(source, script_event.id or name, opening, attribution, now)
        return scripted

    def _items(self, script_event: ScriptEvent) -> tuple[str | None, ...]:
        if not script_event.for_:
            return (None,)
        action = script_event.do or script_event.try_ or script_event.plan
        if script_event.for_ != (ALL,) or action is None:
            return script_event.for_
        kind = known_action(self.compiled, action).item_type
        view = view_of(self.compiled, self.case, self.calendars, civil_day(script_event.at, self.compiled))
        return tuple(item.id for item in view.items(kind)) if kind else (None,)

    def _event(self, script_event: ScriptEvent, item: str | None, now: datetime) -> Event:
        attribution = Attribution(
            by=script_event.by or self._only_role(script_event),
            at=script_event.at,
            item=item,
            evidence=script_event.references,
            actor=script_event.actor,
        )
        recording, reason = self.recording(attribution, now), script_event.reason or ""
        kind = script_event.kind
        match kind:
            case "do" | "try":
                asked = script_event.try_ is not None
                command = Command(
                    action=script_event.try_ or script_event.do or "",
                    by=attribution.by or "",
                    at=None if asked else script_event.at,
                    item=item,
                    fields=script_event.with_,
                    evidence=script_event.references,
                    actor=script_event.actor,
                )
                when = instant(script_event.at, self.compiled) if asked else now
                day = civil_day(script_event.at, self.compiled)
                derived = derive(self.compiled, self.case, self.calendars, day)
                return decide(self.compiled, derived.numbered, command, self.calendars, when)
            case "determine":
                facts = script_event.determine or {}
                return statements.determine(recording, facts, reason=reason, basis=script_event.basis)
            case "plan":
                return statements.plan(recording, script_event.plan or "", script_event.to or date.min)
            case "explain":
                return statements.explain(recording, script_event.explain or "", reason, public=script_event.public)
            case "move":
                return move(recording, script_event.move or "", reason=reason, basis=script_event.basis)
            case "correct":
                correction = Correction(
                    event=self._sequence(script_event),
                    reason=reason,
                    retract=script_event.retract or not script_event.with_,
                    changes=script_event.with_,
                )
                return corrections.correct(recording, correction)
            case "open" | "link":  # a subcase has a script of its own, and a link needs the parent case
                raise InternalError("ZX9000", kind="happening", detail=kind)
            case _:
                assert_never(kind)

    def _sequence(self, script_event: ScriptEvent) -> int:
        """The event that a correction refers to, by its id in the script or by its sequence number."""
        reference = script_event.correct
        if isinstance(reference, str) and reference in self.labels:
            return self.labels[reference]
        if isinstance(reference, int) or (isinstance(reference, str) and reference.isdecimal()):
            return int(reference)
        raise NotFound("ZX4033", event=reference, known=tuple(self.labels))

    def _only_role(self, script_event: ScriptEvent) -> str | None:
        """The acting role where none is named: the only one that is allowed; an error where there are several."""
        process, kind = self.compiled.process, script_event.kind
        match kind:
            case "do" | "try":
                allowed = known_action(self.compiled, script_event.do or script_event.try_ or "").by
            case "determine":
                kinds = [process.facts.get(name) for name in script_event.determine or ()]
                allowed = tuple(dict.fromkeys(role for kind in kinds if kind is not None for role in kind.by))
            case "move":
                edition = find_edition(self.compiled, script_event.move or "").definition.edition
                allowed = edition.transition.by if edition is not None else ()
            case "plan" | "explain" | "correct" | "open" | "link":
                return None
            case _:
                assert_never(kind)
        if len(allowed) > 1:
            raise UsageError("ZX4014", subject=script_event.do or script_event.try_ or kind, known=allowed)
        return allowed[0] if allowed else None


def opening_of(setup: ScenarioSetup, parent: Parent | None = None) -> Opening:
    """Return the opening that a script sets up.

    Args:
        setup: The facts, items and state that the case starts with.
        parent: The link to a parent case.

    Returns:
        The opening.
    """
    return Opening(facts=setup.facts, items=setup.items, state=setup.state, parent=parent)


def begin(
    source: ScriptSource, case: str, opening: Opening, attribution: Attribution, now: datetime
) -> tuple[ScriptedCase, Event]:
    """Open a scripted case under the edition in force on its day.

    Args:
        source: The process of the case with its calendar, and the source of others.
        case: The id of the case.
        opening: The facts, items, state and parent it starts with.
        attribution: The role and time of the opening.
        now: The instant of recording.

    Returns:
        The scripted case, and the event ``opened``.

    Raises:
        UsageError: A fact, item or state is unknown to the process.
    """
    day = civil_day(now if attribution.at is None else attribution.at, source.compiled)
    compiled = edition_on(source.compiled, day)
    if compiled.former is not None:
        opening, attribution = _in_names_of_today(compiled.former, opening, attribution)
    time = RecordingTime.at(now, compiled, source.calendars)
    event = statements.open_case(compiled, case, opening, attribution, time)
    return ScriptedCase(compiled, source.calendars, evolve(None, event), processes=source.processes), event


def _in_names_of_today(former: FormerNames, opening: Opening, attribution: Attribution) -> tuple[Opening, Attribution]:
    """An opening, and who made it, in the names that the process has now."""
    setup = former.setup(ScenarioSetup(facts=opening.facts, items=opening.items, state=opening.state))
    by = former.roles.get(attribution.by or "", attribution.by)
    renamed = replace(opening, facts=setup.facts, items=setup.items, state=setup.state)
    return renamed, replace(attribution, by=by)


def civil_day(moment: Moment, compiled: CompiledProcess) -> date:
    """Return the civil day of a moment in the zone of a process.

    Args:
        moment: A civil day or an instant.
        compiled: The process.

    Returns:
        The day.
    """
    return moment.astimezone(compiled.zone).date() if isinstance(moment, datetime) else moment


def instant(moment: Moment, compiled: CompiledProcess, at: time = time(23, 59, 59)) -> datetime:
    """Return the instant of a moment; of a civil day a time of that day in the zone of the process.

    Args:
        moment: A civil day or an instant.
        compiled: The process.
        at: The time of the day; by default its end, for a fact of that day is known by then.

    Returns:
        The instant.
    """
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, at, compiled.zone)
