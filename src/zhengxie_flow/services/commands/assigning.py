"""Assigning roles of a case to offices and persons."""

from __future__ import annotations

from datetime import date

from zhengxie_flow.engine.events import assignments
from zhengxie_flow.engine.events.assignments import OFFICE, PERSON, read_holder
from zhengxie_flow.model.directory import directory_of
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import Submission, write_statement


def assign(context: Context, submission: Submission, role: str, to: str, begins: date | None = None) -> Written:
    """Assign a role of a case to an office or a person.

    Args:
        context: The ports.
        submission: The case, with the role that assigns and the time of the assignment.
        role: The role that is assigned.
        to: The office or person; a name that the directory has as a person is one, any other an office, unless
            ``office:`` or ``person:`` stands before it.
        begins: The first day; None for the day of the assignment.

    Returns:
        The event ``assigned``.

    Raises:
        NotFound: The case is unknown.
        UsageError: The role is unknown, or the name cannot be read.
        Refused: The role may not assign.
        Conflict: The version or the key does not fit.
    """
    authorise(context, request_of(f"assign:{role}", submission.case, submission.attribution))
    persons = {} if context.users is None else directory_of(context.users.changes(), ()).users
    holder = read_holder(to, PERSON if to.strip() in persons else OFFICE)
    return write_statement(context, submission, lambda recording: assignments.assign(recording, role, holder, begins))
