"""Ids that mean two things."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.process import Requirement
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1247"
NAME = "clashing-id"
REASON = Reason(
    en="A verdict names its duty by id alone, and `by:` names a role or a type of item; one id cannot mean two.",
    zh="结论只凭标识符指明义务，by: 只凭标识符指明角色或对象；一个标识符不能有两个意思。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text}
  a3.report_text: {zh: 报告文本, en: Text of the report, law: "3", do: report, evidence: text}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a2.agreed: {zh: 会签, en: Agreed, law: "2", do: agree}
actions:
  hold: {zh: 举行, en: Hold, law: "2", by: office, from: planned, to: held,
    requires: [{id: a2.agreed, law: "2", that: {done: agree}, zh: 尚未会签, en: Not agreed}]}
# ^ a2.agreed
""",
    """\
items:
  office: {zh: 办公用房, en: Office, law: "2"}
# ^ office
""",
    """\
obligations:
  integrity.order: {zh: 先后, en: Order, law: "2", do: agree}
# ^ integrity.order
""",
)


_OURS = "integrity."
"""What the findings of every audit begin with."""


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report ids of duties and exemptions used twice or kept for the engine, and item types called like a role."""
    process = loaded.definition.process
    seen: set[str] = set()
    for name, place in _duties(loaded):
        if name in seen or name.startswith(_OURS):
            yield fault(CODE, place, name=name)
        seen.add(name)
    for name in process.items:
        if name in process.roles:
            yield fault(CODE, Place(loaded.process, loaded.process.node).name("items", name), name=name)


def _duties(loaded: Loaded) -> Iterator[tuple[str, Place]]:
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from ((name, top.name("obligations", name)) for name in process.obligations)
    yield from ((name, top.name("exemptions", name)) for name in process.exemptions)
    for action, done in process.actions.items():
        for index, entry in enumerate(done.requires):
            if isinstance(entry, Requirement):
                yield entry.id, top.at("actions", action, "requires", index, "id")
