"""Adoption: a process that another place makes its own law, in full force, with its own offices and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.edition import Adoption
from zhengxie_flow.reading.edition_files import Amendment, DefinitionReading, OverlayTree
from zhengxie_flow.reading.nodes import Node, with_source
from zhengxie_flow.reading.sources import Loaded, SourceFile, plain

LAW, REGISTER = "law", "register"


def adopted_process(base: Loaded, source: SourceFile, ident: str, reading: DefinitionReading) -> Loaded | None:
    """Return the process of a place that adopts a process: the base under its own instrument, with its changes.

    Nothing is followed by reference, and the later editions of the base do not reach it.

    Args:
        base: the edition that it adopts.
        source: the file, valid in shape.
        ident: the id of the process.
        reading: the reading of the process.

    Returns:
        The process; None where it cannot be resolved.
    """
    node = source.node
    overlay = OverlayTree(_under(base, node, source.label), source, reading)
    overlay.take_roles()
    if "changes" in node.fields:
        overlay.change(Amendment(node.fields["changes"], source.label))
    overlay.take(node, ("process", "zh", "en", "in_force", "calendar", "zone"))
    overlay.take(node.fields["instrument"], (LAW,))
    base_id = {"id": base.definition.id, "hash": base.definition.hash}
    return overlay.loaded({"id": ident, "base": base_id})


def _under(base: Loaded, node: Node, label: str) -> Loaded:
    """The base with the head of its law replaced by that of the instrument which adopts it."""
    adoption = Adoption.model_validate(node.value)
    head = with_source(node.fields["instrument"], label)
    law, bundle = base.law, dict(base.definition.bundle)
    if law is None:
        return base
    own = {**head.fields, **({"in_force": node.fields["in_force"]} if "in_force" in node.fields else {})}
    kept = {name: inner for name, inner in law.node.fields.items() if name not in (*_HEAD, *own)}
    fields = {**kept, **own}
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
