"""Outcomes that a decision does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1209"
NAME = "unknown-outcome"
REASON = Reason(
    en="A decision never has an outcome that it does not list, so the condition could never hold.",
    zh="决策表不会得出其未列出的结果，这样的条件永远不成立。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {decided: {duty: [required, may_skip]}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {decided: {duty: skip}}}
# ^ skip
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report outcomes that a decision does not have."""
    yield from unknown(loaded, "outcome", CODE)
