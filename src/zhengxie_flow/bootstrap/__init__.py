"""Composition root: files, calendars, clock, ids and a journal are wired into an `Engine` here and nowhere else."""

from zhengxie_flow.bootstrap.clock import FixedClock, RandomIds, SystemClock
from zhengxie_flow.bootstrap.definitions import ProjectDefinitions, load_process, project_calendars, project_files
from zhengxie_flow.bootstrap.engine import Engine

__all__ = [
    "Engine",
    "FixedClock",
    "ProjectDefinitions",
    "RandomIds",
    "SystemClock",
    "load_process",
    "project_calendars",
    "project_files",
]
