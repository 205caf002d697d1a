"""Drafts of appends: the events of one case, its head, its projection and the definitions they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.events.personal import NOBODY, personal_fields
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import Head, Projection, StoredDefinition, Transaction
from zhengxie_flow.services.attaching import keep_attachments
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import kept_projection, project
from zhengxie_flow.services.recording_order import in_order


@dataclass(frozen=True, slots=True)
class Draft:
    """Events of one case that are ready to be appended, with all that is stored beside them.

    Attributes:
        head: The new head.
        events: The events.
        personal: By sequence, the JSON pointers of the personal values in an event's body.
        editions: The editions that the projection was worked out with.
        projection: What the journal keeps of the case for quick lists.
    """

    head: Head
    events: Sequence[Event]
    personal: Mapping[int, Sequence[str]]
    editions: Sequence[CompiledProcess]
    projection: Projection

    def store(self, context: Context, transaction: Transaction) -> tuple[Event, ...]:
        """Append the events, and keep the files they refer to.

        Args:
            context: The ports.
            transaction: The write.

        Returns:
            The events as they are stored.
        """
        keep_attachments(context, self.events)  # in the write: nobody ever reads of a file that is not there
        version = self.events[0].sequence - 1
        written = transaction.append(self.head, self.events, expected_version=version, personal=self.personal)
        for edition in self.editions:  # so that what was worked out with one can be held against it later
            store_definition(transaction, edition)
        project(context, transaction, self.projection)
        return written


def draft(context: Context, governed: GovernedCase, events: Sequence[Event], also: frozenset[str] = NOBODY) -> Draft:
    """Work out what an append stores: all of `append` that needs no lock.

    Args:
        context: The ports.
        governed: The case after the events.
        events: The events to append, which follow on those stored.
        also: Names of facts and fields that are personal although the definition does not say so.

    Returns:
        The draft.

    Raises:
        Conflict: ZX4090, the clock was set back behind the latest instant recorded in the case.
    """
    compiled, case = governed
    events = in_order(context, case, events)
    derived = context.derived(compiled, case)
    new = Head(
        case=case.id,
        process=case.process,
        definition=case.definition,
        version=case.version,
        state=derived.case.state,
        opened=case.opened,
        updated=events[-1].recorded,
        hash="",  # the journal chains the events and fills it in
    )
    pointers = {event.sequence: personal_fields(compiled, event, also) for event in events}
    personal = {sequence: paths for sequence, paths in pointers.items() if paths}
    projection = kept_projection(context, derived)
    return Draft(new, events, personal, compiled.editions, projection)


def store_definition(transaction: Transaction, compiled: CompiledProcess) -> None:
    """Store the definition that governs a case, unless it is stored already.

    Args:
        transaction: The write.
        compiled: The definition.
    """
    transaction.keep_definition(stored_definition(compiled))


def stored_definition(compiled: CompiledProcess) -> StoredDefinition:
    """Return a definition as it is stored.

    Args:
        compiled: The definition.

    Returns:
        The definition under its hash.
    """
    definition = compiled.definition
    return StoredDefinition(
        hash=definition.hash, process=definition.id, bundle=definition.bundle, sources=definition.sources
    )
