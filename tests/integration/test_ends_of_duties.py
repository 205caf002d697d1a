"""Every duty of the shipped processes has an end of its own, or stands here with the reason why its case ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengxie_flow.bootstrap import project_files

FILES = project_files(Path(__file__).parents[2])

FOLLOWED = "the article asks for it as long as the matter is followed up, which closing ends"
OPEN = "the article gives no time and nothing has to come after it"
NATIONAL = "the national rule gives no time; the next act of the procedure requires it, or its case ends it"

NO_END = {
    "consultation": {
        "a6.4.basis": "judged at the decision, by a determination alone",
        "a7.4.others": "judged at the report, by a determination alone",
        "a8.collect": FOLLOWED,
        "a8.track": FOLLOWED,
    },
    "tracking": {"a8.collect": FOLLOWED, "a8.track": FOLLOWED, "a8.report": NATIONAL, "a8.t.execution": NATIONAL},
    "supervision": {
        "a13.follow": "a decision of December is followed up in the next year, and the article gives no time",
        "a13.i.conclude": NATIONAL,
        "a13.i.tell": NATIONAL,
    },
    "measure": {
        "a15.version": "whether it was in good time a person says",
        "a16.overlay": OPEN,
        "a18.interpretation": OPEN,
    },
    "expert_review": {"a10.x.review": NATIONAL},
    "hearing": {"a9.h.report": NATIONAL},
    "risk_assessment": {"a12.r.start": NATIONAL, "a12.r.adjust": NATIONAL},
}
"""The duties without an end of their own, by the name of the process."""


def has_end(limit):
    """A limit with a day, or one that an act to come ends; order after an act ends nothing."""
    if limit is None:
        return False
    parts = [part for component in limit.components for part in component.candidates]
    return (
        limit.every is not None
        or any(component.parameter is not None for component in limit.components)
        or any(part.direction != "order_after" for part in parts)
    )


@pytest.mark.parametrize("ident", sorted(FILES.ids()))
def test_what_has_no_end_of_its_own_is_listed_with_a_reason(ident):
    process = FILES.load(ident).definition.process
    closed = {name for action in process.actions.values() for closing in action.closes for name in closing.obligations}
    duties = {name: duty for name, duty in process.obligations.items() if duty.obliges}
    endless = {name for name, duty in duties.items() if name not in closed and not has_end(duty.limit)}
    assert endless == set(NO_END.get(process.process, {}))


@pytest.mark.parametrize("ident", ["jilin/supervision", "jilin/proposal_handling", "jilin/catalogue"])
def test_a_duty_of_the_year_does_not_end_with_a_bookkeeping_act_alone(ident):
    process = FILES.load(ident).definition.process
    closed = {name for closing in process.actions["close"].closes for name in closing.obligations} - {"a7.1.amend"}
    assert closed
    assert [name for name in sorted(closed) if not has_end(process.obligations[name].limit)] == []
