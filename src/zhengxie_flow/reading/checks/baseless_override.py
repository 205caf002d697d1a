"""Overrides of an overlay that rest on no document."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.edition import Overlay
from zhengxie_flow.reading.amending import counts
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, warning
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1277"
NAME = "baseless-override"
REASON = Reason(
    en="A place that follows by reference may set something of its own only by a document that can be named.",
    zh="参照执行的地方要另作规定，须有可以写明的文件。",
)
_OVERLAY = """\
language: 1
process: county
extends: example/talk
zh: 某县协商
en: A county's consultation
overrides:
"""
GOOD: tuple[Example, ...] = (
    {
        "processes/county/county.yaml": _OVERLAY
        + """\
  - basis: 某政发〔2026〕1号
    changes: {obligations: {a2.notice: {limit: {at_least: 3}}}}
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "processes/county/county.yaml": _OVERLAY
        + """\
  - changes: {obligations: {a2.notice: {limit: {at_least: 3}}}}
# ^ changes
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report overrides without a basis; they are left out."""
    source = loaded.amendment
    if source is None or "extends" not in source.node.fields:
        return
    overlay = Overlay.model_validate(source.node.value)
    for index, override in enumerate(overlay.overrides):
        if not counts(override):
            yield warning(CODE, Place(source, source.node, ("overrides", index)))
