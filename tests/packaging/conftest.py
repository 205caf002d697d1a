"""Two environments beside this one: the wheel installed, and the checkout installed in place."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("src", "processes", "rules", "migrations", "pyproject.toml", "README.md", "LICENSE")


def run(*command: str | Path, cwd: Path) -> str:
    """What a command says; it must succeed."""
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


@dataclass(frozen=True)
class Installed:
    """An environment with the package in it, and a working folder far from the repository."""

    folder: Path

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if sys.platform == "win32" else "bin")

    def python(self, program: str) -> str:
        """What a Python program prints there, without anything of the caller's environment."""
        return run(self.scripts / "python", "-I", "-c", program, cwd=self.folder)

    def program(self, *args: str, name: str = "zhengxie") -> str:
        """What the console script prints there."""
        return run(self.scripts / name, *args, cwd=self.folder)


def pip(*args: str | Path) -> None:
    """Pip of the environment the tests run in, which needs neither network nor a build environment."""
    run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *args, cwd=ROOT)


def clean_environment(folder: Path) -> Installed:
    """An empty environment without pip; it sees the dependencies of this one, but not the package under test.

    The dependencies come by a ``.pth`` of links, one a distribution, so that an installed zhengxie-flow of this
    environment stays out of sight.
    """
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    links = folder / "dependencies"
    links.mkdir()
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if "zhengxie" not in entry.name and entry.suffix != ".pth":
            (links / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    (site_packages(folder) / "dependencies.pth").write_text(f"{links}\n", encoding="utf-8")
    return Installed(folder)


def site_packages(folder: Path) -> Path:
    """Where an environment keeps its packages."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a release is built from, so that a build leaves nothing in the repository."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
        else:
            shutil.copy2(source, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the copy."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, checkout)
    (built,) = folder.glob("*.whl")
    return built


def _install(folder: Path, *what: str | Path) -> Installed:
    installed = clean_environment(folder)
    pip("--python", folder, "install", "--no-build-isolation", "--no-deps", "--no-index", *what)
    return installed


@pytest.fixture(scope="session")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The package as a user has it."""
    return _install(tmp_path_factory.mktemp("from_wheel") / "env", wheel)


@pytest.fixture(scope="session")
def in_place(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The package as a developer has it: an editable install of a checkout."""
    return _install(tmp_path_factory.mktemp("in_place") / "env", "--editable", checkout)


@pytest.fixture(params=["from_wheel", "in_place"])
def installed(request: pytest.FixtureRequest) -> Installed:
    """The package installed in either way."""
    found: Installed = request.getfixturevalue(request.param)
    return found
