"""Checks of editions, overlays and periods in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from zhengxie_flow.model.base import Period
from zhengxie_flow.model.edition import Overlay
from zhengxie_flow.model.former_names import renamed
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import model_nodes
from zhengxie_flow.reading.checks.name_references import NameReference
from zhengxie_flow.reading.edition_files import takes_effect
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1273",
    "edition-periods",
    en="On every day exactly one edition is in force: it judges what was performed or fell due on that day.",
    zh="每一天只有一个版本施行；当日履行或者到期的义务由它判断。",
)
def edition_periods(loaded: Loaded) -> Iterator[Defect]:
    """Report an edition that does not begin where the one before it ends."""
    for before, after in pairwise((loaded, *loaded.editions)):
        period, begins = before.definition.process.in_force, after.definition.process.in_force.from_
        if begins is None or after.amendment is None:
            continue
        follows = period.to is None or period.to + timedelta(days=1) == begins
        if not follows or (period.from_ or date.min) >= begins:
            place = Place(after.amendment, after.amendment.node, ("in_force", "from"))
            yield Defect(place, before=str(period.from_ or "-"), until=str(period.to or "-"), begins=str(begins))


@check(
    "ZX1274",
    "removed-state",
    en="A running case may be moved to the new edition, and must then be somewhere.",
    zh="在办案件可以转入新版本，转入后总要处于某个状态。",
)
def removed_state(loaded: Loaded) -> Iterator[Defect]:
    """Report states of one edition that the next has not, unless it says what becomes of them."""
    for before, after in pairwise((loaded, *loaded.editions)):
        if after.amendment is None or after.definition.edition is None:
            continue
        states = after.definition.process.states
        moved = {**renamed(states), **after.definition.edition.moved_states}
        top = Place(after.amendment, after.amendment.node)
        for state in before.definition.process.states:
            if state not in states and moved.get(state) not in states:
                yield Defect(top.name("changes", "states", state), "state", state=state, known=tuple(states))


def moved_state_references(loaded: Loaded) -> Iterator[NameReference]:
    """The states in which running cases go on under an edition (``moved_states``)."""
    for after in loaded.editions:
        if after.amendment is None or after.definition.edition is None:
            continue
        states, top = tuple(after.definition.process.states), Place(after.amendment, after.amendment.node)
        for state, target in after.definition.edition.moved_states.items():
            yield NameReference("state", target, top.at("moved_states", state), states)


@warning(
    "ZX1277",
    "baseless-override",
    en="A place that follows by reference may set something of its own only by a document that can be named.",
    zh="参照执行的地方要另作规定，须有可以写明的文件。",
)
def baseless_override(loaded: Loaded) -> Iterator[Defect]:
    """Report overrides without a basis; they are left out."""
    source = loaded.amendment
    if source is None or "extends" not in source.node.fields:
        return
    overlay = Overlay.model_validate(source.node.value)
    for index, override in enumerate(overlay.overrides):
        if not takes_effect(override):
            yield Defect(Place(source, source.node, ("overrides", index)))


@check(
    "ZX1245",
    "reversed-period",
    en="Nothing is ever in force in a period whose last day lies before its first.",
    zh="终止日早于起始日的期间，从未生效过一天。",
)
def reversed_period(loaded: Loaded) -> Iterator[Defect]:
    """Report ``in_force`` periods the wrong way round."""
    for node in model_nodes(loaded):
        if isinstance(node.model, Period):
            begin, end = node.model.from_, node.model.to
            if begin is not None and end is not None and end < begin:
                yield Defect(node.place.at("to"), begin=begin.isoformat(), end=end.isoformat())


CHECKS = (edition_periods, removed_state, baseless_override, reversed_period)
