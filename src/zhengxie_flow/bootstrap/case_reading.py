"""Engine methods that read and judge cases; none of them writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.engine import fold
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import Audit
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Damaged, DeadlineRow, Head
from zhengxie_flow.presentation.documents.cases import CaseDocument, case_document
from zhengxie_flow.services import arguments
from zhengxie_flow.services.queries import lists
from zhengxie_flow.services.queries.audit import audit
from zhengxie_flow.services.queries.available_actions import Possible, possible
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.queries.effects import ActEffect, effects
from zhengxie_flow.services.queries.overview import overview


class CaseReading(EngineParts):
    """Reading and judging of cases (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    @arguments.typed
    def case(self, case: str, as_of: date | None = None, known_at: datetime | None = None) -> Case:
        """Read a case as it stood at the end of a day, by what was known at an instant.

        Args:
            case: The id of the case.
            as_of: The civil day; None for now.
            known_at: The instant up to which events count as recorded; None for all.

        Returns:
            The case with all that time has brought by then; its version is that of the journal.

        Raises:
            NotFound: There is no such case, or it had not been opened by what was known.
            UsageError: ``as_of`` is an instant, or ``known_at`` has no offset.
        """
        as_of, known_at = arguments.day(as_of), arguments.instant(known_at)
        derived = read_derived(self.context.apart(), case, as_of, known_at)
        current = derived.case if as_of is None else fold(derived.case.events, as_of=as_of)
        return replace(current, version=derived.version)

    @arguments.typed
    def overview(self, case: str, role: str | None = None, actor: str | None = None) -> CaseDocument:
        """Read a case as it stands today with everything around it.

        Args:
            case: The id of the case.
            role: The role that would act; None for any that may do an action.
            actor: The person that would act; None for nobody in particular.

        Returns:
            The case with its possible acts, open deadlines, subcases and exemptions.

        Raises:
            NotFound: There is no such case.
        """
        return case_document(overview(self.context, case, role, actor))

    @arguments.typed
    def possible(self, case: str, role: str | None = None, actor: str | None = None) -> tuple[Possible, ...]:
        """List every action of a case as it stands today, with the reasons against those that are not possible.

        Args:
            case: The id of the case.
            role: The role that would act; None for any that may do the action.
            actor: The person that would act; None for nobody in particular.

        Returns:
            One value per action, in the order of the process.

        Raises:
            NotFound: There is no such case.
            UsageError: ZX1201, the role is unknown.
        """
        return tuple(possible(self.context, read_derived(self.context, case), role, actor))

    def effects(self, event: Event | Written, after: Case | None = None) -> tuple[ActEffect, ...]:
        """Work out what an act makes of the obligations of its case: the verdicts that rest on it, and how late it was.

        Args:
            event: The event of the act, as `advance`, `record` or `preview` gives it.
            after: The case after it, where it was only previewed.

        Returns:
            One effect for each obligation it answers or misses, and each limit it was meant to lengthen, worst first.

        Raises:
            NotFound: There is no such case.
        """
        return effects(self.context, event.event if isinstance(event, Written) else event, after)

    @arguments.typed
    def audit(
        self,
        case: str | Sequence[str] | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Audit:
        """Judge every obligation of one case, several, or all, as of a civil day and by what was known at an instant.

        Args:
            case: The id of a case, or several; None for all.
            as_of: The civil day; None for today in the zone of each process.
            known_at: The instant up to which events count as recorded; None for all.
            readings: Alternatives of the register by entry (``{"I-2016-02": "from_end"}``): the audit's ``reread``
                then holds the same cases by them, and what changes.

        Returns:
            The verdicts of every case, with its subcases.

        Raises:
            NotFound: A case that was asked for does not exist, or an entry or alternative of the register.
            UsageError: ``as_of`` is an instant, or ``known_at`` has no offset.
        """
        cases = None if case is None else arguments.names(case, "case")
        return audit(
            self.context, cases, as_of=arguments.day(as_of), known_at=arguments.instant(known_at), readings=readings
        )

    def due(self, until: date | None = None, *, damaged: Damaged | None = None) -> tuple[DeadlineRow, ...]:
        """List what is open in all cases: by day, then what has none by case.

        Args:
            until: The last civil day of interest, and then only what has a day; None for all.
            damaged: Called with what cannot be read of a case, so that the others are listed; None to end there.

        Returns:
            One row for each limit that runs or is stopped, each obligation without a statutory day, and each fact that
            somebody has to determine; of a provisional day the earliest counts for ``until``.

        Raises:
            UsageError: ``until`` is no civil day.
        """
        return tuple(lists.due(self.context, arguments.day(until), damaged))

    def heads(self, *, damaged: Damaged | None = None) -> tuple[Head, ...]:
        """List every case as it stands today, with its process, state and version, by case id.

        Args:
            damaged: Called with what cannot be read of a case, so that the others are listed; None to end there.

        Returns:
            One head per case.

        Raises:
            StorageError: The database cannot be read.
        """
        return tuple(lists.heads(self.context, damaged))
