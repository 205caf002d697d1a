"""Reading as somebody: the reads of an engine with what its hook withholds from a reader left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import Audit
from zhengxie_flow.presentation.documents.cases import CaseDocument, case_document
from zhengxie_flow.services import arguments
from zhengxie_flow.services.queries.available_actions import Possible
from zhengxie_flow.services.queries.overview import overview
from zhengxie_flow.services.withholding import TITLE, CaseReader, audit_for, case_for, event_for

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.case_reading import CaseReading
    from zhengxie_flow.ports import DeadlineRow, Head


class ReaderView:
    """The reads of an engine for one reader; made by `Engine.reading_as`.

    It has no writes, and no read that is not listed here: one that comes to the engine later has to be thought of
    before a reader gets it.  Every read is worked out from the whole record; only what is shown differs.

    Args:
        engine: The engine.
        actor: The person or office that reads.
    """

    def __init__(self, engine: CaseReading, actor: str) -> None:
        self._engine = engine
        self._reader = CaseReader(engine.context, actor)

    @property
    def actor(self) -> str:
        """The person or office that reads."""
        return self._reader.actor

    def case(self, case: str, as_of: date | None = None, known_at: datetime | None = None) -> Case:
        """Read a case (see `Engine.case`).

        Args:
            case: The id of the case.
            as_of: The civil day; None for now.
            known_at: The instant up to which events count as recorded; None for all.

        Returns:
            The case.
        """
        return case_for(self._engine.case(case, as_of, known_at), self._reader.hidden_in(case))

    def events(self, case: str) -> tuple[Event, ...]:
        """Read the events of a case.

        Args:
            case: The id of the case.

        Returns:
            The events, in journal order.

        Raises:
            NotFound: There is no such case.
        """
        recorded = self._engine.context.read(arguments.names(case)[0])
        hidden = self._reader.hidden(case, recorded.compiled)
        return tuple(event_for(event, hidden) for event in recorded.case.events)

    def overview(self, case: str, role: str | None = None, actor: str | None = None) -> CaseDocument:
        """Read a case with everything around it (see `Engine.overview`).

        Args:
            case: The id of the case.
            role: The role that would act; None for any that may do an action.
            actor: The person that would act; None for the reader.

        Returns:
            The case.
        """
        whole = overview(self._engine.context, case, role, actor or self.actor)
        hidden = self._reader.hidden(case, whole.compiled)
        derived = replace(whole.derived, case=case_for(whole.derived.case, hidden))
        return case_document(replace(whole, derived=derived, recorded=case_for(whole.recorded, hidden)))

    def possible(self, case: str, role: str | None = None, actor: str | None = None) -> tuple[Possible, ...]:
        """List every action of a case (see `Engine.possible`).

        Args:
            case: The id of the case.
            role: The role that would act; None for any that may do the action.
            actor: The person that would act; None for the reader.

        Returns:
            One value per action.
        """
        return self._engine.possible(case, role, actor or self.actor)

    def audit(
        self,
        case: str | Sequence[str] | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Audit:
        """Judge cases (see `Engine.audit`); the verdicts are those that every reader gets.

        Args:
            case: The id of a case, or several; None for all.
            as_of: The civil day; None for today.
            known_at: The instant up to which events count as recorded; None for all.
            readings: Alternatives of the register by entry.

        Returns:
            The verdicts.
        """
        return audit_for(self._engine.audit(case, as_of, known_at, readings), self._reader.hidden_in)

    def due(self, until: date | None = None) -> tuple[DeadlineRow, ...]:
        """List the open deadlines (see `Engine.due`): days and ids, no values of a case.

        Args:
            until: The last civil day of interest; None for all days.

        Returns:
            One row per deadline.
        """
        return self._engine.due(until)

    def heads(self) -> tuple[Head, ...]:
        """List every case (see `Engine.heads`), by its id where its title is withheld.

        Returns:
            One head per case.
        """
        heads = self._engine.heads()
        return tuple(
            replace(head, title=head.case) if TITLE in self._reader.hidden_in(head.case) else head for head in heads
        )
