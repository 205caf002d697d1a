"""What every check says of itself, and the list of all checks."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.sources import Loaded

Example = str | Mapping[str, str]
"""A part of a process, or parts of several files by name.

In a bad one ``# ^ word`` points at the word in the line above where the fault is reported.
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check is there, in a sentence of each language."""

    en: str
    zh: str


class Check(Protocol):
    """A module of this package that checks one thing.

    With ``SHARED`` true it looks at what several processes may rest on, and a fault counts only if all of them have it.
    """

    CODE: str
    NAME: str
    REASON: Reason
    GOOD: tuple[Example, ...]
    BAD: tuple[Example, ...]

    def check(self, loaded: Loaded) -> Iterator[Problem]:
        """Every fault of this kind in a definition."""


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check, by code."""
    package = import_module(__package__)
    modules = (import_module(f"{__package__}.{found.name}") for found in pkgutil.iter_modules(package.__path__))
    return tuple(
        sorted((cast("Check", found) for found in modules if hasattr(found, "CODE")), key=lambda each: each.CODE)
    )


def by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file and place, without repetitions."""
    unique: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        unique.setdefault((problem.severity, str(problem)), problem)
    return tuple(
        sorted(
            unique.values(),
            key=lambda each: (each.where.file or "", each.where.line or 0, each.where.column or 0, each.code),
        )
    )
