"""The folders of a project: its files and calendars, or those that come with the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhengxie_flow.reading.files import Files

if TYPE_CHECKING:
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars


def project_files(project: str | Path | None) -> Files:
    """Locate the process files of a project.

    Args:
        project: The folder with ``processes/`` and ``rules/``; None for the packaged ones.

    Returns:
        The files; nothing is read yet.

    Example:
        >>> project_files("my-city").rules.name
        'rules'
    """
    from zhengxie_flow import resources

    if project is None:
        return Files(resources.processes_dir(), resources.rules_dir())
    return Files(Path(project) / "processes", Path(project) / "rules")


def project_calendars(project: str | Path | None) -> FileCalendars:
    """Locate the calendars of a project: the packaged notices and those that the project adds.

    Args:
        project: The folder with ``rules/``; None for the packaged notices alone.

    Returns:
        The calendars by name.
    """
    from zhengxie_flow.reading.calendars import CalendarFiles as FileCalendars

    return FileCalendars(project=None if project is None else Path(project) / "rules")
