"""Checks of labels: everything that people see has one in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.rule import Constraint, Hint, Reading, Rule
from zhengxie_flow.model.values import FactRef
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, model_nodes
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
    """Report everything that people see and that has no English label."""
    for node, label in labelled(loaded):
        if not label.en:
            yield Defect(node.place.name())


CHECKS = (missing_zh, missing_en)
