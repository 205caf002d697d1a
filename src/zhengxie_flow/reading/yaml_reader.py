"""From YAML text to a `Node`: the tame part of YAML, every fault with its place, as many faults as possible
at once.

Refused, each with a code of its own: anchors, aliases, tags, merge keys, duplicate keys, keys that are not
text, several documents, directives, and full-width characters where YAML wants its own.  What is left has
one meaning in every tool. The reader never recurses and stops at the bounds of `Limits`, so hostile input
costs no more than its own size.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from zhengxie_flow.errors import InvalidDefinition, Problem, Where
from zhengxie_flow.reading.builder import Builder, Stop
from zhengxie_flow.reading.characters import bad_characters
from zhengxie_flow.reading.input_bounds import DEFINITION, Limits
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.yaml_error_text import explain
from zhengxie_flow.reading.yaml_parser import FAST, MarkedYAMLError, YAMLError, YamlText, fast_events, python_events

__all__ = ["read_yaml"]

_SMALL = 250_000
"""Characters, some ten times the largest definition.  Up to here the Python parser, about twenty times
slower, has the last word on every text with a fault or a tab: there the two parsers differ in what they
accept and what they say, and a file must get the same answer on every machine.
"""

_CORNERS = re.compile(r"\t|[|>][-+0-9]*(?:#| *\n(?:#| +\n))|^\.\.\.", re.MULTILINE)
"""Where the C parser lets pass what the Python parser refuses: tabs, a comment glued to a block indicator or
right below it, a block text that begins with an indented empty line, end-of-document marks.
"""


def read_yaml(
    text: str,
    file: str | None = None,
    *,
    limits: Limits = DEFINITION,
    top: Literal["map", "any"] = "map",
    parser: Literal["auto", "python", "c"] = "auto",
) -> Node:
    r"""Read one YAML document.

    Args:
        text: the document, from `read_text`; lines end in ``\n``.
        file: label of the file in problems.
        limits: bounds on size and depth.
        top: ``map`` if the document must be a mapping.
        parser: one of the two parsers, for comparing them.

    Returns:
        The tree of values with their positions.

    Raises:
        InvalidDefinition: with every problem found, codes ZX1008 to ZX1038.

    Example:
        >>> node = read_yaml("process: talk\nlanguage: 1\n", "talk.yaml")
        >>> node.value
        {'process': 'talk', 'language': 1}
        >>> node.fields["language"].position
        (2, 11)
    """
    if problems := bad_characters(text, file, most=limits.max_problems):
        raise InvalidDefinition(problems=problems)
    if len(text) > limits.max_bytes:
        raise InvalidDefinition("ZX1004", where=Where(file), size=len(text), limit=limits.max_bytes)
    if parser == "auto" and len(text) <= _SMALL:
        return _remembered(text, file, limits, top)
    return _parsed(text, file, limits, top, parser)


@lru_cache(maxsize=64)
def _remembered(text: str, file: str | None, limits: Limits, top: str) -> Node:
    """A text that was read a short while ago: the law, register and vocabulary of a folder serve all its processes."""
    return _parsed(text, file, limits, top, "auto")


def _parsed(text: str, file: str | None, limits: Limits, top: str, parser: str) -> Node:
    if parser == "python" or not FAST:
        return _read(python_events, text, file, limits, top)
    small = len(text) <= _SMALL and parser == "auto"
    if small and _CORNERS.search(text):
        return _read(python_events, text, file, limits, top)
    try:
        return _read(fast_events, text, file, limits, top)
    except InvalidDefinition:
        if not small:
            raise
    return _read(python_events, text, file, limits, top)


def _read(source: YamlText, text: str, file: str | None, limits: Limits, top: str) -> Node:
    """Build the tree from one parser; a syntax error joins the problems found before it."""
    builder = Builder(text, file, limits)
    try:
        for event in source(text):
            builder.feed(event)
    except Stop:
        pass  # the bound that was reached is among the problems
    except YAMLError as error:
        builder.problems.append(_syntax_problem(error, text, file))
    else:
        builder.finish(top)
    if builder.problems:
        raise InvalidDefinition(problems=in_order(builder.problems))
    assert builder.root is not None  # noqa: S101  # finish() reports an empty document as a problem
    return builder.root


def _syntax_problem(error: YAMLError, text: str, file: str | None) -> Problem:
    if isinstance(error, MarkedYAMLError):
        return explain(error, text, file)
    return Problem(
        "ZX1010",
        Where(file, 1, 1),
        {"detail": str(error).splitlines()[0] if str(error) else type(error).__name__},
    )
