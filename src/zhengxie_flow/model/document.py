"""Mapping of values to documents: the keys are the fields, in their order, unless the class says otherwise.

A class with other keys lists them as ``KEYS``; each is a field or a property.  A field may be left out where it is None
(`OPTIONAL`), put its own keys among those around it (`FLAT`), or stand under another key (`named`).  These are the only
declarations: the serialiser and the JSON Schema of all outputs both follow them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

OPTIONAL: Final[Mapping[str, object]] = MappingProxyType({"optional": True})
"""Metadata of a field that is left out where it is None; any other field that is None is null."""

FLAT: Final[Mapping[str, object]] = MappingProxyType({"flat": True})
"""Metadata of a field whose own keys stand among those of its owner; None, or an empty tuple, adds none."""


def named(key: str) -> Mapping[str, object]:
    """Metadata of a field that stands under a key which cannot be a name in Python, such as ``from``."""
    return MappingProxyType({"key": key})


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """Form of a value in a document, as part of its annotation, where its Python type is plain text."""

    values: tuple[str, ...] = ()
    pattern: str | None = None
    format: str | None = None
    description: str | None = None


def one_of(*values: str) -> DocumentForm:
    """The form of a text that is one of several words."""
    return DocumentForm(values=values)


Hash = Annotated[str, DocumentForm(description="A content hash with the name of its function, such as sha256:…")]
Instant = Annotated[str, DocumentForm(format="date-time", description="An instant with its offset.")]
Force = Annotated[str, one_of("must", "must_not", "should", "may", "by_reference")]
Firmness = Annotated[str, one_of("firm", "provisional")]
AnchorKind = Annotated[str, one_of("actual", "planned", "projected", "unknown")]
RowKind = Annotated[str, one_of("dated", "stopped", "undated", "waiting", "determination")]
LimitDirection = Annotated[
    str, one_of("forward", "backward", "minimum", "earliest", "by_date", "by", "order_before", "order_after")
]
RowDirection = Annotated[
    str, one_of("forward", "backward", "minimum", "earliest", "by_date", "by", "order_before", "order_after", "none")
]
