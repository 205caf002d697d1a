"""What a limit comes to while its outcomes differ: the strictest day, and the bounds of all."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from tests.support import cn

from zhengxie_flow.engine.limits.anchors import AnchorState
from zhengxie_flow.engine.limits.extensions import AppliedExtension, merged_changes
from zhengxie_flow.engine.limits.resolved import ResolvedLimit, merged
from zhengxie_flow.engine.limits.running_limit import RunningLimit
from zhengxie_flow.errors import CalendarError
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import UncountableLimit

CALENDAR = cn(date(2026, 11, 22))
FORWARD = Limit.model_validate({"within": 5, "unit": "working_day", "after": "receive"})
MINIMUM = Limit.model_validate({"at_least": 5, "unit": "working_day", "after": "receive"})
START = AnchorState("actual", date(2026, 3, 2), (date(2026, 3, 2), 2), 2)
DAYS = (None, date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 30))


def resolved(limit: Limit, day: date | None, spread: int = 0, **more: Any) -> ResolvedLimit:
    low = None if day is None else day - timedelta(days=spread)
    high = None if day is None else day + timedelta(days=spread)
    return ResolvedLimit(limit, START, CALENDAR, limit, day=day, low=low, high=high, **more)


@pytest.mark.parametrize("limit", [FORWARD, MINIMUM], ids=["forward", "minimum"])
@pytest.mark.parametrize("days", [days for size in (1, 2, 3) for days in product(DAYS, repeat=size)])
def test_the_strictest_day_with_the_bounds_of_all(limit: Limit, days: tuple[date | None, ...]) -> None:
    possible = [resolved(limit, day, spread) for spread, day in enumerate(days)]
    result = merged(possible, ("unclear",))
    if len(possible) == 1:
        assert result is possible[0]
        return
    dated = [part for part in possible if part.day is not None]
    strictest = (max if limit is MINIMUM else min)((part.day for part in dated if part.day), default=None)
    assert (result.day, result.needs) == (strictest, ("unclear",))
    alike = len({(part.day, part.low, part.high) for part in possible}) == 1
    assert result.differs == (not alike)
    if not alike:
        assert result.low == min((part.low for part in dated if part.low), default=None)
        latest = max((part.high for part in dated if part.high), default=None)
        assert result.high == (latest if len(dated) == len(possible) else None)
        assert not result.firm


def act(number: int) -> Act:
    return Act((date(2026, 3, number), number), "extend", "office", None, {})


def applied(number: int, verdict: Verdict = Verdict.PASS, units: int = 3, **more: Any) -> AppliedExtension:
    return AppliedExtension(act(number), verdict, units=units, **more)


def test_extensions_that_come_out_alike_stand_and_others_need_a_judgement() -> None:
    one, two, other = applied(3), applied(4), applied(4, Verdict.INVALID, 0)
    longer = applied(4, units=5)
    doubt = AppliedExtension(act(4), Verdict.NEEDS_JUDGEMENT, needs=("unclear",))
    missing = AppliedExtension(act(3), Verdict.NEEDS_JUDGEMENT, needs=("unclear",))
    for runs, expected in (
        ([[one, two]], (one, two)),
        ([[one, two], [one, two]], (one, two)),
        ([[one, two], [one, other]], (one, doubt)),
        ([[one, two], [one, longer]], (one, two)),  # how far it goes may differ; that it counts does not
        ([[one, two], [two]], (missing, two)),
        ([[two], [one, two]], (two, missing)),
        ([[], [one]], (missing,)),
        ([[], []], ()),
    ):
        assert merged_changes(runs, ("unclear",)) == expected
    clocks = [
        RunningLimit(START, FORWARD, day, day, None, changes=(change,))
        for day, change in ((DAYS[1], two), (DAYS[2], other))
    ]
    result = merged([resolved(FORWARD, clock.day, clock=clock) for clock in clocks], ("unclear",))
    assert result.changes == (doubt,)
    assert result.day == DAYS[1]


def test_a_limit_that_cannot_be_counted_says_so() -> None:
    beyond = CalendarError("ZX2008", day=date(2040, 1, 1), n=5, first=CALENDAR.first, last=CALENDAR.last)
    proof = resolved(FORWARD, None, beyond=beyond).working()
    assert proof == UncountableLimit(direction="forward", start=START.day, outside=beyond.params)
    assert resolved(FORWARD, None).working() is None
    assert ResolvedLimit(FORWARD, START, CALENDAR, day=DAYS[1]).working() is None


def test_firm_is_what_no_notice_and_no_answer_can_move() -> None:
    day = date(2026, 3, 9)
    firm, open_ = CALENDAR.within(date(2026, 3, 2), 5), CALENDAR.within(date(2026, 12, 21), 5)
    assert resolved(FORWARD, day).firm and resolved(FORWARD, day, count=firm).firm
    assert not resolved(FORWARD, day, count=open_).firm
    assert not resolved(FORWARD, day, 1).firm
    assert not resolved(FORWARD, day, differs=True).firm
    assert not resolved(FORWARD, day, 1, count=firm).firm
