"""Values of facts are compared in one module: no other one reads a value for its order or its equality."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "zhengxie_flow"
HOME = "model/comparing.py"
ROOMS = ("conditions", "rules", "engine/determinations.py", "engine/view.py", "engine/parameters.py")
"""Where conditions and decisions get their truth."""

DOORS = {
    "conditions/comparison.py": {
        "absent",
        "compare",
        "members",
        "same",
        "typed",
    },  # conditions, in a case or over facts
    "conditions/evaluate.py": {"same"},  # the value of a parameter
    "conditions/view.py": {"typed"},  # values as they are compared
    "engine/determinations.py": {"same", "typed"},  # a countersignature says the same
    "rules/kinds.py": {"civil_day", "moment"},  # literals of decisions
    "rules/policy.py": {"canonical_text", "spelled_apart"},  # outcomes that are the same
    "rules/regions.py": {"civil_day", "day_start", "moment", "number"},  # regions between literals
    "rules/space.py": {"moment", "number", "order_of", "orders"},  # proofs over the order of two facts
}
"""Every place that compares values of facts, with what it uses of the one comparison."""

READERS = {"fromisoformat", "Decimal"}
"""Calls that give a value an order of its own."""

ALLOWED = {
    ("rules/compile.py", "date.fromisoformat(day)"),  # the day a decision is asked on
    ("rules/kinds.py", "Decimal(literal)"),  # a literal brought to its type
    ("rules/prove.py", "date.fromisoformat(day)"),
    ("rules/policy.py", "Decimal(value[name])"),  # added up, not compared
    ("rules/policy.py", "Decimal()"),
    ("rules/regions.py", "date.fromisoformat(high)"),  # days between two cuts
    ("rules/regions.py", "date.fromisoformat(low)"),
    ("rules/regions.py", "Decimal(2)"),
    ("rules/regions.py", "Decimal(low)"),
    ("rules/regions.py", "Decimal(high)"),
    ("rules/ordering.py", "date.fromisoformat(variable.read(value))"),  # a sample between two cuts
    ("rules/ordering.py", "Decimal(2)"),
    ("rules/ordering.py", "Decimal(ceiling)"),
    ("rules/ordering.py", "Decimal(self.low)"),
}


def modules() -> Iterator[Path]:
    for room in ROOMS:
        path = SOURCES / room
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def readings(tree: ast.AST) -> Iterator[str]:
    """Values read for a comparison of one's own: parsed text, cut text, the ``.value`` of a fact held against another."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.rpartition(".")[2] in READERS:
                yield ast.unparse(node)
        if isinstance(node, ast.Compare) and isinstance(
            node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq
        ):
            sides = [node.left, *node.comparators]
            if sum(isinstance(side, ast.Attribute) and side.attr == "value" for side in sides) > 1:
                yield ast.unparse(node)
        if isinstance(node, ast.Subscript) and ast.unparse(node.slice) in {":10", ":len('2026-01-01')"}:
            yield ast.unparse(node)


def test_no_other_module_reads_values_to_compare_them() -> None:
    found = {
        (str(path.relative_to(SOURCES)), text)
        for path in modules()
        for text in readings(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == ALLOWED


def test_every_place_that_compares_is_listed() -> None:
    users: dict[str, set[str]] = {}
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "zhengxie_flow.model.comparing"
            for alias in node.names
        } | {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "comparing"
        }
        names -= {"DEFAULT_ZONE"}
        if names:
            users[str(path.relative_to(SOURCES))] = names
    assert users == DOORS


@pytest.mark.parametrize(
    "code",
    ["datetime.fromisoformat(value) < datetime.fromisoformat(other)", "Decimal(value) == 1", "first.value != second.value",
     "value[:10] < day"],
)  # fmt: skip
def test_a_comparison_of_its_own_would_be_noticed(code: str) -> None:
    assert list(readings(ast.parse(code)))
