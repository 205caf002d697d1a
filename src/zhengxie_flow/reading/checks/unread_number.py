"""Numbers from instruments that nobody has read."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1224"
NAME = "unread-number"
REASON = Reason(
    en="An instrument marked unread is known by its title alone, so no number of days can come from it.",
    zh="标为未读的文件只知其名，不能由它得出任何天数。",
)
GOOD: tuple[Example, ...] = (
    {
        "law.yaml": """\
incorporates:
  other-2015: {zh: 他办法, en: Other measures, source_status: read}
""",
        "talk.yaml": """\
obligations:
  a3.report: {zh: 报告, en: Report, law: {other-2015: "7"}, do: report, evidence: text,
    limit: {within: 7, unit: calendar_day, after: hold}}
""",
    },
    {
        "law.yaml": """\
incorporates:
  other-2015: {zh: 他办法, en: Other measures, source_status: unread}
""",
        "talk.yaml": """\
obligations:
  a3.report: {zh: 报告, en: Report, law: {other-2015: "7"}, do: report, evidence: text, interpretation: I-1,
    limit: {within: 7, unit: calendar_day, after: hold}}
""",
    },
)
BAD: tuple[Example, ...] = (
    {
        "law.yaml": """\
incorporates:
  other-2015: {zh: 他办法, en: Other measures, source_status: unread}
""",
        "talk.yaml": """\
obligations:
  a3.report: {zh: 报告, en: Report, law: {other-2015: "7"}, do: report, evidence: text,
    limit: {within: 7, unit: calendar_day, after: hold}}
# ^ 7
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report limits with an amount that rest on an unread instrument and on no entry of the register."""
    law, top = loaded.definition.law, Place(loaded.process, loaded.process.node)
    unread = {name for name, other in law.incorporates.items() if other.source_status == "unread"} if law else set()
    for name, duty in loaded.definition.process.obligations.items():
        cited = [ref.instrument for ref in duty.law if ref.instrument in unread]
        if not cited or duty.limit is None or duty.interpretation:
            continue
        for key in ("within", "at_least"):
            if getattr(duty.limit, key) is not None:
                yield fault(CODE, top.at("obligations", name, "limit", key), instrument=cited[0])
