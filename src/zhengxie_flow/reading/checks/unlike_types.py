"""Values compared with something of another type."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.comparing import comparisons
from zhengxie_flow.reading.checks.names import Names
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1249"
NAME = "unlike-types"
REASON = Reason(
    en="A number is held against a number, a day against a day, a choice against choices; nothing else ever holds.",
    zh="数与数比、日与日比、选项与所列选项比；类型不同的比较永远不会成立。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {all: [{headcount: {at_least: 3}}, {decided_on: {before: 2026-01-01}}, {phase: [early, late]}]}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {urgent: {at_least: 1}}}
# ^ 1
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: phase}
# ^ phase
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {headcount: {before: 2026-01-01}}}
# ^ 2026-01-01
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {decided_on: {after: soon}}}
# ^ soon
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {decided_on: {after: {field: phase}}}}
# ^ {field
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, interpretation: I-1,
    limit: {after: hold, timely: true, judged_by: phase}}
# ^ phase
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report tests that values of the type can never pass, and judges of timeliness that say neither yes nor no."""
    for each in comparisons(loaded):
        if not each.fits:
            yield fault(CODE, each.place, name=each.name, type=each.type.type, test=each.test)
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        judge = duty.limit.judged_by if duty.limit is not None else None
        for meaning in Names(process, item=duty.for_).meanings(judge)[:1] if judge is not None else ():
            if meaning.type.type != "bool":
                place = top.at("obligations", name, "limit", "judged_by")
                yield fault(CODE, place, name=judge, type=meaning.type.type, test="judged_by")
