"""Decisions that the rules do not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1208"
NAME = "unknown-decision"
REASON = Reason(
    en="A decision that is asked about must stand in the rules of the same folder.",
    zh="条件所问的决策表，必须写在同名的规则目录里。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {decided: {duty: required}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {decided: {dutty: required}}}
# ^ dutty
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report decisions that the rules do not have."""
    yield from unknown(loaded, "decision", CODE)
