"""Whether what stands in two places agrees: cases and those they lie under, erased values and their events.

What a subcase did stands in its own journal and, under another hash, in those of the cases above it.  Somebody who
takes a whole case away, or writes one of the two anew, leaves the other as a witness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhengxie_flow.engine import fold, parent_updates
from zhengxie_flow.engine.events.corrections import replaced_body
from zhengxie_flow.model.body import ErasedBody, SubcaseBody
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.ports import Finding
from zhengxie_flow.services.context import Context, parents_ever

LOST, SUBCASE, REMOVED = "lost", "subcase", "removed"
"""A case others tell of is gone; a case tells otherwise of a subcase than that does; a value was taken away."""


def unexplained(context: Context, case: Case) -> Iterator[Finding]:
    """Personal values that are gone though no event says who erased them, and why."""
    recorded = {
        (place.event, place.field)
        for event in case.events
        if isinstance(event.body, ErasedBody)
        for place in event.body.places
    }
    for datum in context.journal.personal(case.id):
        if datum.value is None and (datum.sequence, datum.field) not in recorded:
            yield Finding(case=case.id, sequence=datum.sequence, kind=REMOVED, expected=datum.digest, found=None)


def disagreements(
    context: Context, case: Case, cases: Collection[str], broken: Collection[str], parents: dict[str, Case]
) -> Iterator[Finding]:
    """What the cases above a case tell of it otherwise than it does, and the cases it tells of that are gone.

    ``cases`` are those there are; ``broken`` are those told already, to whose events nothing is compared; in
    ``parents`` those are kept that were read, for a catalogue has many matters.
    """
    for place in parents_ever(case):
        if place.case in broken:
            continue
        if place.case not in cases:
            yield _lost(place.case, case)
            continue
        if place.case not in parents:
            parents[place.case] = fold(context.journal.events(place.case))
        yield from _told_above(context, case, place, parents[place.case])
    below = (event.body.subcase.case for event in case.events if isinstance(event.body, SubcaseBody))
    yield from (_lost(name, case) for name in dict.fromkeys(below) if name not in cases and name not in broken)


def _lost(name: str, witness: Case) -> Finding:
    return Finding(case=name, sequence=None, kind=LOST, expected=witness.id, found=None)


def _told_above(context: Context, case: Case, place: Parent, above: Case) -> Iterator[Finding]:
    """The first thing that would have to be told anew; one that moved to another edition may ask for other facts."""
    law, process = (context.definitions.by_hash(each.definition) for each in (above, case))
    if above.pins:
        return
    for event in parent_updates(above, law, case, process, place, now=context.now(), calendar="")[:1]:
        body = replaced_body(event, above.events) or event.body
        expected = f"{case.id}#{body.subcase.event}" if isinstance(body, SubcaseBody) else None
        found = None if event.supersedes is None else f"{place.case}#{event.supersedes}"
        yield Finding(case=place.case, sequence=event.supersedes, kind=SUBCASE, expected=expected, found=found)
