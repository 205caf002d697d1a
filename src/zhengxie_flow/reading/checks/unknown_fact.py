"""``with`` entries without a type that name no fact, and facts given that there are not."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1206"
NAME = "unknown-fact"
REASON = Reason(
    en="An entry under `with:` that has no type asserts a fact of the case, so the fact must exist.",
    zh="`with:` 下没有类型的条目是在认定本案事实，该事实必须已经写明。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: office, from: held, to: closed, with: {urgent: {}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: office, from: held, to: closed,
    with: {urgnet: {}}}
# ^ urgnet
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ``with`` entries without a type that name no fact, and facts given that there are not."""
    yield from unknown(loaded, "fact", CODE)
