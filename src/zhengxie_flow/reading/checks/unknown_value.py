"""Choices that a fact or field does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.comparing import comparisons
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.unknown import suggestion, unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1250"
NAME = "unknown-value"
REASON = Reason(
    en="A choice is one of those listed; held against any other, a condition never holds.",
    zh="选项只能取列出的值；与未列出的值相比，条件永远不成立。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {phase: early}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {phase: erly}}
# ^ erly
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    when: {some: guest, where: {group: [expert, publik]}}}
# ^ publik
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report values in conditions that are not among the choices of their fact or field."""
    for each in comparisons(loaded):
        choices = each.type.of
        if isinstance(choices, dict) and isinstance(each.value, str) and each.value not in choices:
            yield fault(CODE, each.place, **suggestion(each.value, choices))
    yield from unknown(loaded, "value", CODE)
