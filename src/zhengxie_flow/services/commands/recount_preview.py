"""Preview of what a change of the calendar would do: the open deadlines that move, and the verdicts that change.

The same functions count and judge as after the change, so the preview is the recount without the write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from zhengxie_flow.engine import audit
from zhengxie_flow.model.verdict import CaseAudit, Judgement, Verdict
from zhengxie_flow.ports import Calendars
from zhengxie_flow.services.commands.recompute import Shift, shifts_between
from zhengxie_flow.services.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountedVerdict:
    """A verdict that would be another by the changed calendar; None where there would be, or is, no such line.

    Attributes:
        case: The id of the case.
        obligation: The id of the duty or act judged.
        item: The item it is owed for.
        round: The round of its limit.
        old: The verdict now.
        new: The verdict after the change.
        old_due: The last day now.
        new_due: The last day after the change.
    """

    case: str
    obligation: str
    item: str | None
    round: int
    old: Verdict | None
    new: Verdict | None
    old_due: date | None
    new_due: date | None


@dataclass(frozen=True, slots=True)
class RecountPreview:
    """The open deadlines that would move, and the verdicts that would change with them."""

    deadlines: tuple[Shift, ...]
    verdicts: tuple[RecountedVerdict, ...]


def preview_recount(context: Context, calendars: Calendars) -> RecountPreview:
    """Work out what another state of the calendars would change in the cases of a journal; nothing is written.

    Args:
        context: The ports, with the calendars as they are.
        calendars: The calendars as they would be.

    Returns:
        The open deadlines that would move, case by case, and the verdicts that would change.

    Raises:
        ChainBroken: The journal of a case was tampered with.
    """
    after = replace(context, calendars=calendars)
    shifts: list[Shift] = []
    changes: list[RecountedVerdict] = []
    limits = (row for row in context.journal.deadlines(open_only=False) if row.timed)
    unsettled = {row.case for row in limits if row.open or row.status != "firm"}
    for head in tuple(context.journal.heads()) if unsettled else ():
        compiled = context.definitions.by_hash(head.definition)
        if head.case in unsettled and context.calendar_hash(compiled) != after.calendar_hash(compiled):
            governed, case = context.read(head.case)
            today = context.today(governed)
            old, new = (ports.derived(governed, case, today) for ports in (context, after))
            shifts += shifts_between(old, new)
            changes += _changes(audit(old), audit(new))
    return RecountPreview(tuple(shifts), tuple(changes))


def _changes(old: CaseAudit, new: CaseAudit) -> Iterator[RecountedVerdict]:
    """The lines of a case that differ in their verdict."""
    before, after = _lines(old.verdicts), _lines(new.verdicts)
    for key in {**before, **after}:
        for was, now in zip_longest(before.get(key, ()), after.get(key, ())):
            if (was and was.verdict) != (now and now.verdict):
                obligation, item, number = key
                yield RecountedVerdict(
                    case=new.case,
                    obligation=obligation,
                    item=item,
                    round=number,
                    old=was.verdict if was else None,
                    new=now.verdict if now else None,
                    old_due=(was.due or was.latest) if was else None,
                    new_due=(now.due or now.latest) if now else None,
                )


def _lines(lines: Sequence[Judgement]) -> dict[tuple[str, str | None, int], list[Judgement]]:
    """The lines by what they judge."""
    by_key: dict[tuple[str, str | None, int], list[Judgement]] = defaultdict(list)
    for line in lines:
        by_key[line.obligation, line.item, line.round].append(line)
    return by_key
