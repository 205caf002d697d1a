"""Names in conditions that are neither a field in sight nor a fact of the case."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1205"
NAME = "unknown-name"
REASON = Reason(
    en="A condition about a name that is neither a field nor a fact stays unknown for ever.",
    zh="条件中的名称若既不是字段也不是事实，其值永远未知。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {any: [urgent, {done: notify, where: {method: mail}}]}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: urgnt}
# ^ urgnt
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {some: guest, is: {grup: expert}}}
# ^ grup
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: decided}}
# ^ decided
""",
    """\
obligations:
  a3.report:
    zh: 报告
    en: Report
    law: "3"
    do: report
    evidence: text
    when: {done: report, where: {signed_on: {before: {field: decided_onn}}}}
# ^ decided_onn
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report names in conditions that are neither a field in sight nor a fact of the case."""
    yield from unknown(loaded, "name", CODE)
