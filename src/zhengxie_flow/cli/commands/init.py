"""``zhengxie init``: make a project folder to work in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Final

import typer

from zhengxie_flow import settings
from zhengxie_flow.cli.new_folder import clear_up, new_folder
from zhengxie_flow.cli.session import session_of
from zhengxie_flow.errors import InvalidInput, UsageError
from zhengxie_flow.presentation.documents.project import NewProject

CONTENT: Final = (settings.CONFIG_NAME, "processes", "rules", settings.DATABASE_NAME)
"""What a project folder holds."""

MOVED: Final = CONTENT[::-1]
"""The same in the order in which it is moved to its place: the file that marks a project comes last."""


def command(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="DIR")],
    empty: Annotated[bool, typer.Option("--empty")] = False,
) -> None:
    """Copy the packaged processes and rules (or none of them), write the settings, and make an empty database."""
    session = session_of(context)
    target = Path(folder)
    clear_up(target, MOVED)
    present = [name for name in CONTENT if (target / name).exists()]
    if present or (target.exists() and not target.is_dir()):
        raise UsageError("ZX6050", folder=folder, found=present or target.name)
    language = session.language
    try:
        with new_folder(target, MOVED) as work:
            _fill(work, language, empty=empty)
    except OSError as error:
        raise InvalidInput("ZX6051", folder=folder, reason=error.strerror or str(error)) from error
    session.say(NewProject(str(target), CONTENT), session.text("cli.init.done", folder=folder, created=CONTENT))


def _fill(folder: Path, language: str, *, empty: bool) -> None:
    from zhengxie_flow import resources, storage

    (folder / settings.CONFIG_NAME).write_text(
        f'# The top folder of a zhengxie project.\ndatabase = "{settings.DATABASE_NAME}"\nlanguage = "{language}"\n',
        encoding="utf-8",
    )
    if empty:
        (folder / "processes").mkdir()
        (folder / "rules").mkdir()
    else:
        shutil.copytree(resources.processes_dir(), folder / "processes")
        shutil.copytree(resources.rules_dir(), folder / "rules", ignore=shutil.ignore_patterns("calendars"))
    storage.upgrade(folder / settings.DATABASE_NAME)
