"""Exemptions that lift nothing."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.exemption import ByClause, Exemption, OfDuty
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import warning
from zhengxie_flow.reading.checks.things import things
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1248"
NAME = "empty-lift"
REASON = Reason(
    en="An entry that lifts no duty, or one that is never lifted, promises relief that never comes.",
    zh="免除的条目若不对应任何义务，或所指义务永不免除，这项免除就落了空。",
)
GOOD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [{clause: "2"}], never_lifts: [a2.agreed]}
""",
)
BAD: tuple[Example, ...] = (
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare, lifts: [{clause: "2"}, {clause: "1"}]}
# ^ {clause: "1"
""",
    """\
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    lifts: [a2.notice, a3.report], never_lifts: [a3.report]}
# ^ a3.report]
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report entries of ``lifts`` that no duty answers to."""
    process = loaded.definition.process
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    for thing in things(loaded):
        if not isinstance(thing.model, Exemption):
            continue
        covered = {name for name, refs in owed.items() if thing.model.covers(name, refs)}
        for index, lift in enumerate(thing.model.lifts):
            if isinstance(lift, ByClause):
                empty = not any(ref.under(lift.clause) for name in covered for ref in owed[name])
            else:
                named = lift.obligation if isinstance(lift, OfDuty) else lift
                empty = named in owed and named not in covered
            if empty:
                yield warning(CODE, thing.place.at("lifts", index))
