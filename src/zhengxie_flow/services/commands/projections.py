"""Projections (heads and deadline rows) compared with the events they come from, and rebuilt on request.

Projections serve quick lookups.  A difference is reported and never repaired in passing: it shows that another program
wrote to the database, or that a version computes otherwise than the one that wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from zhengxie_flow.engine import fold
from zhengxie_flow.errors import ChainBroken, Conflict, NotFound, StorageError, ZhengxieError
from zhengxie_flow.model.body import ErasedBody
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import ORPHAN, PROJECTION, UNREADABLE, Finding, Head, Projection, Transaction
from zhengxie_flow.services import publishing
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.folded_cases import first_misfit
from zhengxie_flow.services.projecting import basis, project, projection_of
from zhengxie_flow.services.queries.consistency import LOST, subcase_mismatches, unexplained_erasures
from zhengxie_flow.services.queries.kept_projections import head_of, projection_mismatches
from zhengxie_flow.services.queries.replay import unlawful_events
from zhengxie_flow.services.retrying import repeated

BODY, DEFINITION = "body", "definition"
_OF_A_ROW, _OF_A_FILE = "ZX5019", "ZX5005"
"""The codes of a row that cannot be read, and of a part of the file; other errors of storage are about the database."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The cases of a journal that its own verification reports already.

    Attributes:
        broken: Those whose events are in doubt; they are left out.
        kept: Those whose head or deadline rows cannot be read; these are not compared.
        erased: Those with erased values; of these it is checked that events record the erasures.
    """

    broken: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Comparison:
    """A comparison of all cases: what is kept of each, and what was found out on the way."""

    context: Context
    reported: Reported
    heads: dict[str, Head]
    projections: dict[str, Projection]
    cases: Collection[str]
    written: datetime
    """The latest instant at which anything was written: lists may have been worked out until then."""
    lost: set[str] = field(default_factory=set)
    parents: dict[str, Case] = field(default_factory=dict)


def mismatches(
    context: Context, reported: Reported | None = None, *, among: bool = False, replay: bool = False
) -> Iterator[Finding]:
    """Find the cases whose head or deadline rows differ from what their events give.

    Whatever stands in a case, the others are compared all the same.  A case that is written to meanwhile is left out.

    Args:
        context: The ports.
        reported: The cases that are reported already.
        among: True to compare cases with their parents and subcases too, and erasures with the events that record them.
        replay: True to ask the definitions whether each event was lawful when it was written.

    Yields:
        The findings, case by case.
    """
    damaged: list[StorageError] = []
    try:
        heads = {head.case: head for head in context.journal.heads(damaged.append)}
        projections = {projection.case: projection for projection in context.journal.projections(damaged.append)}
    except StorageError as error:  # of a part of the file, which the journal reports itself
        if error.code != _OF_A_FILE:
            raise
        return
    unreadable = [error.where.case for error in damaged if error.where.case is not None]
    reported = reported or Reported()
    cases = dict.fromkeys((*heads, *unreadable))
    written = max((head.updated for head in heads.values()), default=context.now())
    comparison = _Comparison(context, reported, heads, projections, cases, written)
    yield from (_unreadable(error) for error in damaged if error.where.case not in reported.kept | reported.broken)
    for case in cases:
        if case in reported.broken:
            continue
        findings = list(_guarded(case, lambda case=case: _of_case(comparison, case, among=among, replay=replay)))  # type: ignore[misc]
        if findings and (case in unreadable or context.journal.head(case) == heads.get(case)):
            yield from findings
            comparison.lost |= {finding.case for finding in findings if finding.kind == LOST}


def _unreadable(error: StorageError) -> Finding:
    """A head or deadline row that the journal itself takes for well formed, and that cannot be read."""
    detail = str(error.params.get("detail", error))
    return Finding(case=error.where.case or "", sequence=None, kind=PROJECTION, expected=None, found=detail)


def _of_case(comparison: _Comparison, case: str, *, among: bool, replay: bool) -> Iterator[Finding]:
    context, reported = comparison.context, comparison.reported
    events = context.journal.events(case)
    if not events:  # a deadline row of a case that is not there
        return
    if (unfit := _unfit(context, events)) is not None:
        yield unfit
        return
    current = fold(events)
    head, kept = comparison.heads.get(case), comparison.projections.get(case)
    if head is not None and kept is not None and case not in reported.kept:
        yield from _guarded(case, lambda: projection_mismatches(context, head, current, kept, comparison.written))
    if among:
        excluded = {*reported.broken, *comparison.lost}
        yield from _guarded(
            case, lambda: subcase_mismatches(context, current, comparison.cases, excluded, comparison.parents)
        )
        if case in reported.erased or any(isinstance(event.body, ErasedBody) for event in events):
            yield from _guarded(case, lambda: unexplained_erasures(context, current))
    if replay:
        yield from _guarded(case, lambda: unlawful_events(context, events))


def _guarded(case: str, find: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings of a case; where they cannot be worked out, a finding that says so."""
    try:
        yield from find()
    except ZhengxieError as error:
        if _of_the_database(error):
            raise
        place, code = error.where.event, error.code
        yield Finding(case=case, sequence=place, kind=UNREADABLE, expected=None, found=str(error), code=code)
    except Exception as error:  # noqa: BLE001  # whatever a forger thought of: the other cases are verified
        detail = f"{type(error).__name__}: {error}"[:500]
        yield Finding(case=case, sequence=None, kind=UNREADABLE, expected=None, found=detail)


def _of_the_database(error: ZhengxieError) -> bool:
    """True where it is not the case that cannot be read, but the database: locked, gone, out of reach."""
    if isinstance(error, Conflict):
        return True
    about_it = isinstance(error, ChainBroken) or error.where.case is not None or error.code in (_OF_A_ROW, _OF_A_FILE)
    return isinstance(error, StorageError) and not about_it


def _unfit(context: Context, events: Sequence[Event]) -> Finding | None:
    """The first event of a case that its definitions have no place for, or a definition that is not there."""
    case = events[0].case
    try:
        misfit = first_misfit(context.definitions, events)
    except (NotFound, StorageError) as error:
        if _of_the_database(error):
            raise
        digest = str(error.params.get("hash", ""))
        return Finding(case=case, sequence=None, kind=DEFINITION, expected=digest, found=None, code=error.code)
    if misfit is None:
        return None
    place = f"{misfit.place}={misfit.name}"
    return Finding(case=case, sequence=misfit.sequence, kind=BODY, expected=None, found=place)


def rebuild(context: Context, reported: Reported | None = None, also: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Rewrite heads and deadline rows of every case by what its events give.

    They are worked out as of today; the events of deadlines that another calendar moves are for `recompute`.

    Args:
        context: The ports.
        reported: The cases that are reported already; those whose events are in doubt are left alone.
        also: Findings made elsewhere, repaired too.

    Returns:
        The findings that were repaired.
    """
    ask_hook(context, AccessRequest("rebuild"))
    reported = reported or Reported()
    findings = (*also, *mismatches(context, reported))
    unfit = {finding.case for finding in findings if finding.kind in (BODY, DEFINITION, UNREADABLE)}
    orphans = {finding.case for finding in findings if finding.kind == ORPHAN}
    damaged: list[StorageError] = []
    cases = {head.case for head in context.journal.heads(damaged.append)}
    cases |= {error.where.case for error in damaged if error.where.case is not None}
    left = unfit | reported.broken
    for case in sorted((cases | orphans) - left):
        repeated(context, partial(_rewrite_alone, context, case))
    return tuple(finding for finding in findings if finding.case not in left)


def _rewrite_alone(context: Context, case: str) -> None:
    with publishing.transaction(context) as transaction:
        _rewrite(context, transaction, case)


def _rewrite(context: Context, transaction: Transaction, case: str) -> None:
    events = _stored_events(context, transaction, case)
    if not events:  # deadline rows of a case that is not there
        transaction.project(Projection(case=case, as_of=None, basis=None, next_change=None, rows=()))
        return
    current = context.rebuilt(events)
    compiled = context.definitions.by_hash(current.definition)
    derived = context.derived(compiled, current)
    transaction.restate(head_of(derived, current))
    project(context, transaction, projection_of(derived, basis(context, compiled, derived.as_of)))


def _stored_events(context: Context, transaction: Transaction, case: str) -> tuple[Event, ...]:
    """The events of a case; a head that cannot be read does not bar them."""
    try:
        return transaction.events(case)
    except StorageError as error:
        if error.code != _OF_A_ROW:
            raise
        return context.journal.events(case)
