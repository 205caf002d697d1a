"""Commands found by name and imported on demand, with the options that every one of them takes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, Final, Literal

import typer
from typer.core import TyperGroup
from typer.main import get_command

from zhengxie_flow.cli.help_page import LocalisedContext
from zhengxie_flow.cli.language import help_for, text_language
from zhengxie_flow.errors import UsageError
from zhengxie_flow.spelling import unknown_name

COMMANDS: Final = {
    "init": "init",
    "db": "db",
    "doctor": "doctor",
    "check": "check",
    "test": "test",
    "coverage": "coverage",
    "open": "open_",
    "link": "link",
    "advance": "advance",
    "record": "record",
    "determine": "determine",
    "plan": "plan",
    "explain": "explain",
    "assign": "assign",
    "urge": "urge",
    "correct": "correct",
    "move": "move",
    "erase": "erase",
    "show": "show",
    "cases": "cases",
    "list": "cases",
    "due": "due",
    "tick": "tick",
    "worker": "worker",
    "schedule": "schedule",
    "audit": "audit",
    "feed": "feed",
    "exemptions": "exemptions",
    "verify": "verify",
    "user": "user",
    "import": "import_",
    "case": "case",
    "calendar": "calendar",
    "rules": "rules",
    "register": "register",
    "readback": "readback",
}
"""Every command in the order of the help, with the module that holds it."""

RECORDING: Final = frozenset(
    {
        "open", "link", "advance", "record", "determine", "plan", "explain", "assign", "urge", "correct", "move",
        "erase", "tick", "worker", "import", "calendar.import",
    }
)  # fmt: skip
"""Commands that record events, by their path; they take ``--clock-back``."""

SHARED: Final = ("project", "db", "lang", "format")
"""Options that stand before the command or after it."""


class LazyGroup(TyperGroup):
    """The program: it knows the names of all commands and imports the one that is asked for."""

    context_class = LocalisedContext

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is click's
        """Return all names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return the command of that name, built from its module; None when there is none."""
        return make_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Resolve a command as click does; an unknown name is our own `UsageError` ZX1201."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise unknown_command(name, COMMANDS)
        return super().resolve_command(ctx, args)


class CommandGroup(TyperGroup):
    """A command that holds others, such as ``calendar``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Resolve a command as click does; an unknown name is our own `UsageError` ZX1201."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise unknown_command(name, self.commands)
        return super().resolve_command(ctx, args)


def unknown_command(name: str, choices: Any) -> UsageError:
    """Return the error for an unknown command, with the most similar name."""
    return UsageError("ZX1201", **unknown_name("command", name, choices))


def make_command(name: str) -> Any:
    """Build the command of a module: one function, or several subcommands under one name."""
    module = import_module(f"zhengxie_flow.cli.commands.{COMMANDS[name]}")
    subcommands: dict[str, Callable[..., Any]] | None = getattr(module, "SUBCOMMANDS", None)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    if subcommands is None:
        app.command(name)(module.command)
        command = get_command(app)
        _finish(command, name)
        return command
    app = typer.Typer(cls=CommandGroup, add_completion=False, rich_markup_mode=None, name=name)
    app.callback()(_no_action)
    for inner, function in subcommands.items():
        app.command(inner)(function)
    command = get_command(app)
    _finish(command, name)
    for inner, child in command.commands.items():  # type: ignore[attr-defined]  # a group
        _finish(child, f"{name}.{inner}")
    return command


def _no_action() -> None:
    """A command that holds others does nothing itself."""


def _finish(command: Any, path: str) -> None:
    """Set the help in the language of the user, and append the shared options."""
    lang = text_language()
    command.context_class = LocalisedContext
    command.help = help_for(path, None, lang)
    command.short_help = command.help.partition("\n")[0]
    own_options = {param.name for param in command.params}  # a command may have more languages or forms than are shared
    shared = [param for param in _shared_options() if param.name not in own_options]
    command.params = [*command.params, *(_recording_options() if path in RECORDING else ()), *shared]
    describe(command, path, lang)


def describe(command: Any, path: str, lang: str) -> None:
    """Set the help of every option and argument from the catalogue."""
    for param in command.params:
        param.help = help_for(path, param.name, lang)
        if param.param_type_name == "argument":
            param.display_type_rich = _no_type  # "<str>" after a name helps no reader


def _no_type(ctx: Any) -> None:  # the signature is typer's
    """No type behind the name of an argument."""


def _shared_options() -> list[Any]:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(_shared)
    return [param for param in get_command(app).params if param.name in SHARED]


def _recording_options() -> list[Any]:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(_recording)
    return [param for param in get_command(app).params if param.name == "clock_back"]


def _override(ctx: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    """Override a shared option given before the command by the one after it."""
    if value is not None:
        setattr(ctx.find_root().obj, str(param.name), value)
    return value


Lang = Literal["zh", "en"]
Format = Literal["text", "json"]


def _option(name: str) -> Any:
    return typer.Option(name, callback=_override, expose_value=False, hidden=True, is_eager=True)


def _recording(
    clock_back: Annotated[
        str | None, typer.Option("--clock-back", metavar="T", callback=_override, expose_value=False)
    ] = None,
) -> None:
    """Only its option is used."""


def _shared(
    project: Annotated[str | None, _option("--project")] = None,
    db: Annotated[str | None, _option("--db")] = None,
    lang: Annotated[Lang | None, _option("--lang")] = None,
    format: Annotated[Format | None, _option("--format")] = None,  # noqa: A002  # the option's name
) -> None:
    """Only its options are used."""
