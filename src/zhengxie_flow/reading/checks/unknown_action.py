"""Actions that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1203"
NAME = "unknown-action"
REASON = Reason(
    en="Duties, limits, exemptions and conditions speak of acts; each must be an action of the process.",
    zh="义务、期限、豁免和条件所说的行为，都必须是本流程写明的行为。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: {done: hold}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: [report, reprt], evidence: text}
# ^ reprt
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, limit: {after: {done: helt}}}
# ^ helt
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {done: hold, before: publish}}
# ^ publish
""",
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spar, lifts: [a2.notice]}
# ^ spar
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report actions that the process does not have."""
    yield from unknown(loaded, "action", CODE)
