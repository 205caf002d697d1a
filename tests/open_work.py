"""What a list of open work has to hold, worked out from an audit alone: the oracle of its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zhengxie_flow.engine import DerivedCase, audit
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.ports import DeadlineRow

OPEN = {Verdict.PENDING, Verdict.PROVISIONAL, Verdict.OVERDUE}
Key = tuple[str, str | None, int]


def owed(derived: DerivedCase) -> Counter[Key]:
    """The open obligations that somebody owes: those whose day is known or stopped, and those that can be done."""
    return Counter((line.obligation, line.item, line.round) for line in _lines(derived) if _is_owed(derived, line))


def _lines(derived: DerivedCase) -> tuple[Judgement, ...]:
    judged = audit(derived)
    return (*judged.verdicts, *(line for line in judged.controls if line not in judged.verdicts))


def _is_owed(derived: DerivedCase, line: Judgement) -> bool:
    editions = (derived.compiled, *derived.compiled.editions)
    compiled = next((each for each in editions if line.obligation in each.process.obligations), None)
    if compiled is None or line.verdict not in OPEN or line.is_action:
        return False
    duty, state = compiled.process.obligations[line.obligation], derived.view.state
    own = [action for action in duty.do if action in compiled.process.actions]
    allowed = len(own) < len(duty.do) or any(compiled.machine.allowed(state, action) for action in own)
    if compiled.final.get(state) and not allowed:
        return False
    if line.day is not None or "suspended" in line.detail:
        return True
    after = duty.limit is not None and line.proof is not None and line.proof.direction != "order_before"
    return duty.obliges and allowed and not (after and line.anchor is not None and line.anchor.kind != "actual")


def to_determine(derived: DerivedCase) -> Counter[tuple[str, str | None]]:
    """The facts that a line waits for and a role may settle, each once."""
    facts = derived.compiled.process.facts
    waiting = [line for line in _lines(derived) if line.verdict in OPEN | {Verdict.NEEDS_JUDGEMENT}]
    return Counter(
        {
            (name, None if name in facts else line.item)
            for line in waiting
            for name in line.needs
            if derived.view.who_settles(line.item, name)
        }
    )


def listed(rows: Iterable[DeadlineRow]) -> Counter[Key]:
    """The obligations that a list holds."""
    return Counter((row.obligation, row.item, row.round) for row in rows if row.kind != "determination")


def determinations(rows: Iterable[DeadlineRow]) -> Counter[tuple[str, str | None]]:
    """The facts that a list holds."""
    return Counter((row.fact or "", row.item) for row in rows if row.kind == "determination")
