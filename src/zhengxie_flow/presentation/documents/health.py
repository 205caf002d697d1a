"""The document of an installation: every check with its outcome and what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.i18n import describe, label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.document import one_of
from zhengxie_flow.presentation.serialise import serialise

OK: Final = "ok"
WARNING: Final = "warning"
FAILED: Final = "failed"

CHECKS: Final = ("program", "project", "calendar", "database", "schema", "clock", "erasures", "access", "disk")
"""The checks, in their order."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One check of an installation.

    Attributes:
        id: What was checked.
        status: The outcome.
        values: What was found.
        fault: The error that kept it from being looked at; None where there was none.
    """

    id: str
    status: str
    values: Mapping[str, Any] = field(default_factory=dict)
    fault: ZhengxieError | None = None


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A part of an installation: its outcome, what was found, in words and as values, and how to mend it.

    ``code`` is that of the error that kept it from being looked at.
    """

    id: Annotated[str, one_of(*CHECKS)]
    status: Annotated[str, one_of(OK, WARNING, FAILED)]
    message: str
    fix: str | None
    code: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Health:
    """The health of an installation: it is healthy where no check failed."""

    healthy: bool
    checks: tuple[CheckedPart, ...]


def health_document(checks: Iterable[HealthCheck], lang: str) -> Health:
    """Build the document of an installation.

    Args:
        checks: The checks.
        lang: The language of the messages.

    Returns:
        The document of ``doctor``.
    """
    parts = tuple(_part(check, lang) for check in checks)
    return Health(all(part.status != FAILED for part in parts), parts)


def _part(check: HealthCheck, lang: str) -> CheckedPart:
    if check.fault is not None:
        text = describe(check.fault, lang)
        return CheckedPart(check.id, check.status, text.message, text.fix or None, check.fault.code, {})
    values = {name: serialise(value) for name, value in check.values.items()}
    key = f"doctor.{check.id}.{check.status}"
    message = label(key if key in texts() else f"doctor.{check.id}", lang, **_shown(values, lang))
    fix = None if check.status == OK else label(f"doctor.{check.id}.fix", lang)
    return CheckedPart(check.id, check.status, message, fix, None, values)


def _shown(values: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The values for a message: files as their names with what matters of each, empty ones as nothing."""
    shown = {name: "" if value in (None, []) else value for name, value in values.items()}
    if "files" in values:
        shown["files"] = [_file(entry, lang) for entry in values["files"]]
    for name in ("free", "needed"):
        if name in values:
            shown[name] = f"{values[name] / 1e9:.1f} GB"
    return shown


def _file(entry: Mapping[str, Any], lang: str) -> str:
    readers = [label(f"doctor.reader.{reader}", lang) for reader in entry["readers"]]
    acl = label("doctor.acl", lang) if entry["acl"] else ""
    replaceable = label("doctor.replaceable", lang) if entry["replaceable"] else ""
    named = {name: entry[name] for name in ("path", "mode", "owner", "group")}
    return label("doctor.file", lang, **named, readers=readers, acl=acl, replaceable=replaceable)
