"""The day for which an act counts that sends something: when it was posted, or when it arrived, by the convention."""

from __future__ import annotations

from datetime import date, timedelta
from typing import assert_never

from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.personal import readable


def day_of_proof(view: CaseView, resolved: ResolvedLimit, act: Act) -> date:
    """The day by which an act is held against its limit.

    Args:
        view: The case up to a position on its timeline.
        resolved: The limit.
        act: The act.

    Returns:
        The day the act counts for; of something sent, where a convention says so, the day it was posted or arrived.
    """
    own = view.deemed(act)
    rule = None if resolved.rules is None else resolved.rules.rules.proof
    sent = None if resolved.part is None else resolved.part.sent
    if rule is None or sent is None:
        return own
    posted, received = _day(act, sent.posted) or own, _day(act, sent.received) or own
    kind = rule.is_
    match kind:
        case "posted":
            return posted
        case "received":
            return received
        case "either":
            last = resolved.day or date.max
            arrived = rule.within_days is None or received <= last + timedelta(days=rule.within_days)
            return posted if received > last and posted <= last and arrived else received
        case _:
            assert_never(kind)


def _day(act: Act, name: str | None) -> date | None:
    value = None if name is None else readable(act.fields.get(name))
    return None if value is None else date.fromisoformat(str(value)[: len("2026-01-01")])
