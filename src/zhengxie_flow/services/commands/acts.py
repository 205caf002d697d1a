"""Advance and record: ask for an act now, or tell what happened; preview either without the write."""

from __future__ import annotations

from functools import partial

from zhengxie_flow.engine import Command, decide
from zhengxie_flow.engine.events.evolve import evolve
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.context import Context, Make, with_lapsed_acts, write
from zhengxie_flow.services.queries.subcase_lapse import settle_subcases, with_lapsed_subcases


def act(context: Context, case: str, command: Command, *, expected_version: int | None = None) -> Event:
    """Write what a command leads to.  Raises `Refused` with every reason when it asks for what is not allowed now."""
    make, key = _make(context, command), command.key or None
    if command.at is None:
        settle_subcases(context, case)
    return write(context, case, make, key=key, expected_version=expected_version, live=command.at is None)


def preview(context: Context, case: str, command: Command) -> tuple[Event, Case]:
    """What a command would write, and the case after it; nothing is written."""
    compiled, current = context.read(case)
    if command.at is None:
        current = with_lapsed_subcases(context, compiled, current, context.today(compiled))
        current, _ = with_lapsed_acts(context, compiled, current)
    event = _make(context, command)(compiled, current)
    return event, evolve(current, event)


def _make(context: Context, command: Command) -> Make:
    return lambda compiled, case: decide(compiled, case, command, partial(context.calendar, compiled), context.now())
