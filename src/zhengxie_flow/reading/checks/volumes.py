"""Checks of volumes: where and when they are attached, and that each speaks of itself alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from zhengxie_flow.model.exemption import ByClause, Exemption, OfDuty
from zhengxie_flow.model.process import Action, Process
from zhengxie_flow.model.volume import Volume, VolumeAttachment, duty_ids
from zhengxie_flow.reading.attachment_targets import AttachmentTargets
from zhengxie_flow.reading.checks.catalogue import Defect, cached, check
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_references import NameReference
from zhengxie_flow.reading.sources import Loaded


class VolumeAtHand(NamedTuple):
    """A volume in reach of a process, with its place."""

    volume: Volume
    top: Place

    def attachments(self, process: str) -> Iterator[tuple[VolumeAttachment, Place]]:
        """Its attachments to a process."""
        for index, entry in enumerate(self.volume.attaches):
            if entry.to == process:
                yield entry, self.top.at("attaches", index)


@cached
def volumes_at_hand(loaded: Loaded) -> Iterator[VolumeAtHand]:
    """The volumes in reach of a process."""
    for source in loaded.volumes:
        yield VolumeAtHand(Volume.model_validate(source.node.value), Place(source, source.node))


def _attached(loaded: Loaded) -> Iterator[VolumeAtHand]:
    """The volumes that are attached to a process, or to the one it extends."""
    targets = AttachmentTargets.of(loaded.definition.id, loaded.definition.bundle)
    return (
        entry
        for entry in volumes_at_hand(loaded)
        if any(targets.takes(entry.volume, there.to) for there in entry.volume.attaches)
    )


def control_files(loaded: Loaded) -> frozenset[str]:
    """The files of the volumes of controls in reach: what stands there cites no clause."""
    return frozenset(entry.top.source.label for entry in volumes_at_hand(loaded) if entry.volume.kind == "control")


def _own(loaded: Loaded) -> Process:
    """The process as its own text states it."""
    return (loaded.own or loaded).definition.process


def attachment_references(loaded: Loaded) -> Iterator[NameReference]:
    """The processes that volumes are attached to."""
    for entry in volumes_at_hand(loaded):
        for index, attachment in enumerate(entry.volume.attaches):
            place = entry.top.at("attaches", index, "to")
            yield NameReference("process", attachment.to, place, loaded.processes)


@check(
    "ZX1372",
    "attached-out-of-reach",
    en="Whoever reads a process finds its volumes in the folder volumes/ beside it or above, and nowhere else.",
    zh="读流程的人在同一文件夹或上级文件夹的 volumes/ 中找它的卷，不到别处找。",
)
def attached_out_of_reach(loaded: Loaded) -> Iterator[Defect]:
    """Report attachments to a process that does not lie beside the folder of the volume, or below."""
    for entry in volumes_at_hand(loaded):
        home = "/".join(entry.top.source.label.split("/")[1:-2])
        for index, attachment in enumerate(entry.volume.attaches):
            inside = not home or attachment.to.startswith(f"{home}/")
            if attachment.to in loaded.processes and not inside:
                place = entry.top.at("attaches", index, "to")
                yield Defect(place, process=attachment.to, folder=f"processes/{home}")


@check(
    "ZX1373",
    "attached-out-of-force",
    en="What is not in force judges nothing: neither a volume before its day, nor a process before its own.",
    zh="没有施行的规定不能作为判断的依据：卷在施行前不行，流程在施行前也不行。",
)
def attached_out_of_force(loaded: Loaded) -> Iterator[Defect]:
    """Report attachments that begin, or end, on a day on which the volume or the process is not in force."""
    if loaded.definition.edition is not None:
        return
    last = (loaded.editions or (loaded,))[-1].definition.process.in_force.to
    begins, ends = loaded.definition.process.in_force.from_ or date.min, last or date.max
    for entry in volumes_at_hand(loaded):
        force = entry.volume.in_force
        for attachment, place in entry.attachments(loaded.definition.id):
            if not begins <= attachment.from_ <= ends:
                yield Defect(place.at("from"), day=str(attachment.from_), subject=loaded.definition.id)
            for key, day in (("from", attachment.from_), ("until", attachment.until)):
                if day is not None and not force.covers(day):
                    yield Defect(place.at(key), day=str(day), subject=entry.volume.volume)


@check(
    "ZX1374",
    "attached-twice",
    en="On any day a volume counts for a process once or not at all, and by one transitional rule.",
    zh="任何一天，一卷对一个流程要么适用一次，要么不适用，过渡规则也只有一条。",
)
def attached_twice(loaded: Loaded) -> Iterator[Defect]:
    """Report periods of attachment that end before they begin, or overlap."""
    for entry in volumes_at_hand(loaded):
        periods = sorted(entry.attachments(loaded.definition.id), key=lambda each: each[0].from_)
        for attachment, place in periods:
            if attachment.until is not None and attachment.until < attachment.from_:
                yield Defect(place.at("until"), day=str(attachment.until), begins=str(attachment.from_))
        for (before, _), (after, place) in pairwise(periods):
            if before.until is None or before.until >= after.from_:
                yield Defect(place.at("from"), day=str(before.until or "-"), begins=str(after.from_))


@check(
    "ZX1375",
    "exempted-across-volumes",
    en="A statute spares what it asks for itself; what another volume asks for stays owed whatever it says.",
    zh="一部规定只能免除它自己设定的义务；别的卷要求的，不因它免除。",
)
def exempted_across_volumes(loaded: Loaded) -> Iterator[Defect]:
    """Report exemptions of a volume that lift by a clause of the process, or name an obligation of another text."""
    theirs = {name: entry.volume.volume for entry in _attached(loaded) for name in _duties(entry)}
    for entry in _attached(loaded):
        mine = dict.fromkeys(_duties(entry), entry.volume.volume)
        for name, exemption in entry.volume.exemptions.items():
            place = entry.top.at("exemptions", name)
            for index, lift in enumerate(exemption.lifts):
                if isinstance(lift, ByClause):
                    yield Defect(place.at("lifts", index), name=lift.clause, volume=entry.volume.volume)
            others = {**dict.fromkeys(_owed(_own(loaded)), "-"), **theirs}
            yield from _lifting(exemption, place, mine, others)


def _lifting(exemption: Exemption, place: Place, mine: dict[str, str], others: dict[str, str]) -> Iterator[Defect]:
    for index, lift in enumerate(exemption.lifts):
        if not isinstance(lift, ByClause):
            named = lift.obligation if isinstance(lift, OfDuty) else lift
            if named in others and named not in mine:
                yield Defect(place.at("lifts", index), name=named, volume=others[named])


def _owed(process: Process) -> tuple[str, ...]:
    return (*process.obligations, *process.requirements())


def _duties(entry: VolumeAtHand) -> tuple[str, ...]:
    return duty_ids(entry.top.node.value)


@check(
    "ZX1376",
    "binding-control",
    en="An internal control is no law: it rests on no clause, binds nobody, and what it misses is a finding.",
    zh="内部控制不是法：不依据条款，不产生法律义务，不符的只记为发现。",
)
def binding_control(loaded: Loaded) -> Iterator[Defect]:
    """Report clauses and forces in a volume of controls."""
    for entry in volumes_at_hand(loaded):
        if entry.volume.kind != "control":
            continue
        if entry.volume.law is not None:
            yield Defect(entry.top.name("law"), key="law")
        for place in _duty_places(entry):
            for key in ("law", "force"):
                if key in place.value.fields:
                    yield Defect(place.name(key), key=key)


def _duty_places(entry: VolumeAtHand) -> Iterator[Place]:
    """The places of the obligations and requirements of a volume."""
    top, volume = entry.top, entry.volume
    yield from (top.at("obligations", name) for name in volume.obligations)
    for name, action in volume.actions.items():
        yield from (top.at("actions", name, "requires", index) for index in range(len(action.requires)))


@check(
    "ZX1377",
    "meddling-volume",
    en="A volume adds and never alters: without it, the life of a case and every other verdict are the same.",
    zh="卷只增不改：没有它，案件的进程和其他结论都一样。",
)
def meddling_volume(loaded: Loaded) -> Iterator[Defect]:
    """Report what of a volume would change the life of a case, its items or roles, or obligations of the process."""
    own = _own(loaded)
    for entry in _attached(loaded):
        for name, action in entry.volume.actions.items():
            at = entry.top.at("actions", name)
            yield from _closing(entry, action, at)
            yield from _required_fields(action, at) if name in own.actions else _acting(own, action, at)
        for name, duty in entry.volume.obligations.items():
            consequence = duty.limit.consequence if duty.limit is not None else None
            if consequence is not None and consequence.action in own.actions:
                yield Defect(entry.top.at("obligations", name).name("limit"), name=consequence.action)


def _closing(entry: VolumeAtHand, action: Action, at: Place) -> Iterator[Defect]:
    for closed in action.closed:
        if closed not in entry.volume.obligations:
            yield Defect(at.name("closes"), name=closed)


def _required_fields(action: Action, at: Place) -> Iterator[Defect]:
    for name, kind in action.fields.items():
        if kind.required:
            yield Defect(at.name("with", name), name=name)


def _acting(own: Process, action: Action, at: Place) -> Iterator[Defect]:
    """Effects of an action of a volume on the process."""
    for place, name in _lives(action, at):
        if name is not None:
            yield Defect(place, name=name)
    theirs = {*own.items, *own.roles, *own.actions}
    for key, name in action.effects():
        if name in theirs:
            yield Defect(at.name(key), name=name)


def _lives(action: Action, at: Place) -> Iterator[tuple[Place, str | None]]:
    """The states of the case that an action leads to."""
    yield at.name("to"), action.to
    for index, move in enumerate(action.moves):
        yield at.name("moves", index, "to"), move.to


CHECKS = (
    attached_out_of_reach,
    attached_out_of_force,
    attached_twice,
    exempted_across_volumes,
    binding_control,
    meddling_volume,
)
