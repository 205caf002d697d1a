"""The columns that all audit lines share: the edition, the clause, the act."""

from __future__ import annotations

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.verdict import ActRef


def edition_label(compiled: CompiledProcess) -> str:
    """An edition as audit lines show it: the id of the process, and the day the edition came into force.

    With what was attached to it since a case started under it, ``+`` and the volumes follow.
    """
    begin = compiled.begins
    label = compiled.id if begin is None else f"{compiled.id}@{begin.isoformat()}"
    if compiled.companion_of is None:
        return label
    return "+".join((label, *(volume.volume for volume in compiled.definition.volumes)))


def clause_of(law: tuple[ClauseRef, ...]) -> str | None:
    """The clauses cited, as one text.

    >>> clause_of(())
    >>> clause_of((ClauseRef(clause="7.2"), ClauseRef(instrument="civil-code", clause="203")))
    '7.2, civil-code 203'
    """
    return ", ".join(map(str, law)) or None


def act_ref(act: Act | None) -> ActRef | None:
    """The part of an act that a verdict shows."""
    return None if act is None else ActRef(act.sequence, act.day, act.action)
