"""Assigning a role of a case to an office or a person, from a civil day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.engine.events.statements import check_statement
from zhengxie_flow.errors import UsageError, Where
from zhengxie_flow.model.assignment import HOLDER_LENGTH
from zhengxie_flow.model.body import AssignedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.directory import HolderKind
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.spelling import unknown_name

OFFICE: Final = "office"
PERSON: Final = "person"
_KINDS: Final[Mapping[str, HolderKind]] = {OFFICE: OFFICE, PERSON: PERSON}


@dataclass(frozen=True, slots=True)
class Holder:
    """Office or person that a role falls to.

    Attributes:
        kind: ``office`` or ``person``.
        name: Its name, or the id of the person.
    """

    kind: HolderKind
    name: str

    @property
    def office(self) -> str | None:
        """The office; None for a person."""
        return self.name if self.kind == OFFICE else None

    @property
    def person(self) -> str | None:
        """The person; None for an office."""
        return self.name if self.kind == PERSON else None


def read_holder(text: str, kind: HolderKind = OFFICE) -> Holder:
    """Read the name of an office or person; ``office:`` or ``person:`` before it says which it is.

    Args:
        text: The name.
        kind: What it is where nothing before it says so.

    Raises:
        UsageError: ZX4120, the name is blank, too long or not printable.

    Example:
        >>> read_holder("person:zhang"), read_holder("finance")
        (Holder(kind='person', name='zhang'), Holder(kind='office', name='finance'))
    """
    prefix, colon, rest = text.partition(":")
    name = text
    if colon and prefix in _KINDS:
        kind, name = _KINDS[prefix], rest
    name = name.strip()
    if not name or len(name) > HOLDER_LENGTH or not name.isprintable():
        raise UsageError("ZX4120", given=text[:HOLDER_LENGTH], limit=HOLDER_LENGTH)
    return Holder(kind, name)


def assign(recording: Recording, role: str, holder: Holder, begins: date | None = None) -> Event:
    """The event that assigns a role of a case; from its first day on it replaces what was assigned before.

    Args:
        recording: The case, who assigns, and when.
        role: The role of the process.
        holder: The office or person.
        begins: The first day; None for the day of the assignment.

    Raises:
        UsageError: ZX1201 for a role that the process does not have.
        Refused: ZX4043 for a role that may not assign, where it is asked for now.
    """
    compiled, by = recording.compiled, recording.attribution.by
    check_role(compiled, role)
    known_role(compiled, by)
    check_statement(recording, "assign")
    occurred = recording.occurred()
    day = occurred.astimezone(recording.case.zone).date() if isinstance(occurred, datetime) else occurred
    body = AssignedBody(role=role, from_=(begins or day).isoformat(), office=holder.office, person=holder.person)
    return recording.event(EventType.ASSIGNED, body)


def reassigned(compiled: CompiledProcess, case: Case, body: AssignedBody, changes: Mapping[str, Any]) -> AssignedBody:
    """The body of an assignment once a correction gave it another role, holder or first day.

    Args:
        compiled: The definition of the case.
        case: The case.
        body: The body so far.
        changes: New values of ``role``, ``to`` (or ``office``, ``person``) and ``from``.

    Raises:
        UsageError: ZX1201 for an unknown role, ZX4015 for a day that cannot be read, ZX4120 for a name.
    """
    role = str(changes.get("role", body.role))
    check_role(compiled, role)
    for name in _NAMES:
        if name in changes:
            holder = read_holder(str(changes[name]), PERSON if name == PERSON else OFFICE)
            body = replace(body, office=holder.office, person=holder.person)
    return replace(body, role=role, from_=_day(case, changes.get("from", body.from_)).isoformat())


_NAMES = ("to", OFFICE, PERSON)


def check_role(compiled: CompiledProcess, role: str) -> None:
    """Check that a role is one of the process, or raise `UsageError` ZX1201."""
    if role not in compiled.process.roles:
        raise UsageError("ZX1201", **unknown_name("role", role, compiled.process.roles))


def _day(case: Case, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError("ZX4015", where=Where(case=case.id), given=str(value)) from None
