"""Subcases that a condition asks about and that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1291"
NAME = "unknown-subcase"
REASON = Reason(
    en="Conditions ask about the subcases that the process declares, so that a misspelt name is never simply false.",
    zh="条件只能问流程写明的子案件，以免写错的名称悄悄成为「否」。",
)
GOOD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {subcase: {second: completed}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
subcases:
  second: {zh: 再次会商, en: Second meeting, law: "3", process: example/talk}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {subcase: {secund: completed}}}
# ^ secund
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report names of subcases that lead nowhere."""
    yield from unknown(loaded, "subcase", CODE)
