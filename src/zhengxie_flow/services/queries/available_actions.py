"""Actions available in a case now, with the reasons against the others: `advance` without the write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.conditions.undone import UNANSWERED_NAMES, left_open, own_names
from zhengxie_flow.engine import Command, DerivedCase, decide
from zhengxie_flow.engine.editions.governing import in_force
from zhengxie_flow.engine.events.decide import known_role
from zhengxie_flow.engine.judging.requirements import requirement_holds
from zhengxie_flow.errors import Reason, Refused
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.directory import Directory
from zhengxie_flow.model.document import one_of
from zhengxie_flow.model.process import Action
from zhengxie_flow.services.authorising import AccessRequest, actor_reasons, directory_for, request_of
from zhengxie_flow.services.context import Context

STATE = "state"
_FIELD = "with."
Availability = Annotated[str, one_of("ready", "needs_fields", "not_possible")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """Availability of one action: by whom, for which items, what it asks for and the reasons against it.

    Attributes:
        action: The id of the action.
        ready: True where role, state and every requirement allow it once the fields in ``asks`` are filled in.
        status: ``ready`` as it is, or ready but for fields (``needs_fields``), or ``not_possible``.
        in_state: True where the state of the case allows it.
        by: The roles that may do it.
        items: The items for which it is ready.
        asks: The fields that whoever acts has to fill in, for the first of these items.
        reasons: The reasons against it; where no item is ready, those against the first.
    """

    KEYS: ClassVar = ("action", "ready", "status", "in_state", "by", "items", "asks", "reasons")

    action: str
    status: Availability
    in_state: bool
    by: tuple[str, ...]
    items: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """True where the state of the case allows it."""
        return self.in_state

    @property
    def ready(self) -> bool:
        """True unless it is not possible."""
        return self.status != "not_possible"


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who would act, in which case: a role (None: one that may do the action), a person, the present instant,
    and the directory that says who holds the role (None: nobody asks for that).
    """

    derived: DerivedCase
    now: datetime
    role: str | None
    actor: str | None
    directory: Directory | None


def possible(
    context: Context, derived: DerivedCase, role: str | None = None, actor: str | None = None
) -> Iterator[Possible]:
    """Compute the availability of every action.

    Args:
        context: The ports.
        derived: The case as of today.
        role: The role that would act; None for any that may do the action.
        actor: The person that would act; None for nobody in particular.

    Yields:
        One value per action, in the order of the process.

    Raises:
        UsageError: ZX1201, the role is unknown.
    """
    known_role(derived.compiled, role)
    request = AccessRequest("possible", derived.case.id, role or "", actor, live=True)
    asking = _Asking(derived, context.now(), role, actor, directory_for(context, request))
    for name, action in derived.compiled.process.actions.items():
        yield _availability(asking, name, action)


def _availability(asking: _Asking, name: str, action: Action) -> Possible:
    compiled, case = asking.derived.compiled, asking.derived.case
    in_state = compiled.machine.allowed(case.state, name)
    kind = action.item_type
    present = [item.id for item in case.items.get(kind or "", {}).values() if item.ended is None]
    candidates: list[str | None] = [None] if kind is None else [_unused_id(case, kind)] if action.adds else [*present]
    if not candidates:
        missing = Reason("items", "false", (kind or "",))
        return Possible(action=name, status="not_possible", in_state=in_state, by=action.by, reasons=(missing,))
    ready: list[str] = []
    first: tuple[Reason, ...] | None = None
    asks: tuple[str, ...] = ()
    for item in candidates:
        reasons = _refusal_reasons(asking, name, action, item)
        asked = [(reason, _open_fields(asking, name, item, reason)) for reason in reasons]
        remaining = tuple(reason for reason, fields in asked if not fields)
        if not remaining:
            ready.append(item or "")
        if first is None or (len(ready) == 1 and not remaining):  # of the first item that is ready, else of the first
            asks = tuple(dict.fromkeys(field for _, fields in asked for field in fields))
        first = remaining if first is None else first
    return Possible(
        action=name,
        status="not_possible" if not ready else "needs_fields" if asks else "ready",
        in_state=in_state,
        by=action.by,
        items=() if kind is None or action.adds else tuple(ready),
        asks=asks,
        reasons=() if ready else first or (),
    )


def _open_fields(asking: _Asking, name: str, item: str | None, reason: Reason) -> tuple[str, ...]:
    """The fields of the act, or of the item it adds, that are all a reason is about: whoever acts fills them in.

    A condition that is false as long as they are open counts too, where no other fact makes it false.
    """
    fields = asking.derived.compiled.process.field_names(name)
    if reason.id.startswith(_FIELD) or reason.value == "unknown":
        return reason.needs if fields.issuperset(reason.needs) else ()
    view = asking.derived.view
    law = in_force(view, view.day) if view.compiled.editions else view
    if reason.id not in law.compiled.requirements:
        return ()
    action, requirement = law.compiled.requirements[reason.id]
    owner = law.case.items.get(law.compiled.action(action).item_type or "", {}).get(item or "")
    when = None if requirement.when is None else left_open(requirement.when, fields)
    unanswered = requirement.model_copy(update={"that": left_open(requirement.that, fields), "when": when})
    trace = Trace()
    undecided = requirement_holds(law, unanswered, Scope(item=owner, this=owner), trace) is None
    if not undecided or trace.needs.keys() - UNANSWERED_NAMES:
        return ()
    return tuple(own_names(requirement.that, fields))


def _refusal_reasons(asking: _Asking, name: str, action: Action, item: str | None) -> tuple[Reason, ...]:
    """The reasons to refuse an act by the role asked for, else one that may do it, with no field filled in."""
    derived = asking.derived
    process = derived.compiled.process
    role = asking.role or next(iter(action.by), None) or next(iter(process.roles), "")
    by = item if role in process.items and item is not None else role
    command = Command(action=name, by=by, item=item, actor=asking.actor)
    against: tuple[Reason, ...] = ()
    if asking.directory is not None:
        request = request_of(name, derived.case.id, command.attribution)
        against = actor_reasons(asking.directory, derived.compiled, derived.case, request, derived.as_of)
    try:
        decide(derived.compiled, derived.case, command, derived.calendars, asking.now)
    except Refused as refused:
        return (*refused.reasons, *against)
    return against


def _unused_id(case: Case, kind: str) -> str:
    """An id that no item of the type has yet."""
    items = case.items.get(kind, {})
    return next(name for number in range(len(items) + 1) if (name := f"{kind}_{number + 1}") not in items)


def new_item_type(action: Action) -> str | None:
    """Return the type of the item that an act of an action creates; None where it creates none."""
    return action.adds
