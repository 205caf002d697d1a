"""Ticking: writing what time alone has brought to cases, and projecting them as of today."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.projecting import outdated, projection
from zhengxie_flow.services.queries.derived_cases import DEEPEST, open_subcases
from zhengxie_flow.services.writing import commit, settled


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did to one case.

    Attributes:
        case: The id of the case.
        events: The events by which its journal now says what time has brought; none where only its projection was old.
    """

    case: str
    events: tuple[Event, ...]


def tick(context: Context, cases: Sequence[str] | None = None, *, dry_run: bool = False) -> Iterator[Ticked]:
    """Write what time alone has brought to cases by now, one transaction per case; doing it again writes nothing.

    Args:
        context: The ports.
        cases: The ids of the cases; None for all whose projections do not hold today any more.
        dry_run: True to say what would be written without writing.

    Yields:
        What was written, case by case, subcases before their parents.

    Raises:
        NotFound: ZX4002, there is no such case; those before it are kept.
        Conflict: Another program writes; the cases before are kept.
    """
    done: set[str] = set()
    for case in outdated(context) if cases is None else cases:
        yield from _tick(context, case, done, DEEPEST, dry_run=dry_run)


def settle_subcases(context: Context, case: str) -> None:
    """Write what time has brought to the subcases of a case, the lowest first, each in a transaction of its own.

    It happens before the case itself is written to, so that locks are only ever taken upwards.

    Args:
        context: The ports.
        case: The id of the case.
    """
    done = {case}
    for subcase in _below(context, context.read(case)):
        for _ in _tick(context, subcase, done, DEEPEST):
            pass


def _tick(context: Context, case: str, done: set[str], depth: int, *, dry_run: bool = False) -> Iterator[Ticked]:
    """Tick a case after its subcases; ``done`` are the cases that had their turn."""
    if case in done:
        return
    done.add(case)
    for subcase in _below(context, context.read(case)) if depth else ():
        yield from _tick(context, subcase, done, depth - 1, dry_run=dry_run)
    if dry_run:
        compiled, current = context.read(case)
        yield Ticked(case, settled(context, compiled, current)[1])
    else:
        yield Ticked(case, _settle(context, case))


def _below(context: Context, governed: GovernedCase) -> Collection[str]:
    """The ids of the open subcases of a case."""
    today = context.today(governed.compiled)
    return tuple(dict.fromkeys(subcase.case.id for _, subcase in open_subcases(context, governed, today)))


def _settle(context: Context, case: str) -> tuple[Event, ...]:
    """Write what time has brought to one case, or only its projection where that is all that is old."""
    compiled, current = context.read(case)
    today = context.today(compiled)
    with context.journal.transaction() as transaction:
        head = transaction.head(case)
        if head is not None and head.version != current.version:  # it was written to meanwhile
            compiled = context.definitions.by_hash(head.definition)
            current = context.rebuilt(transaction.events(case))
        after, receipts = settled(context, compiled, current)
        if receipts:
            return commit(context, transaction, GovernedCase(compiled, after), receipts)
        transaction.project(projection(context, compiled, current, today))
    return ()
