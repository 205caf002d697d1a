"""Checks of a vocabulary: what the processes of a folder share is used by one of them."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.i18n.ids import LabelledId
from zhengxie_flow.reading.checks.catalogue import Defect, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import Loaded

_SHARED = ("roles", "facts", "fields", "values")


@warning(
    "ZX1367",
    "unused-vocabulary-entry",
    en="An entry of the vocabulary that no process takes is left over, or a process writes its own in its place.",
    zh="共用词表中没有流程采用的词条，不是遗留，就是流程另写了一份。",
    shared=True,
)
def unused_entry(loaded: Loaded) -> Iterator[Defect]:
    """Report every entry of the vocabulary that none of the processes beside it takes."""
    if loaded.vocabulary is None:
        return
    source = loaded.vocabulary
    taken = frozenset(_places(loaded.process.node, source.label))
    for section in _SHARED:
        holder = source.node.fields.get(section)
        for name, entry in holder.fields.items() if holder is not None else ():
            if not taken & {inner.position for inner in entry.fields.values()}:
                yield Defect(Place(source, source.node).name(section, name), name=_labelled(name, entry))


def _labelled(name: str, entry: Node) -> str:
    zh, en = (str(entry.fields[lang].value) if lang in entry.fields else "" for lang in ("zh", "en"))
    return LabelledId(name, zh or en, en or zh) if zh or en else name


def _places(node: Node, file: str) -> Iterator[tuple[int, int]]:
    """The places of the values that come from a file."""
    if node.file == file:
        yield node.position
    for inner in (*node.fields.values(), *node.items):
        yield from _places(inner, file)


CHECKS = (unused_entry,)
