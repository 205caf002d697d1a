"""Clauses that the instrument does not have."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.citing import citations, own
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1221"
NAME = "unknown-clause"
REASON = Reason(
    en="A citation leads to a clause of the law file; one that is not there proves nothing.",
    zh="所引条款必须在法规文件中；引用不存在的条款等于没有依据。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: ["2", "3"], do: report, evidence: text}
""",
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: [{other-2015: "7"}, "3"], do: report, evidence: text}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: ["2", "3.1"], do: report, evidence: text}
# ^ "3.1"
""",
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [a2.notice, {clause: "22"}]}
# ^ "22"
# ^ {clause (ZX1248)
""",
    {
        "interpretations.yaml": """\
interpretations:
  I-1:
    zh: 通知的对象
    en: Who is notified
    law: "2.1"
# ^ "2.1"
    date: 2020-02-01
    question: {zh: 通知谁, en: Who is notified}
    answer: {zh: 每位客人, en: Every guest}
    signer: office
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report citations of clauses that the law file, or what it says of another instrument, does not have."""
    law = loaded.definition.law
    if law is None:
        return
    for citation in citations(loaded):
        ref = citation.ref
        if own(loaded, ref):
            clauses = law.clauses
        else:
            other = law.incorporates.get(ref.instrument or "")
            clauses = other.clauses if other is not None else {}
            if not clauses:  # an instrument whose clauses are not listed may have any
                continue
        if ref.clause not in clauses:
            yield fault(CODE, citation.place, **suggestion(ref.clause, clauses))
