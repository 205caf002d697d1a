"""Subcase definitions: the states and facts of the processes of subcases, read from files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.attached_files import with_attached
from zhengxie_flow.reading.expansion import expanded, read_beside
from zhengxie_flow.reading.sources import read_any


def subcase_states(
    process: dict[str, Any], processes: Path, root: Path, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """The processes of the subcases of a process with their volumes, as values by the name of the subcase.

    Problems of their files are collected.  A process that is missing or has no states is left out: the check of
    references, or its own check, reports it.
    """
    read: dict[str, dict[str, Any]] = {}
    for name, kind in process.get("subcases", {}).items():
        path = processes / f"{kind['process']}.yaml"
        source = read_any(path, root, problems, top="map") if path.is_file() else None
        if source is None:
            continue
        values = expanded(source, read_beside(path.parent, root, problems), problems).node.value
        if isinstance(values.get("states"), dict):
            read[name] = with_attached(values, kind["process"], processes, root)
    return read


def with_states(process: dict[str, Any], processes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the values of a process with the states of its subcases, which are read from their own files."""
    if "subcases" not in process:
        return process
    states = {
        name: {state: (declared or {}).get("final", False) for state, declared in values["states"].items()}
        for name, values in processes.items()
    }
    subcases = {name: {"states": states.get(name, {}), **kind} for name, kind in process["subcases"].items()}
    return {**process, "subcases": subcases}
