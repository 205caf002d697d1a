"""Types of items that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1204"
NAME = "unknown-item-type"
REASON = Reason(
    en="Duties quantify over the items of a type; of a type that is not there, they would bind nobody.",
    zh="没有写明的类型不会有对象，按它逐项成立的义务便落空。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {some: guest}}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", for: guests, do: report, evidence: text}
# ^ guests
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {count: gest, at_least: 1}}
# ^ gest
""",
    """\
actions:
  note: {zh: 登记, en: Note, law: "2", by: office, from: held, adds: opinion}
# ^ opinion
""",
    """\
facts:
  host: {type: ref, of: gues, zh: 主持人, en: Host, law: "2", by: office}
# ^ gues
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report types of items that the process does not have."""
    yield from unknown(loaded, "item", CODE)
