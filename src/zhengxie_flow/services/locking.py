"""Locks on cases, always taken in one order: the cases that lie deepest under others first, equally deep ones by id.

A case is deeper than all its parents, so a write to a case and then to its parents takes them in this order too.  Two
writes that take several locks can therefore never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.ports import Transaction
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.journal_summary import NO_EVENTS

Parents = Callable[[str], Collection[str]]
"""The ids of the parents of a case."""


def parent_links(events: Iterable[Event]) -> tuple[Parent, ...]:
    """Return every parent a case has ever had, also those that a correction took away again.

    Args:
        events: The events of the case.

    Returns:
        The links, in order of time.
    """
    return NO_EVENTS.through(tuple(events)).parents


def stored_parents(context: Context) -> Parents:
    """Return the function that finds the parents of a case in the journal.

    Args:
        context: The ports.

    Returns:
        The function; each case is read once.
    """
    kept: dict[str, Collection[str]] = {}

    def parents(case: str) -> Collection[str]:
        if case not in kept:
            stored = context.stored(context.journal, case)
            links = () if stored is None else context.folded.summary(case, stored.events).parents
            kept[case] = tuple(parent.case for parent in links)
        return kept[case]

    return parents


def lock_order(cases: Iterable[str], parents: Parents) -> tuple[str, ...]:
    """Put cases into the order in which they are locked.

    Args:
        cases: The ids of the cases.
        parents: The ids of the parents of a case.

    Returns:
        The ids, each once.

    Example:
        >>> links = {"hearing": ["matter"], "expert": ["hearing"]}
        >>> lock_order(["a", "matter", "hearing", "expert"], lambda case: links.get(case, ()))
        ('expert', 'hearing', 'a', 'matter')
    """
    wanted = dict.fromkeys(cases)
    if len(wanted) < 2:
        return tuple(wanted)
    depths: dict[str, int] = {}
    for case in wanted:
        _measure(case, parents, depths)
    return tuple(sorted(wanted, key=lambda case: (-depths[case], case)))


def lock(transaction: Transaction, cases: Iterable[str], parents: Parents) -> None:
    """Lock cases, where the database can, until the end of a write; one that does not exist yet cannot be locked.

    Args:
        transaction: The write.
        cases: The ids of the cases.
        parents: The ids of the parents of a case.
    """
    for case in lock_order(cases, parents):
        transaction.head(case)


def ancestors(case: str, parents: Parents) -> Sequence[str]:
    """Return all cases above a case.

    Args:
        case: The id of the case.
        parents: The ids of the parents of a case.

    Returns:
        The ids, each once.

    Example:
        >>> links = {"expert": ["hearing"], "hearing": ["matter"]}
        >>> ancestors("expert", lambda case: links.get(case, ()))
        ('hearing', 'matter')
    """
    reached: dict[str, None] = {}
    pending = list(parents(case))
    while pending:
        above = pending.pop()
        if above not in reached:
            reached[above] = None
            pending += parents(above)
    return tuple(reached)


def _measure(case: str, parents: Parents, depths: dict[str, int]) -> None:
    """Write down the depth of a case and of all above it: one more than the deepest of its parents.

    Cases cannot be their own ancestors, but an old journal may have it so: a step that closes a circle is left out.
    """
    path: list[tuple[str, Iterator[str], list[str]]] = []
    on_path: set[str] = set()

    def enter(name: str) -> None:
        above = [parent for parent in parents(name) if parent not in on_path]
        path.append((name, iter(above), above))
        on_path.add(name)

    if case not in depths:
        enter(case)
    while path:
        name, rest, above = path[-1]
        following = next((parent for parent in rest if parent not in depths and parent not in on_path), None)
        if following is not None:
            enter(following)
            continue
        depths[name] = 1 + max((depths.get(parent, -1) for parent in above), default=-1)
        on_path.discard(name)
        path.pop()
