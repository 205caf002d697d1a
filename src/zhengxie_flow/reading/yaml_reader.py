"""From YAML text to a `Node`: the tame part of YAML, every fault with its place, as many faults as possible
at once.

Refused, each with a code of its own: anchors, aliases, tags, merge keys, duplicate keys, keys that are not
text, several documents, directives, and full-width characters where YAML wants its own.  What is left has
one meaning in every tool. The reader never recurses and stops at the bounds of `Limits`, so hostile input
costs no more than its own size.
"""

from __future__ import annotations

from typing import Literal

from zhengxie_flow.errors import InvalidDefinition, Problem, Where
from zhengxie_flow.reading.builder import Builder, Stop
from zhengxie_flow.reading.characters import bad_characters
from zhengxie_flow.reading.events import FAST, MarkedYAMLError, Source, YAMLError, fast_events, python_events
from zhengxie_flow.reading.limits import DEFINITION, Limits
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.syntax import explain

__all__ = ["read_yaml"]

_SMALL = 1_000_000
"""Characters.  The Python parser is some twenty times slower, so a larger text is not read a second time."""


def read_yaml(
    text: str,
    file: str | None = None,
    *,
    limits: Limits = DEFINITION,
    top: Literal["map", "any"] = "map",
    parser: Literal["auto", "python", "c"] = "auto",
) -> Node:
    """Read one YAML document.

    ``text`` comes from `read_text` (lines end in ``\\n``); ``file`` is how problems call it.  With
    ``top="map"`` the document must be a mapping.  ``parser`` is for comparing the two parsers.  Raises
    InvalidDefinition with every problem found, codes ZX1008 to ZX1038.
    """
    if problems := bad_characters(text, file, most=limits.max_problems):
        raise InvalidDefinition(problems=problems)
    if len(text) > limits.max_bytes:
        raise InvalidDefinition("ZX1004", where=Where(file), size=len(text), limit=limits.max_bytes)
    if parser == "python" or (parser == "auto" and not FAST):
        return _read(python_events, text, file, limits, top)
    try:
        return _read(fast_events, text, file, limits, top, final=len(text) > _SMALL)
    except YAMLError:
        return _read(python_events, text, file, limits, top)


def _read(
    source: Source, text: str, file: str | None, limits: Limits, top: str, *, final: bool = True
) -> Node:
    """Build the tree from one parser; a syntax error joins the problems found before it, or (not ``final``)
    goes up.
    """
    builder = Builder(text, file, limits)
    try:
        for event in source(text):
            builder.feed(event)
    except Stop:
        pass
    except YAMLError as error:
        if not final:
            raise
        builder.problems.append(_syntax_problem(error, text, file))
    else:
        builder.finish(top)
    if builder.problems:
        raise InvalidDefinition(problems=in_order(builder.problems))
    assert builder.root is not None  # finish() reports an empty document as a problem
    return builder.root


def _syntax_problem(error: YAMLError, text: str, file: str | None) -> Problem:
    if isinstance(error, MarkedYAMLError):
        return explain(error, text, file)
    return Problem(
        "ZX1010",
        Where(file, 1, 1),
        {"detail": str(error).splitlines()[0] if str(error) else type(error).__name__},
    )
