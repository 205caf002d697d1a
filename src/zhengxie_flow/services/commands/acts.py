"""Commands `advance` and `record`: an act of now, or one of a past time; with a preview of either."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from zhengxie_flow.engine import Command, CompiledProcess, decide
from zhengxie_flow.engine.events.evolve import evolve
from zhengxie_flow.errors import Reason, Refused, Where
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.directory import Directory
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import actor_reasons, ask_hook, directory_for, refusals_on_record, request_of
from zhengxie_flow.services.commands.ticking import settle_subcases
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.recording_order import check_clock
from zhengxie_flow.services.writing import Make, Submission, write


def act(context: Context, case: str, command: Command, *, expected_version: int | None = None) -> Written:
    """Write the event of an act.

    Args:
        context: The ports.
        case: The id of the case.
        command: The act; without a time it is one of now.
        expected_version: The version the case must have.

    Returns:
        The event as it is stored, with all that was stored beside it and what time had brought to its subcases.

    Raises:
        Refused: An act of now is not allowed; ``reasons`` holds every one.
        NotFound: The case, action or item is unknown.
        UsageError: The command cannot be read.
        Conflict: The version or the key does not fit.
    """
    live = command.at is None
    request = request_of(f"{'advance' if live else 'record'}:{command.action}", case, command.attribution)
    ask_hook(context, request)
    maker = ActMaker(context, command, directory=directory_for(context, request))
    submission = Submission(case, command.attribution, expected_version)
    with context.definitions.steady(), refusals_on_record(context, request):
        earlier = settle_subcases(context, case) if live else ()
        written = write(context, submission, maker, act=True, live=live)
        return written.after(earlier) if earlier else written


def preview(context: Context, case: str, command: Command) -> tuple[Event, Case]:
    """Preview an act without writing.

    Args:
        context: The ports.
        case: The id of the case.
        command: The act; without a time it is one of now.

    Returns:
        The event that would be written, and the case after it.

    Raises:
        Refused: An act of now is not allowed; ``reasons`` holds every one.
        NotFound: The case, action or item is unknown.
        UsageError: The command cannot be read.
    """
    derived = read_derived(context, case)
    check_clock(context, derived.numbered)
    directory = directory_for(context, request_of(command.action, case, command.attribution))
    event = ActMaker(context, command, directory=directory)(derived.compiled, derived.case)
    return event, evolve(derived.case, event)


@dataclass(frozen=True, slots=True)
class ActMaker:
    """The making of the event of a command, by the clock or as of the instant at which it was first decided."""

    context: Context
    command: Command
    now: datetime | None = None
    directory: Directory | None = None

    def __call__(self, compiled: CompiledProcess, case: Case) -> Event:
        """Decide on the command in a case, and whether its actor holds the role where a directory says who does."""
        now = self.context.now() if self.now is None else self.now
        against: tuple[Reason, ...] = ()
        if self.directory is not None:
            request = request_of(self.command.action, case.id, self.command.attribution)
            against = actor_reasons(self.directory, compiled, case, request, now.astimezone(case.zone).date())
        try:
            event = decide(compiled, case, self.command, partial(self.context.calendar, compiled), now)
        except Refused as error:
            if not against:
                raise
            raise _refused(case, self.command, (*error.reasons, *against)) from error
        if against:
            raise _refused(case, self.command, against)
        return event

    def at(self, moment: datetime) -> Make:
        """The same as of an instant."""
        return replace(self, now=moment)


def _refused(case: Case, command: Command, reasons: tuple[Reason, ...]) -> Refused:
    return Refused(where=Where(case=case.id), reasons=reasons, action=command.action, state=case.state)
