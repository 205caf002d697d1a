"""The order in which problems are reported."""

from __future__ import annotations

from collections.abc import Iterable

from zhengxie_flow.errors import Problem


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
