"""Editions that overlap, or leave days between them on which none is in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1273"
NAME = "edition-periods"
REASON = Reason(
    en="On every day exactly one edition is in force: it judges what was performed or fell due on that day.",
    zh="每一天只有一个版本施行；当日履行或者到期的义务由它判断。",
)
_EDITION = """\
language: 1
edition: "2021"
amends: example/talk
in_force: {from: 2021-01-01}
"""
GOOD: tuple[Example, ...] = (
    {"processes/example/editions/talk/2021.yaml": _EDITION},
    {
        "talk.yaml": "in_force: {from: 2020-01-01, to: 2020-12-31}\n",
        "processes/example/editions/talk/2021.yaml": _EDITION,
    },
)
BAD: tuple[Example, ...] = (
    {
        "processes/example/editions/talk/2019.yaml": """\
language: 1
edition: "2019"
amends: example/talk
in_force: {from: 2019-01-01}
# ^ 2019-01-01
"""
    },
    {
        "processes/example/editions/talk/a.yaml": _EDITION,
        "processes/example/editions/talk/b.yaml": """\
language: 1
edition: "2021b"
amends: example/talk
in_force: {from: 2021-01-01}
# ^ 2021-01-01
""",
    },
    {
        "talk.yaml": "in_force: {from: 2020-01-01, to: 2020-06-30}\n",
        "processes/example/editions/talk/2021.yaml": _EDITION + "# ^ 2021-01-01\n",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report an edition that does not begin where the one before it ends."""
    for before, after in pairwise((loaded, *loaded.editions)):
        period, begins = before.definition.process.in_force, after.definition.process.in_force.from_
        if begins is None or after.amendment is None:
            continue
        follows = period.to is None or period.to + timedelta(days=1) == begins
        if not follows or (period.from_ or date.min) >= begins:
            place = Place(after.amendment, after.amendment.node, ("in_force", "from"))
            yield fault(CODE, place, before=str(period.from_ or "-"), until=str(period.to or "-"), begins=str(begins))
