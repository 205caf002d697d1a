"""Fields that the act in question does not carry."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1210"
NAME = "unknown-field"
REASON = Reason(
    en="A field that no act carries is always empty: evidence would never be there, a date never known.",
    zh="行为不带有的字段永远为空：证据不会存在，日期无从得知。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.reply: {zh: 报告, en: Report, law: "3", do: report, evidence: [text],
    limit: {within: 5, unit: working_day, after: report.signed_on}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: [txt]}
# ^ txt
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: report.signed}}
# ^ report.signed
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report fields that the act in question does not carry."""
    yield from unknown(loaded, "field", CODE)
