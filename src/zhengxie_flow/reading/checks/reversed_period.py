"""Periods that end before they begin."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.base import Period
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1245"
NAME = "reversed-period"
REASON = Reason(
    en="Nothing is ever in force in a period whose last day lies before its first.",
    zh="终止日早于起始日的期间，从未生效过一天。",
)
GOOD: tuple[Example, ...] = (
    """\
in_force: {from: 2020-01-01, to: 2020-01-01}
""",
)
BAD: tuple[Example, ...] = (
    """\
in_force: {from: 2020-01-01, to: 2019-12-31}
# ^ 2019-12-31
""",
    """\
roles:
  office:
    zh: 办公室
    en: Office
    names:
      - {zh: 办公厅, en: General office, in_force: {from: 2019-03-01, to: 2018-12-31}}
# ^ 2018-12-31
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``in_force`` periods the wrong way round."""
    for thing in things(loaded):
        if isinstance(thing.model, Period):
            begin, end = thing.model.from_, thing.model.to
            if begin is not None and end is not None and end < begin:
                yield fault(CODE, thing.place.at("to"), begin=begin.isoformat(), end=end.isoformat())
