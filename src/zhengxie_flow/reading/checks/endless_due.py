"""Limits that hang on the last day of a duty that has none."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import DueAnchor
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
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, limit: {after: hold}}
  a3.agree: {zh: 会签, en: Agree, law: "3", do: agree, limit: {within: 3, unit: working_day, after: {due: a3.report}}}
# ^ a3.report
""",
)


_ENDING = ("forward", "backward", "by_date")


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``due`` anchors on duties without a last day, or owed for items of another type."""
    duties = loaded.definition.process.obligations
    for hung in anchors(loaded):
        if not isinstance(hung.anchor, DueAnchor) or hung.anchor.due not in duties:
            continue
        duty = duties[hung.anchor.due]
        ends = duty.limit is not None and duty.limit.direction in _ENDING
        if not ends or duty.for_ not in (None, duties[hung.duty].for_):
            yield fault(CODE, hung.place.at("due"), duty=hung.anchor.due)
