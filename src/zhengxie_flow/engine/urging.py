"""Urging by hand: somebody asks those who owe a duty to perform it, and the journal says so."""

from __future__ import annotations

from zhengxie_flow.engine.derivation import DerivedCase
from zhengxie_flow.engine.editions.governing import obligations_of
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.engine.events.statements import check_statement, known_item
from zhengxie_flow.engine.judging.deadlines import is_open_work
from zhengxie_flow.engine.judging.judge import judged
from zhengxie_flow.engine.judging.reminders import last_reminder, moved
from zhengxie_flow.errors import NotFound, Refused, Where
from zhengxie_flow.model.body import UrgedBody
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.spelling import known_names


def urge(recording: Recording, derived: DerivedCase, obligation: str, note: str | None = None) -> Event:
    """The event by which those who owe a duty are urged to perform it.

    Args:
        recording: The case, who urges, when, and about which item.
        derived: The case as of the day of recording.
        obligation: The id of the duty.
        note: What is said beside it.

    Raises:
        NotFound: ZX4032 for an unknown duty, ZX4025 for an unknown item.
        UsageError: ZX1201 for an unknown role.
        Refused: Where it is asked for now: ZX4043 for a role that may not urge, ZX4130 for a duty that is not open,
            ZX4131 before the shortest interval since the last reminder is over.
    """
    compiled, case, item = recording.compiled, recording.case, recording.attribution.item
    owed = obligations_of(compiled)
    if obligation not in owed:
        raise NotFound("ZX4032", obligation=obligation, **known_names(obligation, sorted(owed)))
    known_role(compiled, recording.attribution.by)
    check_statement(recording, "urge")
    known_item(case, item)
    line = _open_line(derived, obligation, item)
    if recording.attribution.at is None:
        where = Where(case=case.id)
        if line is None:
            raise Refused("ZX4130", where=where, obligation=obligation)
        _check_interval(derived, obligation, item)
    due = None if line is None or line.due is None else line.due.isoformat()
    body = UrgedBody(
        obligation=obligation, round=1 if line is None else line.round, due=due, note=(note or "").strip() or None
    )
    return recording.event(EventType.URGED, body)


def _open_line(derived: DerivedCase, obligation: str, item: str | None) -> Judgement | None:
    """The current round of a duty that is open."""
    current: Judgement | None = None
    for view, line in judged(derived.view, obligation):
        if line.item == item and is_open_work(view, line):
            current = line
    return current


def _check_interval(derived: DerivedCase, obligation: str, item: str | None) -> None:
    """Raise `Refused` ZX4131 before the shortest interval since the last reminder of a duty is over."""
    last = last_reminder(derived, obligation, item)
    if last is None:
        return
    day, span = last
    free = moved(derived.view.calendar(), day, span, 1)
    if free is not None and derived.as_of < free:
        raise Refused("ZX4131", where=Where(case=derived.case.id), obligation=obligation, last=day, free=free)
