"""Duties whose acts leave a document that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.names import act_fields, field_type
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1238"
NAME = "missing-evidence"
REASON = Reason(
    en="A duty names what proves it was performed; where its act carries a document, that is most likely the proof.",
    zh="义务应写明以什么证明已履行；行为附有文书的，多半就以该文书为证。",
)
GOOD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report, evidence: text}
""",
)
BAD: tuple[Example, ...] = (
    """\
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", do: report}
# ^ a3.report
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report duties without evidence whose actions carry a document."""
    process = loaded.definition.process
    for name, duty in process.obligations.items():
        if duty.evidence or duty.force == "may":
            continue
        documents = [
            field for action in duty.do for field in act_fields(process, action) if _proves(loaded, action, field)
        ]
        if documents:
            place = Place(loaded.process, loaded.process.node).name("obligations", name)
            yield warning(CODE, place, duty=name, known=", ".join(documents))


def _proves(loaded: Loaded, action: str, field: str) -> bool:
    if action not in loaded.definition.process.actions:
        return False  # what a subcase tells is proved in the subcase
    kind = field_type(loaded.definition.process, action, field)
    return kind is not None and kind.type == "document"
