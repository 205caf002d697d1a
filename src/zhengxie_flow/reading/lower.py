"""What a process needs to know of the processes of its subcases, which stand in files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.sources import read_any


def states_below(
    process: dict[str, Any], processes: Path, root: Path, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """The values of the processes of its subcases, by name; what keeps one of their files from being read is collected.

    One that is not there, or has no states of its own, is told of where it is checked itself.
    """
    read: dict[str, dict[str, Any]] = {}
    for name, kind in process.get("subcases", {}).items():
        path = processes / f"{kind['process']}.yaml"
        source = read_any(path, root, problems, top="map") if path.is_file() else None
        if source is not None and isinstance(source.node.value.get("states"), dict):
            read[name] = source.node.value
    return read


def with_states(process: dict[str, Any], processes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The values of a process with the states of its subcases, which stand in files of their own."""
    if "subcases" not in process:
        return process
    states = {
        name: {state: (declared or {}).get("final", False) for state, declared in values["states"].items()}
        for name, values in processes.items()
    }
    subcases = {name: {"states": states.get(name, {}), **kind} for name, kind in process["subcases"].items()}
    return {**process, "subcases": subcases}
