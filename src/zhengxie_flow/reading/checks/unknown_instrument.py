"""Instruments that are cited and not there."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.citing import citations, own
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1222"
NAME = "unknown-instrument"
REASON = Reason(
    en="A process is about the instrument in the law file beside it, and cites only what that one incorporates.",
    zh="流程所依的办法写在同一目录的 law.yaml 中；所引其他文件须由该办法援引。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: {other-2015: "7"}, do: report, evidence: text}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: {other-2016: "7"}, do: report, evidence: text}
# ^ "7"
""",
    {
        "interpretations.yaml": """\
register: example-2021
# ^ example-2021
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report a process or register of another law than the one beside it, and citations of instruments unknown here."""
    process, law = loaded.definition.process, loaded.definition.law
    known = (law.law, *law.incorporates) if law is not None else ()
    if law is None or process.law != law.law:
        place = Place(loaded.process, loaded.process.node, ("law",))
        yield fault(CODE, place, **suggestion(process.law, known[:1]))
        return
    if loaded.register is not None:
        register = loaded.register.node.value["register"]
        if register != law.law:
            place = Place(loaded.register, loaded.register.node, ("register",))
            yield fault(CODE, place, **suggestion(register, known[:1]))
    for citation in citations(loaded):
        instrument = citation.ref.instrument
        if instrument is not None and not own(loaded, citation.ref) and instrument not in known:
            yield fault(CODE, citation.place, **suggestion(instrument, known))
