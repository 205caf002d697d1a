"""The document of one case: state, facts, items, subcases, possible actions, deadlines, events and exemptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.case_title import case_title
from zhengxie_flow.engine.determinations import awaiting
from zhengxie_flow.model.assignment import assignment_periods
from zhengxie_flow.model.case import BEGINNING, Case, Item, Parent, number_of
from zhengxie_flow.model.document import Hash, one_of
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.evidence import entries
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.presentation.documents.deadlines import CaseDeadline, case_deadline
from zhengxie_flow.services.commands.subcases import SubcaseStanding
from zhengxie_flow.services.queries.available_actions import Possible
from zhengxie_flow.services.queries.exemptions import ExemptionUse
from zhengxie_flow.services.queries.overview import Overview


@dataclass(frozen=True, slots=True)
class StatedFact:
    """The latest value of a fact, of the case or of an item: who asserted it, when, and which roles have yet to say the
    same before it counts.
    """

    fact: str
    item: str | None
    value: Any
    by: str | None
    date: dt.date
    event: int
    awaits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """An item, for which duties are owed: its state, and the day it left the case."""

    type: str
    id: str
    fields: Mapping[str, Any]
    state: str | None
    ended: dt.date | None
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class SubcaseStatus:
    """A case under another."""

    case: str
    status: Annotated[str, one_of("open", "completed", "withdrawn")]
    state: str
    linked: bool


@dataclass(frozen=True, slots=True)
class SubcaseKind:
    """A kind of subcase: whether it is called for, the facts that would settle it, who opens it, and the open ones."""

    name: str
    process: str
    called_for: Annotated[str, one_of("true", "false", "unknown")]
    needs: tuple[str, ...]
    by: tuple[str, ...]
    cases: tuple[SubcaseStatus, ...]


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """A document that proves an event: its name, or the reference in words; hash and bytes of a file.  ``size`` is null
    for a file that is not kept beside the journal; ``erased`` where the file was erased on record.
    """

    event: int
    name: str
    hash: Hash | None
    size: int | None
    erased: bool


@dataclass(frozen=True, slots=True)
class AssignedRole:
    """The office or person that a role of the case falls to, from the first to the last day (null: open)."""

    role: str
    office: str | None
    person: str | None
    from_day: dt.date
    to_day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """One case in full, as it stands; ``unwritten`` is what time has brought and the journal does not say yet."""

    case: str
    title: str
    process: str
    definition: Hash
    edition: str
    state: str
    final: bool
    version: int
    opened: dt.date
    facts: tuple[StatedFact, ...]
    items: tuple[ItemDocument, ...]
    parents: tuple[Parent, ...]
    subcases: tuple[SubcaseKind, ...]
    possible: tuple[Possible, ...]
    deadlines: tuple[CaseDeadline, ...]
    events: tuple[Event, ...]
    evidence: tuple[EvidenceDocument, ...]
    unwritten: tuple[Event, ...]
    exemptions: tuple[ExemptionUse, ...]
    assignments: tuple[AssignedRole, ...]


def case_document(overview: Overview) -> CaseDocument:
    """Build the document of one case.

    Args:
        overview: The case with its subcases, possible actions, deadlines and exemptions, as of a day.

    Returns:
        The document of ``show``.
    """
    compiled, case = overview.compiled, overview.case
    return CaseDocument(
        case=case.id,
        title=case_title(compiled, case),
        process=case.process,
        definition=case.definition,
        edition=edition_label(compiled),
        state=case.state,
        final=case.state in compiled.final,
        version=overview.derived.version,
        opened=case.opened,
        facts=tuple(stated_facts(compiled, case)),
        items=tuple(_item(compiled, item) for items in case.items.values() for item in items.values()),
        parents=case.parents,
        subcases=tuple(_subcase(standing) for standing in overview.subcases),
        possible=overview.possible,
        deadlines=tuple(case_deadline(row, overview.today) for row in overview.deadlines),
        events=overview.recorded.events,
        evidence=tuple(evidence_documents(overview.recorded.events)),
        unwritten=overview.unwritten,
        exemptions=overview.exemptions,
        assignments=tuple(assigned_roles(case)),
    )


def assigned_roles(case: Case) -> Iterator[AssignedRole]:
    """Yield to whom the roles of a case fall, by first day."""
    for period in assignment_periods(case.assignments):
        made = period.assignment
        yield AssignedRole(made.role, made.office, made.person, made.begins, period.ends)


def evidence_documents(events: Sequence[Event]) -> Iterator[EvidenceDocument]:
    """Yield the evidence of the events of a case."""
    for entry in entries(events):
        file = entry.reference
        yield EvidenceDocument(entry.event, file.name, file.hash, file.size, entry.erased)


def stated_facts(compiled: CompiledProcess, case: Case) -> Iterator[StatedFact]:
    """Yield the latest value of every fact of a case and of its items."""
    for (item, name), assertions in case.facts.items():
        last = assertions[-1]
        at_opening = last.key == BEGINNING
        yield StatedFact(
            fact=name,
            item=item,
            value=last.value,
            by=last.by,
            date=case.opened if at_opening else last.key[0],
            event=1 if at_opening else number_of(last.key),
            awaits=tuple(awaiting(assertions, fact_type(compiled, case, item, name))),
        )


def fact_type(compiled: CompiledProcess, case: Case, item: str | None, name: str) -> ValueType | None:
    """Return the type of a fact of the case, or of a field of one of its items."""
    types = (kind for kind, items in case.items.items() if item in items)
    declared = (compiled.process.items[kind].fields.get(name) for kind in types if kind in compiled.process.items)
    return next((kind for kind in declared if kind is not None), compiled.process.facts.get(name))


def _item(compiled: CompiledProcess, item: Item) -> ItemDocument:
    ended = None if item.ended is None else item.ended[0]
    return ItemDocument(item.type, item.id, item.fields, item_state(compiled, item), ended, item.replaced_by)


def item_state(compiled: CompiledProcess, item: Item) -> str | None:
    """Return the state of an item; None where its type has no states."""
    kind = compiled.process.items.get(item.type)
    return item.stays[-1].state if item.stays else kind.start if kind is not None else None


def _subcase(standing: SubcaseStanding) -> SubcaseKind:
    return SubcaseKind(
        name=standing.name,
        process=standing.kind.process,
        called_for={True: "true", False: "false", None: "unknown"}[standing.called_for],
        needs=standing.needs,
        by=standing.kind.by,
        cases=tuple(
            SubcaseStatus(subcase.case, subcase.status, subcase.state, subcase.linked) for subcase in standing.cases
        ),
    )
