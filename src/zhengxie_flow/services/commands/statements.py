"""State facts, plans, reasons and corrections about a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.events import corrections, statements
from zhengxie_flow.engine.events.statements import Attribution
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.context import Context, write


def _edition(context: Context, compiled: CompiledProcess) -> str:
    return context.calendar(compiled, context.today(compiled)).edition


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
    """A person asserts facts, with a reason and on an authority."""
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
            calendar=_edition(context, compiled),
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
    """An action that has not happened gets a date."""
    return write(
        context,
        case,
        lambda compiled, current: statements.plan(
            compiled, current, action, to, attribution, context.now(), _edition(context, compiled)
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
    """A reason is given for departing from a duty."""
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
            calendar=_edition(context, compiled),
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
    """An earlier event is withdrawn, or replaced with other fields."""
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
            calendar=_edition(context, compiled),
        ),
        key=attribution.key or None,
        expected_version=expected_version,
    )
