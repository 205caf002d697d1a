"""Limits that hang on the last day of a duty owed for each item, where no one item is meant."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import DueAnchor
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.visits import anchors
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1254"
NAME = "due-of-each"
REASON = Reason(
    en="A duty owed for each item has a last day for each; which of them is meant is known only for that item.",
    zh="对每个对象分别负的义务，各有各的最后一日；不针对其中某一个的期限，不知道从哪一个起算。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a2.again: {zh: 再次通知, en: Notice again, law: "2", who: office, for: guest, do: notify, evidence: method,
    limit: {within: 3, unit: working_day, after: {due: a2.notice}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", who: office, do: report, evidence: text,
    limit: {within: 3, unit: working_day, after: {due: a2.notice}}}
# ^ a2.notice
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``due`` anchors on duties owed for items of a type, in limits that are not owed for such items."""
    duties = loaded.definition.process.obligations
    for hung in anchors(loaded):
        if not isinstance(hung.anchor, DueAnchor) or hung.anchor.due not in duties:
            continue
        kind = duties[hung.anchor.due].for_
        if kind not in (None, duties[hung.duty].for_):
            yield fault(CODE, hung.place.at("due"), duty=hung.anchor.due, type=kind, owed=hung.duty)
