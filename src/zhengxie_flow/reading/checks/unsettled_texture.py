"""Open words of the law that no register entry settles."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1241"
NAME = "unsettled-texture"
REASON = Reason(
    en="Where the law says in good time and gives no number, the register says who determines it and how.",
    zh="法条只说“及时”而没有数字的，由谁认定、如何认定，应登记在解释登记中。",
)
GOOD: tuple[Example, ...] = (
    """\
facts:
  in_time: {type: bool, zh: 报告及时, en: Reported in good time, law: "3", by: mayor}
obligations:
  a3.report: {zh: 及时报告, en: Report in good time, law: "3", do: report, evidence: text, interpretation: I-1,
    limit: {after: hold, timely: true, judged_by: in_time}}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  in_time: {type: bool, zh: 报告及时, en: Reported in good time, law: "3", by: mayor}
obligations:
  a3.report: {zh: 及时报告, en: Report in good time, law: "3", do: report, evidence: text,
    limit: {after: hold, timely: true, judged_by: in_time}}
# ^ true
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``timely`` duties without an interpretation, of their own or of the fact that judges them."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        if duty.limit is None or not duty.limit.timely or duty.interpretation:
            continue
        judge = process.facts.get(duty.limit.judged_by or "")
        if judge is None or not judge.interpretation:
            yield warning(CODE, top.at("obligations", name, "limit", "timely"), duty=name)
