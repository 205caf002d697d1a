"""Values on record before and after an event that changes what was said before: corrections, determinations, plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, assert_never

from zhengxie_flow.engine.events.evolve import effective, fold
from zhengxie_flow.model.body import (
    ActBody,
    AnyBody,
    AssignedBody,
    CorrectedBody,
    DeemedBody,
    DeterminedBody,
    ErasedBody,
    ExplainedBody,
    LinkedBody,
    MovedBody,
    OpenedBody,
    PlannedBody,
    RecomputedBody,
    SubcaseBody,
    UrgedBody,
    plain,
)
from zhengxie_flow.model.case import Plan
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.findings import ValueChange

WITHDRAWN: Final = "retract"
"""The name under which a withdrawal is shown: from False to True."""
ASSIGNED: Final = ("role", "office", "person", "from")
"""The values of an assignment that a correction can change."""


def value_changes(events: Sequence[Event], event: Event) -> tuple[ValueChange, ...]:
    """The values before and after an event, in the order in which they are on record.

    Args:
        events: The events of the case, in journal order.
        event: A correction, determination, plan, link or move among them; any other changes nothing said before.

    Returns:
        One entry for each value that differs.
    """
    place = next((index for index, entry in enumerate(events) if entry.sequence == event.sequence), len(events))
    before = events[:place]
    if not before:
        return ()
    body = event.body
    match body:
        case CorrectedBody():
            return tuple(_corrected(before, event))
        case DeterminedBody(facts=facts):
            case = fold(before)
            return tuple(
                ValueChange(name, old, new)
                for name, new in facts.items()
                if (old := case.value(name, event.item)) != new
            )
        case PlannedBody(to=to):
            plans = fold(before).plans.get((event.action or "", event.item), ())
            return (ValueChange("to", _planned(plans), to),)
        case MovedBody(edition=edition):
            return (ValueChange("edition", edition.from_, edition.to),)
        case AssignedBody(role=role, office=office, person=person, from_=begins):
            held = fold(before).assigned(role, date.fromisoformat(begins))
            old = None if held is None else held.office or held.person
            return (ValueChange(role, old, office or person),)
        case LinkedBody(parent=parent):
            return (ValueChange("parent", None, parent.case),)
        case (
            OpenedBody() | ActBody() | DeemedBody() | SubcaseBody() | ExplainedBody() | ErasedBody() | RecomputedBody()
            | UrgedBody()
        ):  # fmt: skip
            return ()
        case _:
            assert_never(body)


def corrected_event(events: Sequence[Event], event: Event) -> int | None:
    """The sequence number of the event that a correction, or a chain of them, is about; None for any other event."""
    by_sequence = {entry.sequence: entry for entry in events}
    target, root = event.supersedes, None
    while target is not None:
        root, target = target, by_sequence[target].supersedes
    return root


def _planned(plans: Sequence[Plan]) -> str | None:
    return plans[-1].to.isoformat() if plans else None


def _corrected(before: Sequence[Event], event: Event) -> Iterator[ValueChange]:
    """What a correction changes in the event it is about, as that event stood just before."""
    root = corrected_event((*before, event), event)
    old = next((entry for entry in effective(before) if entry.sequence == root), None)
    new = next((entry for entry in effective((*before, event)) if entry.sequence == root), None)
    if old is None or new is None:
        if old is not new:
            yield ValueChange(WITHDRAWN, old is None, new is None)
        return
    pairs = {"at": (old.occurred.isoformat(), new.occurred.isoformat()), "by": (old.by, new.by)}
    pairs["for"] = (old.item, new.item)
    values, others = _values(old.body), _values(new.body)
    pairs |= {name: (values.get(name), others.get(name)) for name in dict.fromkeys((*values, *others))}
    yield from (ValueChange(name, first, second) for name, (first, second) in pairs.items() if first != second)


def _values(body: AnyBody) -> Mapping[str, Any]:
    """The values of an event that a correction can change, by name."""
    match body:
        case PlannedBody(to=to):
            return {"to": to}
        case ExplainedBody(obligation=obligation, reason=reason, public=public):
            return {"obligation": obligation, "reason": reason, "public": public}
        case OpenedBody() | ActBody() | DeemedBody() | SubcaseBody() | DeterminedBody():
            values = plain(body)
            return {**values.get("facts", {}), **values.get("fields", {})}
        case AssignedBody():
            return {name: value for name, value in plain(body).items() if name in ASSIGNED}
        case UrgedBody(note=note):
            return {"note": note}
        case CorrectedBody() | MovedBody() | LinkedBody() | ErasedBody() | RecomputedBody():
            return {}
        case _:
            assert_never(body)
