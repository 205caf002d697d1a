"""The engine: everything a program asks of legal procedures on one database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from zhengxie_flow.bootstrap.clock import RandomIds, SystemClock
from zhengxie_flow.bootstrap.database import open_or_create
from zhengxie_flow.bootstrap.definitions import ProjectDefinitions, project_calendars, project_files
from zhengxie_flow.engine import fold
from zhengxie_flow.engine.events.statements import Attribution, Opening
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import Audit
from zhengxie_flow.ports import Checkpoint, Clock, DeadlineRow, Definitions, Finding, Head, Ids
from zhengxie_flow.presentation.documents.cases import CaseDocument, case_document
from zhengxie_flow.services import arguments
from zhengxie_flow.services.commands import acts, erasing, opening, statements, subcases
from zhengxie_flow.services.commands.erasing import Erasure
from zhengxie_flow.services.commands.moves import Moved, move
from zhengxie_flow.services.commands.projections import PROJECTION, mismatches, rebuild
from zhengxie_flow.services.commands.recompute import Shift, recompute
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.audit import audit
from zhengxie_flow.services.queries.overview import overview

Moment = date | datetime


class Engine:
    """Legal procedures on one database: open, advance, record, judge.

    ``db`` is a database URL, the path of an SQLite file, or an SQLAlchemy connection of the caller's own (our writes
    then commit or roll back with theirs).  A missing SQLite file is created unless ``create`` is false; with
    ``read_only`` nothing is ever written.  ``project`` is the folder with ``processes/`` and ``rules/`` (None: the
    packaged ones), ``clock`` and ``ids`` bring time and keys.  Safe to share between threads; use it as a context
    manager.

    Raises `StorageError` when the database cannot be used.
    """

    def __init__(
        self,
        db: Any,
        *,
        project: str | Path | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        read_only: bool = False,
        create: bool = True,
    ) -> None:
        self.journal = open_or_create(db, read_only=read_only, create=create)
        self.files = project_files(project)
        self._calendars = project_calendars(project)
        self._definitions: Definitions = ProjectDefinitions(self.files, self.journal)
        self.context = Context(
            journal=self.journal,
            definitions=self._definitions,
            calendars=self._calendars,
            clock=clock or SystemClock(),
            ids=ids or RandomIds(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.journal.close()

    @arguments.typed
    def open(
        self,
        process: str,
        case: str,
        *,
        by: str,
        facts: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
        items: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
        at: Moment | None = None,
        under: str | None = None,
        subcase: str | None = None,
        actor: str | None = None,
        key: str | None = None,
    ) -> Event:
        """Begin a case of a process, of its own or ``under`` another (as its ``subcase``, where several would fit).

        Raises `Conflict` when the id is taken, `NotFound` for an unknown process or parent, and `Refused` where it is
        to be opened now under a case that does not call for it.
        """
        told = Attribution(by=by, at=arguments.moment_or_now(at), actor=actor, key=key or "")
        parent = None if under is None else subcases.resolve_parent_link(self.context, process, under, subcase)
        return opening.open_(
            self.context,
            process,
            case,
            Opening(facts=arguments.facts(facts), items=arguments.items(items), parent=parent),
            told,
        )

    @arguments.typed
    def link(
        self,
        case: str,
        *,
        under: str,
        by: str,
        subcase: str | None = None,
        at: Moment | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Take a case that stands on its own under another; what it does from then on is told there."""
        told = Attribution(by=by, at=arguments.moment_or_now(at), key=key or "")
        process = self.context.read(case)[1].process
        parent = subcases.resolve_parent_link(self.context, process, under, subcase, linked=True)
        return subcases.link(self.context, case, parent, told, expected_version=expected_version)

    @arguments.typed
    def advance(
        self,
        case: str,
        action: str,
        *,
        by: str,
        item: str | None = None,
        fields: Mapping[str, Any] | None = None,
        evidence: Sequence[str] = (),
        actor: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Do an action now.  Raises `Refused` with every reason unless role, state and all requirements are true."""
        command = arguments.command(action, by, None, item, fields, evidence, actor, key)
        return acts.act(self.context, case, command, expected_version=expected_version)

    @arguments.typed
    def record(
        self,
        case: str,
        action: str,
        *,
        at: Moment,
        by: str,
        item: str | None = None,
        fields: Mapping[str, Any] | None = None,
        evidence: Sequence[str] = (),
        actor: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Tell what happened at a past time; it is judged, and refused only if it cannot be true or read."""
        command = arguments.command(action, by, arguments.moment(at), item, fields, evidence, actor, key)
        return acts.act(self.context, case, command, expected_version=expected_version)

    @arguments.typed
    def preview(
        self,
        case: str,
        action: str,
        *,
        by: str,
        at: Moment | None = None,
        item: str | None = None,
        fields: Mapping[str, Any] | None = None,
        evidence: Sequence[str] = (),
        actor: str | None = None,
    ) -> tuple[Event, Case]:
        """What `advance` (or, with ``at``, `record`) would write, and the case after it; nothing is written."""
        return acts.preview(
            self.context,
            case,
            arguments.command(action, by, arguments.moment_or_now(at), item, fields, evidence, actor, None),
        )

    @arguments.typed
    def determine(
        self,
        case: str,
        facts: Mapping[str, Any],
        *,
        by: str,
        reason: str,
        basis: str | None = None,
        item: str | None = None,
        at: Moment | None = None,
        evidence: Sequence[str] = (),
        actor: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """A person asserts facts (of an item, where one is named), with a reason and on an authority."""
        told = Attribution(
            by=by,
            at=arguments.moment_or_now(at),
            item=item,
            evidence=arguments.names(evidence),
            actor=actor,
            key=key or "",
        )
        return statements.determine(
            self.context, case, facts, told, reason=reason, basis=basis, expected_version=expected_version
        )

    @arguments.typed
    def plan(
        self,
        case: str,
        action: str,
        *,
        to: Moment,
        by: str,
        item: str | None = None,
        at: Moment | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Set a date for an action that has not happened; a later plan replaces it."""
        told = Attribution(by=by, at=arguments.moment_or_now(at), item=item, key=key or "")
        return statements.plan(
            self.context, case, action, arguments.moment(to), told, expected_version=expected_version
        )

    @arguments.typed
    def explain(
        self,
        case: str,
        obligation: str,
        *,
        reason: str,
        by: str,
        public: bool = False,
        item: str | None = None,
        at: Moment | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Record why a duty is departed from; in time, it justifies departing from a soft one."""
        told = Attribution(by=by, at=arguments.moment_or_now(at), item=item, key=key or "")
        return statements.explain(
            self.context, case, obligation, told, reason=reason, public=public, expected_version=expected_version
        )

    @arguments.typed
    def correct(
        self,
        case: str,
        event: int,
        *,
        reason: str,
        by: str | None = None,
        retract: bool = False,
        fields: Mapping[str, Any] | None = None,
        at: Moment | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Event:
        """Withdraw an event, or replace its fields (also ``at``, ``by`` and ``for``); the original stays on record."""
        told = Attribution(by=by, at=arguments.moment_or_now(at), key=key or "")
        return statements.correct(
            self.context, case, event, told,
            reason=reason, retract=retract, changes=fields, expected_version=expected_version,
        )  # fmt: skip

    @arguments.typed
    def erase(
        self,
        case: str,
        event: int,
        field: str,
        *,
        reason: str,
        by: str,
        actor: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> Erasure:
        """Erase the personal values of a field of an event, with their copies in corrections and parent cases.

        ``field`` is a name or a JSON pointer into the event's body.  The value goes for good; an event says who erased
        which places and why.  Raises `NotFound` where there is no value, `UsageError` where it cannot be erased.
        """
        told = Attribution(by=by, actor=actor, key=key or "")
        if dry_run:
            return erasing.preview(self.context, case, event, field, told, reason=reason)
        return erasing.erase(self.context, case, event, field, told, reason=reason, expected_version=expected_version)

    @arguments.typed
    def case(self, case: str, as_of: date | None = None, known_at: datetime | None = None) -> Case:
        """A case as it stood at the end of a day, by what was known at an instant.  Raises `NotFound`."""
        as_of, known_at = arguments.day(as_of), arguments.instant(known_at)
        _, known = self.context.read(case, known_at)
        return known if as_of is None else fold(known.events, as_of=as_of)

    @arguments.typed
    def overview(self, case: str) -> CaseDocument:
        """A case as it stands today with its possible acts, deadlines, subcases and exemptions.  Raises `NotFound`."""
        return case_document(overview(self.context, case))

    @arguments.typed
    def audit(
        self,
        case: str | Sequence[str] | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Audit:
        """The verdicts of one case, several, or all, as of a civil day and by what was known at an instant.

        ``readings`` names alternatives of the register (``{"I-2016-02": "from_end"}``): the audit's ``reread`` then
        holds the same cases by them, and what changes.
        """
        cases = None if case is None else arguments.names(case, "case")
        return audit(
            self.context, cases, as_of=arguments.day(as_of), known_at=arguments.instant(known_at), readings=readings
        )

    @arguments.typed
    def move(
        self,
        case: str,
        *,
        to: str,
        by: str,
        reason: str,
        basis: str | None = None,
        at: Moment | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> Moved:
        """Let a running case go on under another edition (by name or first day), or see what that would do."""
        told = Attribution(by=by, at=arguments.moment_or_now(at), key=key or "")
        return move(
            self.context, case, to, told,
            reason=reason, basis=basis, expected_version=expected_version, dry_run=dry_run,
        )  # fmt: skip

    def due(self, until: date | None = None) -> tuple[DeadlineRow, ...]:
        """The open deadlines of all cases that have a day, by day, up to a day where one is arguments."""
        return tuple(row for row in self.journal.deadlines(until=arguments.day(until)) if row.day is not None)

    def recompute(self) -> tuple[Shift, ...]:
        """Look at the calendar's files again, and count open deadlines anew where it changed.

        Each deadline that moves gets an event; doing it again writes nothing.  For after a notice was imported, by this
        program or another, or came with a newer package.
        """
        self._calendars.refresh()
        return recompute(self.context, self._calendars)

    def heads(self) -> tuple[Head, ...]:
        """Every case with where it stands."""
        return tuple(self.journal.heads())

    def checkpoint(self) -> Checkpoint:
        """Keep where every case stands now, under one hash; the last checkpoint again where nothing was written since.

        Its ``root``, written down elsewhere, proves later with `verify` that no case was taken away or written anew.
        """
        return self.journal.checkpoint(self.context.now())

    @arguments.typed
    def verify(self, root: str | None = None) -> tuple[Finding, ...]:
        """The first break of every case whose journal was changed behind the engine's back, and what does not fit.

        Kind ``projection``: a head or deadline rows are not what the events give; ``subcase``: a case tells otherwise
        of a case under it than that one does; ``lost``: a case is gone that another tells of.  What was ``erased`` as
        an event says is told too, and is no break.  ``checkpoint``: checkpoints were changed, there is none with the
        ``root`` that was asked for, or a case is another than it was at one.  Empty: all is well.
        """
        found = tuple(self.journal.verify(root))
        erased = {finding.case for finding in found if finding.kind == "erased"}
        return (*found, *mismatches(self.context, _broken(found), among=True, erased=erased))

    def rebuild(self) -> tuple[Finding, ...]:
        """Write heads and deadline rows anew where they are not what the events give; returns what was found.

        A case whose chain is broken is left alone: its events are not to be built on.
        """
        found = tuple(self.journal.verify())
        return rebuild(self.context, _broken(found), [one for one in found if one.kind == PROJECTION])


def _broken(found: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.case for finding in found if finding.kind not in {"erased", PROJECTION})
