"""English labels from the file beside the processes: put to every Chinese label that has none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from operator import is_

from zhengxie_flow.reading.expansion.trees import Fields, listing, rebuilt
from zhengxie_flow.reading.nodes import Node


def translated(node: Node, texts: Fields) -> Node:
    """Return a tree in which every Chinese label has the English one that the texts hold for it."""
    if node.kind == "scalar":
        return node
    if node.kind == "list":
        items = tuple(translated(entry, texts) for entry in node.items)
        return node if all(map(is_, items, node.items)) else listing(node, items)
    fields = {name: translated(inner, texts) for name, inner in node.fields.items()}
    label = node.fields.get("zh")
    if label is not None and label.kind == "scalar" and "en" not in node.fields and label.value in texts:
        fields["en"] = texts[label.value]
    elif all(map(is_, fields.values(), node.fields.values())):
        return node
    return rebuilt(node, fields)


def labels_in(node: Node, file: str) -> Iterator[str]:
    """Yield the Chinese labels of a tree whose English label comes from a file of translations, or is missing."""
    for inner in (*node.fields.values(), *node.items):
        yield from labels_in(inner, file)
    label, english = node.fields.get("zh"), node.fields.get("en")
    if label is not None and isinstance(label.value, str) and (english is None or english.file == file):
        yield label.value
