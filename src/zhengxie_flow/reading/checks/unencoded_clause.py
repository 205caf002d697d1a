"""Clauses that nothing puts into effect."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.citing import citations, own
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1223"
NAME = "unencoded-clause"
REASON = Reason(
    en="Every clause is put into effect somewhere or declared beyond a machine, so that nothing is left out unseen.",
    zh="每一条款要么已编入流程，要么声明机器无法判断，以免有遗漏而不自知。",
)
SHARED = True
GOOD: tuple[Example, ...] = (
    {
        "law.yaml": """\
clauses:
  "4": {zh: 宣传, en: Publicity, status: not_computable, why: {zh: 没有可查的行为, en: No act to look for}}
""",
    },
    {
        "law.yaml": """\
clauses:
  "3": {zh: 报告, en: Report}
""",
    },
)
BAD: tuple[Example, ...] = (
    {
        "law.yaml": """\
clauses:
  "4": {zh: 公布, en: Publication, force: must}
# ^ "4"
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report clauses that neither they themselves nor anything below them is cited for."""
    law = loaded.definition.law
    if law is None or loaded.law is None:
        return
    cited = {each.ref.clause for each in citations(loaded) if each.encodes and own(loaded, each.ref)}
    for number, clause in law.clauses.items():
        encoded = any(ClauseRef(clause=each).under(number) for each in cited)
        if clause.status != "not_computable" and not encoded:
            yield warning(CODE, Place(loaded.law, loaded.law.node).name("clauses", number), clause=number)
