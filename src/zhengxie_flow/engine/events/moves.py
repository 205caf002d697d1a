"""Moving the life of a running case to another edition of its process: a recorded decision (Art. 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.errors import NotFound, Reason, Refused, UsageError, Where
from zhengxie_flow.model.body import MovedBody
from zhengxie_flow.model.body_parts import BeginChange, EditionChange, HashChange, StateChange
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.spelling import unknown_name


def find_edition(compiled: CompiledProcess, name: str) -> CompiledProcess:
    """Look up an edition by its name, the day it begins, or its label in audits.

    What was attached since a case started under an edition goes by the names of its volumes.

    Raises:
        NotFound: ZX1201 for an unknown edition.
    """
    editions = compiled.editions or (compiled,)
    for edition in editions:
        if name in _names(edition):
            return edition
    raise NotFound("ZX1201", **unknown_name("edition", name, [_names(edition)[0] for edition in editions]))


def _names(compiled: CompiledProcess) -> tuple[str, ...]:
    """The names of an edition: its name (the first has none), its first day, its id with that day."""
    if compiled.companion_of is not None:
        return (*(volume.volume for volume in compiled.definition.volumes), edition_label(compiled))
    edition = compiled.definition.edition
    begins = () if compiled.begins is None else (compiled.begins.isoformat(),)
    return (*(() if edition is None else (edition.edition,)), *begins, edition_label(compiled))


def move(recording: Recording, to: str, *, reason: str, basis: str | None = None) -> Event:
    """The event by which a case passes to another edition of its process.

    Its state stays, or becomes the one that the edition maps it to (``moved_states``); a move back to an earlier
    edition gives it the state from which it came.

    Args:
        recording: The case and its process with all editions, who decides, and when.
        to: The edition to move to, by name, first day or label.
        reason: The reason for the decision.
        basis: The document it rests on.

    Raises:
        NotFound: ZX1201 for an unknown edition.
        UsageError: ZX4029 without a reason, ZX4064 where nothing would change, ZX4065 where the state does not exist
            there, ZX4066 before the edition is in force.
        Refused: ZX4067 for a role that may not decide it.
    """
    compiled, case, by = recording.compiled, recording.case, recording.attribution.by
    where = Where(case=case.id)
    if not reason.strip():
        raise UsageError("ZX4029", where=where)
    known_role(compiled, by)
    home, target = edition_governing_life(compiled, case), find_edition(compiled, to)
    if target is home:
        raise UsageError("ZX4064", where=where, edition=edition_label(home))
    occurred = recording.occurred()
    day = occurred.astimezone(case.zone).date() if isinstance(occurred, datetime) else occurred
    if target.begins is not None and day < target.begins:
        raise UsageError("ZX4066", where=where, edition=edition_label(target), begins=target.begins, day=day)
    allowed = _deciders(target, home)
    if allowed and by not in allowed:
        reasons = (Reason("role", "false", allowed),)
        raise Refused("ZX4067", where=where, reasons=reasons, edition=edition_label(target))
    state = _state(home, target, case)
    body = MovedBody(
        definition=HashChange(from_=home.hash, to=target.hash),
        edition=EditionChange(from_=edition_label(home), to=edition_label(target)),
        begins=BeginChange(from_=_iso(home.begins), to=_iso(target.begins)),
        reason=reason,
        basis=basis or None,
        state=StateChange(from_=case.state, to=state) if state != case.state else None,
    )
    moved = recording.event(EventType.MOVED, body)
    return replace(moved, definition=home.hash, item=None)  # the case moves as a whole


def _deciders(target: CompiledProcess, home: CompiledProcess) -> tuple[str, ...]:
    """The roles that may decide a move; none where any may."""
    if target.companion_of is None:
        return target.definition.edition.transition.by if target.definition.edition is not None else ()
    before = {volume.volume for volume in home.definition.volumes}
    later = [volume for volume in target.definition.volumes if volume.volume not in before]
    roles = [role for volume in later for period in volume.periods for role in period.transition.by]
    return tuple(dict.fromkeys(roles))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _state(home: CompiledProcess, target: CompiledProcess, case: Case) -> str:
    """The state of a case after the move, mapped through every edition on the way, or back through them."""
    editions = home.editions
    begin, end = editions.index(home), editions.index(target)
    state = case.state
    if begin > end:
        state = _state_before(editions[end : begin + 1], case)
    for compiled in editions[begin + 1 : end + 1]:
        state = _renamed(compiled).get(state, state)
    if state not in target.process.states:
        raise UsageError("ZX4065", where=Where(case=case.id), state=case.state, edition=edition_label(target))
    return state


def _state_before(editions: Sequence[CompiledProcess], case: Case) -> str:
    """The state of a case that goes back from the last of some editions to the first.

    A move that is undone before anything else changed the state gives it back as it was.  Else a state that the earlier
    edition has too stays, and one that it lacks becomes the one that was renamed to it, where there is only one.
    """
    undone = _undone(editions, case)
    if undone is not None:
        return undone
    state = case.state
    for later, earlier in zip(reversed(editions), reversed(editions[:-1]), strict=False):
        before = [name for name, renamed in _renamed(later).items() if renamed == state]
        if state not in earlier.process.states and len(before) == 1:
            [state] = before
    return state


def _undone(editions: Sequence[CompiledProcess], case: Case) -> str | None:
    """The state before the last move, where a move back undoes just that one; None where it does not."""
    later = [event for event in case.events if getattr(event.body, "state", None) is not None]
    body = later[-1].body if later else None
    if not isinstance(body, MovedBody) or body.state is None or body.state.to != case.state:
        return None
    ends = (editions[0].hash, editions[-1].hash)
    return body.state.from_ if (body.definition.from_, body.definition.to) == ends else None


def _renamed(compiled: CompiledProcess) -> Mapping[str, str]:
    """The states of the edition before that an edition maps to others, or calls otherwise (``was``)."""
    edition = compiled.definition.edition if compiled.companion_of is None else None
    former = {} if compiled.former is None else compiled.former.states
    renamed = {before: state for before, state in former.items() if state in compiled.process.states}
    return {**renamed, **edition.moved_states} if edition is not None else {}
