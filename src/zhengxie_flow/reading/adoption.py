"""Adoption: a process that another place makes its own law, in full force, with its own offices and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from zhengxie_flow.errors import InvalidDefinition, Problem, Where
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.edition import Adoption
from zhengxie_flow.model.volume import CONTROL
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.edition_files import Amendment, DefinitionReading, OverlayTree
from zhengxie_flow.reading.nodes import Node, with_source
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.sources import Loaded, SourceFile, plain, validate

ADOPTS = "adopts"
LAW, REGISTER = "law", "register"


def adopted_process(
    process: str, source: SourceFile, find_base: Callable[[SourceFile, str], Loaded], reading: DefinitionReading
) -> Loaded:
    """Return the process of a place that adopts a process: the base under its own instrument, with its changes.

    Nothing is followed by reference, and the later editions of the base do not reach it.

    Args:
        process: its id.
        source: the file.
        find_base: finds the process that a key of the file names.
        reading: the reading of the process.

    Raises:
        InvalidDefinition: with the problems of the file.
    """
    if not validate(source.node, source.label, Adoption, reading.problems):
        raise InvalidDefinition(problems=in_order(reading.problems))
    base = _edition_of(find_base(source, ADOPTS), source)
    node = source.node
    overlay = OverlayTree(_under(base, node, source.label), source, reading)
    overlay.take_roles()
    if "changes" in node.fields:
        overlay.change(Amendment(node.fields["changes"], source.label))
    overlay.take(node, ("process", "zh", "en", "in_force", "calendar", "zone"))
    overlay.take(node.fields["instrument"], (LAW,))
    controls = list(Adoption.model_validate(node.value).controls)
    kept = {"id": base.definition.id, "hash": base.definition.hash, "controls": controls}
    loaded = overlay.loaded({"id": process, "base": kept})
    if loaded is None or reading.problems:
        raise InvalidDefinition(problems=in_order(reading.problems))
    return loaded


def check_controls(source: SourceFile, volumes: Iterable[SourceFile]) -> None:
    """Refuse an adoption that takes over internal controls which the adopted process does not have.

    Args:
        source: The file of the adoption.
        volumes: The volumes of the adopted process.

    Raises:
        InvalidDefinition: ZX1201, with the names there are.
    """
    named = Adoption.model_validate(source.node.value).controls
    known = {volume.node.value["volume"] for volume in volumes if volume.node.value.get("kind") == CONTROL}
    unknown = next((name for name in named if name not in known), None)
    if unknown is not None:
        node = source.node.fields["controls"]
        params = {"kind": "volume", **suggestion(unknown, tuple(sorted(known)))}
        raise InvalidDefinition(problems=(Problem("ZX1201", Where(source.label, node.line, node.column), params),))


def _edition_of(base: Loaded, source: SourceFile) -> Loaded:
    """The edition of a process that a place adopts: the one it names, else the one in force on its first day."""
    adoption = Adoption.model_validate(source.node.value)
    editions = {info.edition: edition for edition in base.editions if (info := edition.definition.edition) is not None}
    if adoption.edition is not None:
        if adoption.edition not in editions:
            node, names = source.node.fields["edition"], tuple(editions)
            params = {"kind": "edition", **suggestion(adoption.edition, names)}
            problem = Problem("ZX1201", Where(source.label, node.line, node.column), params)
            raise InvalidDefinition(problems=(problem,))
        return editions[adoption.edition]
    begins = adoption.in_force.from_
    past = [
        edition
        for edition in base.editions
        if begins is not None and (edition.definition.process.in_force.from_ or begins) <= begins
    ]
    return past[-1] if past else base


def _under(base: Loaded, node: Node, label: str) -> Loaded:
    """The base with the head of its law replaced by that of the instrument which adopts it."""
    adoption = Adoption.model_validate(node.value)
    head = with_source(node.fields["instrument"], label)
    law, bundle = base.law, dict(base.definition.bundle)
    if law is None:
        return base
    instrument = {**head.fields, **({"in_force": node.fields["in_force"]} if "in_force" in node.fields else {})}
    rest = {name: inner for name, inner in law.node.fields.items() if name not in (*_HEAD, *instrument)}
    fields = {**rest, **instrument}
    value: dict[str, Any] = {name: inner.value for name, inner in fields.items()}
    keys = {name: law.node.keys.get(name, inner.position) for name, inner in fields.items()}
    law = replace(law, node=replace(law.node, fields=fields, keys=keys, value=value))
    bundle[LAW] = {**plain(law.node.value), "clauses": bundle[LAW]["clauses"]}
    bundle["process"] = {**bundle["process"], LAW: adoption.instrument.law}
    register = base.register
    if register is not None:
        register = replace(register, node=_with(register.node, REGISTER, head.fields[LAW]))
        bundle[REGISTER] = {**bundle[REGISTER], REGISTER: adoption.instrument.law}
    return replace(base, law=law, register=register, definition=resolve(bundle, base.definition.sources))


def _with(node: Node, key: str, inner: Node) -> Node:
    value = {**node.value, key: inner.value}
    return replace(node, fields={**node.fields, key: inner}, keys={**node.keys, key: inner.position}, value=value)


_HEAD = ("zh", "en", "number", "issuer", "issued", "in_force")
"""What the head of an instrument says of it alone, and not of the law that it adopts."""
