"""Duties that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1207"
NAME = "unknown-obligation"
REASON = Reason(
    en="A duty that is lifted, closed, required or asked about must be owed somewhere.",
    zh="被免除、被关闭、被要求或被询问的义务，必须已经写明。",
)
GOOD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [a2.notice, a2.agreed]}
""",
)
BAD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [a2.notise]}
# ^ a2.notise
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {verdict: {a2.notices: pass}}}
# ^ a2.notices
""",
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: office, from: held, to: closed, closes: a3.rapport}
# ^ a3.rapport
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: {due: a2.agreed}}}
# ^ a2.agreed
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report duties that the process does not have."""
    for kind in ("duty", "obligation"):
        yield from unknown(loaded, kind, CODE)
