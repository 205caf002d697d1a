"""Opening of a case in the first state of its process, under the edition in force on the day it opens."""

from __future__ import annotations

from zhengxie_flow.engine.editions.governing import GovernedCase, edition_on
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.evolve import fold
from zhengxie_flow.engine.events.statements import Opening, open_case
from zhengxie_flow.errors import Conflict, UsageError, Where
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.personal import alike
from zhengxie_flow.model.written import Written
from zhengxie_flow.services import publishing
from zhengxie_flow.services.appending import store_definition
from zhengxie_flow.services.authorising import actor_reasons, ask_hook, directory_for, refuse, request_of
from zhengxie_flow.services.commands.case_script import civil_day
from zhengxie_flow.services.commands.subcases import check_called_for
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import commit_alone, parents_ever, update_parents, with_idempotency_key

MAX_CASE_ID = 200


def open_(context: Context, process: str, case: str, opening: Opening, attribution: Attribution) -> Written:
    """Open a case, on its own or as a subcase.

    Args:
        context: The ports.
        process: The id of the process.
        case: The id of the case.
        opening: The facts, items and parent link it starts with.
        attribution: The role and time of the opening.

    Returns:
        The event ``opened``; the earlier one where the same command opened the case before.

    Raises:
        Conflict: ZX4036, the id is taken by another opening.
        NotFound: The process is unknown.
        UsageError: An argument cannot be read.
        Refused: The opening is for now, and the parent does not call for the subcase.
    """
    check_case_id(case)
    request = request_of(f"open:{process}", case, attribution)
    ask_hook(context, request)
    first_edition = context.definitions.by_id(process)
    compiled = edition_on(
        first_edition,
        context.today(first_edition) if attribution.at is None else civil_day(attribution.at, first_edition),
    )
    directory = directory_for(context, request)
    if directory and (reasons := actor_reasons(directory, compiled, None, request, context.today(compiled))):
        refuse(context, request, "ZX4122", reasons)
    opened = open_case(compiled, case, opening, attribution, context.recording_time(compiled))
    event = with_idempotency_key(context, opened, attribution.key or None)
    governed = GovernedCase(compiled, fold((event,)))
    return repeated(context, lambda: _attempt(context, governed, attribution))


def _attempt(context: Context, governed: GovernedCase, attribution: Attribution) -> Written:
    """Store a case that begins with its one event, or find it stored under its key already."""
    (event,), case = governed.case.events, governed.case.id
    with publishing.transaction(context) as transaction:
        if (head := transaction.head(case)) is not None:
            earlier = transaction.find_key(case, event.key)
            if earlier is not None and _same_command(event, earlier):
                return Written.of((), earlier)
            raise Conflict("ZX4036", where=Where(case=case), process=head.process)
        store_definition(transaction, governed.compiled)
        governed, (transaction.main, *_) = commit_alone(context, transaction, governed, (event,))
        for parent in parents_ever(governed.case):
            transaction.head(parent.case)  # locked: nobody else opens one under it meanwhile
            check_called_for(context, parent, attribution)
        update_parents(context, transaction, governed)
    return Written.of(transaction.appended, transaction.main)


def _same_command(event: Event, earlier: Event) -> bool:
    """True where two openings come from the same command."""
    compared = ("type", "by", "actor", "mode")
    same = all(getattr(event, name) == getattr(earlier, name) for name in compared) and alike(
        plain(event.body), plain(earlier.body)
    )
    return same and (event.mode == "advanced" or event.occurred == earlier.occurred)


def check_case_id(case: str) -> None:
    """Check a case id: any printable text, not blank, of at most 200 characters.

    Args:
        case: The id.

    Raises:
        UsageError: ZX4037, it is none of these.

    Example:
        >>> check_case_id("bus-fares 2026/1")
        >>> check_case_id(" ")
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ...
    """
    if not case.strip() or len(case) > MAX_CASE_ID or not case.isprintable():
        raise UsageError("ZX4037", given=case[:MAX_CASE_ID], limit=MAX_CASE_ID)
