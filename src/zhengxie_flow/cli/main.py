"""The program ``zhengxie``: options that stand before the command, and the one handler of all errors."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

from zhengxie_flow import __version__
from zhengxie_flow.cli import failures, language
from zhengxie_flow.cli.group import Format, Lang, LazyGroup, describe
from zhengxie_flow.cli.output.stream import use_utf8, write
from zhengxie_flow.cli.session import Session
from zhengxie_flow.errors import UsageError
from zhengxie_flow.presentation.documents.project import Version

PROGRAM = "zhengxie"


def run() -> NoReturn:
    """Run the command line of this process."""
    use_utf8()
    logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())  # what it would say is an error with a code
    code = main(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command has ended, and its answer is out
    sys.exit(code)


def main(args: Sequence[str]) -> int:
    """Run one command line; no exception leaves it.

    Args:
        args: The arguments without the name of the program.

    Returns:
        The exit code.
    """
    language.scan_arguments(args)
    session = Session()
    try:
        _refuse_stray_bytes(args)
        program = build()
        with program.make_context(PROGRAM, list(args), obj=session) as context:
            answer = program.invoke(context)
        return answer if isinstance(answer, int) else failures.DONE
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:  # noqa: BLE001  # nothing may end in a traceback
        if isinstance(error, typer.Exit):
            return error.exit_code
        return _report(error, session)
    finally:
        with _uninterrupted():
            session.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Leave interrupts aside: what the command did is done, and half closed a database helps nobody."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)


def _report(error: Exception, session: Session) -> int:
    """Report an error; where even that fails, its code alone."""
    try:
        return failures.report(error, session.labels)
    except Exception:  # noqa: BLE001  # nothing may end in a traceback
        return failures.report_fallback()


def build() -> Any:
    """Build the program, with its options described in the language of the user."""
    app = typer.Typer(cls=LazyGroup, add_completion=False, rich_markup_mode=None, name=PROGRAM)
    app.callback(invoke_without_command=True)(_root)
    program = get_command(app)
    lang = language.text_language()
    program.help = language.help_for("program", None, lang)
    describe(program, "program", lang)
    return program


def _root(
    context: typer.Context,
    project: Annotated[str | None, typer.Option(metavar="DIR")] = None,
    db: Annotated[str | None, typer.Option(metavar="URL")] = None,
    lang: Annotated[Lang | None, typer.Option()] = None,
    format: Annotated[Format | None, typer.Option()] = None,  # noqa: A002  # the option's name
    version: Annotated[bool, typer.Option("--version")] = False,
) -> None:
    session: Session = context.obj
    session.project, session.db, session.lang, session.format = project, db, lang, format
    if version:
        session.say(Version(__version__), f"{PROGRAM} {__version__}")
        raise typer.Exit(failures.DONE)
    if context.invoked_subcommand is None:
        if language.wants_json():
            raise UsageError("ZX6006")
        write(context.get_help() + "\n", sys.stderr)
        raise typer.Exit(failures.USAGE)


def _refuse_stray_bytes(args: Sequence[str]) -> None:
    for arg in args:
        try:
            arg.encode()
            unusable = "\0" in arg
        except UnicodeEncodeError:
            unusable = True
        if unusable:
            raise UsageError("ZX6007", given=ascii(arg))


def _interrupted() -> int:
    if language.wants_json():
        failures.write_error(UsageError("ZX6008"))
    else:
        write("\n", sys.stderr)
    return failures.INTERRUPTED
