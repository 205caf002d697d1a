"""``zhengxie check``: check processes and rules for faults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhengxie_flow.cli.failures import DONE, NO, problem_text
from zhengxie_flow.cli.options import Paths
from zhengxie_flow.cli.session import session_of
from zhengxie_flow.errors import NotFound, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zhengxie_flow.presentation.documents.problems import ExpandedText
    from zhengxie_flow.reading.definitions import Files


CACHE = "ZHENGXIE_CACHE"
"""The variable of the environment that turns the keeping of findings off."""


def command(
    context: typer.Context,
    paths: Paths = None,
    expand: Annotated[bool, typer.Option("--expand")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache")] = False,
) -> int:
    """Read everything and report every problem of every file at once; with ``--expand`` show processes in full."""
    from zhengxie_flow.bootstrap.folders import project_files
    from zhengxie_flow.presentation.documents.problems import Findings, problem_document
    from zhengxie_flow.reading.checked.run import run

    session = session_of(context)
    _must_exist(paths or ())
    groups = [
        (project_files(folder), [Path(path) for path in named] or None)
        for folder, named in session.projects_of(paths or ()).items()
    ]
    count = sum(_count(files, named) for files, named in groups)
    if count == 0:
        raise UsageError("ZX6030")
    keep = not no_cache and os.environ.get(CACHE) != "off"
    problems = [problem for files, named in groups for problem in run(files, named, keep=keep and _may_keep(files))]
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    advice = len(problems) - errors - warnings
    lang = session.message_language
    key = "advised" if advice else "total" if problems else "clean"
    total = session.text(f"cli.check.{key}", count=count, errors=errors, warnings=warnings, advice=advice)
    shown = tuple(text for files, named in groups for text in _expanded(files, named)) if expand and not errors else ()
    session.say(
        Findings(tuple(problem_document(problem, lang) for problem in problems), shown if expand else None),
        "".join(_headed(text) for text in shown).rstrip("\n")
        or "".join(problem_text(problem, lang) for problem in problems) + total,
    )
    return NO if errors else DONE


def _may_keep(files: Files) -> bool:
    """True for the files of a project; those of an installed package are not where anybody works."""
    from zhengxie_flow.resources import are_installed

    return not are_installed(files.root)


def _expanded(files: Files, paths: Sequence[Path] | None) -> Iterator[ExpandedText]:
    """Every edition of the processes in the paths, in the words of the language alone."""
    from zhengxie_flow.presentation.documents.problems import ExpandedText
    from zhengxie_flow.reading.writer import dump_yaml

    asked = None if paths is None else [path.resolve() for path in paths]
    for process in files.ids():
        path = files.path(process).resolve()
        if asked is not None and not any(path.is_relative_to(place) for place in asked):
            continue
        loaded = files.load(process)
        for edition in (loaded, *loaded.editions):
            bundle = (edition.own or edition).definition.bundle  # as its own text states it, without volumes
            yield ExpandedText(process, bundle.get("edition", {}).get("edition"), dump_yaml(bundle["process"]))


def _headed(text: ExpandedText) -> str:
    edition = f" ({text.edition})" if text.edition else ""
    return f"# {text.process}{edition}\n{text.yaml}\n"


def _must_exist(paths: Sequence[str]) -> None:
    """Raises `NotFound` ZX1001 where a path asked for does not exist."""
    for path in paths:
        if not Path(path).exists():
            raise NotFound("ZX1001", where=Where(path), file=path)


def _count(files: Files, paths: Sequence[Path] | None) -> int:
    """Return the number of YAML files to check."""
    roots = [files.processes, files.rules] if paths is None else paths
    yaml_files = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*.yaml"))]
    calendars = files.rules / "calendars"
    return sum(not path.is_relative_to(calendars) for path in yaml_files)
