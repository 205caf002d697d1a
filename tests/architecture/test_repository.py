"""What the files at the top of the repository promise: pins, changelog, the commands of make."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import zhengxie_flow

ROOT = Path(__file__).resolve().parents[2]


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_pin_is_exact_and_nothing_else_stands_there() -> None:
    names = [canonicalize_name(name) for name in pins()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w.+-]+", version) for version in pins().values())


def wanted() -> list[Requirement]:
    """What pyproject asks for, in every extra."""
    found = project()
    extras: dict[str, list[str]] = found["optional-dependencies"]  # type: ignore[assignment]
    direct: list[str] = found["dependencies"]  # type: ignore[assignment]
    return [Requirement(entry) for entry in (*direct, *(entry for extra in extras.values() for entry in extra))]


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    pinned = {canonicalize_name(name): version for name, version in pins().items()}
    unfit = [str(one) for one in wanted() if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))]
    assert unfit == []


def behind(requirement: Requirement, seen: set[str]) -> set[str]:
    """The installed packages that a requirement brings along, itself among them."""
    name = canonicalize_name(requirement.name)
    if name in seen:
        return seen
    try:
        further = [Requirement(entry) for entry in requires(name) or ()]
    except PackageNotFoundError:  # meant for another system, or a heavy peer that is not installed here
        return seen
    seen.add(name)
    for entry in further:
        if entry.marker is None or any(entry.marker.evaluate({"extra": one}) for one in ("", *requirement.extras)):
            behind(entry, seen)
    return seen


def test_everything_the_dependencies_bring_along_is_pinned() -> None:
    pinned = {canonicalize_name(name) for name in pins()}
    brought: set[str] = set()
    for entry in wanted():
        behind(entry, brought)
    assert len(brought) > len({entry.name for entry in wanted()})
    assert brought - pinned == set()


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == zhengxie_flow.__version__


def test_every_target_of_make_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert declared is not None
    assert set(declared.group(1).split()) == set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
