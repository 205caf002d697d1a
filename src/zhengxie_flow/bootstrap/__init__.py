"""Composition root: files, calendars, clock, ids and a journal are wired into an `Engine` here and nowhere else."""

from zhengxie_flow.bootstrap.async_engine import AsyncEngine
from zhengxie_flow.bootstrap.clock import FixedClock, RandomIds, SystemClock
from zhengxie_flow.bootstrap.definitions import (
    CompiledFiles,
    ProjectDefinitions,
    load_process,
    project_calendars,
    project_files,
)
from zhengxie_flow.bootstrap.engine import Engine
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
