"""Bounds on the size of input files, so that a hostile or mistaken file stays cheap."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFINITION", "IMPORT", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file.

    ``max_bytes`` is looked up before a byte is read.  The other bounds are tested while the parser runs,
    event by event, so that a small file which would grow (nesting, many nodes) is given up at the bound and
    not after it.
    """

    max_bytes: int = 1_000_000
    max_depth: int = 64
    max_nodes: int = 100_000
    max_scalar: int = 20_000  # characters in one text
    max_problems: int = 100  # a person mends no more than this in one sitting


DEFINITION = Limits()
"""Definitions, decisions, law, registers, scenarios: what a person writes by hand."""

IMPORT = Limits(max_bytes=5_000_000, max_nodes=1_000_000)
"""Files of cases and events, written by a program.  Larger ones come as JSON lines, which are read line by
line.
"""
