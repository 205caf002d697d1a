"""Words that are no verdict."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1211"
NAME = "unknown-verdict"
REASON = Reason(
    en="A duty never stands in a verdict that the engine does not know.",
    zh="义务的结论只能是规定的十八种之一。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {verdict: {a2.notice: [pass, exempt]}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {verdict: {a2.notice: [pass, excempt]}}}
# ^ excempt
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report words that are no verdict."""
    yield from unknown(loaded, "verdict", CODE)
