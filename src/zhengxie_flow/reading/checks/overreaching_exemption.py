"""Exemptions that lift what other law requires."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.citation import ClauseRef, Instrument
from zhengxie_flow.model.exemption import Exemption, entry_means
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1239"
NAME = "overreaching-exemption"
REASON = Reason(
    en="A measure can only spare what it asks for itself; what another instrument requires stays owed.",
    zh="一部办法只能免除它自己设定的义务；其他文件要求的，仍须履行。",
)
GOOD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [{clause: "3"}], never_lifts: [a3.other]}
obligations:
  a3.other: {zh: 另行报告, en: Other report, law: ["3", {other-2015: "7"}], do: report, evidence: text}
""",
)
BAD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [a2.notice, {clause: "3"}]}
# ^ {clause
obligations:
  a3.other: {zh: 另行报告, en: Other report, law: ["3", {other-2015: "7"}], do: report, evidence: text}
""",
    {
        "law.yaml": """\
incorporates:
  other-2015: {zh: 他办法, en: Other measures, source_status: read, cited_in: ["3"]}
""",
        "talk.yaml": """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [a2.notice, a3.report]}
# ^ a3.report
""",
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report lifted duties that cite another instrument, or stand under a clause that refers to one."""
    process, law = loaded.definition.process, loaded.definition.law
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    for thing in things(loaded):
        if not isinstance(thing.model, Exemption):
            continue
        allowed = {ref.instrument for ref in thing.model.law}
        for index, lift in enumerate(thing.model.lifts):
            for name, refs in owed.items():
                others = _others(refs, law) - allowed
                if others and entry_means(lift, name, refs) and thing.model.covers(name, refs):
                    yield fault(CODE, thing.place.at("lifts", index), duty=name, instrument=", ".join(sorted(others)))


def _others(refs: tuple[ClauseRef, ...], law: Instrument | None) -> set[str]:
    """The other instruments behind some citations: cited themselves, or referred to by the clause cited."""
    found = {
        ref.instrument for ref in refs if ref.instrument is not None and (law is None or ref.instrument != law.law)
    }
    for number, other in law.incorporates.items() if law is not None else ():
        if any(ref.under(clause) for ref in refs for clause in other.cited_in):
            found.add(number)
    return found
