"""``zhengxie user``: persons, the offices and roles that are held, and who was refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import getpass, getuser
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.parsing import day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import UsageError

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.directory import Holding, User
    from zhengxie_flow.presentation.documents.users import DirectoryDocument, RefusalList

Person = Annotated[str, typer.Argument(metavar="PERSON")]
EnteredBy = Annotated[str | None, typer.Option("--by", metavar="ID")]


def add(
    context: typer.Context,
    person: Person,
    label: Annotated[str | None, typer.Option("--label", metavar="NAME")] = None,
    by: EnteredBy = None,
) -> None:
    """Add a person, or enable one who was disabled."""
    session = session_of(context)
    _say_user(session, session.engine().add_user(person, label=label, by=by or _login()), "cli.user.added")


def role(
    context: typer.Context,
    holder: Annotated[str, typer.Argument(metavar="PERSON|office:OFFICE")],
    held: Annotated[str, typer.Argument(metavar="ROLE|office:OFFICE")],
    from_: Annotated[str | None, typer.Option("--from", metavar="D")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D")] = None,
    by: EnteredBy = None,
) -> None:
    """Enter who holds a role or an office, and when; the same holding and first day again restates it."""
    from zhengxie_flow.presentation.documents.users import holding_document

    session = session_of(context)
    first, last = None if from_ is None else day(from_), None if until is None else day(until)
    holding = session.engine().hold(holder, held, from_day=first, to_day=last, by=by or _login())
    session.say(holding_document(holding), lambda page: page.line(_holding(page, holding)))


def passwd(context: typer.Context, person: Person, by: EnteredBy = None) -> None:
    """Set the password of a person, read from a prompt or from standard input; only its salted hash is kept."""
    session = session_of(context)
    engine = session.engine()
    password = _password(session, person)
    _say_user(session, engine.set_password(person, password, by=by or _login()), "cli.user.passworded")


def disable(context: typer.Context, person: Person, by: EnteredBy = None) -> None:
    """Disable a person, who acts in no role any more; the record of what they did stays."""
    session = session_of(context)
    _say_user(session, session.engine().disable_user(person, by=by or _login()), "cli.user.disabled")


def list_(context: typer.Context) -> None:
    """List the persons, and who holds which office and role when."""
    from zhengxie_flow.presentation.documents.users import directory_document

    session = session_of(context)
    directory = directory_document(session.engine(read_only=True).directory())
    session.say(directory, lambda page: _directory(page, directory))


def refusals(
    context: typer.Context,
    after: Annotated[int, typer.Option("--after", metavar="N", min=0)] = 0,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1)] = None,
) -> None:
    """List who was refused, when, what, and why."""
    from zhengxie_flow.presentation.documents.users import refusal_list

    session = session_of(context)
    listed = refusal_list(session.engine(read_only=True).refusals(after, limit))
    session.say(listed, lambda page: _refusals(page, listed))


SUBCOMMANDS: dict[str, Callable[..., Any]] = {
    "add": add,
    "role": role,
    "passwd": passwd,
    "disable": disable,
    "list": list_,
    "refusals": refusals,
}


def _login() -> str | None:
    """The name by which whoever runs the program is logged in; None where the system knows none."""
    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return None


def _password(session: Session, person: str) -> str:
    """A password typed twice, or the first line of standard input; it is never an argument and never shown."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(session.text("cli.user.password", person=person) + " ", stream=sys.stderr)
    if getpass(session.text("cli.user.again") + " ", stream=sys.stderr) != first:
        raise UsageError("ZX6120")
    return first


def _say_user(session: Session, user: User, key: str) -> None:
    from zhengxie_flow.presentation.documents.users import user_document

    session.say(user_document(user), session.text(key, person=user.person, label=user.label))


def _holding(page: Page, holding: Holding) -> str:
    return page.say(
        "cli.user.holds", holder=holding.holder, name=holding.name, since=holding.from_day, until=holding.to_day
    )


def _directory(page: Page, directory: DirectoryDocument) -> None:
    if not directory.users and not directory.holdings:
        page.line(page.say("cli.none"))
        return
    page.table([
        (user.person, user.label, page.say("cli.user.is_disabled") if user.disabled else "") for user in directory.users
    ])  # fmt: skip
    for row in directory.holdings:
        page.line(page.say("cli.user.holds", holder=row.holder, name=row.name, since=row.from_day, until=row.to_day))


def _refusals(page: Page, listed: RefusalList) -> None:
    if not listed.refusals:
        page.line(page.say("cli.none"))
        return
    page.table([
        (str(row.number), page.when(row.at), row.actor, row.role, row.action, row.case, row.reason)
        for row in listed.refusals
    ])  # fmt: skip
