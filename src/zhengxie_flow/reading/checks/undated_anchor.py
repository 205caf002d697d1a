"""Limits that hang on something that has no day."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import NamedAnchor
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.visits import anchors
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1235"
NAME = "undated-anchor"
REASON = Reason(
    en="A clock starts on a day: that of an act, a date or an instant, or the day something was found true.",
    zh="期限自某日起算：行为之日、日期或时刻所在之日，或某事认定成立之日。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: decided_on}}
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: urgent}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: headcount}}
# ^ headcount
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", for: guest, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: agrees}}
# ^ agrees
""",
)


_DAYS = ("date", "instant")


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report anchors that are neither an action, nor a date or instant, nor a bool fact of the case."""
    for hung in anchors(loaded):
        if not isinstance(hung.anchor, NamedAnchor) or hung.anchor.name in loaded.definition.process.acts:
            continue
        for meaning in hung.names.meanings(hung.anchor.name)[:1]:
            kind = meaning.type.type
            if kind not in _DAYS and not (kind == "bool" and meaning.whose == "fact"):
                yield fault(CODE, hung.place, name=hung.anchor.name, type=kind)
