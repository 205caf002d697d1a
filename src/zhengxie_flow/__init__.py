"""zhengxie-flow: run and audit legal procedures written as YAML.

The public API, loaded on first use::

    from zhengxie_flow import Engine

    with Engine("sqlite:///cases.db") as engine:
        engine.open("jilin/consultation", "matter-1", by="general_office", facts={"phase": "pre_decision"})
        engine.audit("matter-1").worst
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from zhengxie_flow.version import __version__

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap import AsyncEngine, Engine, Packaged, Runtime, WriteContext, load_process
    from zhengxie_flow.errors import (
        Conflict,
        InvalidDefinition,
        NotFound,
        Refused,
        StorageError,
        SubscriberFailed,
        ZhengxieError,
    )
    from zhengxie_flow.model.case import Case
    from zhengxie_flow.model.event import Event
    from zhengxie_flow.model.verdict import Audit, Verdict
    from zhengxie_flow.model.written import Written
    from zhengxie_flow.ports import Attachment
    from zhengxie_flow.reading.calendars import load as load_calendar
    from zhengxie_flow.storage import Database

__all__ = [
    "AsyncEngine",
    "Attachment",
    "Audit",
    "Case",
    "Conflict",
    "Database",
    "Engine",
    "Event",
    "InvalidDefinition",
    "NotFound",
    "Packaged",
    "Refused",
    "Runtime",
    "StorageError",
    "SubscriberFailed",
    "Verdict",
    "WriteContext",
    "Written",
    "ZhengxieError",
    "__version__",
    "load_calendar",
    "load_process",
]

_HOMES = {
    "AsyncEngine": "bootstrap",
    "Attachment": "ports",
    "Audit": "model.verdict",
    "Case": "model.case",
    "Conflict": "errors",
    "Database": "storage",
    "Engine": "bootstrap",
    "Event": "model.event",
    "InvalidDefinition": "errors",
    "NotFound": "errors",
    "Packaged": "bootstrap",
    "Refused": "errors",
    "Runtime": "bootstrap",
    "StorageError": "errors",
    "SubscriberFailed": "errors",
    "Verdict": "model.verdict",
    "WriteContext": "bootstrap",
    "Written": "model.written",
    "ZhengxieError": "errors",
    "load_calendar": "reading.calendars:load",
    "load_process": "bootstrap",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(f"{__name__}.{home}"), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
