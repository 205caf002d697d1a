"""Check of decisions, verdicts and due days that rest on each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.limit import DueAnchor
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.condition_uses import (
    ConditionUse,
    anchors,
    asks_of,
    condition_uses,
    decided,
    place_of,
)
from zhengxie_flow.reading.checks.cycles import cycles
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded

Node = tuple[str, str]


@check(
    "ZX1236",
    "circular-reference",
    en="What is settled by looking at itself is never settled.",
    zh="以自身为依据的判断永远得不出结论。",
)
def circular_reference(loaded: Loaded) -> Iterator[Defect]:
    """Report each circle of duties, exemptions and decisions once."""
    for circle, place in cycles(_edges(loaded)):
        yield Defect(place, circle=" → ".join(name for _, name in circle))


def _edges(loaded: Loaded) -> dict[Node, dict[Node, Place]]:
    """Dependencies of duties, exemptions and decisions, in the order they are written."""
    process = loaded.definition.process
    edges: dict[Node, dict[Node, Place]] = {}
    for use in condition_uses(loaded):
        if (verdict := _verdict(process, use)) is not None:
            onward, place = verdict
            edges.setdefault(use.owner, {}).setdefault(onward, place)
        for name in asks_of(loaded, use.condition):
            edges.setdefault(use.owner, {}).setdefault(("decision", name), place_of(use, name))
    for name, other, place in decided(loaded):
        edges.setdefault(("decision", name), {}).setdefault(("decision", other), place)
    for anchor_use in anchors(loaded):
        if isinstance(anchor_use.anchor, DueAnchor):
            edges.setdefault(("duty", anchor_use.duty), {}).setdefault(
                ("duty", anchor_use.anchor.due), anchor_use.place.at("due")
            )
    return _lifted(loaded, edges)


def _verdict(process: Process, use: ConditionUse) -> tuple[Node, Place] | None:
    """Return the duty or exemption that a condition depends on, where it asks for a verdict."""
    if not isinstance(use.condition, c.VerdictIs):
        return None
    (name,) = use.condition.verdict
    kind = "exemption" if name in process.exemptions else "duty"
    return (kind, name), use.place.name("verdict", name)


def _lifted(loaded: Loaded, edges: dict[Node, dict[Node, Place]]) -> dict[Node, dict[Node, Place]]:
    """A duty rests on the exemptions that can lift it too, and every duty on what the whole process rests on."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    whole = edges.pop(("process", process.process), {})
    for name, refs in owed.items():
        onward = edges.setdefault(("duty", name), {})
        for exemption, power in process.exemptions.items():
            if power.covers(name, refs):
                onward.setdefault(("exemption", exemption), top.at("exemptions", exemption, "lifts"))
        for node, place in whole.items() if name in process.obligations else ():
            onward.setdefault(node, place)
    return edges


CHECKS = (circular_reference,)
