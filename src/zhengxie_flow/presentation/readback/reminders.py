"""Ladders of reminders as sentences: the practice of an office, which is no law."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.internal_control import Span
from zhengxie_flow.model.reminder import Recipient, ReminderLadder, Rung, TargetDate
from zhengxie_flow.presentation.readback.acts import span_phrase
from zhengxie_flow.presentation.readback.sentence import ReadStatement, Titled, names, note
from zhengxie_flow.rules.readback import Name, Phrase


def reminders(definition: Definition) -> Iterator[ReadStatement]:
    """Every ladder of reminders, with its rungs."""
    for ident, ladder in definition.process.reminders.items():
        yield ReadStatement("reminder", ident, (), _ladder(ident, ladder))


def _ladder(ident: str, ladder: ReminderLadder) -> Phrase:
    notes = (
        *(() if ladder.target is None else (_target(ladder.target),)),
        *(_rung(rung) for rung in ladder.rungs),
        *note("read.reminder.interval", None if ladder.interval is None else span_phrase(ladder.interval)),
    )
    obligations = names("duty", ladder.obligations)
    return Phrase("read.reminder", {"ladder": Titled(ladder, ident), "obligations": obligations, "notes": notes})


def _target(target: TargetDate) -> Phrase:
    if target.before is not None:
        return Phrase("read.reminder.target.before", {"span": span_phrase(target.before)})
    return Phrase("read.reminder.target.within", {"span": span_phrase(target.within or Span(calendar_days=0))})


def _rung(rung: Rung) -> Phrase:
    when = Phrase(f"read.reminder.day.{rung.of}")
    if rung.before is not None:
        when = Phrase("read.reminder.before", {"span": span_phrase(rung.before), "day": when})
    elif rung.after is not None:
        when = Phrase("read.reminder.after", {"span": span_phrase(rung.after), "day": when})
    else:
        when = Phrase("read.reminder.on", {"day": when})
    again = () if rung.every is None else (_again(rung.every, rung.times),)
    to = tuple(map(_recipient, rung.to)) or (Phrase("read.reminder.bearers"),)
    return Phrase("read.reminder.rung", {"rung": Titled(rung, rung.id), "when": when, "to": to, "notes": again})


def _again(every: Span, times: int | None) -> Phrase:
    if times is None:
        return Phrase("read.reminder.every", {"span": span_phrase(every)})
    return Phrase("read.reminder.every_times", {"span": span_phrase(every), "times": times})


def _recipient(recipient: Recipient) -> Phrase | Name:
    if recipient.role is not None:
        return Name("role", recipient.role)
    if recipient.party is not None:
        return Phrase("read.reminder.party", {"party": Name("item_type", recipient.party)})
    code = "office" if recipient.office is not None else "person"
    return Phrase(f"read.reminder.{code}", {"name": recipient.office or recipient.person or "-"})
