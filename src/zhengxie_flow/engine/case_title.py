"""The title of a case: what a list calls it beside its id."""

from __future__ import annotations

from typing import Any, Final

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.values import ValueType

LONGEST: Final = 200
"""The most characters of a title; a text that is longer is cut."""


def case_title(compiled: CompiledProcess, case: Case) -> str:
    """Return the title of a case: the value of the fact or field that its process names, in one line.

    Args:
        compiled: The definition that governs the case.
        case: The case.

    Returns:
        The title; the id of the case while that is unknown.  A personal value is never one: the title is kept in
        lists, beyond the reach of an erasure.
    """
    kind = compiled.process.title_type()
    if kind is None or not may_entitle(kind):
        return case.id
    value = _value(compiled, case)
    title = " ".join(value.split()) if isinstance(value, str) else ""
    if not title:
        return case.id
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"


def has_titles(compiled: CompiledProcess) -> bool:
    """Return whether a definition, or another edition of its process, names what its cases are called by."""
    return any(edition.process.title for edition in (compiled, *compiled.editions))


def may_entitle(kind: ValueType) -> bool:
    """Return whether a value of a type can be a title: a text that is not personal."""
    return kind.type == "text" and not kind.personal


def _value(compiled: CompiledProcess, case: Case) -> Any:
    """The latest value of the fact, or of the field in the acts of its action."""
    action, _, name = (compiled.process.title or "").rpartition(".")
    if not action or name not in _own_fields(compiled, action):
        return case.value(name)
    values = (act.fields.get(name) for act in reversed(case.acts.get(action, ())))
    return next((value for value in values if value is not None), None)


def _own_fields(compiled: CompiledProcess, action: str) -> tuple[str, ...]:
    fields = compiled.process.actions[action].fields
    return tuple(name for name, kind in fields.items() if isinstance(kind, ValueType))
