"""States that the process does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1202"
NAME = "unknown-state"
REASON = Reason(
    en="Actions lead from and to states of the process, and conditions ask about those alone.",
    zh="行为的起止状态、条件所问的状态，都必须是本流程写明的状态。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: office, from: [planned, held], to: closed}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: office, from: [planed, held], to: closed}
# ^ planed
""",
    """\
actions:
  close:
    zh: 办结
    en: Close
    law: "1"
    by: office
    moves:
      - {from: held, to: finished}
# ^ finished
""",
    """\
obligations:
  a3.report:
    zh: 报告
    en: Report
    law: "3"
    do: report
    evidence: text
    when: {not: {in_state: over}}
# ^ over
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report states that the process does not have."""
    yield from unknown(loaded, "state", CODE)
