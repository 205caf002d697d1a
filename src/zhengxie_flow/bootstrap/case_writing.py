"""Engine methods that write to a case: each appends one event, or raises and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhengxie_flow.bootstrap.case_statements import CaseStatements, EvidenceArgument
from zhengxie_flow.engine import Command
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.written import Written
from zhengxie_flow.services import arguments
from zhengxie_flow.services.arguments import Moment
from zhengxie_flow.services.attaching import attached, evidence_texts
from zhengxie_flow.services.commands import acts, moves, opening, subcases
from zhengxie_flow.services.commands.bulk_moves import CaseMove, MoveDecision, concerned, move_cases
from zhengxie_flow.services.commands.moves import Moved
from zhengxie_flow.services.writing import Submission


class CaseWriting(CaseStatements):
    """Opening, acts and moves of cases (see `zhengxie_flow.bootstrap.engine.Engine`).

    Every method that takes a ``key`` returns the event written earlier under that key for the same command, and every
    method that takes an ``expected_version`` raises `Conflict` where the case is at another version.
    """

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
        recorded_by: str | None = None,
        key: str | None = None,
    ) -> Written:
        """Open a case of a process, on its own or as a subcase of another.

        Args:
            process: The id of the process.
            case: The id of the case, chosen by the caller.
            by: The role that opens it.
            facts: Values by name, as a mapping or as pairs.
            items: Fields by name, by the id of an item, by its type.
            at: The day or instant of the opening; None for now.
            under: The id of the parent case.
            subcase: The subcase of the parent that it is; needed only where several fit.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.

        Returns:
            The event ``opened``, with all that was stored beside it.

        Raises:
            Conflict: The id is taken by another opening.
            NotFound: The process or the parent is unknown, or the parent has no such subcase.
            UsageError: An argument cannot be read.
            Refused: The opening is for now, and the parent does not call for the subcase.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), actor=actor, recorded_by=recorded_by, key=key or ""
        )
        parent = None if under is None else subcases.resolve_parent_link(self.context, process, under, subcase)
        return opening.open_(
            self.context,
            process,
            case,
            Opening(facts=arguments.facts(facts), items=arguments.items(items), parent=parent),
            attribution,
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
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Attach a running case to a parent case; its progress is copied to the parent from then on.

        Args:
            case: The id of the case.
            under: The id of the parent case.
            by: The role that attaches it.
            subcase: The subcase of the parent that it becomes; needed only where several fit.
            at: The day or instant of the attachment; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event ``linked``, with all that was stored beside it.

        Raises:
            NotFound: A case is unknown, or the parent has no such subcase.
            UsageError: The role is unknown, the case is attached there already, or it would become its own ancestor.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), actor=actor, recorded_by=recorded_by, key=key or ""
        )
        process = self.context.read(case)[1].process
        parent = subcases.resolve_parent_link(self.context, process, under, subcase, linked=True)
        return subcases.link(self.context, Submission(case, attribution, expected_version), parent)

    @arguments.typed
    def advance(
        self,
        case: str,
        action: str,
        *,
        by: str,
        item: str | None = None,
        fields: Mapping[str, Any] | None = None,
        evidence: EvidenceArgument = (),
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Do an action now, provided role, state and all requirements allow it.

        Args:
            case: The id of the case.
            action: The id of the action.
            by: The role that acts.
            item: The id of the item it is done for.
            fields: Values of the fields of the act.
            evidence: What proves it: references in words, and files (`Path` or `Attachment`), which are kept.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event of the act, with all that was stored beside it.

        Raises:
            Refused: The act is not allowed now; ``reasons`` names every requirement that is false or unknown.
            NotFound: The case, action or item is unknown.
            UsageError: An argument cannot be read.
            Conflict: The version or the key does not fit.
        """
        with attached(self.context, arguments.evidence(evidence)) as (context, references):
            command = Command(
                action=action, by=by, item=item, fields=dict(fields or {}),
                evidence=references, actor=actor, recorded_by=recorded_by, key=key or "",
            )  # fmt: skip
            return acts.act(context, case, command, expected_version=expected_version)

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
        evidence: EvidenceArgument = (),
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> Written:
        """Record an act that happened at a past time; it is judged, never refused for being late or out of order.

        Args:
            case: The id of the case.
            action: The id of the action.
            at: The day or instant when it happened.
            by: The role that acted.
            item: The id of the item it was done for.
            fields: Values of the fields of the act.
            evidence: What proves it: references in words, and files (`Path` or `Attachment`), which are kept.
            actor: The person or office that acted in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.

        Returns:
            The event of the act, with all that was stored beside it.

        Raises:
            NotFound: The case, action or item is unknown.
            UsageError: An argument cannot be read, or the time lies in the future.
            Conflict: The version or the key does not fit.
        """
        with attached(self.context, arguments.evidence(evidence)) as (context, references):
            command = Command(
                action=action, by=by, at=arguments.moment(at), item=item, fields=dict(fields or {}),
                evidence=references, actor=actor, recorded_by=recorded_by, key=key or "",
            )  # fmt: skip
            return acts.act(context, case, command, expected_version=expected_version)

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
        evidence: EvidenceArgument = (),
        actor: str | None = None,
    ) -> tuple[Event, Case]:
        """Preview `advance` (or, with ``at``, `record`) without writing.

        Args:
            case: The id of the case.
            action: The id of the action.
            by: The role that acts.
            at: The day or instant of a recorded act; None to preview an act of now.
            item: The id of the item it is done for.
            fields: Values of the fields of the act.
            evidence: What proves it: references in words, and files (`Path` or `Attachment`), which are kept.
            actor: The person or office that acts in the role.

        Returns:
            The event that would be written, and the case after it.

        Raises:
            Refused: `advance` would be refused; ``reasons`` names every requirement that is false or unknown.
            NotFound: The case, action or item is unknown.
            UsageError: An argument cannot be read.
        """
        command = Command(
            action=action, by=by, at=arguments.moment_or_now(at), item=item, fields=dict(fields or {}),
            evidence=evidence_texts(self.context, arguments.evidence(evidence)), actor=actor,
        )  # fmt: skip
        return acts.preview(self.context.apart(), case, command)

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
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> Moved:
        """Move a running case to another edition of its process.

        Args:
            case: The id of the case.
            to: The edition, by its name or its first day.
            by: The role that decides it.
            reason: The reason, as it is kept.
            basis: The document or clause it rests on.
            at: The day or instant of the decision; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key.
            expected_version: The version the case must have.
            dry_run: True to see the effect without writing.

        Returns:
            The event, the state before and after, and every verdict that changes.

        Raises:
            NotFound: The case or the edition is unknown.
            UsageError: There is no reason, the case is under that edition already, the edition is not in force yet,
                or its process lacks the case's state.
            Refused: The edition does not let this role move the case.
            Conflict: The version or the key does not fit.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), actor=actor, recorded_by=recorded_by, key=key or ""
        )
        submission = Submission(case, attribution, expected_version)
        decide = moves.preview if dry_run else moves.move
        return decide(self.context, submission, to, reason=reason, basis=basis)

    @arguments.typed
    def move_cases(
        self,
        *,
        to: str,
        by: str,
        reason: str,
        process: str | None = None,
        state: str | None = None,
        basis: str | None = None,
        at: Moment | None = None,
        actor: str | None = None,
        recorded_by: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> tuple[CaseMove, ...]:
        """Move all running cases, or those of a process or state, to another edition by one decision.

        Each case gets an event of its own, a few in a transaction.  Doing it again goes on where it ended: cases under
        the edition are passed over, with a ``key`` also those that were moved under it and have left the edition since.
        The move back is the same with the earlier edition.

        Args:
            to: The edition, by its name or its first day.
            by: The role that decides it.
            reason: The reason, as it is kept.
            process: The id of the process; None for every process that has such an edition.
            state: The state of the cases that move; None for any.
            basis: The document or clause it rests on.
            at: The day or instant of the decision; None for now.
            actor: The person or office that acts in the role.
            recorded_by: The person who enters it, where that is another.
            key: The idempotency key, the same in every case.
            dry_run: True to see the effect without writing.

        Returns:
            Every case concerned, by id: moved with every verdict that changes, passed over, or why it cannot move.

        Raises:
            NotFound: The process is unknown, or no case has such an edition.
            UsageError: There is no reason.
            Conflict: Others write all the time; the cases before are moved.
        """
        attribution = Attribution(
            by=by, at=arguments.moment_or_now(at), actor=actor, recorded_by=recorded_by, key=key or ""
        )
        decision = MoveDecision(to, attribution, reason, basis, process, state)
        cases = concerned(self.context, decision)
        return tuple(move_cases(self.context, decision, cases, dry_run=dry_run))
