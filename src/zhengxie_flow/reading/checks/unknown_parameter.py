"""Parameters that the rules do not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1253"
NAME = "unknown-parameter"
REASON = Reason(
    en="A limit with a parameter needs that parameter in the rules, if only to say that it is not set.",
    zh="期限的天数取自参数的，规则目录里必须有这个参数；尚未确定的，也要写明未定。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, limit: {after: hold, parameter: period}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, limit: {after: hold, parameter: perriod}}
# ^ perriod
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report parameters that the rules do not have."""
    yield from unknown(loaded, "parameter", CODE)
