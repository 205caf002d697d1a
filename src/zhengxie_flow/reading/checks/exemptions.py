"""Checks of exemptions: their effect, their reach, their expiry."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.citation import ClauseRef, Instrument
from zhengxie_flow.model.exemption import ByClause, Exemption, OfDuty, entry_means
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import model_nodes
from zhengxie_flow.reading.checks.name_resolution import act_fields, field_type
from zhengxie_flow.reading.sources import Loaded


@warning(
    "ZX1248",
    "empty-lift",
    en="An entry that lifts no obligation, or one that is never lifted, promises relief that never comes.",
    zh="免除的条目若不对应任何义务，或所指义务永不免除，这项免除就落了空。",
)
def empty_lift(loaded: Loaded) -> Iterator[Defect]:
    """Report entries of ``lifts`` that no duty answers to."""
    process = loaded.definition.process
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    for node in model_nodes(loaded):
        if not isinstance(node.model, Exemption):
            continue
        covered = {name for name, refs in owed.items() if node.model.covers(name, refs)}
        for index, lift in enumerate(node.model.lifts):
            if isinstance(lift, ByClause):
                empty = not any(ref.under(lift.clause) for name in covered for ref in owed[name])
            else:
                named = lift.obligation if isinstance(lift, OfDuty) else lift
                empty = named in owed and named not in covered
            if empty:
                yield Defect(node.place.at("lifts", index))


@check(
    "ZX1239",
    "overreaching-exemption",
    en="A measure can only spare what it asks for itself; what another instrument requires stays owed.",
    zh="一部办法只能免除它自己设定的义务；其他文件要求的，仍须履行。",
)
def overreaching_exemption(loaded: Loaded) -> Iterator[Defect]:
    """Report lifted duties that cite another instrument, or stand under a clause that refers to one."""
    process, law = loaded.definition.process, loaded.definition.law
    owed = {name: duty.law for name, duty in process.obligations.items()}
    owed |= {name: requirement.law for name, (_, requirement) in process.requirements().items()}
    for node in model_nodes(loaded):
        if not isinstance(node.model, Exemption):
            continue
        allowed = {ref.instrument for ref in node.model.law}
        for index, lift in enumerate(node.model.lifts):
            for name, refs in owed.items():
                others = _others(refs, law) - allowed
                if others and entry_means(lift, name, refs) and node.model.covers(name, refs):
                    yield Defect(node.place.at("lifts", index), duty=name, instrument=tuple(sorted(others)))


def _others(refs: tuple[ClauseRef, ...], law: Instrument | None) -> set[str]:
    """The other instruments behind some citations: cited themselves, or referred to by the clause cited."""
    instruments = {
        ref.instrument for ref in refs if ref.instrument is not None and (law is None or ref.instrument != law.law)
    }
    for number, other in law.incorporates.items() if law is not None else ():
        if any(ref.under(clause) for ref in refs for clause in other.cited_in):
            instruments.add(number)
    return instruments


@check(
    "ZX1308",
    "undated-expiry",
    en="A grant expires at the end of a day; only a field of type date or instant names one.",
    zh="豁免在某日终了时失效；只有 date 或 instant 类型的字段才写得出是哪一日。",
)
def undated_expiry(loaded: Loaded) -> Iterator[Defect]:
    """Report expiries that name a field of another type."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, exemption in process.exemptions.items():
        action, field = exemption.granted_by or "", exemption.expires or ""
        if field not in act_fields(process, action):
            continue
        kind = field_type(process, action, field)
        if kind is not None and kind.type not in ("date", "instant"):
            yield Defect(top.at("exemptions", name, "expires"), "field", name=field, type=kind.type)


@check(
    "ZX1307",
    "unfit-replacement",
    en="A shorter limit replaces an amount that is there: within for within, at_least for at_least.",
    zh="缩短期限只是换掉原有的天数：原来写 within 的换 within，写 at_least 的换 at_least。",
)
def unfit_replacement(loaded: Loaded) -> Iterator[Defect]:
    """Report replacements of an amount that the limit has not."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, exemption in process.exemptions.items():
        for index, entry in enumerate(exemption.lifts):
            if not isinstance(entry, OfDuty) or entry.to is None:
                continue
            duty, key = process.obligations.get(entry.obligation), entry.to.key
            parts = () if duty is None or duty.limit is None or duty.limit.parts_of else duty.limit.candidates
            fits = [part for part in parts if getattr(part, key) is not None]
            if not fits and not (parts and duty and duty.limit and duty.limit.parameter):
                place = top.at("exemptions", name, "lifts", index, "to").name(key)
                yield Defect(place, duty=entry.obligation, given=key)


CHECKS = (empty_lift, overreaching_exemption, undated_expiry, unfit_replacement)
