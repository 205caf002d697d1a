"""Engine methods that write statements about a case: determinations, plans, explanations, corrections, erasures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.corrections import Correction
from zhengxie_flow.model.written import Written
from zhengxie_flow.ports import Attachment
from zhengxie_flow.services import arguments
from zhengxie_flow.services.arguments import Moment
from zhengxie_flow.services.attaching import attached
from zhengxie_flow.services.commands import assigning, erasing, erasing_files, statements, urging
from zhengxie_flow.services.commands.erasing import Erasure, ErasureRequest
from zhengxie_flow.services.writing import Submission

EvidenceArgument = str | os.PathLike[str] | Attachment | Iterable[str | os.PathLike[str] | Attachment]
"""Evidence as the methods take it: one reference or file, or several."""


class CaseStatements(EngineParts):
    """Statements about cases (see `zhengxie_flow.bootstrap.engine.Engine`)."""

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
        evidence: EvidenceArgument = (),
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Determine facts of a case, or of one of its items, with a reason and on an authority.

        Args:
            case: The id of the case.
            facts: Values by the name of a fact.
            by: The role that determines them.
            reason: The reason, as it is kept.
            basis: The document or clause it rests on.
            item: The id of the item whose facts they are; None for the case.
            at: The day or instant of the determination; None for now.
            evidence: What proves it: references in words, and files (`Path` or `Attachment`), which are kept.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``determined``, with all that was stored beside it.

        Raises:
            NotFound: The case or the item is unknown.
            UsageError: A fact is unknown or its value cannot be read, or there is no reason.
            Refused: The role may not determine a fact.
            Conflict: The version or the key does not fit.
        """
        with attached(self.context, arguments.evidence(evidence)) as (context, references):
            attribution = Attribution(
                by=by,
                at=arguments.moment_or_now(at),
                item=item,
                evidence=references,
                actor=actor,
                recorded_by=recorded_by,
                key=key or "",
            )
            submission = Submission(case, attribution, expected_version)
            return statements.determine(context, submission, facts, reason=reason, basis=basis)

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
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Plan an action that has not happened for a day; a later plan replaces it.

        Args:
            case: The id of the case.
            action: The id of the action.
            to: The planned day or instant.
            by: The role that plans it.
            item: The id of the item it is planned for.
            at: The day or instant of the planning; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``planned``, with all that was stored beside it.

        Raises:
            NotFound: The case, action or item is unknown.
            UsageError: An argument cannot be read.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), item=item, actor=actor, recorded_by=recorded_by, key=key or ""
        )
        submission = Submission(case, attribution, expected_version)
        return statements.plan(self.context, submission, action, arguments.moment(to))

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
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Explain a departure from an obligation; given in time, it justifies departing from a soft one.

        Args:
            case: The id of the case.
            obligation: The id of the obligation or requirement.
            reason: The reason, as it is kept.
            by: The role that explains.
            public: True where the reason was made public.
            item: The id of the item the obligation is owed for.
            at: The day or instant of the explanation; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``explained``, with all that was stored beside it.

        Raises:
            NotFound: The case, obligation or item is unknown.
            UsageError: There is no reason, or an argument cannot be read.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), item=item, actor=actor, recorded_by=recorded_by, key=key or ""
        )
        submission = Submission(case, attribution, expected_version)
        return statements.explain(self.context, submission, obligation, reason=reason, public=public)

    @arguments.typed
    def urge(
        self,
        case: str,
        obligation: str,
        *,
        by: str,
        note: str | None = None,
        item: str | None = None,
        at: Moment | None = None,
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Urge those who owe an obligation to perform it; the event is a reminder like those of the ladders.

        Args:
            case: The id of the case.
            obligation: The id of the obligation.
            by: The role that urges.
            note: What is said beside it, as it is kept.
            item: The id of the item the obligation is owed for.
            at: The day or instant of the urging; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``urged``, with all that was stored beside it.

        Raises:
            NotFound: The case, obligation or item is unknown.
            Refused: The role may not urge; ZX4130, the obligation is not open; ZX4131, the last reminder is too fresh.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), item=item, actor=actor, recorded_by=recorded_by, key=key or ""
        )
        return urging.urge(self.context, Submission(case, attribution, expected_version), obligation, note)

    @arguments.typed
    def assign(
        self,
        case: str,
        role: str,
        *,
        to: str,
        by: str,
        from_day: date | None = None,
        at: Moment | None = None,
        evidence: EvidenceArgument = (),
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Assign a role of a case to an office or a person; from its first day on it replaces an earlier assignment.

        Args:
            case: The id of the case.
            role: The role of the process, such as the department that undertakes the case.
            to: The office or person; a name that the directory has as a person is one, any other an office, unless
                ``office:`` or ``person:`` stands before it.
            by: The role that assigns.
            from_day: The first day; None for the day of the assignment.
            at: The day or instant of the assignment; None for now.
            evidence: What proves it: references in words, and files (`Path` or `Attachment`), which are kept.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``assigned``, with all that was stored beside it.

        Raises:
            NotFound: The case is unknown.
            UsageError: ZX1201, the role is unknown; ZX4120, the name cannot be kept.
            Refused: The role may not assign.
            Conflict: The version or the key does not fit.
        """
        with attached(self.context, arguments.evidence(evidence)) as (context, references):
            attribution = Attribution(
                by=by,
                at=arguments.moment_or_now(at),
                evidence=references,
                actor=actor,
                recorded_by=recorded_by,
                key=key or "",
            )
            submission = Submission(case, attribution, expected_version)
            return assigning.assign(context, submission, role, to, arguments.day(from_day))

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
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Correct an event: withdraw it, or replace its fields; the original stays on record.

        Args:
            case: The id of the case.
            event: The sequence number of the event.
            reason: The reason, as it is kept.
            by: The role that corrects it.
            retract: True to withdraw the event.
            fields: The new values of its fields, also ``at``, ``by`` and ``for``.
            at: The day or instant of the correction; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``corrected``, with all that was stored beside it.

        Raises:
            NotFound: The case or the event is unknown.
            UsageError: There is no reason, the event cannot be corrected, or a field is unknown.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), actor=actor, recorded_by=recorded_by, key=key or ""
        )
        correction = Correction(event=event, reason=reason, retract=retract, changes=fields)
        return statements.correct(self.context, Submission(case, attribution, expected_version), correction)

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
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> Erasure:
        """Erase the personal values of a field of an event, with their copies in corrections and parent cases.

        The value is gone for good; an event records who erased which places and why.  The files of an event are erased
        as its ``evidence``; where other events refer to the same content, the file stays for them.

        Args:
            case: The id of the case.
            event: The sequence number of the event.
            field: The name of the field, or a JSON pointer into the event's body; ``evidence`` for all files of the
                event, ``/evidence/0`` for the first.
            reason: The reason, as it is kept.
            by: The role that erases it.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.
            dry_run: True to see the places without erasing.

        Returns:
            The event, the places erased, and other places of the case that still hold the same value.

        Raises:
            NotFound: The case, the event or the value is unknown.
            UsageError: The value is not kept apart, or it came from a subcase and is erased there.
            Conflict: The version or the key does not fit.
        """
        submission = Submission(
            case, Attribution(by=by, actor=actor, recorded_by=recorded_by, key=key or ""), expected_version
        )
        request = ErasureRequest(event, field, reason)
        if erasing_files.concerns_files(self.context, submission, request):
            if dry_run:
                return erasing_files.preview_files(self.context, submission, request)
            return erasing_files.erase_files(self.context, submission, request)
        if dry_run:
            return erasing.preview(self.context, submission, request)
        return erasing.erase(self.context, submission, request)
