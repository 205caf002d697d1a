"""Statements about a case: determinations, plans, explanations and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhengxie_flow.engine.events import corrections, statements
from zhengxie_flow.engine.events.statements import Attribution
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import write


def determine(
    context: Context,
    case: str,
    facts: Mapping[str, Any],
    attribution: Attribution,
    *,
    reason: str,
    basis: str | None = None,
    expected_version: int | None = None,
) -> Event:
    """Determine facts, with a reason and on an authority.

    Args:
        context: The ports.
        case: The id of the case.
        facts: Values by the name of a fact.
        attribution: The role, time and item of the determination.
        reason: The reason, as it is kept.
        basis: The document or clause it rests on.
        expected_version: The version the case must have.

    Returns:
        The event ``determined``.

    Raises:
        NotFound: The case or the item is unknown.
        UsageError: A fact is unknown or its value cannot be read, or there is no reason.
        Refused: The role may not determine a fact.
        Conflict: The version or the key does not fit.
    """
    return write(
        context,
        case,
        lambda compiled, current: statements.determine(
            compiled,
            current,
            facts,
            attribution,
            context.now(),
            reason=reason,
            basis=basis,
            calendar=context.calendar_hash(compiled),
        ),
        key=attribution.key or None,
        expected_version=expected_version,
    )


def plan(
    context: Context,
    case: str,
    action: str,
    to: date | datetime,
    attribution: Attribution,
    *,
    expected_version: int | None = None,
) -> Event:
    """Plan an action that has not happened for a day.

    Args:
        context: The ports.
        case: The id of the case.
        action: The id of the action.
        to: The planned day or instant.
        attribution: The role, time and item of the plan.
        expected_version: The version the case must have.

    Returns:
        The event ``planned``.

    Raises:
        NotFound: The case, action or item is unknown.
        Conflict: The version or the key does not fit.
    """
    return write(
        context,
        case,
        lambda compiled, current: statements.plan(
            compiled, current, action, to, attribution, context.now(), context.calendar_hash(compiled)
        ),
        key=attribution.key or None,
        expected_version=expected_version,
    )


def explain(
    context: Context,
    case: str,
    obligation: str,
    attribution: Attribution,
    *,
    reason: str,
    public: bool = False,
    expected_version: int | None = None,
) -> Event:
    """Explain a departure from a duty.

    Args:
        context: The ports.
        case: The id of the case.
        obligation: The id of the obligation or requirement.
        attribution: The role, time and item of the explanation.
        reason: The reason, as it is kept.
        public: True where the reason was made public.
        expected_version: The version the case must have.

    Returns:
        The event ``explained``.

    Raises:
        NotFound: The case, obligation or item is unknown.
        UsageError: There is no reason.
        Conflict: The version or the key does not fit.
    """
    return write(
        context,
        case,
        lambda compiled, current: statements.explain(
            compiled,
            current,
            obligation,
            reason,
            attribution,
            context.now(),
            public=public,
            calendar=context.calendar_hash(compiled),
        ),
        key=attribution.key or None,
        expected_version=expected_version,
    )


def correct(
    context: Context,
    case: str,
    event: int,
    attribution: Attribution,
    *,
    reason: str,
    retract: bool = False,
    changes: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> Event:
    """Correct an earlier event: withdraw it, or replace its fields.

    Args:
        context: The ports.
        case: The id of the case.
        event: The sequence number of the event.
        attribution: The role and time of the correction.
        reason: The reason, as it is kept.
        retract: True to withdraw the event.
        changes: The new values of its fields.
        expected_version: The version the case must have.

    Returns:
        The event ``corrected``.

    Raises:
        NotFound: The case or the event is unknown.
        UsageError: There is no reason, the event cannot be corrected, or a field is unknown.
        Conflict: The version or the key does not fit.
    """
    return write(
        context,
        case,
        lambda compiled, current: corrections.correct(
            compiled,
            current,
            event,
            attribution,
            context.now(),
            reason=reason,
            retract=retract,
            changes=changes,
            calendar=context.calendar_hash(compiled),
        ),
        key=attribution.key or None,
        expected_version=expected_version,
    )
