"""Commands `advance` and `record`: an act of now, or one of a past time; with a preview of either."""

from __future__ import annotations

from functools import partial

from zhengxie_flow.engine import Command, decide
from zhengxie_flow.engine.events.evolve import evolve
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.commands.ticking import settle_subcases
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.writing import Make, Submission, write


def act(context: Context, case: str, command: Command, *, expected_version: int | None = None) -> Event:
    """Write the event of an act.

    Args:
        context: The ports.
        case: The id of the case.
        command: The act; without a time it is one of now.
        expected_version: The version the case must have.

    Returns:
        The event as it is stored.

    Raises:
        Refused: An act of now is not allowed; ``reasons`` holds every one.
        NotFound: The case, action or item is unknown.
        UsageError: The command cannot be read.
        Conflict: The version or the key does not fit.
    """
    live = command.at is None
    if live:
        settle_subcases(context, case)
    submission = Submission(case, command.attribution, expected_version)
    return write(context, submission, _make(context, command), act=True, live=live)


def preview(context: Context, case: str, command: Command) -> tuple[Event, Case]:
    """Preview an act without writing.

    Args:
        context: The ports.
        case: The id of the case.
        command: The act; without a time it is one of now.

    Returns:
        The event that would be written, and the case after it.

    Raises:
        Refused: An act of now is not allowed; ``reasons`` holds every one.
        NotFound: The case, action or item is unknown.
        UsageError: The command cannot be read.
    """
    derived = read_derived(context, case)
    event = _make(context, command)(derived.compiled, derived.case)
    return event, evolve(derived.case, event)


def _make(context: Context, command: Command) -> Make:
    return lambda compiled, case: decide(compiled, case, command, partial(context.calendar, compiled), context.now())
