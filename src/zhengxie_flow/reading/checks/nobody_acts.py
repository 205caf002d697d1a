"""Actions that nobody may do."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.visits import limits
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1232"
NAME = "nobody-acts"
REASON = Reason(
    en="Somebody has to be answerable for every act; without `by:` anybody could do it and nobody would be.",
    zh="每个行为都要有人负责；不写 by: 就成了谁都能做、谁都不负责。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "3", by: office, from: held, to: closed}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "3", from: held, to: closed}
# ^ close
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report actions without a role that the law does not deem done either."""
    process = loaded.definition.process
    lapses = [ruled.limit.on_lapse for ruled in limits(loaded)]
    deemed = {lapse.deem.action for lapse in lapses if lapse is not None}
    deemed |= {deem.action for action in process.actions.values() for deem in action.deem}
    for name, action in process.actions.items():
        if not action.by and action.by_parameter is None and name not in deemed:
            yield fault(CODE, Place(loaded.process, loaded.process.node).name("actions", name), action=name)
