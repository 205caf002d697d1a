"""Limits that hang on the last day of a duty that has none."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import DueAnchor, Limit, ends
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.visits import anchors
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1234"
NAME = "endless-due"
REASON = Reason(
    en="Only a limit with a last day has a day on which it ends; order alone and minimum windows have none.",
    zh="只有有最后一日的期限才有届满之日；只规定先后、只规定最早日的，没有届满之日。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold}}
  a3.agree: {zh: 会签, en: Agree, law: "3", do: agree, limit: {within: 3, unit: working_day, after: {due: a3.report}}}
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {choose: [{when: urgent, within: 3}, {within: 5}], unit: working_day, after: hold}}
  a3.agree: {zh: 会签, en: Agree, law: "3", do: agree,
    limit: {earliest_of: [{within: 3, unit: working_day, after: {due: a3.report}},
      {within: 1, unit: month, after: hold}]}}
  a3.close: {zh: 办结, en: Close, law: "3", do: close, limit: {within: 3, unit: working_day, after: {due: a3.agree}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, limit: {after: hold}}
  a3.agree: {zh: 会签, en: Agree, law: "3", do: agree, limit: {within: 3, unit: working_day, after: {due: a3.report}}}
# ^ a3.report
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``due`` anchors on duties without a last day; what a parameter makes of a limit is known later."""
    duties = loaded.definition.process.obligations
    for hung in anchors(loaded):
        if not isinstance(hung.anchor, DueAnchor) or hung.anchor.due not in duties:
            continue
        duty = duties[hung.anchor.due]
        if not any(_ends(limit) for limit in (duty.limit.each if duty.limit is not None else ())):
            yield fault(CODE, hung.place.at("due"), duty=hung.anchor.due)


def _ends(limit: Limit) -> bool:
    return limit.parameter is not None or any(ends(part.direction) for part in limit.candidates)
