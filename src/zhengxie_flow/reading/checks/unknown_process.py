"""Processes that a subcase is said to be of, and that the project does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1290"
NAME = "unknown-process"
REASON = Reason(
    en="A subcase is a case of another process of the project, whose states become acts of this one.",
    zh="子案件是本项目另一流程的案件，那个流程的状态在这里就是行为。",
)
GOOD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk}
""",
)
BAD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/tolk}
# ^ example/tolk
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report names of processes that lead nowhere."""
    yield from unknown(loaded, "process", CODE)
