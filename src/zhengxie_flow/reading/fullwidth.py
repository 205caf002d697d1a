"""Full-width punctuation and spaces where YAML wants its own: the slip of every Chinese input method.

``phase：pre_decision`` is no mapping to YAML but one long word, and the error it causes lies somewhere
else.  These rules look only at unquoted words and only where the wide character can hardly be meant as
text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

__all__ = ["PUNCTUATION", "SPACES", "Found", "in_key", "in_source", "in_value"]

Found = tuple[str, str, dict[str, Any]]
"""Problem code, the character to point at, the parameters."""

SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
PUNCTUATION = {
    "：": ":", "，": ",", "［": "[", "］": "]", "｛": "{", "｝": "}", "＃": "#", "－": "-",
    "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'",
}  # fmt: skip

_ANY_SPACE = re.compile(f"[{SPACES}]")
_ID_COLON = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*(：)")
_OUTER_SPACE = re.compile(
    rf"^([{SPACES}])|([{SPACES}])$|^[-?]([{SPACES}])|^[A-Za-z0-9_.\-]+:([{SPACES}])|([{SPACES}])#"
)
_QUOTED = re.compile(r"([“”‘’＂＇])[\x20-\x7e]*[“”‘’＂＇]\Z")
_BRACKETED = re.compile(r"([［｛]).*[］｝\]}]\Z", re.DOTALL)
_WIDE_IN_SOURCE = (
    re.compile(r"(?:^|[\s{\[,，｛［\"'])[A-Za-z_][A-Za-z0-9_.\-]*[\"']?(：)"),
    re.compile(r"(，)\s*[A-Za-z_][A-Za-z0-9_.\-]*\s*[:：]"),
    re.compile(r"(?:^|[:,\-]\s*)([［｛“‘＂])"),
    re.compile(r"([］｝])\s*(?:$|[,，\]}])"),
    re.compile(r"^\s*(＃|－)"),
)
_LEADING_SPACE = re.compile(rf"^[ \t]*([{SPACES}])|:([{SPACES}])|^\s*-([{SPACES}])")


def _punctuation(character: str) -> Found:
    return "ZX1012", character, {"character": character, "instead": PUNCTUATION[character]}


def _space(character: str) -> Found:
    params = {"codepoint": f"U+{ord(character):04X}", "name": unicodedata.name(character)}
    return "ZX1013", character, params


def _first_group(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def in_key(text: str) -> Found | None:
    """A wide colon or comma or any wide space inside an unquoted key."""
    if match := _ANY_SPACE.search(text):
        return _space(match.group())
    for character in text:
        if character in "：，［］｛｝“”＂":
            return _punctuation(character)
    return None


def in_value(text: str, *, mapping_due: bool) -> Found | None:
    """A wide character in an unquoted value that stands for YAML's own.

    ``mapping_due``: the value stands where a mapping begins (on its own line below its key, or at the top
    of the file), so ``id：`` cannot be prose.
    """
    if match := _OUTER_SPACE.search(text):
        return _space(_first_group(match))
    if mapping_due and (match := _ID_COLON.match(text)):
        return _punctuation(match.group(1))
    if match := _QUOTED.match(text) or _BRACKETED.match(text):
        return _punctuation(match.group(1))
    return None


def in_source(line: str) -> tuple[int, Found] | None:
    """The likeliest wide culprit in a source line that the parser could not read: its index and the
    problem.
    """
    if match := _LEADING_SPACE.search(line):
        return match.start(match.lastindex or 0), _space(_first_group(match))
    for pattern in _WIDE_IN_SOURCE:
        if match := pattern.search(line):
            return match.start(1), _punctuation(match.group(1))
    return None
