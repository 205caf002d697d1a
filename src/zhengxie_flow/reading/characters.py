"""Forbidden characters: those whose effect a person cannot see.

Control characters break terminals and logs; bidirectional marks reorder a line on the screen, so that the
reviewer reads another text than the machine ("Trojan Source", CVE-2021-42574); zero-width characters make
two ids look alike.  The line separators of Unicode are refused too: YAML 1.1 and 1.2 disagree on whether
they end a line, and line numbers would shift.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from zhengxie_flow.errors import Problem, Where

__all__ = ["bad_characters", "forbidden_in", "place_of"]

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"

_FORBIDDEN = re.compile(f"[{_CONTROL}{_BIDI}{_ZERO_WIDTH}]")
_INVISIBLE = re.compile(f"[{_BIDI}{_ZERO_WIDTH}]")

# Unicode gives control characters no name of their own; these are the ones met in practice.
_CONTROL_NAMES = {
    "\x00": "NULL",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\x0b": "LINE TABULATION",
    "\x0c": "FORM FEED",
    "\x1a": "SUBSTITUTE",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def _describe(character: str) -> dict[str, Any]:
    if 0xD800 <= ord(character) <= 0xDFFF:
        name = "SURROGATE"
    else:
        name = unicodedata.name(character, _CONTROL_NAMES.get(character, "CONTROL CHARACTER"))
    return {"codepoint": f"U+{ord(character):04X}", "name": name}


def place_of(text: str, index: int) -> tuple[int, int]:
    """Return the 1-based line and column (in code points) of an index into a text with plain line ends.

    Example:
        >>> place_of("a: 1" + chr(10) + "b: 2", 8)
        (2, 4)
    """
    start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - start + 1


def forbidden_in(value: str) -> tuple[str, dict[str, Any]] | None:
    """Return code and parameters for the first forbidden character of a text.

    Returns:
        None where there is none; ZX1008 for a control character, ZX1009 for an invisible one.

    Example:
        >>> forbidden_in("plain") is None, forbidden_in("a" + chr(0x200B))[0]
        (True, 'ZX1009')
    """
    match = _FORBIDDEN.search(value)
    if match is None:
        return None
    character = match.group()
    return ("ZX1009" if _INVISIBLE.match(character) else "ZX1008"), _describe(character)


def bad_characters(text: str, file: str | None, *, first_line: int = 1, most: int = 20) -> tuple[Problem, ...]:
    """Every forbidden character of a text with its place, at most ``most`` of them."""
    problems: list[Problem] = []
    for match in _FORBIDDEN.finditer(text):
        code = "ZX1009" if _INVISIBLE.match(match.group()) else "ZX1008"
        line, column = place_of(text, match.start())
        problems.append(Problem(code, Where(file, line + first_line - 1, column), _describe(match.group())))
        if len(problems) >= most:
            break
    return tuple(problems)
