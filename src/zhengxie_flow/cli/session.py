"""A session, one run of the program: project, database, clock, and the output of answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengxie_flow.cli import language
from zhengxie_flow.cli.output.stream import write, write_json, write_raw
from zhengxie_flow.errors import NotFound
from zhengxie_flow.i18n import label
from zhengxie_flow.model.patience import DEFAULT
from zhengxie_flow.redaction import without_password

if TYPE_CHECKING:
    import typer

    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.calendars import Day
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.errors import ZhengxieError
    from zhengxie_flow.ports import Attachments, Clock
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.settings import Settings

Prose = str | Callable[["Page"], None]


@dataclass
class Session:
    """The options given before or after the command, and the resources opened because of them.

    ``labels`` are set once a definition is known, so that errors can name ids of it.
    """

    project: str | None = None
    db: str | None = None
    lang: str | None = None
    format: str | None = None
    clock_back: str | None = None
    labels: Labels | None = None
    _open: list[Engine] = field(default_factory=list)

    @property
    def json(self) -> bool:
        """True where the answer is one JSON document."""
        return (self.format or "text") == "json"

    @property
    def language(self) -> str:
        """The language of text for people."""
        return language.text_language(self.lang)

    @property
    def message_language(self) -> str:
        """The language of messages in the answer, which in JSON does not follow the locale."""
        return language.json_language(self.lang) if self.json else self.language

    def text(self, key: str, **params: Any) -> str:
        """A phrase of the catalogue in the language of the user."""
        return label(key, self.language, **params)

    def say(self, data: Any, prose: Prose) -> None:
        """Write the answer.

        Args:
            data: The document, written with ``--format json``.
            prose: The text for people, or the function that writes it on a page.
        """
        if self.json:
            from zhengxie_flow.presentation.serialise import serialise

            write_json({"data": serialise(data)})
        elif isinstance(prose, str):
            write(prose + "\n")
        else:
            from zhengxie_flow.cli.output.page import Page

            page = Page(self.language)
            prose(page)
            write_raw(page.text())  # its cells are printable, its colours are ours

    @cached_property
    def settings(self) -> Settings:
        """The project folder, the database and the clock, from options, environment and ``zhengxie.toml``."""
        from zhengxie_flow import settings

        loaded = settings.load(project=self.project, db=self.db, environ=os.environ, folder=self._folder())
        language.set_project_language(loaded.language)
        return loaded

    def _folder(self) -> Path:
        """The working folder.  Raises `NotFound` ZX6020 when it was deleted and no project is named in full."""
        try:
            return Path.cwd()
        except FileNotFoundError:
            if self.project and Path(self.project).is_absolute():
                return Path(self.project)
            raise NotFound("ZX6020", folder=os.environ.get("PWD", "."), source="cwd") from None

    def projects_of(self, paths: Sequence[str]) -> dict[Path | None, list[str]]:
        """Group paths by the project that they belong to.

        That is the project asked for by the option or ``ZHENGXIE_PROJECT``, else the nearest above the path, else the
        session's own; without a path the session's own.
        """
        from zhengxie_flow.settings import find_project

        asked = bool(self.project or os.environ.get("ZHENGXIE_PROJECT"))
        if asked or not paths:
            return {self.folder: list(paths)}
        groups: dict[Path | None, list[str]] = {}
        for path in paths:
            place = Path(path).absolute()
            own = find_project(None, {}, place if place.is_dir() else place.parent)
            groups.setdefault(self.folder if own is None else own, []).append(path)
        return groups

    @property
    def database(self) -> str:
        """The address of the database for messages, without a password."""
        return without_password(self.settings.db)

    @property
    def patience(self) -> float:
        """Seconds to wait for a lock, where the URL of the database does not say."""
        return DEFAULT if self.settings.patience is None else self.settings.patience

    @property
    def folder(self) -> Path | None:
        """The project folder; None for the packaged files."""
        return self.settings.project

    @cached_property
    def clock(self) -> Clock:
        """The wall clock, or the one fixed by ``ZHENGXIE_CLOCK``."""
        from zhengxie_flow.bootstrap import FixedClock, SystemClock

        return SystemClock() if self.settings.clock is None else FixedClock(self.settings.clock)

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def today(self) -> date:
        """Return today's civil day in China."""
        from zhengxie_flow.calendars import CHINA_TIME

        return self.now().astimezone(CHINA_TIME).date()

    def engine(self, *, read_only: bool = False) -> Engine:
        """Open the engine on the project's database, which must exist; it is closed when the program ends."""
        from zhengxie_flow.bootstrap import Engine

        engine = Engine(
            self.settings.db, project=self.folder, clock=self.clock, read_only=read_only, create=False,
            clock_back=self.clock_back,
            patience=self.patience,
            attachments=self._attachments(),
            outbox=self.settings.outbox,
        )  # fmt: skip
        self._open.append(engine)
        return engine

    def attachments_folder(self) -> str | None:
        """Return the folder of attachments beside the database or where the settings say; None where there is none."""
        from zhengxie_flow.bootstrap.attachments import attachments_for
        from zhengxie_flow.storage.attachments import FolderAttachments

        place = attachments_for(self.settings.db, self.settings.attachments)
        return str(place.folder) if isinstance(place, FolderAttachments) and place.folder.is_dir() else None

    def _attachments(self) -> Attachments | None:
        """The place of attachments that the settings name; None for the usual one."""
        from zhengxie_flow.bootstrap.attachments import attachments_for

        folder, limit = self.settings.attachments, self.settings.attachment_limit
        return None if folder is None and limit is None else attachments_for(self.settings.db, folder, limit)

    def labels_for(self, case: str) -> Labels:
        """Return the labels of the definition that governs a case.

        Raises:
            NotFound: There is no such case (ZX4002).
        """
        from zhengxie_flow.errors import Where

        head = self._open[-1].journal.head(case)
        if head is None:
            raise NotFound("ZX4002", where=Where(case=case))
        return self.labels_of(head.definition)

    def labels_of(self, definition: str) -> Labels:
        """Return the labels of a definition, by its content hash; errors name ids by them from then on."""
        from zhengxie_flow.presentation.labels import Labels

        self.labels = Labels(self._open[-1].context.definitions.by_hash(definition), self.message_language)
        return self.labels

    def labels_unless_damaged(
        self, case: str, definition: str | None, damaged: Callable[[ZhengxieError], None]
    ) -> Labels | None:
        """Return the labels of the definition of a case; where that cannot be had, report it.

        Args:
            case: The id of the case.
            definition: The content hash of its definition; None to look it up.
            damaged: Called with the error.

        Returns:
            The labels; None where they cannot be had.
        """
        from zhengxie_flow.errors import ChainBroken, StorageError, Where

        try:
            return self.labels_for(case) if definition is None else self.labels_of(definition)
        except (NotFound, StorageError) as error:
            code, params = error.code, error.params
            damaged(error if error.where.case else ChainBroken(code, where=Where(case=case), **params))
            return None

    def explainer(self, as_of: date) -> Callable[[date], Day | None]:
        """Return the function that explains a day, by the calendar of the definition whose labels were last used."""

        def explain(day: date) -> Day | None:
            name = self.labels.compiled.process.calendar if self.labels is not None else "cn"
            snapshot = self._open[-1].context.calendars.snapshot(name, as_of)
            return snapshot.explain(day) if snapshot.first <= day <= snapshot.last else None

        return explain

    def close(self) -> None:
        """Close every engine."""
        while self._open:
            self._open.pop().close()


def session_of(context: typer.Context) -> Session:
    """Return the session of a command's context."""
    session: Session = context.find_root().obj
    return session
