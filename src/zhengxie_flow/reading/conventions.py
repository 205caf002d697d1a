"""Conventions from files: those of the project in ``rules/conventions/``, else those of the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.i18n.ids import Cycle
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import SourceFile, plain, read_source
from zhengxie_flow.resources import rules_dir
from zhengxie_flow.spelling import unknown_name

__all__ = ["UsedConventions", "convention_files", "load_convention", "used_conventions"]

FOLDER = "conventions"
KEY = "convention"


@dataclass(slots=True)
class UsedConventions:
    """The conventions that a process counts by, themselves and those they are based on, by id."""

    sources: dict[str, SourceFile] = field(default_factory=dict)

    @property
    def entries(self) -> dict[str, Any]:
        """Their plain values, as a bundle keeps them."""
        return {name: plain(source.node.value) for name, source in sorted(self.sources.items())}

    @property
    def texts(self) -> dict[str, str]:
        """Their texts by the label of the file."""
        return {source.label: source.text for source in self.sources.values()}


def convention_files(rules: Path | None) -> dict[str, Path]:
    """The files of all conventions by id; the project's own go before those of the package."""
    folders = [folder / FOLDER for folder in (rules_dir(), rules) if folder is not None]
    return {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.yaml"))}


def used_conventions(
    process: Node, label: str, parameters: Iterable[Node], rules: Path | None, problems: list[Problem]
) -> UsedConventions:
    """Read the conventions that a process and its parameters name.

    Args:
        process: the process.
        label: the label of its file.
        parameters: the parameters it asks.
        rules: the folder of the project's rules.
        problems: takes the problems of the files, and names of conventions that there are none of.
    """
    used = UsedConventions()
    named = [*_named(process), *(entry for parameter in parameters for entry in _named(parameter))]
    if not named:
        return used
    files = convention_files(rules)
    for node in named:
        where = Where(node.file or label, node.line, node.column)
        _add(used, str(node.value), files, where, problems)
    return used


def load_convention(name: str, rules: Path | None) -> tuple[dict[str, Convention], tuple[Problem, ...]]:
    """Read a convention with those it is based on.

    Args:
        name: its id.
        rules: the folder of the project's rules.

    Returns:
        The conventions by id, and the problems of their files.
    """
    problems: list[Problem] = []
    used = UsedConventions()
    _add(used, name, convention_files(rules), Where(), problems)
    if problems:
        return {}, tuple(problems)
    return {ident: Convention.model_validate(source.node.value) for ident, source in used.sources.items()}, ()


def _add(used: UsedConventions, name: str, files: Mapping[str, Path], where: Where, problems: list[Problem]) -> None:
    """Read a convention, then those it is based on, one after the other."""
    chain: list[str] = []
    following: tuple[str, Where] | None = (name, where)
    while following is not None:
        name, where = following
        if name in chain:
            cycle = Cycle((*chain[chain.index(name) :], name))
            problems.append(Problem("ZX1236", where, {"circle": cycle}))
            return
        chain.append(name)
        following = _read(used, name, files, where, problems)


def _read(
    used: UsedConventions, name: str, files: Mapping[str, Path], where: Where, problems: list[Problem]
) -> tuple[str, Where] | None:
    """Read a convention that is not read yet, and return the one it is based on."""
    if name in used.sources:
        return None
    if name not in files:
        problems.append(Problem("ZX1201", where, unknown_name(KEY, name, files)))
        return None
    path = files[name]
    source = read_source(path, path.parents[2], Convention, problems)
    if source is None or problems:
        return None
    used.sources[name] = source
    node = source.node
    if node.value[KEY] != name:
        at = node.fields[KEY]
        problems.append(
            Problem("ZX1330", Where(source.label, at.line, at.column), {"name": node.value[KEY], "file": name})
        )
    if (base := node.fields.get("based_on")) is None or base.value is None:
        return None
    return str(base.value), Where(source.label, base.line, base.column)


def _named(node: Node) -> Iterator[Node]:
    """Every value of the key in the limits of a process, of the process itself, or in a parameter."""
    if "obligations" in node.fields:
        if KEY in node.fields:
            yield node.fields[KEY]
        for duty in node.fields["obligations"].fields.values():
            yield from _inside(duty.fields.get("limit"))
    else:
        yield from _inside(node)


def _inside(node: Node | None) -> Iterator[Node]:
    if node is None:
        return
    for name, inner in node.fields.items():
        if name == KEY and inner.kind == "scalar":
            if inner.value is not None:
                yield inner
        else:
            yield from _inside(inner)
    for inner in node.items:
        yield from _inside(inner)
