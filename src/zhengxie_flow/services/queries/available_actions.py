"""What may be done in a case now, and what stands against the rest: advancing, without the write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from zhengxie_flow.engine import Command, CompiledProcess, decide
from zhengxie_flow.errors import Reason, Refused
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.process import Action
from zhengxie_flow.services.context import Context

STATE = "state"
_FIELD = "with."


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """One action as it stands: by whom, for which items it is ready, what it asks for, what is against it.

    ``ready`` means that role, state and every requirement allow it once the fields in ``asks`` are given.  Where no
    item is ready, the reasons are those against the first.
    """

    action: str
    ready: bool
    in_state: bool
    by: tuple[str, ...]
    items: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def possible(context: Context, compiled: CompiledProcess, case: Case) -> Iterator[Possible]:
    """Every action of the process, in its order."""
    for name, action in compiled.process.actions.items():
        yield _weigh(context, compiled, case, name, action)


def _weigh(context: Context, compiled: CompiledProcess, case: Case, name: str, action: Action) -> Possible:
    in_state = compiled.machine.allowed(case.state, name)
    kind = action.item_type
    present = [one.id for one in case.items.get(kind or "", {}).values() if one.ended is None]
    candidates: list[str | None] = [None] if kind is None else [_new(case, kind)] if action.adds else [*present]
    if not candidates:
        missing = Reason("items", "false", (kind or "",))
        return Possible(action=name, by=action.by, ready=False, in_state=in_state, reasons=(missing,))
    ready: list[str] = []
    first: tuple[Reason, ...] | None = None
    asks: tuple[str, ...] = ()
    for item in candidates:
        against = _against(context, compiled, case, name, action, item)
        asked = [reason for reason in against if _asked(reason, action)]
        asks = tuple(dict.fromkeys(name for reason in asked for name in reason.needs))
        rest = tuple(reason for reason in against if reason not in asked)
        if not rest:
            ready.append(item or "")
        first = rest if first is None else first
    return Possible(
        action=name,
        by=action.by,
        ready=bool(ready),
        in_state=in_state,
        items=() if kind is None or action.adds else tuple(ready),
        asks=asks,
        reasons=() if ready else first or (),
    )


def _asked(reason: Reason, action: Action) -> bool:
    """Whether a reason only says that a field of the act was left open: whoever acts gives it."""
    open_field = reason.id.startswith(_FIELD) or reason.value == "unknown"
    return open_field and bool(reason.needs) and all(name in action.fields for name in reason.needs)


def _against(
    context: Context, compiled: CompiledProcess, case: Case, name: str, action: Action, item: str | None
) -> tuple[Reason, ...]:
    """The reasons against an act by a role that may do it, with no field given."""
    role = next(iter(action.by), None) or next(iter(compiled.process.roles), "")
    actor = item if role in compiled.process.items and item is not None else role
    try:
        decide(
            compiled,
            case,
            Command(action=name, by=actor, item=item),
            partial(context.calendar, compiled),
            context.now(),
        )
    except Refused as refused:
        return refused.reasons
    return ()


def _new(case: Case, kind: str) -> str:
    """An id that no item of the type has yet."""
    known = case.items.get(kind, {})
    return next(name for number in range(len(known) + 1) if (name := f"{kind}_{number + 1}") not in known)
