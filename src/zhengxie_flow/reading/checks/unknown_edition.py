"""Editions that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1255"
NAME = "unknown-edition"
REASON = Reason(
    en="A case can only go on under an edition that there is: by its name, or by the day it begins.",
    zh="案件只能转入已有的版本：写版本名，或写其施行之日。",
)
GOOD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, plan: hold, to: 2026-03-04, by: office}
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "scenario.yaml": """\
events:
  - {at: 2026-02-05, move: "2027", by: office, reason: 按修订后的办法办理}
# ^ "2027"
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report moves to editions that the process does not have."""
    yield from unknown(loaded, "edition", CODE)
