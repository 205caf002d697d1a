"""Checks of ids and names: clashes, reserved words, two meanings in one place, the name of the file."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.base import Renamed
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.limit import NamedAnchor
from zhengxie_flow.model.process import Requirement
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.conditions import anchors, condition_uses
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_references import operands
from zhengxie_flow.reading.checks.name_resolution import Names
from zhengxie_flow.reading.sources import Loaded

_OURS = "integrity."
"""What the findings of every audit begin with."""


@check(
    "ZX1247",
    "clashing-id",
    en="A verdict names its obligation by id alone, and `by:` names a role or an item type; one id cannot mean two.",
    zh="结论只凭标识符指明义务，by: 只凭标识符指明角色或对象；一个标识符不能有两个意思。",
)
def clashing_id(loaded: Loaded) -> Iterator[Defect]:
    """Report ids of duties and exemptions used twice or kept for the engine, and item types called like a role."""
    process = loaded.definition.process
    taken: set[str] = set()
    for name, place in _duties(loaded):
        if name in taken or name.startswith(_OURS):
            yield Defect(place, "obligation", name=name)
        taken.add(name)
    for name in process.items:
        if name in process.roles:
            yield Defect(Place(loaded.process, loaded.process.node).name("items", name), "item_type", name=name)


def _duties(loaded: Loaded) -> Iterator[tuple[str, Place]]:
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    yield from ((name, top.name("obligations", name)) for name in process.obligations)
    yield from ((name, top.name("exemptions", name)) for name in process.exemptions)
    for action, done in process.actions.items():
        for index, entry in enumerate(done.requires):
            if isinstance(entry, Requirement):
                yield entry.id, top.at("actions", action, "requires", index, "id")


_OF_EVERY_ACT = ("by", "at", "for")


@check(
    "ZX1246",
    "shadowed-name",
    en="`by`, `at` and `for` are what every act has, and a name with a dot is a field of an action.",
    zh="by、at、for 是每个行为自带的；带点的名称指行为的字段。",
)
def shadowed_name(loaded: Loaded) -> Iterator[Defect]:
    """Report facts with a dot, and facts and fields called ``by``, ``at`` or ``for``."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name in process.facts:
        if name in _OF_EVERY_ACT or "." in name:
            yield Defect(top.name("facts", name), "fact", name=name)
    for kind, item in process.items.items():
        for name in item.fields:
            if name in _OF_EVERY_ACT:
                yield Defect(top.name("items", kind, "fields", name), "field", name=name)
    for action, done in process.actions.items():
        for name in done.fields:
            if name in _OF_EVERY_ACT:
                yield Defect(top.name("actions", action, "with", name), "field", name=name)


@check(
    "ZX1242",
    "misnamed-process",
    en="A process is found by the name of its file; another name inside misleads whoever reads it.",
    zh="流程按文件名查找；文件内写的名称不同，会误导读者。",
)
def misnamed_process(loaded: Loaded) -> Iterator[Defect]:
    """Report a process whose id is not the name of its file."""
    process, file = loaded.definition.process.process, loaded.definition.id.rpartition("/")[2]
    if process != file:
        yield Defect(Place(loaded.process, loaded.process.node, ("process",)), "process", name=process, file=file)


@check(
    "ZX1251",
    "ambiguous-name",
    en="A name that is a field and a fact at once would silently mean the field; say which by renaming one.",
    zh="既是字段又是事实的名称会被默认当作字段；应改名以示区别。",
)
def ambiguous_name(loaded: Loaded) -> Iterator[Defect]:
    """Report names in conditions and limits that fit more than one of action, act, item and case."""
    process = loaded.definition.process
    for use in condition_uses(loaded):
        if not isinstance(use.condition, c.Compare):
            continue
        name, at = use.condition.name, use.place.at(use.condition.name)
        yield from _two(name, use.place.name(name), use.names)
        for operand, place in operands(use.condition.test, at):
            if isinstance(operand, FieldRef):
                yield from _two(operand.field, place.at("field"), use.names)
    for anchor_use in anchors(loaded):
        if isinstance(anchor_use.anchor, NamedAnchor):
            yield from _two(
                anchor_use.anchor.name, anchor_use.place, anchor_use.names, acted=anchor_use.anchor.name in process.acts
            )


def _two(name: str, place: Place, names: Names, *, acted: bool = False) -> Iterator[Defect]:
    if len(names.meanings(name)) + acted > 1:
        yield Defect(place, "name", name=name)


@check(
    "ZX1378",
    "taken-former-name",
    en="An old file means one thing by a name; what has the name today, or two claim to have had, it cannot mean.",
    zh="旧文件里的一个名称只能指一样东西；今天已另有所指，或者有两样都说曾用此名的，就无从得知指哪一样。",
)
def taken_former_name(loaded: Loaded) -> Iterator[Defect]:
    """Report former names that something of the family has today, or that two things had."""
    for family in _families(loaded):
        seen: set[str] = set(family)
        for entry, place in family.values():
            for index, before in enumerate(entry.was):
                if before in seen:
                    yield Defect(place.at("was", index) if len(entry.was) > 1 else place.at("was"), name=before)
                seen.add(before)


def _families(loaded: Loaded) -> Iterator[dict[str, tuple[Renamed, Place]]]:
    """The things that must differ by their names among each other."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for section in ("roles", "facts", "items", "states", "actions"):
        yield {name: (entry, top.at(section, name)) for name, entry in getattr(process, section).items()}
    duties: dict[str, tuple[Renamed, Place]] = {}
    for section in ("obligations", "exemptions"):
        duties |= {name: (entry, top.at(section, name)) for name, entry in getattr(process, section).items()}
    for action, done in process.actions.items():
        place = top.at("actions", action)
        duties |= {
            entry.id: (entry, place.at("requires", index))
            for index, entry in enumerate(done.requires)
            if isinstance(entry, Requirement)
        }
        typed = {name: kind for name, kind in done.fields.items() if isinstance(kind, Renamed)}
        yield {name: (kind, place.at("with", name)) for name, kind in typed.items()}
    yield duties
    for kind, item in process.items.items():
        place = top.at("items", kind)
        yield {name: (entry, place.at("fields", name)) for name, entry in item.fields.items()}
        yield {name: (entry, place.at("states", name)) for name, entry in item.states.items()}


CHECKS = (clashing_id, shadowed_name, misnamed_process, ambiguous_name, taken_former_name)
