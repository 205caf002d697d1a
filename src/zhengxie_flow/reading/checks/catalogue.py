"""The record of a check, the defects it reports, and the list of all checks."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.labelled_ids import labelled_ids
from zhengxie_flow.reading.sources import Loaded


class Defect:
    """One defect of a definition: the place, and the parameters of the message; the check adds code and severity.

    ``kind`` is that of the ids under ``name``, ``suggestion``, ``known`` and ``circle``; None: they may be of any.
    """

    __slots__ = ("kind", "params", "place")

    def __init__(self, place: Place, kind: str | None = None, /, **params: Any) -> None:
        self.place = place
        self.kind = kind
        self.params = params


Finding = Defect | Problem
"""Reported by a check: a defect of its own, or a problem that another part of the program found and named."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of definitions.

    Attributes:
        code: the code of its message, which never changes once published.
        name: its name in kebab case.
        en: the reason for the check, in one English sentence.
        zh: the same in Chinese.
        find: a pure function from a loaded definition to its defects.
        severity: of its defects; only an error makes ``zhengxie check`` fail.
        shared: it looks at files that several processes may rest on (law, register, decisions); a defect counts only
            if every process that rests on the file has it.
    """

    code: str
    name: str
    en: str
    zh: str
    find: Callable[[Loaded], Iterator[Finding]]
    severity: Literal["error", "warning"] = "error"
    shared: bool = False

    def problems(self, loaded: Loaded) -> Iterator[Problem]:
        """Problems of this kind in a definition, each with file, line and column."""
        for finding in self.find(loaded):
            if isinstance(finding, Problem):
                yield replace(finding, params=labelled_ids(loaded, finding.params))
            else:
                params = labelled_ids(loaded, finding.params, finding.kind, finding.place.loc)
                yield Problem(self.code, finding.place.where(), params, self.severity)


def check(
    code: str,
    name: str,
    *,
    en: str,
    zh: str,
    severity: Literal["error", "warning"] = "error",
    shared: bool = False,
) -> Callable[[Callable[[Loaded], Iterator[Finding]]], Check]:
    """Decorator that makes a function from a loaded definition to its defects a `Check`."""
    return lambda find: Check(code, name, en, zh, find, severity, shared)


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check of every module of this package that has ``CHECKS``, by code."""
    package = import_module(__package__)
    modules = (import_module(f"{__package__}.{module.name}") for module in pkgutil.iter_modules(package.__path__))
    checks: Iterable[Check] = (entry for module in modules for entry in getattr(module, "CHECKS", ()))
    return tuple(sorted(checks, key=lambda entry: entry.code))


def by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file and place, without repetitions."""
    unique: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        unique.setdefault((problem.severity, str(problem)), problem)
    return tuple(
        sorted(
            unique.values(),
            key=lambda problem: (
                problem.where.file or "",
                problem.where.line or 0,
                problem.where.column or 0,
                problem.code,
            ),
        )
    )
