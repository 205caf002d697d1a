"""The record of a check, the defects it reports, the list of all checks, and a cache of what several checks derive."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.labelled_ids import labelled_ids
from zhengxie_flow.reading.sources import Loaded

T = TypeVar("T")


class Defect:
    """One defect of a definition: the place, and the parameters of the message; the check adds code and severity.

    ``kind`` is that of the ids under ``name``, ``suggestion``, ``known`` and ``circle``; None: the one that the
    parameters say, or any.
    """

    __slots__ = ("kind", "params", "place")

    def __init__(self, place: Place, kind: str | None = None, /, **params: Any) -> None:
        self.place = place
        self.kind = kind
        self.params = params


Severity = Literal["error", "warning", "advice"]
"""What a check says of a defect: wrong, doubtful, or merely worth knowing."""

Finding = Defect | Problem
"""Reported by a check: a defect of its own, or a problem that another part of the program found and named."""

Find = Callable[[Loaded], Iterator[Finding]]
"""The function of a check: from a loaded definition to its defects."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of definitions.

    Attributes:
        code: the code of its message; all checks of undefined names share one, but for those with advice of their own.
        name: its name in kebab case, which no other check has.
        en: the reason for the check, in one English sentence.
        zh: the same in Chinese.
        find: a pure function from a loaded definition to its defects.
        severity: of its defects; only an error makes ``zhengxie check`` fail.
        shared: it looks at files that several processes may rest on (law, register, decisions); a defect counts only
            if every process that rests on the file has it.
        kind: the concept of the glossary whose names it looks up; None: it is not about undefined names.
        stories: it looks at the scenarios of a definition.
        peers: it looks at other processes.
    """

    code: str
    name: str
    en: str
    zh: str
    find: Find
    severity: Severity = "error"
    shared: bool = False
    kind: str | None = None
    stories: bool = False
    peers: bool = False

    def problems(self, loaded: Loaded) -> Iterator[Problem]:
        """Problems of this kind in a definition, each with file, line and column."""
        for finding in self.find(loaded):
            if isinstance(finding, Problem):
                yield replace(finding, params=labelled_ids(loaded, finding.params))
            else:
                params = labelled_ids(loaded, finding.params, finding.kind, finding.place.loc)
                yield Problem(self.code, finding.place.where(), params, self.severity)


def check(code: str, name: str, *, en: str, zh: str, shared: bool = False) -> Callable[[Find], Check]:
    """Decorator that makes a function from a loaded definition to its defects a `Check`, whose defects are errors."""
    return lambda find: Check(code, name, en, zh, find, shared=shared)


def warning(code: str, name: str, *, en: str, zh: str, shared: bool = False) -> Callable[[Find], Check]:
    """Decorator like `check`, for a check whose defects are warnings."""
    return lambda find: Check(code, name, en, zh, find, "warning", shared)


def advice(code: str, name: str, *, en: str, zh: str, shared: bool = False) -> Callable[[Find], Check]:
    """Decorator like `check`, for a check whose defects are merely worth knowing."""
    return lambda find: Check(code, name, en, zh, find, "advice", shared)


def of_stories(check: Check) -> Check:
    """Decorator of a check that looks at the scenarios of a definition."""
    return replace(check, stories=True)


def of_peers(check: Check) -> Check:
    """Decorator of a check that looks at other processes beside a definition."""
    return replace(check, peers=True)


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check of every module of this package that has ``CHECKS``, by code."""
    package = import_module(__package__)
    modules = (import_module(f"{__package__}.{module.name}") for module in pkgutil.iter_modules(package.__path__))
    checks: Iterable[Check] = (entry for module in modules for entry in getattr(module, "CHECKS", ()))
    return tuple(sorted(checks, key=lambda entry: entry.code))


def cached(find: Callable[[Loaded], Iterable[T]]) -> Callable[[Loaded], tuple[T, ...]]:
    """Decorator that evaluates a function of a definition once and keeps its results."""
    results: WeakKeyDictionary[Loaded, tuple[T, ...]] = WeakKeyDictionary()

    def recall(loaded: Loaded) -> tuple[T, ...]:
        result = results.get(loaded)
        if result is None:
            result = results[loaded] = tuple(find(loaded))
        return result

    return recall
