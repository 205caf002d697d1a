"""Authority to make a statement: who may plan, explain, correct, open, assign and urge."""

from __future__ import annotations

from zhengxie_flow.engine.authority import DELEGATION, NOT_IN_FORCE, missing_authority
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.errors import Reason
from zhengxie_flow.model.case import Case, Key
from zhengxie_flow.model.statement import StatementKind

EXPLAIN = "explain"


def roles_for_statement(compiled: CompiledProcess, kind: StatementKind, duty: str | None = None) -> tuple[str, ...]:
    """The roles that may make a statement; none where every role of the process may.

    Args:
        compiled: The definition of the case.
        kind: The statement.
        duty: The duty that an explanation is about.
    """
    named = compiled.process.statements.by(kind)
    if kind != EXPLAIN or duty is None:
        return named
    owes = _owed_by(compiled, duty)
    return tuple(dict.fromkeys((*owes, *named))) if owes else ()


def _owed_by(compiled: CompiledProcess, duty: str) -> tuple[str, ...]:
    """The roles that owe a duty, or do the act of a requirement; none where nobody in particular does."""
    for edition in (compiled, *compiled.editions):
        if duty in edition.process.obligations:
            return edition.process.obligations[duty].who
        if duty in edition.requirements:
            return edition.action(edition.requirements[duty][0]).by
    return ()


def may_state(case: Case, allowed: tuple[str, ...], by: str) -> bool:
    """Return whether a role is among those allowed; where these name a type of item, its items are too."""
    return not allowed or by in allowed or any(by in case.items.get(kind, {}) for kind in allowed)


def refusals_for_statement(
    compiled: CompiledProcess, case: Case, by: str, key: Key, allowed: tuple[str, ...]
) -> tuple[Reason, ...]:
    """Reasons to refuse a statement of now because of its role: not among those allowed, not in force, not delegated.

    Args:
        compiled: The definition of the case.
        case: The case.
        by: The role that makes the statement.
        key: The place of the statement on the timeline.
        allowed: The roles that may make it; none where every role may.
    """
    if not may_state(case, allowed, by):
        return (Reason("role", "false", allowed),)
    defect = missing_authority(compiled, case, by, key)
    return () if defect is None else (Reason("role" if defect == NOT_IN_FORCE else DELEGATION, "false", (by,)),)
