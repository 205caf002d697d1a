"""Checks of labels: everything that people see has one in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.rule import Constraint, Hint, Reading, Rule
from zhengxie_flow.model.values import FactRef
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, model_nodes
from zhengxie_flow.reading.expansion.translations import labels_in
from zhengxie_flow.reading.sources import Loaded

_OPTIONAL = (Rule, Constraint, Hint, Reading, FactRef)
"""Rows are known by their number, a reading by its register entry, a fact by its own label."""


def labelled(loaded: Loaded) -> Iterator[tuple[ModelNode, Labelled]]:
    """Everything that has to have labels; choices given as a plain list are shown by their ids and have none."""
    for node in model_nodes(loaded):
        if isinstance(node.model, Labelled) and not isinstance(node.model, _OPTIONAL) and not _in_list(node.place):
            yield node, node.model


def _in_list(place: Place) -> bool:
    if not place.loc or not isinstance(place.loc[-1], str):
        return False
    return Place(place.source, place.node, place.loc[:-1]).value.kind == "list"


@check(
    "ZX1225",
    "missing-zh",
    en="People see labels, never ids; whoever works in Chinese needs every one of them.",
    zh="人看到的是名称而不是标识符；缺了中文名称，工作人员就看不懂。",
)
def missing_zh(loaded: Loaded) -> Iterator[Defect]:
    """Report everything that people see and that has no Chinese label."""
    for node, label in labelled(loaded):
        if not label.zh:
            yield Defect(node.place.name())


@warning(
    "ZX1226",
    "missing-en",
    en="People see labels, never ids; whoever works in English sees Chinese where the English is missing.",
    zh="人看到的是名称而不是标识符；缺了英文名称，英文界面只能显示中文。",
)
def missing_en(loaded: Loaded) -> Iterator[Defect]:
    """Report everything that people see and that has no English label, but where a file of translations lacks it."""
    for node, label in labelled(loaded):
        if not label.en and not _translatable(loaded, node, label):
            yield Defect(node.place.name())


def _translatable(loaded: Loaded, node: ModelNode, label: Labelled) -> bool:
    """True for a label of a process with a file of translations beside it."""
    return loaded.labels is not None and node.place.source is loaded.process and bool(label.zh)


@check(
    "ZX1365",
    "untranslated-label",
    en="Where the English labels stand in a file of their own, it is complete, or English screens show some Chinese.",
    zh="英文名称单列一个文件的，必须齐全，否则英文界面上会夹杂中文。",
)
def untranslated_label(loaded: Loaded) -> Iterator[Defect]:
    """Report every Chinese label that the file of translations beside the process does not translate."""
    for node, label in labelled(loaded):
        if not label.en and _translatable(loaded, node, label):
            yield Defect(node.place.at("zh"), name=label.zh, file=loaded.labels.label if loaded.labels else "")


@check(
    "ZX1366",
    "orphan-translation",
    en="A translation of no label is one that was left behind when the label changed, or a misspelt key.",
    zh="没有名称对应的译文，不是名称改了而译文没有改，就是键写错了。",
    shared=True,
)
def orphan_translation(loaded: Loaded) -> Iterator[Defect]:
    """Report every translation whose Chinese label no process of the folder has without an English one of its own."""
    if loaded.labels is None:
        return
    place = Place(loaded.labels, loaded.labels.node, ("texts",))
    used = frozenset(labels_in(loaded.process.node, loaded.labels.label))
    for text in place.value.fields:
        if text not in used:
            yield Defect(place.name(text), name=text)


CHECKS = (missing_zh, missing_en, untranslated_label, orphan_translation)
