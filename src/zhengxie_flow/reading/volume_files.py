"""Volumes from files: other law and internal controls, merged into the processes they are attached to.

A volume lies in a folder ``volumes/`` and reaches the processes beside that folder and below.  It is merged last, into
every edition of a process and into overlays, so that neither an amendment nor a place that follows by reference
changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.model.citation import INSTRUMENTS
from zhengxie_flow.model.volume import SECTIONS, AttachedPeriod, Merge, Volume
from zhengxie_flow.reading.attachment_targets import AttachmentTargets
from zhengxie_flow.reading.edition_files import (
    DefinitionReading,
    Nodes,
    changed_definition,
)
from zhengxie_flow.reading.nodes import Node, with_source
from zhengxie_flow.reading.read_parts import read_parts
from zhengxie_flow.reading.sources import Loaded, SourceFile, plain

TAKEN = "ZX1371"
READINGS = "interpretations"
_HEADER = ("volume", "kind", "zh", "en", "law")


@dataclass(frozen=True, slots=True)
class _Attaching:
    """A volume on its way into a process: the file, the volume, and the periods in which it counts there."""

    source: SourceFile
    volume: Volume
    node: Node
    periods: tuple[AttachedPeriod, ...]


def with_volumes(
    loaded: Loaded, sources: Iterable[SourceFile], targets: AttachmentTargets, reading: DefinitionReading
) -> Loaded:
    """Return a process with the volumes attached to it, in all its editions.

    Args:
        loaded: the process as its own text states it.
        sources: the volumes in reach.
        targets: the processes whose volumes it takes.
        reading: the reading of the process.
    """
    everything = tuple(sources)
    attaching = [entry for source in everything if (entry := _attaching(source, targets)) is not None]
    loaded = replace(loaded, volumes=everything)
    if not attaching:
        return loaded
    every = (loaded, *(replace(edition, volumes=everything) for edition in loaded.editions))
    editions = [_attached(edition, attaching, reading) for edition in every]
    first, *later = (edition or loaded for edition in editions)
    return replace(first, editions=tuple(later))


def _attaching(source: SourceFile, targets: AttachmentTargets) -> _Attaching | None:
    volume = Volume.model_validate(source.node.value)
    periods = tuple(
        AttachedPeriod.model_validate(entry.model_dump(exclude={"to"}, by_alias=True))
        for entry in volume.attaches
        if targets.takes(volume, entry.to)
    )
    if not periods:
        return None
    node = with_source(source.node, source.label)
    if volume.law is not None:
        node = _cited(node, volume.law)
    return _Attaching(source, volume, node, periods)


def _attached(loaded: Loaded, attaching: list[_Attaching], reading: DefinitionReading) -> Loaded | None:
    """An edition of a process with volumes merged into it, one after the other; None where that is no process."""
    parts = read_parts(loaded)
    tree, base = parts.tree, loaded
    entries: list[dict[str, Any]] = []
    for entry in attaching:
        if entry.volume.volume in {other["volume"] for other in entries}:
            reading.problems.append(_taken(entry, ("volume",)))
        merge: Merge[Node] = Merge(Nodes())
        tree = merge.merged(tree, entry.node)
        reading.problems.extend(_taken(entry, path) for path in merge.clashes)
        base = _with_sources(base, entry, reading)
        entries.append(_kept(entry, merge))
    kept = loaded.definition.bundle
    extra: dict[str, Any] = {key: kept[key] for key in ("edition", "base") if key in kept}
    extra["volumes"] = entries
    if base.law is not None and base.law is not loaded.law:
        extra["law"] = plain(base.law.node.value)
    if base.register is not None and base.register is not loaded.register:
        extra["register"] = plain(base.register.node.value)
    attached = changed_definition(base, tree, attaching[0].source, extra, replace(reading, parts=parts))
    if attached is None:
        return None
    texts = {entry.source.label: entry.source.text for entry in attaching}
    definition = replace(attached.definition, sources={**attached.definition.sources, **texts})
    return replace(attached, definition=definition, amendment=loaded.amendment, own=loaded)


def periods_attached(sources: Iterable[SourceFile], targets: AttachmentTargets) -> dict[str, list[dict[str, Any]]]:
    """The periods in which volumes count for a process, by their names, as a bundle keeps them.

    Args:
        sources: The volumes.
        targets: The processes whose volumes it takes.
    """
    attaching = [entry for source in sources if (entry := _attaching(source, targets)) is not None]
    return {entry.volume.volume: _kept_periods(entry) for entry in attaching}


def parts_of(loaded: Loaded) -> Iterator[Loaded]:
    """A process as its own text states it, and with each of several volumes alone; nothing where none is attached."""
    own = loaded.own
    if own is None or loaded.rules is None:
        return
    yield own
    targets = AttachmentTargets.of(own.definition.id, own.definition.bundle)
    attaching = [entry for source in loaded.volumes if (entry := _attaching(source, targets)) is not None]
    reading = DefinitionReading(loaded.rules.parent / "processes")
    for entry in attaching if len(attaching) > 1 else ():
        part = _attached(own, [entry], reading)
        if part is not None:
            yield part


def _kept(entry: _Attaching, merge: Merge[Node]) -> dict[str, Any]:
    """A volume as the bundle keeps it: its header, the periods in which it counts, and what it added."""
    header = {key: value for key, value in plain(entry.source.node.value).items() if key in _HEADER}
    brings = plain(merge.added)
    if READINGS in entry.node.fields:
        brings[READINGS] = plain(entry.node.fields[READINGS].value)
    return {**header, "periods": _kept_periods(entry), "brings": brings}


def _kept_periods(entry: _Attaching) -> list[dict[str, Any]]:
    return [period.model_dump(mode="json", by_alias=True, exclude_defaults=True) for period in entry.periods]


def _taken(entry: _Attaching, path: tuple[str, ...]) -> Problem:
    """A name of a volume that the process, or another volume, has already; at the deepest place that has one."""
    node, (line, column) = entry.source.node, entry.source.node.position
    for step in path:
        if step not in node.fields:
            break
        line, column = node.keys[step]
        node = node.fields[step]
    return Problem(TAKEN, Where(entry.source.label, line, column), {"name": path[-1], "volume": entry.volume.volume})


def _with_sources(loaded: Loaded, entry: _Attaching, reading: DefinitionReading) -> Loaded:
    """The law with the instruments that a volume brings, and the register with its entries."""
    law, register = loaded.law, loaded.register
    if law is not None:
        law = _joined(law, INSTRUMENTS, entry, reading)
    if register is None and READINGS in entry.node.fields:
        register = _new_register(entry)
    elif register is not None:
        register = _joined(register, READINGS, entry, reading)
    return replace(loaded, law=law, register=register)


def _joined(source: SourceFile, section: str, entry: _Attaching, reading: DefinitionReading) -> SourceFile:
    """A file with the entries of one section that a volume brings."""
    brought = entry.node.fields.get(section)
    if brought is None:
        return source
    before = source.node.fields.get(section)
    fields = dict(with_source(before, source.label).fields if before is not None else {})
    for name, node in brought.fields.items():
        if name in fields:
            reading.problems.append(_taken(entry, (section, name)))
        else:
            fields[name] = node
    node = source.node
    keys = {**node.keys, section: node.keys.get(section, brought.position)}
    joined = Nodes().mapping(brought, before or brought, fields)
    return replace(source, node=_remade(replace(node, keys=keys), {**node.fields, section: joined}))


def _new_register(entry: _Attaching) -> SourceFile:
    """The register of a process that has none, with the entries of a volume."""
    node, name = entry.node, entry.node.fields["volume"]
    fields = {"language": node.fields["language"], "register": name, READINGS: node.fields[READINGS]}
    keys = {"language": node.keys["language"], "register": node.keys["volume"], READINGS: node.keys[READINGS]}
    return SourceFile(entry.source.label, entry.source.text, _remade(replace(node, keys=keys), fields))


def _cited(node: Node, instrument: str) -> Node:
    """The sections of a volume in which a bare clause (``law: "16"``) is one of its own instrument."""
    fields = {
        name: _with_instrument(inner, instrument) if name in (*SECTIONS, READINGS, "attaches") else inner
        for name, inner in node.fields.items()
    }
    return _remade(node, fields)


def _with_instrument(node: Node, instrument: str) -> Node:
    if node.kind == "map":
        fields = {
            name: _citation(inner, instrument)
            if name == "law" and inner.kind != "map"
            else _with_instrument(inner, instrument)
            for name, inner in node.fields.items()
        }
        return _remade(node, fields)
    if node.kind == "list":
        return _relisted(node, tuple(_with_instrument(entry, instrument) for entry in node.items))
    return node


def _citation(node: Node, instrument: str) -> Node:
    if node.kind == "list":
        return _relisted(node, tuple(_citation(entry, instrument) for entry in node.items))
    if node.kind == "map" or not isinstance(node.value, str):
        return node
    return replace(
        node, kind="map", value={instrument: node.value}, keys={instrument: node.position}, fields={instrument: node}
    )


def _remade(node: Node, fields: dict[str, Node]) -> Node:
    return replace(node, fields=fields, value={name: inner.value for name, inner in fields.items()})


def _relisted(node: Node, items: tuple[Node, ...]) -> Node:
    return replace(node, items=items, value=[entry.value for entry in items])
