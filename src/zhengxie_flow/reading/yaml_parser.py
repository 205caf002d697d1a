"""Parser events of a YAML text: from the C parser when it is installed, else from the Python one.

The two agree on events and positions for what both accept (tested by comparison).  They differ in what they
call an error and, in corners, in what they refuse; so the Python parser has the last word on every text
that the C parser refuses.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

CParser: Any
try:
    # The extra ``oldlibyaml`` of ruamel.yaml; a compiled module without type information.
    CParser = importlib.import_module("_ruamel_yaml").CParser
except ImportError:  # no wheel for this interpreter (PyPy, a new CPython): slower, nothing else changes
    CParser = None

__all__ = ["FAST", "MarkedYAMLError", "YAMLError", "YamlText", "fast_events", "python_events"]

FAST = CParser is not None
"""True if the C parser is installed."""


class YamlText(Protocol):
    """A way from text to parser events."""

    def __call__(self, text: str, /) -> Iterator[Any]:
        """The events of a text, in order."""
        ...


def python_events(text: str) -> Iterator[Any]:
    """Events of the Python parser, one by one; raises YAMLError at the first fault."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except (
        ValueError,
        OverflowError,
    ) as error:  # "\\U00110000": an escape beyond Unicode meets chr() unguarded
        raise YAMLError(str(error)) from error


def fast_events(text: str) -> Iterator[Any]:
    """Events of the C parser, one by one; raises YAMLError at the first fault."""
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()
