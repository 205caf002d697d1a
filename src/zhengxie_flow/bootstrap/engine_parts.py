"""The parts that the families of engine methods share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.projects import ProjectFolder
    from zhengxie_flow.ports import Subscription
    from zhengxie_flow.reading.calendars import CalendarFiles
    from zhengxie_flow.reading.files import Files
    from zhengxie_flow.services.context import Context
    from zhengxie_flow.storage import SqlJournal


class EngineParts:
    """The wired parts of an engine; `zhengxie_flow.bootstrap.engine.Engine` sets them.

    Attributes:
        journal: The journal of all cases.
        files: The process files of the project.
        context: The ports that every use case works with.
    """

    journal: SqlJournal
    files: Files
    context: Context
    _calendars: CalendarFiles
    _folder: ProjectFolder
    _bind: Callable[[Any], Subscription]
