"""Composition root: files, calendars, clock, ids and a journal are wired into an `Engine` here and nowhere else."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.async_engine import AsyncEngine
    from zhengxie_flow.bootstrap.clock import FixedClock, RandomIds, SystemClock
    from zhengxie_flow.bootstrap.definitions import CompiledFiles, ProjectDefinitions, load_process
    from zhengxie_flow.bootstrap.engine import Engine
    from zhengxie_flow.bootstrap.folders import project_calendars, project_files
    from zhengxie_flow.bootstrap.projects import Packaged, Project
    from zhengxie_flow.bootstrap.runtime import Runtime
    from zhengxie_flow.bootstrap.write_context import WriteContext

__all__ = [
    "AsyncEngine",
    "CompiledFiles",
    "Engine",
    "FixedClock",
    "Packaged",
    "Project",
    "ProjectDefinitions",
    "RandomIds",
    "Runtime",
    "SystemClock",
    "WriteContext",
    "load_process",
    "project_calendars",
    "project_files",
]

_HOMES = {
    "AsyncEngine": "async_engine",
    "CompiledFiles": "definitions",
    "Engine": "engine",
    "FixedClock": "clock",
    "Packaged": "projects",
    "Project": "projects",
    "ProjectDefinitions": "definitions",
    "RandomIds": "clock",
    "Runtime": "runtime",
    "SystemClock": "clock",
    "WriteContext": "write_context",
    "load_process": "definitions",
    "project_calendars": "folders",
    "project_files": "folders",
}


def __getattr__(name: str) -> Any:
    """Import a part on first use: a command loads what it asks for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
