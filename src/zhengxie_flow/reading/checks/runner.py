"""Run every check over every file of a project, and tell all faults at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading.checks.catalogue import all_checks, by_place

if TYPE_CHECKING:
    from zhengxie_flow.reading.definitions import Files


def run(files: Files) -> tuple[Problem, ...]:
    """All."""
    problems: list[Problem] = []
    for process in files.ids():
        try:
            loaded = files.read(process)
        except InvalidDefinition as error:
            problems.extend(error.problems)
            continue
        for check in all_checks():
            problems.extend(check.check(loaded))
    return by_place(problems)
