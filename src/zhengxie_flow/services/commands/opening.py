"""Open a case: it starts in the first state of its process, under the edition in force on the day it opens."""

from __future__ import annotations

from zhengxie_flow.engine.editions.governing import edition_on
from zhengxie_flow.engine.events.evolve import fold
from zhengxie_flow.engine.events.statements import Attribution, Opening, open_case
from zhengxie_flow.errors import Conflict, UsageError, Where
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.personal import alike
from zhengxie_flow.services.commands.case_script import civil
from zhengxie_flow.services.commands.subcases import check_called_for
from zhengxie_flow.services.context import Context, commit, keep, stamped

MAX_CASE_ID = 200


def open_(context: Context, process: str, case: str, opening: Opening, told: Attribution) -> Event:
    """Begin a case, of its own or under another.

    Raises `Conflict` ZX4036 when there is one of that id, `UsageError` for what cannot be read, and `Refused` where it
    is to be opened now under a case that does not call for it.
    """
    check_case_id(case)
    known = context.definitions.by_id(process)
    compiled = edition_on(known, context.today(known) if told.at is None else civil(told.at, known))
    now = context.now()
    edition = context.calendar(compiled, context.today(compiled)).edition
    event = stamped(context, open_case(compiled, case, opening, told, now, edition), told.key or None)
    if opening.parent is not None and context.journal.head(case) is None:  # told again, it is running already
        check_called_for(context, opening.parent, told)
    with context.journal.transaction() as transaction:
        if (head := transaction.head(case)) is not None:
            earlier = transaction.find_key(case, event.key)
            if earlier is not None and _same(event, earlier):
                return earlier
            raise Conflict("ZX4036", where=Where(case=case), process=head.process)
        keep(transaction, compiled)
        (written,) = commit(context, transaction, compiled, None, fold((event,)), (event,))
        return written


def _same(event: Event, earlier: Event) -> bool:
    """Whether a case was opened before by the same command."""
    told = ("type", "by", "actor", "mode")
    same = all(getattr(event, name) == getattr(earlier, name) for name in told) and alike(
        plain(event.body), plain(earlier.body)
    )
    return same and (event.mode == "advanced" or event.occurred == earlier.occurred)


def check_case_id(case: str) -> None:
    """A case id is the caller's: any text without control characters, not blank, of at most 200 characters."""
    if not case.strip() or len(case) > MAX_CASE_ID or not case.isprintable():
        raise UsageError("ZX4037", given=case[:MAX_CASE_ID], limit=MAX_CASE_ID)
