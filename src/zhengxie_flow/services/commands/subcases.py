"""Cases under other cases: where one fits, whether it is called for, and how those of a case stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from zhengxie_flow.conditions import NOWHERE, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.conditions.view import SubcaseSummary
from zhengxie_flow.engine import CompiledProcess, refusals_for_opening, view_of
from zhengxie_flow.engine.events.statements import Attribution, link as link_case
from zhengxie_flow.errors import NotFound, Refused, UsageError, Where
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.subcase import Subcase
from zhengxie_flow.services.context import Context, write
from zhengxie_flow.spelling import known_names


@dataclass(frozen=True, slots=True)
class SubcaseStanding:
    """One kind of subcase of a case: whether it is called for now, what would settle that, and those there are."""

    name: str
    kind: Subcase
    called_for: Truth
    needs: tuple[str, ...]
    cases: tuple[SubcaseSummary, ...]


def standing(context: Context, compiled: CompiledProcess, case: Case) -> Iterator[SubcaseStanding]:
    """Every kind of subcase of a case as it stands now."""
    view = view_of(compiled, case, partial(context.calendar, compiled), context.today(compiled))
    for name, kind in compiled.process.subcases.items():
        trace = Trace()
        called_for = evaluate_optional(kind.when, view, NOWHERE, trace)
        needs = () if called_for is not None else tuple(trace.needs)
        yield SubcaseStanding(name, kind, called_for, needs, tuple(view.subcases(name)))


def link(
    context: Context, case: str, parent: Parent, told: Attribution, *, expected_version: int | None = None
) -> Event:
    """Take a case that stands on its own under another; what it does from then on is told there."""
    if parent.case == case:
        raise UsageError("ZX4072", where=Where(case=case))
    above, _ = context.read(parent.case)
    edition = context.calendar(above, context.today(above)).edition

    def linked(compiled: CompiledProcess, known: Case) -> Event:  # within the write: nobody else can close a circle now
        check_no_circle(case, parent.case, lambda name: context.read(name)[1].parents)
        return link_case(compiled, known, parent, told, context.now(), edition)

    return write(context, case, linked, key=told.key or None, expected_version=expected_version)


def check_no_circle(case: str, parent: str, parents: Callable[[str], Sequence[Parent]]) -> None:
    """A case cannot lie under one that lies under it (`UsageError` ZX4076), as far as the ``parents`` of each tell."""
    todo, seen = [parent], set[str]()
    while todo:
        above = todo.pop()
        if above == case:
            raise UsageError("ZX4076", where=Where(case=case), parent=parent)
        if above not in seen:
            seen.add(above)
            todo += [one.case for one in parents(above)]


def place_under(context: Context, process: str, parent: str, name: str | None, *, linked: bool = False) -> Parent:
    """As which of its subcases a case of a process lies under another; it need not be named where only one fits.

    Raises `NotFound` for an unknown case or ZX4073 where the parent has no such subcase, `UsageError` ZX4074 where
    several fit.
    """
    return fitting_place(context.read(parent)[0], process, parent, name, linked=linked)


def fitting_place(
    above: CompiledProcess, process: str, parent: str, name: str | None, *, linked: bool = False
) -> Parent:
    """Like `place_under`, of a parent whose process is at hand."""
    fitting = tuple(each for each, kind in above.process.subcases.items() if kind.process == process)
    if name is None and len(fitting) > 1:
        raise UsageError("ZX4074", where=Where(case=parent), known=fitting)
    if not fitting or (name is not None and name not in fitting):
        raise NotFound(
            "ZX4073",
            where=Where(case=parent),
            name=name or process,
            process=process,
            **known_names(name or process, fitting),
        )
    return Parent(parent, name or fitting[0], linked)


def check_called_for(context: Context, parent: Parent, told: Attribution) -> None:
    """Opened now, a subcase must be called for; told of afterwards, it stands on the record whatever it was."""
    above, known = context.read(parent.case)
    if told.at is None:
        view = view_of(above, known, partial(context.calendar, above), context.today(above))
        if reasons := refusals_for_opening(view, parent.subcase, told.by):
            raise Refused("ZX4075", where=Where(case=parent.case), reasons=reasons, name=parent.subcase)
