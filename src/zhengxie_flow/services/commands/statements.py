"""Statements about a case: determinations, plans, explanations and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhengxie_flow.engine.events import corrections, statements
from zhengxie_flow.engine.events.corrections import Correction
from zhengxie_flow.errors import UsageError, Where
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import Submission, write_statement


def determine(
    context: Context, submission: Submission, facts: Mapping[str, Any], *, reason: str, basis: str | None = None
) -> Written:
    """Determine facts, with a reason and on an authority.

    Args:
        context: The ports.
        submission: The case, with the role, time and item of the determination.
        facts: Values by the name of a fact.
        reason: The reason, as it is kept.
        basis: The document or clause it rests on.

    Returns:
        The event ``determined``.

    Raises:
        NotFound: The case or the item is unknown.
        UsageError: A fact is unknown or its value cannot be read, or there is no reason.
        Refused: The role may not determine a fact.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"determine:{','.join(facts)}", submission.case, submission.attribution))
    return write_statement(
        context,
        submission,
        lambda recording: statements.determine(recording, facts, reason=reason, basis=basis),
    )


def plan(context: Context, submission: Submission, action: str, to: date | datetime) -> Written:
    """Plan an action that has not happened for a day.

    Args:
        context: The ports.
        submission: The case, with the role, time and item of the plan.
        action: The id of the action.
        to: The planned day or instant.

    Returns:
        The event ``planned``.

    Raises:
        NotFound: The case, action or item is unknown.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"plan:{action}", submission.case, submission.attribution))
    return write_statement(context, submission, lambda recording: statements.plan(recording, action, to))


def explain(context: Context, submission: Submission, obligation: str, *, reason: str, public: bool = False) -> Written:
    """Explain a departure from a duty.

    Args:
        context: The ports.
        submission: The case, with the role, time and item of the explanation.
        obligation: The id of the obligation or requirement.
        reason: The reason, as it is kept.
        public: True where the reason was made public.

    Returns:
        The event ``explained``.

    Raises:
        NotFound: The case, obligation or item is unknown.
        UsageError: There is no reason.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"explain:{obligation}", submission.case, submission.attribution))
    return write_statement(
        context, submission, lambda recording: statements.explain(recording, obligation, reason, public=public)
    )


def correct(context: Context, submission: Submission, correction: Correction) -> Written:
    """Correct an earlier event: withdraw it, or replace its fields.

    Args:
        context: The ports.
        submission: The case, with the role and time of the correction.
        correction: The event to correct, and what becomes of it.

    Returns:
        The event ``corrected``.

    Raises:
        NotFound: The case or the event is unknown.
        UsageError: There is no role or no reason, the event cannot be corrected, or a field is unknown.
        Refused: The role may not correct.
        Conflict: The version or the key does not fit.
    """
    if submission.attribution.by is None:
        raise UsageError("ZX4042", where=Where(case=submission.case))
    authorise(context, request_of(f"correct:{correction.event}", submission.case, submission.attribution))
    return write_statement(context, submission, lambda recording: corrections.correct(recording, correction))
