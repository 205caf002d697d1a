"""Urging those who owe a duty to perform it."""

from __future__ import annotations

from zhengxie_flow.engine import CompiledProcess, urging
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import Submission, write


def urge(context: Context, submission: Submission, obligation: str, note: str | None = None) -> Written:
    """Urge those who owe a duty to perform it.

    Args:
        context: The ports.
        submission: The case, with the role that urges, the time, and the item the duty is owed for.
        obligation: The id of the duty.
        note: What is said beside it, as it is kept.

    Returns:
        The event ``urged``.

    Raises:
        NotFound: The case, obligation or item is unknown.
        Refused: The role may not urge, the duty is not open, or the last reminder is too fresh.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"urge:{obligation}", submission.case, submission.attribution))

    def recorded(compiled: CompiledProcess, case: Case) -> Event:
        recording = Recording(compiled, case, submission.attribution, context.recording_time(compiled))
        return urging.urge(recording, context.derived(compiled, case), obligation, note)

    return write(context, submission, recorded)
