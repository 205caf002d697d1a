"""The package works the same from a wheel in an empty environment and from a checkout installed in place."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import zhengxie_flow

if TYPE_CHECKING:
    from tests.packaging.conftest import Installed

ROOT = Path(__file__).resolve().parents[2]


def shipped_files() -> set[str]:
    """Every data file of the repository that a user needs."""
    return {
        f"{top}/{path.relative_to(ROOT / top).as_posix()}"
        for top in ("processes", "rules", "migrations")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_process_rule_and_migration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    inside = {name.removeprefix("zhengxie_flow/_data/") for name in names if name.startswith("zhengxie_flow/_data/")}
    assert inside == shipped_files()


def test_the_wheel_holds_the_package_its_types_and_its_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {f"zhengxie_flow/{path.relative_to(ROOT / 'src/zhengxie_flow').as_posix()}" for path in _modules()}
    assert {name for name in names if name.endswith(".py") and "/_data/" not in name} == modules
    assert "zhengxie_flow/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.partition("/")[0] for name in names} == {
        "zhengxie_flow",
        f"zhengxie_flow-{zhengxie_flow.__version__}.dist-info",
    }


def _modules() -> list[Path]:
    return [path for path in (ROOT / "src/zhengxie_flow").rglob("*.py") if "__pycache__" not in path.parts]


def test_the_package_comes_from_where_it_was_installed(
    from_wheel: Installed, in_place: Installed, checkout: Path
) -> None:
    asked = "import zhengxie_flow; print(zhengxie_flow.__file__)"
    assert Path(from_wheel.python(asked).strip()).is_relative_to(from_wheel.folder)
    assert Path(in_place.python(asked).strip()).is_relative_to(checkout)


def test_both_console_scripts_tell_the_version(installed: Installed) -> None:
    for name in ("zhengxie", "zhengxie-flow"):
        told = json.loads(installed.program("--format", "json", "--version", name=name))
        assert told == {"format": 1, "data": {"version": zhengxie_flow.__version__}}


def test_the_metadata_and_the_module_agree_on_the_version(installed: Installed) -> None:
    asked = "from importlib.metadata import version; print(version('zhengxie-flow'))"
    assert installed.python(asked).strip() == zhengxie_flow.__version__


def test_packaged_folders_are_found_and_hold_the_files(installed: Installed) -> None:
    found = json.loads(
        installed.python(
            "import json; from zhengxie_flow import resources as r; print(json.dumps("
            "[str(folder()) for folder in (r.processes_dir, r.rules_dir, r.migrations_dir)]))"
        )
    )
    for folder, inside in zip(
        found, ("jilin/consultation.yaml", "jilin/duty.yaml", "versions/0001_journal.py"), strict=True
    ):
        assert (Path(folder) / inside).is_file()


def test_the_packaged_calendar_counts(installed: Installed) -> None:
    asked = (
        "from datetime import date; from zhengxie_flow import load_calendar; "
        "print(load_calendar('cn', as_of=date(2026, 11, 22)).within(date(2026, 9, 30), 1).date)"
    )
    assert installed.python(asked).strip() == "2026-10-08"


def test_the_packaged_process_runs_on_a_new_database(installed: Installed) -> None:
    asked = (
        "from zhengxie_flow import Engine\n"
        "with Engine('cases.db') as engine:\n"
        "    engine.open('jilin/consultation', 'matter', by='general_office', facts={'phase': 'pre_decision'})\n"
        "    print(len(engine.audit('matter').cases[0].verdicts) > 0)\n"
    )
    (installed.folder / "cases.db").unlink(missing_ok=True)
    assert installed.python(asked).strip() == "True"
