"""``zhengxie readback``: a whole process as sentences in the order of the clauses, and the record of who signed it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import InvalidDefinition, NotFound, UsageError

if TYPE_CHECKING:
    from zhengxie_flow.model.definition import Definition
    from zhengxie_flow.model.process import Process
    from zhengxie_flow.model.signature import Signature, Signatures
    from zhengxie_flow.presentation.documents.readbacks import SignedText
    from zhengxie_flow.reading.definitions import Files, Loaded

Lang = Literal["zh", "en", "both"]
Format = Literal["text", "markdown", "json"]

LONGEST_NAME = 100
"""Characters in the name of a signer."""


def command(
    context: typer.Context,
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    edition: Annotated[str | None, typer.Option("--edition", metavar="EDITION")] = None,
    sign: Annotated[str | None, typer.Option("--sign", metavar="NAME")] = None,
    date_: Annotated[str | None, typer.Option("--date", metavar="D")] = None,
    dry_run: DryRun = False,
    lang: Annotated[Lang | None, typer.Option("--lang")] = None,
    format: Annotated[Format | None, typer.Option("--format")] = None,  # noqa: A002  # the option's name
) -> None:
    """Read a process back; with a name, record that this content was signed."""
    from zhengxie_flow.bootstrap import project_files
    from zhengxie_flow.cli.rendering.readback import markdown, text
    from zhengxie_flow.presentation.documents.readbacks import process_readback
    from zhengxie_flow.reading.signatures import signed as signatures_of

    session = session_of(context)
    _apply(session, lang, format)
    if sign is None and (date_ is not None or dry_run):
        raise UsageError("ZX6095")
    signer = None if sign is None else (_signer(sign), _day(session, date_))
    files = project_files(session.folder)
    loaded = files.load(process)
    definition = _edition(loaded, edition, session.today())
    signatures, added = signatures_of(files.path(process), files.root, process), None
    if signer is not None:
        if session.folder is None:
            raise UsageError("ZX6096")
        signature = _signature(definition, *signer)
        added, signatures = _sign(files, definition.id, signatures, signature, dry_run=dry_run)
    document = process_readback(definition, signatures, added, _subcases(files, definition))
    shown = ("zh", "en") if lang in (None, "both") and session.lang is None else (session.language,)
    write = markdown if format == "markdown" else text
    session.say(document, lambda page: write(page, document, shown))


def _apply(session: Session, lang: Lang | None, format_: Format | None) -> None:
    """The command's own options, where they say what the shared ones say."""
    if lang is not None:
        session.lang = None if lang == "both" else lang
    if format_ is not None:
        session.format = "json" if format_ == "json" else "text"


def _edition(loaded: Loaded, name: str | None, today: date) -> Definition:
    """The edition asked for; else the one in force today, or the first where none is yet."""
    from zhengxie_flow.presentation.documents.readbacks import edition_of
    from zhengxie_flow.spelling import unknown_name

    every = [entry.definition for entry in (loaded, *loaded.editions)]
    if name is None:
        begun = [definition for definition in every if (definition.process.in_force.from_ or date.min) <= today]
        return begun[-1] if begun else every[0]
    for definition in every:
        if name == edition_of(definition) or name == str(definition.process.in_force.from_):
            return definition
    names = [edition_of(definition) or str(definition.process.in_force.from_) for definition in every]
    raise NotFound("ZX1201", **unknown_name("edition", name, names))


def _subcases(files: Files, definition: Definition) -> dict[str, Process]:
    """The processes of the subcases, for the labels of their states; one that cannot be read is left out."""
    processes = {}
    for name, subcase in definition.process.subcases.items():
        with suppress(NotFound, InvalidDefinition):
            processes[name] = files.load(subcase.process).definition.process
    return processes


def _day(session: Session, text: str | None) -> date:
    """The day of a signature, which is not in the future."""
    today = session.today()
    when = today if text is None else civil_day(text)
    if when > today:
        raise UsageError("ZX6099", given=when, today=today)
    return when


def _signer(name: str) -> str:
    """The name of a signer, in one line that can be printed."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise UsageError("ZX6097", given=name[:LONGEST_NAME], most=LONGEST_NAME)
    return name.strip()


def _signature(definition: Definition, name: str, when: date) -> Signature:
    from zhengxie_flow.model.signature import Signature
    from zhengxie_flow.presentation.documents.readbacks import edition_of

    return Signature(name=name, date=when, edition=edition_of(definition), hash=definition.hash)


def _sign(
    files: Files, process: str, before: Signatures, signature: Signature, *, dry_run: bool
) -> tuple[SignedText, Signatures]:
    """Add a signature; on a trial run nothing is written."""
    from zhengxie_flow.presentation.documents.readbacks import SignedText
    from zhengxie_flow.reading.signatures import sign, with_signature

    if dry_run:
        path, after = None, with_signature(before, signature)
    else:
        path, after = sign(files.path(process), files.root, process, signature)
    return SignedText(signature.name, signature.date, dry_run, None if path is None else str(path)), after
