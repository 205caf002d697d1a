"""``zhengxie readback``: a whole process as sentences in the order of the clauses, and the record of who signed it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zhengxie_flow.cli.options import DryRun
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import NotFound, UsageError

if TYPE_CHECKING:
    from zhengxie_flow.model.definition import Definition
    from zhengxie_flow.model.signature import Signatures
    from zhengxie_flow.presentation.documents.readbacks import SignedText
    from zhengxie_flow.reading.definitions import Files, Loaded

Lang = Literal["zh", "en", "both"]
Format = Literal["text", "markdown", "json"]


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
    files = project_files(session.folder)
    loaded = files.load(process)
    definition = _edition(loaded, edition, session.today())
    before = signatures_of(files.path(process), files.root, process)
    added, after = None, before
    if sign is not None:
        when = session.today() if date_ is None else civil_day(date_)
        if session.folder is None:
            raise UsageError("ZX6096")
        added, after = _sign(files, definition, before, (sign, when), dry_run=dry_run)
    document = process_readback(definition, after, added)
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
        begun = [one for one in every if (one.process.in_force.from_ or date.min) <= today]
        return begun[-1] if begun else every[0]
    for definition in every:
        if name == edition_of(definition) or name == str(definition.process.in_force.from_):
            return definition
    known = [edition_of(one) or str(one.process.in_force.from_) for one in every]
    raise NotFound("ZX1201", **unknown_name("edition", name, known))


def _sign(
    files: Files, definition: Definition, before: Signatures, signed: tuple[str, date], *, dry_run: bool
) -> tuple[SignedText, Signatures]:
    """Add a signature, unless the same person signed the same content before."""
    from zhengxie_flow.model.signature import Signature
    from zhengxie_flow.presentation.documents.readbacks import SignedText, edition_of
    from zhengxie_flow.reading.signatures import sign

    name, when = signed
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise UsageError("ZX6097", given=name[:100])
    signature = Signature(name=name, date=when, edition=edition_of(definition), hash=definition.hash)
    standing = before.standing().get((name, signature.edition))
    if standing is not None and standing[1].hash == signature.hash:
        return SignedText(name, standing[1].date, dry_run=dry_run, known=True, written=None), before
    written = None if dry_run else str(sign(files.path(definition.id), before, signature))
    after = before.model_copy(update={"signatures": (*before.signatures, signature)})
    return SignedText(name, when, dry_run=dry_run, known=False, written=written), after
