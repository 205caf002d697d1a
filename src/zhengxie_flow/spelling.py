"""Suggestions for unknown names: the choice within a bounded edit distance, never its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

__all__ = ["closest", "distance", "hint", "known_names", "normal", "suggest", "unknown_name"]

_OPPOSITES = """
included excluded | before after | least most | earliest latest | early late | more less | first last | true false
open closed | opened closed | start end | begin end | started ended | add remove | adds withdraws | grant revoke
granted revoked | grant refuse | granted refused | approve reject | approved rejected | approve refuse
accept reject | accepted rejected | approved refused | min max | minimum maximum
with without | any all | some every | forward backward
public private | public secret | published withheld | above below | over under | old new | pass fail | passed failed
from until | begins ends | inside outside | into from | increase decrease | lift impose | keep drop | high low
extended shortened | extend shorten | internal external | direct indirect | upper lower | positive negative
"""
_PAIRS: dict[str, set[str]] = {}
for _one, _other in (pair.split() for line in _OPPOSITES.strip().splitlines() for pair in line.split("|")):
    _PAIRS.setdefault(_one, set()).add(_other)
    _PAIRS.setdefault(_other, set()).add(_one)
_NEGATIONS = ("un", "in", "non", "dis", "im", "ir", "il")
_PARTS = re.compile(r"[_.]")


def suggest(word: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> str | None:
    """The choice that a misspelt or translated word stands for, or nothing.

    Args:
        word: What was written.
        choices: The ids that would have been right.
        names: Other names of ids, such as labels and synonyms; one that belongs to exactly one of the choices is
            that choice.

    Returns:
        The choice named so, else the nearest within a third of the letters (at least one letter).  A choice whose
        opposite (``included`` for ``excluded``, ``unlawful`` for ``lawful``) is spelt still more like the word is
        never given: who writes the opposite means the opposite.

    Example:
        >>> suggest("wrking_day", ["working_day", "calendar_day"])
        'working_day'
        >>> suggest("自然日", ["working_day", "calendar_day"], {"自然日": ["calendar_day"]})
        'calendar_day'
        >>> suggest("event_included", ["event_excluded", "clear_days"]) is None
        True
    """
    plain, possible = normal(word), list(dict.fromkeys(choices))
    named = {choice for choice in (names or {}).get(plain, ()) if choice in possible}
    if len(named) == 1:
        return named.pop()
    if len(plain) < 2:
        return None
    if not any(sign.isalpha() for sign in plain):  # another number is another thing, unless its digits were swapped
        return next((choice for choice in possible if _swapped(plain, choice)), None)
    near = [(distance(plain, normal(choice)), choice) for choice in possible if _comparable(plain, normal(choice))]
    near = [
        (gap, choice)
        for gap, choice in near
        if gap <= _bound(plain, normal(choice)) and not _opposed(plain, choice, gap)
    ]
    return min(near, key=lambda entry: entry[0])[1] if near else None


def closest(word: str, choices: Iterable[str], shown: int = 8) -> tuple[str, ...]:
    """Return some of the choices, those spelt most like a word first.

    Args:
        word: what was written.
        choices: the ids that would have been right.
        shown: how many are returned at most.

    Example:
        >>> closest("offce", ["court", "office", "bureau"], 1)
        ('office',)
    """
    return tuple(sorted(dict.fromkeys(choices), key=lambda choice: distance(normal(word), normal(choice)))[:shown])


def hint(word: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> str:
    """`suggest` as the parameter ``suggestion`` of a message, in which ``-`` stands for nothing.

    Where the choices are a mapping to entries with labels (``zh``, ``en``), a label counts as a name.
    """
    labels: dict[str, list[str]] = {name: list(ids) for name, ids in (names or {}).items()}
    for ident, entry in choices.items() if isinstance(choices, Mapping) else ():
        for label in filter(None, (getattr(entry, "zh", None), getattr(entry, "en", None))):
            labels.setdefault(normal(label), []).append(ident)
    return suggest(word, choices, labels) or "-"


def known_names(word: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
    """The parameters of "no such name" beside the name: what was meant, and everything there is."""
    return {"suggestion": hint(word, choices, names), "known": tuple(choices)}


def unknown_name(
    kind: str, name: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None
) -> dict[str, Any]:
    """The parameters of ZX1201, an unknown name.

    Args:
        kind: the concept of the glossary that the name should belong to, such as ``role``.
        name: what was written.
        choices: the ids that would have been right.
        names: other names of ids, as for `suggest`.

    Example:
        >>> unknown_name("role", "offce", ["office", "court"])
        {'kind': 'role', 'name': 'offce', 'suggestion': 'office', 'known': ('office', 'court')}
    """
    return {"kind": kind, "name": name, **known_names(name, choices, names)}


@lru_cache(maxsize=16_384)
def distance(word: str, other: str) -> int:
    """Return the edit distance of two words (optimal string alignment): letters missing, extra, wrong or swapped.

    Example:
        >>> distance("breach", "braech"), distance("pass", "past")
        (1, 1)
    """
    word, other = _without_common_ends(word, other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        earlier, before, row = before, row, [i]
        for j, counterpart in enumerate(other, 1):
            best = before[j - 1] + (letter != counterpart)
            if best > before[j]:
                best = before[j] + 1
            if best > row[j - 1]:
                best = row[j - 1] + 1
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == counterpart:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]


def _without_common_ends(word: str, other: str) -> tuple[str, str]:
    """Two words without the letters that both begin and end with, which no edit touches."""
    shorter = min(len(word), len(other))
    start = next((i for i in range(shorter) if word[i] != other[i]), shorter)
    word, other = word[start:], other[start:]
    shorter -= start
    end = next((i for i in range(shorter) if word[-1 - i] != other[-1 - i]), shorter)
    return word[: len(word) - end], other[: len(other) - end]


def normal(word: str) -> str:
    """Return a word as it is compared: lower case, blanks and dashes as underscores.

    Example:
        >>> normal(" Working-Day ")
        'working_day'
    """
    return re.sub(r"[\s-]+", "_", word.strip().lower())


def _bound(word: str, choice: str) -> int:
    return max(len(word), len(choice), 3) // 3


def _comparable(word: str, choice: str) -> bool:
    """Return whether the lengths alone leave a chance."""
    return abs(len(word) - len(choice)) <= _bound(word, choice)


def _swapped(number: str, choice: str) -> bool:
    return sorted(number) == sorted(choice) and distance(number, choice) == 1


def _opposed(word: str, choice: str, gap: int) -> bool:
    """Return whether a word is spelt more like an opposite of a choice than like the choice."""
    return any(distance(word, opposite) < gap for opposite in _opposites(normal(choice)))


def _opposites(choice: str) -> Iterator[str]:
    """A choice with one of its parts turned into the opposite, or denied."""
    marks = [0, *(place for match in _PARTS.finditer(choice) for place in match.span()), len(choice)]
    for start, end in zip(marks[::2], marks[1::2], strict=True):
        head, part, tail = choice[:start], choice[start:end], choice[end:]
        turned = _PAIRS.get(part, set()) | {negation + part for negation in _NEGATIONS}
        turned |= {part.removeprefix(negation) for negation in _NEGATIONS if part.startswith(negation)}
        yield from (head + other + tail for other in turned)
        if part in ("not", "no"):
            yield (head.rstrip("_") + tail).lstrip("_")
        else:
            yield f"{head}not_{part}{tail}"
            yield f"{head}{part}_not{tail}"
