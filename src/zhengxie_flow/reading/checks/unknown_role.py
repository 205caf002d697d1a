"""Roles that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1201"
NAME = "unknown-role"
REASON = Reason(
    en="Whoever acts must be a role of the process, or a type of item that acts itself.",
    zh="行为主体必须是本流程的角色，或能自行作出行为的对象类型。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: [office, mayor], from: held, to: closed}
""",
    """\
actions:
  object: {zh: 提出异议, en: Object, law: "2", by: guest, from: held, for: guest}
""",
)
BAD: tuple[Example, ...] = (
    {
        "talk.yaml": """\
facts:
  chair: {type: role, zh: 主持人, en: Chair, law: "2", by: office}
""",
        "scenario.yaml": """\
given: {facts: {chair: mayer}}
# ^ mayer
events:
  - {at: 2026-02-05, determine: {chair: offise}, by: office, reason: 会议纪要}
# ^ offise
""",
    },
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: [office, mayr], from: held, to: closed}
# ^ mayr
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", who: offices, do: report, evidence: text}
# ^ offices
""",
    """\
facts:
  urgent: {type: bool, zh: 紧急, en: Urgent, law: "5", by: ofice}
# ^ ofice
""",
    """\
obligations:
  a3.joint:
    zh: 先会签后报告
    en: Report after the mayor agreed
    law: "3"
    do: report
    evidence: text
    when: {done: agree, where: {by: major}}
# ^ major
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report roles that the process does not have."""
    yield from unknown(loaded, "role", CODE)
