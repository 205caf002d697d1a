"""The rooms of the house: who may import whom, and that the rules would notice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import zhengxie_flow

CONFIG = Path(__file__).parents[2] / "pyproject.toml"
PACKAGE = Path(zhengxie_flow.__file__).parent
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package in ``source``; without the cache, which misses files that are new."""
    return subprocess.run(
        [sys.executable, "-P", "-c", LINT, "--config", str(CONFIG), "--no-cache"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_dependencies_point_one_way() -> None:
    done = lint_imports(PACKAGE.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("model/base.py", "from zhengxie_flow.storage import create", "Dependencies point one way"),
        (
            "services/queries/audit.py",
            "from zhengxie_flow.i18n import label",
            "Texts, settings and packaged files stay",
        ),
        (
            "engine/limits/resolve.py",
            "from zhengxie_flow.engine.judging.judge import judged",
            "The rooms of the engine",
        ),
        (
            "engine/state_machine/machine.py",
            "from zhengxie_flow.engine.view import CaseView",
            "The rooms of the engine",
        ),
        ("engine/orphan.py", "", "The rooms of the engine"),
        ("services/queries/audit.py", "from zhengxie_flow.services.commands import acts", "Commands may ask queries"),
        ("cli/output/page.py", "from zhengxie_flow.cli.rendering import count", "Commands of the command line"),
        ("engine/events/decide.py", "import random", "The pure core touches"),
        ("engine/audit.py", "from transitions import Machine", "transitions stays"),
        ("cli/main.py", "import ruamel.yaml", "YAML and holidays stay"),
        ("bootstrap/engine.py", "import sqlalchemy", "SQL stays"),
    ],
)
def test_a_forbidden_import_is_noticed(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / PACKAGE.name / module
    before = changed.read_text(encoding="utf-8") if changed.exists() else ""
    changed.write_text(before + f"\n{line}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if " BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), done.stdout


def test_every_module_of_a_divided_room_has_a_layer() -> None:
    contracts = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (contract,) = (entry for entry in contracts if entry.get("containers") == ["zhengxie_flow.engine"])
    layered = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    for room in contract["exhaustive_ignores"]:
        modules = {f"{room}.{path.stem}" for path in (PACKAGE / "engine" / room).glob("*.py")} - {f"{room}.__init__"}
        assert modules == {name for name in layered if name.startswith(f"{room}.")}


def test_no_module_imports_itself_by_a_detour() -> None:  # nor for its types alone
    graph = grimp.build_graph("zhengxie_flow", cache_dir=None)
    assert len(graph.modules) > 100
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
