"""Facts that nobody can make known."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.values import FactRef
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1252"
NAME = "nobody-determines"
REASON = Reason(
    en="A fact becomes known when a role that may determines it, or an act asserts it; else it stays unknown.",
    zh="事实由有权的角色认定或由行为写明；否则永远未知。",
)
GOOD: tuple[Example, ...] = (
    """\
facts:
  agreed_text: {type: text, zh: 议定文本, en: Agreed text, law: "2"}
actions:
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: planned, with: {agreed_text: {}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  agreed_text: {type: text, zh: 议定文本, en: Agreed text, law: "2"}
# ^ agreed_text
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report facts without ``by`` that no action asserts."""
    process = loaded.definition.process
    asserted = {
        name for action in process.actions.values() for name, kind in action.fields.items() if isinstance(kind, FactRef)
    }
    for name, fact in process.facts.items():
        if not fact.by and name not in asserted:
            yield warning(CODE, Place(loaded.process, loaded.process.node).name("facts", name), name=name)
