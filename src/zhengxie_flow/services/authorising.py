"""Authorising: before every write the hook of the host is asked, and whether the actor holds the role.

A refusal is recorded beside the journal before it is raised, so that who was turned away is on record too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import Reason, Refused, Where
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.directory import Directory, directory_of
from zhengxie_flow.ports import AccessRefusal
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.retrying import repeated

ACTOR, AUTHORISE = "actor", "authorise"
"""Requirements that an actor does not meet: holding the role, and what the host asks for."""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Request to write.

    Attributes:
        action: What is asked for: the verb, and after a colon what it is about.
        case: The id of the case; None for what is about no single case.
        role: The role acted in.
        actor: The person or office that acts.
        live: True where it is to happen now, so that the actor has to hold the role today.
    """

    action: str
    case: str | None = None
    role: str | None = None
    actor: str | None = None
    live: bool = False


def request_of(action: str, case: str, attribution: Attribution) -> AccessRequest:
    """Return the request that a command to a case makes.

    Args:
        action: What is asked for.
        case: The id of the case.
        attribution: Who asks, and for when.

    Returns:
        The request.
    """
    return AccessRequest(action, case, attribution.by, attribution.actor, live=attribution.at is None)


def authorise(context: Context, request: AccessRequest, *, preview: bool = False) -> None:
    """Ask the hook of the host whether a write may be made, and the directory whether the actor holds the role.

    Args:
        context: The ports.
        request: What is asked for, and by whom.
        preview: True where nothing is to be written: a refusal is not recorded either.

    Raises:
        Refused: ZX4121, the hook does not allow it; ZX4122, the actor does not hold the role.  It is recorded.
        NotFound: ZX4002, there is no such case.
    """
    directory = directory_for(context, request)
    if preview:
        context = replace(context, users=None)
    ask_hook(context, request)
    if directory is None or request.case is None:
        return
    compiled, case = context.read(request.case)
    if reasons := actor_reasons(directory, compiled, case, request, context.today(compiled)):
        refuse(context, request, "ZX4122", reasons)


def ask_hook(context: Context, request: AccessRequest) -> None:
    """Ask the hook of the host alone.

    Args:
        context: The ports.
        request: What is asked for, and by whom.

    Raises:
        Refused: ZX4121, the hook does not allow it.
    """
    if context.authorise is None:
        return
    answer = context.authorise(request.actor, request.role, request.action, request.case)
    if answer is not True:
        text = answer if isinstance(answer, str) and answer else AUTHORISE
        refuse(context, request, "ZX4121", (Reason(AUTHORISE, "false", (text,)),))


def directory_for(context: Context, request: AccessRequest) -> Directory | None:
    """Return the directory by which the actor of a request has to hold the role; None where nobody asks for that.

    Args:
        context: The ports.
        request: What is asked for, and by whom.

    Returns:
        The directory.
    """
    if not request.live or request.actor is None or request.role is None or context.users is None:
        return None
    changes = tuple(context.users.changes())  # without any person nobody's authority is asked for
    return directory_of(changes, context.users.holdings()) if changes else None


def actor_reasons(
    directory: Directory, compiled: CompiledProcess, case: Case | None, request: AccessRequest, day: date
) -> tuple[Reason, ...]:
    """Find whether the actor of a request does not hold the role on a day.

    Args:
        directory: The persons, offices and roles.
        compiled: The definition of the case.
        case: The case, whose assignments count; None for one that is to be opened.
        request: What is asked for, and by whom.
        day: The civil day.

    Returns:
        The reason against it; none where the actor holds the role, or nobody can hold what is no role of the process.
    """
    role, actor = request.role, request.actor
    if role is None or actor is None or role not in compiled.process.roles:
        return ()
    assignment = None if case is None else case.assigned(role, day)
    if directory.may_act(actor, role, day, assignment):
        return ()
    holder = () if assignment is None else (assignment.office or assignment.person or "",)
    return (Reason(ACTOR, "false", (role, *holder)),)


def refuse(context: Context, request: AccessRequest, code: str, reasons: tuple[Reason, ...]) -> None:
    """Record a refusal, then raise it.

    Args:
        context: The ports.
        request: What was asked for, and by whom.
        code: The code of the message.
        reasons: The reasons.

    Raises:
        Refused: Always.
    """
    record_refusal(context, request, reasons)
    raise Refused(
        code,
        where=Where(case=request.case),
        reasons=reasons,
        actor=request.actor or "-",
        role=request.role or "-",
        action=request.action,
    )


@contextmanager
def refusals_on_record(context: Context, request: AccessRequest) -> Iterator[None]:
    """Record that an act was refused because its actor does not hold the role.

    Args:
        context: The ports.
        request: What is asked for, and by whom.

    Yields:
        Nothing.
    """
    try:
        yield
    except Refused as error:
        if reasons := tuple(reason for reason in error.reasons if reason.id == ACTOR):
            record_refusal(context, request, reasons)
        raise


def record_refusal(context: Context, request: AccessRequest, reasons: tuple[Reason, ...]) -> None:
    """Record a refusal beside the journal.

    Args:
        context: The ports.
        request: What was asked for, and by whom.
        reasons: The reasons.
    """
    users = context.users
    if users is None:
        return
    refusal = AccessRefusal(
        at=context.present().isoformat(),
        actor=request.actor,
        role=request.role,
        action=request.action,
        case=request.case,
        reason="; ".join(": ".join((reason.id, *map(str, reason.needs))) for reason in reasons),
    )
    repeated(context, lambda: users.refuse(refusal))
