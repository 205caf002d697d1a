"""``before`` a day that was set: the last day shown is the one before it, and it is the last that passes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.engine.test_limits import did, lines, the

DAY = "2026-03-20"
MOMENT = "2026-03-20T12:00:00+08:00"
ACTIONS = {"announce": {"by": "office", "with": {"opens": {"type": "date"}, "at_noon": {"type": "instant"}}}}
FACT = {"at": "2026-03-02", "determine": {"day": DAY}, "reason": "r"}
LATE_FACT = {"at": DAY, "determine": {"day": DAY}, "reason": "r"}
FIELD = did("2026-03-02", "announce", **{"with": {"opens": DAY}})


def judged(anchor: Any, *told: dict[str, Any], as_of: str = "2026-04-01") -> Any:
    return the(lines({"before": anchor}, list(told), as_of, actions=ACTIONS))


@pytest.mark.parametrize(
    ("anchor", "setting"),
    [
        ("day", FACT),
        ("announce.opens", FIELD),
        ({"first_of": ["day", "publish"]}, FACT),
        ({"last_of": ["day", "announce.opens"]}, FACT | {"at": "2026-03-03"}),
    ],
)
def test_the_last_day_is_the_one_before(anchor, setting):
    told = [FIELD, setting] if "last_of" in anchor else [setting]
    waiting = judged(anchor, *told, as_of="2026-03-19")
    assert (waiting.verdict, waiting.latest) == ("pending", date(2026, 3, 19))
    assert judged(anchor, *told, as_of=DAY).verdict == "breach"
    assert judged(anchor, *told, did("2026-03-19", "answer")).verdict == "pass"
    assert judged(anchor, *told, did(DAY, "answer")).verdict == "breach"


def test_the_order_on_the_very_day_does_not_matter():
    assert judged("day", did(DAY, "answer"), LATE_FACT).verdict == "breach"
    assert judged("day", did("2026-03-19", "answer"), LATE_FACT).verdict == "pass"


def test_an_act_and_an_instant_are_places_in_a_day():
    published = did(DAY, "publish")
    assert judged("publish", did(DAY, "answer"), published).verdict == "pass"
    assert judged("publish", published, did(DAY, "answer")).latest == date(2026, 3, 20)
    noon = did("2026-03-02", "announce", **{"with": {"at_noon": MOMENT}})
    assert judged("announce.at_noon", noon, as_of="2026-03-19").latest == date(2026, 3, 20)
