"""Withholding: what a reader may not see is replaced in what was read; nothing is computed from what is left.

Verdicts, deadlines and possible acts are worked out from the whole record first, so that they are the same for every
reader; only then the values that the hook does not show give way to a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.model.body import plain, read_body
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.findings import ValueChange
from zhengxie_flow.model.personal import HIDDEN, HIDDEN_TEXT
from zhengxie_flow.model.verdict import Audit, CaseAudit, Judgement
from zhengxie_flow.model.working import FailedCondition
from zhengxie_flow.ports import MayRead
from zhengxie_flow.services.context import Context

STATED: Final = ("reason", "basis", "evidence")
"""Parts of a statement that are asked for by these names."""
TITLE: Final = "$title"
"""Among hidden names: the fact or field that is the title of the case."""
_VALUES: Final = frozenset({"facts", "fields"})
_MARK: Final = {HIDDEN: True}

T = TypeVar("T")
Hidden = Collection[str]
"""Names of facts and fields that are withheld."""


@dataclass(frozen=True, slots=True)
class CaseReader:
    """Reader of cases: who reads, and the hook that says what may be shown.

    Attributes:
        context: The ports.
        actor: The person or office that reads.
    """

    context: Context
    actor: str

    def hidden(self, case: str, compiled: CompiledProcess) -> frozenset[str]:
        """Return the names of facts and fields of a case that this reader may not see.

        Args:
            case: The id of the case.
            compiled: The definition of the case, with the editions beside it.

        Returns:
            The names; none where no hook withholds any.
        """
        may_read: MayRead | None = self.context.may_read
        if may_read is None:
            return frozenset()
        names = {name for name in names_of(compiled) if may_read(self.actor, case, name) is not True}
        titled = (compiled.process.title or "").rpartition(".")[2]
        return frozenset((*names, TITLE) if titled in names else names)

    def hidden_in(self, case: str) -> frozenset[str]:
        """Return the same by the id of a case alone; every case under it is asked for by itself.

        Args:
            case: The id of the case.

        Returns:
            The names.
        """
        if self.context.may_read is None:
            return frozenset()
        head = self.context.journal.head(case)
        return frozenset() if head is None else self.hidden(case, self.context.definitions.by_hash(head.definition))


def names_of(compiled: CompiledProcess) -> frozenset[str]:
    """Return every name under which a case of a process may hold a value.

    Args:
        compiled: The definition, with the editions beside it.

    Returns:
        The names of facts, of fields of acts and items, and of the parts of statements.
    """
    names = set(STATED)
    for edition in (compiled, *compiled.editions):
        process = edition.process
        names.update(process.facts)
        names.update(name for item in process.items.values() for name in item.fields)
        names.update(name for act in process.acts.values() for name in act.fields)
        names.update(name for subcase in process.subcases.values() for name in subcase.fields)
    return frozenset(names)


def event_for(event: Event, hidden: Hidden) -> Event:
    """Return an event as a reader sees it; its hash stays that of the whole.

    Args:
        event: The event.
        hidden: The names that are withheld.

    Returns:
        The event.
    """
    if not hidden:
        return event
    values = plain(event.body)
    shown = _body(values, hidden)
    body = event.body if shown == values else read_body(event.type, shown)
    evidence = (HIDDEN_TEXT,) * len(event.evidence) if "evidence" in hidden else event.evidence
    return replace(event, body=body, evidence=evidence)


def _body(values: Any, hidden: Hidden) -> Any:
    if isinstance(values, list):
        return [_body(entry, hidden) for entry in values]
    if not isinstance(values, dict):
        return values
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name in _VALUES and isinstance(value, dict):
            shown[name] = _shown(value, hidden)
        elif name in STATED and name in hidden and isinstance(value, str):
            shown[name] = HIDDEN_TEXT
        else:
            shown[name] = _body(value, hidden)
    return shown


def _shown(values: Mapping[str, Any], hidden: Hidden) -> dict[str, Any]:
    return {name: dict(_MARK) if name in hidden and value is not None else value for name, value in values.items()}


def case_for(case: Case, hidden: Hidden) -> Case:
    """Return a case as a reader sees it.

    Args:
        case: The case.
        hidden: The names that are withheld.

    Returns:
        The case, with a mark in the place of each value that is withheld.
    """
    if not hidden:
        return case
    events = tuple(event_for(event, hidden) for event in case.events)
    by_sequence = {event.sequence: event for event in events}

    def act(recorded: Any) -> Any:
        event = recorded.event
        if event is not None:
            event = by_sequence.get(event.sequence) or event_for(event, hidden)
        return replace(recorded, fields=_shown(recorded.fields, hidden), event=event)

    return replace(
        case,
        events=events,
        timeline=tuple(map(act, case.timeline)),
        acts={name: tuple(map(act, acts)) for name, acts in case.acts.items()},
        facts={
            key: tuple(replace(row, value=dict(_MARK)) for row in rows) if key[1] in hidden else rows
            for key, rows in case.facts.items()
        },
        items={
            kind: {ident: replace(item, fields=_shown(item.fields, hidden)) for ident, item in items.items()}
            for kind, items in case.items.items()
        },
        explanations=tuple(
            replace(row, reason=HIDDEN_TEXT) if "reason" in hidden else row for row in case.explanations
        ),
    )


def audit_for(audit: Audit, hidden_in: Callable[[str], Hidden]) -> Audit:
    """Return an audit as a reader sees it: the verdicts are the same, values in their proofs may be withheld.

    Args:
        audit: The audit.
        hidden_in: Gives the names that are withheld by the id of a case.

    Returns:
        The audit.
    """
    reread = audit.reread
    if reread is not None:
        changes = tuple(
            replace(
                change,
                before=change.before and _line(change.before, hidden_in(change.case)),
                after=change.after and _line(change.after, hidden_in(change.case)),
            )
            for change in reread.changes
        )
        cases = tuple(_case_audit(case, hidden_in) for case in reread.cases)
        reread = replace(reread, cases=cases, changes=changes)
    return replace(audit, cases=tuple(_case_audit(case, hidden_in) for case in audit.cases), reread=reread)


def _case_audit(case: CaseAudit, hidden_in: Callable[[str], Hidden]) -> CaseAudit:
    hidden = hidden_in(case.case)
    return replace(
        case,
        title=case.case if TITLE in hidden else case.title,
        verdicts=tuple(_line(line, hidden) for line in case.verdicts),
        controls=tuple(_line(line, hidden) for line in case.controls),
        subcases=tuple(replace(part, audit=_case_audit(part.audit, hidden_in)) for part in case.subcases),
    )


def _line(line: Judgement, hidden: Hidden) -> Judgement:
    if not hidden or not line.notes:
        return line
    return replace(line, notes=tuple(note_for(note, hidden) for note in line.notes))


def note_for(note: T, hidden: Hidden) -> T:
    """Return a part of a proof as a reader sees it.

    Args:
        note: The part.
        hidden: The names that are withheld.

    Returns:
        The same without the values that are withheld.
    """
    if isinstance(note, tuple) and not hasattr(note, "_fields"):
        return tuple(note_for(entry, hidden) for entry in note)  # type: ignore[return-value]  # of the same types
    if not is_dataclass(note) or isinstance(note, type):
        return note
    if isinstance(note, ValueChange):
        return replace(note, old=None, new=None) if note.name in hidden else note
    if isinstance(note, FailedCondition):
        about = hidden and any(name.rpartition(".")[2] in hidden for name in note.names)
        return replace(note, value=None, absent=()) if about else note
    values = {part.name: note_for(getattr(note, part.name), hidden) for part in fields(note) if part.init}
    changed = {name: value for name, value in values.items() if value is not getattr(note, name)}
    changed = {name: value for name, value in changed.items() if value != getattr(note, name)}
    return replace(note, **changed) if changed else note
