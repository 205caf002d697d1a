"""Names that mean two things where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.limit import NamedAnchor
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.mentions import operands
from zhengxie_flow.reading.checks.names import Names
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.visits import anchors, visits
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1251"
NAME = "ambiguous-name"
REASON = Reason(
    en="A name that is a field and a fact at once would silently mean the field; say which by renaming one.",
    zh="既是字段又是事实的名称会被默认当作字段；应改名以示区别。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  close: {zh: 办结, en: Close, law: "3", by: office, from: held, to: closed, with: {urgent: {}},
    requires: [{id: a3.calm, law: "3", that: {not: urgent}, zh: 紧急的不得办结, en: Not closed while urgent}]}
""",
)
BAD: tuple[Example, ...] = (
    """\
facts:
  agrees: {type: bool, zh: 同意, en: Agrees, law: "2", by: office}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text, when: {some: guest, is: agrees}}
# ^ agrees
""",
    """\
facts:
  agree: {type: date, zh: 会签之日, en: Day it is agreed, law: "2", by: office}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: agree}}
# ^ agree
""",
    """\
actions:
  close: {zh: 办结, en: Close, law: "3", by: office, from: held, to: closed,
    with: {urgent: {type: bool, zh: 急件, en: Urgent}},
    requires: [{id: a3.calm, law: "3", that: {not: urgent}, zh: 紧急的不得办结, en: Not closed while urgent}]}
# ^ urgent}
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report names in conditions and limits that fit more than one of action, act, item and case."""
    process = loaded.definition.process
    for visit in visits(loaded):
        if not isinstance(visit.condition, c.Compare):
            continue
        name, at = visit.condition.name, visit.place.at(visit.condition.name)
        yield from _two(name, visit.place.name(name), visit.names)
        for operand, place in operands(visit.condition.test, at):
            if isinstance(operand, FieldRef):
                yield from _two(operand.field, place.at("field"), visit.names)
    for hung in anchors(loaded):
        if isinstance(hung.anchor, NamedAnchor):
            yield from _two(hung.anchor.name, hung.place, hung.names, acted=hung.anchor.name in process.acts)


def _two(name: str, place: Place, names: Names, *, acted: bool = False) -> Iterator[Problem]:
    if len(names.meanings(name)) + acted > 1:
        yield fault(CODE, place, name=name)
