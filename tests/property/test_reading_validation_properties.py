"""However a definition is broken, out come problems with codes and places, never a traceback."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import ValidationError
from tests.support import tries

from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.writer import dump_yaml
from zhengxie_flow.reading.yaml_reader import read_yaml

GOOD: dict[str, Any] = read_yaml(
    (Path(__file__).parents[1] / "data" / "reading" / "process.yaml").read_text("utf-8")
).value

WRONG: list[Any] = [
    None, True, 5, -1, Decimal("7.4"), "", "x", "on", "phase：x", "2026-01-01", [], {}, [1], [[]], [None],
    {"": {}},
    {"a": 1}, {"all": []}, {"done": [{}]}, {"field": 3}, {"within": "5"},
]  # fmt: skip
KEYS = [
    "zh",
    "law",
    "done",
    "all",
    "where",
    "first_of",
    "when",
    "within",
    "of",
    "type",
    "is",
    "test",
    "name",
    "x",
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path into a value except the empty one."""
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [found for step in steps for found in [(*path, step), *paths(value[step], (*path, step))]]


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """The good definition with up to three values replaced, added, removed or renamed."""
    value = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 3))):
        *outer, last = draw(st.sampled_from(paths(value)))
        holder: Any = value
        for step in outer:
            holder = holder[step]
        how = draw(st.sampled_from(["replace", "replace", "add", "remove", "rename"]))
        if how == "replace" or not isinstance(holder, dict):
            holder[last] = copy.deepcopy(draw(st.sampled_from(WRONG)))
        elif how == "add":
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(WRONG)))
        elif how == "remove":
            del holder[last]
        else:
            holder[f"{last}x"] = holder.pop(last)
    return copy.deepcopy(value)


def test_the_definition_is_good_to_begin_with() -> None:
    Process.model_validate(GOOD)


@settings(max_examples=tries(200), suppress_health_check=[HealthCheck.too_slow])
@given(broken())
def test_a_broken_definition_gives_problems_with_places(value: dict[str, Any]) -> None:
    if not value:
        return
    text = dump_yaml(value)
    node = read_yaml(text, "f")
    assert node.value == value
    try:
        Process.model_validate(node.value)
    except ValidationError as error:
        lines = text.split("\n")
        problems = problems_from(error, node, "f", Process)
        assert problems
        assert [str(problem.where) for problem in problems] == sorted(
            (str(problem.where) for problem in problems),
            key=lambda where: tuple(map(int, where.split(":")[1:])),
        )
        for problem in problems:
            assert problem.code.startswith("ZX1") or problem.code == "ZX2003"  # what is no date, wherever it stands
            assert 1 <= (problem.where.column or 0) <= len(lines[(problem.where.line or 0) - 1]) + 1
