"""Subcases: the link to a parent, the condition that calls for one, and the status of those of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from zhengxie_flow.conditions import NOWHERE, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.conditions.view import SubcaseSummary
from zhengxie_flow.engine import CompiledProcess, DerivedCase, refusals_for_opening
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.recording import Recording
from zhengxie_flow.engine.events.statements import link as link_case
from zhengxie_flow.errors import Conflict, NotFound, Refused, UsageError, Where
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.subcase import Subcase
from zhengxie_flow.model.written import Written
from zhengxie_flow.services.authorising import authorise, request_of
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.locking import ancestors, stored_parents
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.retrying import repeated
from zhengxie_flow.services.writing import Submission, write_once
from zhengxie_flow.spelling import known_names


@dataclass(frozen=True, slots=True)
class SubcaseStanding:
    """Status of one kind of subcase of a case.

    Attributes:
        name: The name of the subcase in the process.
        kind: Its definition.
        called_for: True where its ``when`` holds now; None where that is unknown.
        needs: The facts that would settle it.
        cases: The subcases of the kind there are.
    """

    name: str
    kind: Subcase
    called_for: Truth
    needs: tuple[str, ...]
    cases: tuple[SubcaseSummary, ...]


def subcase_standings(derived: DerivedCase) -> Iterator[SubcaseStanding]:
    """Compute the status of every kind of subcase of a case.

    Args:
        derived: The case as of a day.

    Yields:
        One status per kind, in the order of the process.
    """
    view = derived.view
    for name, kind in derived.compiled.process.subcases.items():
        trace = Trace()
        called_for = evaluate_optional(kind.when, view, NOWHERE, trace)
        needs = () if called_for is not None else tuple(trace.needs)
        yield SubcaseStanding(name, kind, called_for, needs, tuple(view.subcases(name)))


def link(context: Context, submission: Submission, parent: Parent) -> Written:
    """Attach a running case to a parent case.

    Args:
        context: The ports.
        submission: The case, with the role and time of the attachment.
        parent: The link to the parent.

    Returns:
        The event ``linked``.

    Raises:
        NotFound: A case is unknown.
        UsageError: ZX4072 and ZX4076, the case would become its own ancestor; ZX4071, it is attached there already.
        Conflict: The version or the key does not fit.
    """
    case = submission.case
    if parent.case == case:
        raise UsageError("ZX4072", where=Where(case=case))
    authorise(context, request_of(f"link:{parent.case}", case, submission.attribution))
    parent_process, _ = context.read(parent.case)
    return repeated(context, lambda: _attempt(context, submission, parent, parent_process))


def _attempt(context: Context, submission: Submission, parent: Parent, parent_process: CompiledProcess) -> Written:
    """One attempt of `link`: with all cases above locked, so that no other link can close a circle meanwhile."""
    case, parents = submission.case, stored_parents(context)
    above = (parent.case, *ancestors(parent.case, parents))
    locked = (*above, *parents(case))

    def linked(compiled: CompiledProcess, current: Case) -> Event:
        check_acyclic(case, parent.case, lambda name: context.read(name)[1].parents)
        if not set(ancestors(parent.case, stored_parents(context))) <= {*above, case}:  # one was linked meanwhile
            raise Conflict("ZX5031", where=Where(case=case), retry="at_once", parent=parent.case)
        time = context.recording_time(parent_process)
        return link_case(Recording(compiled, current, submission.attribution, time), parent)

    return write_once(context, replace(submission, locked=locked), linked)


def check_acyclic(case: str, parent: str, parents: Callable[[str], Sequence[Parent]]) -> None:
    """Check that a case does not become its own ancestor.

    Args:
        case: The id of the case.
        parent: The id of its parent to be.
        parents: The parent links of a case by its id.

    Raises:
        UsageError: ZX4076, the parent is the case itself or one of its descendants.

    Example:
        >>> links = {"a": [], "b": [Parent("a", "hearing")]}
        >>> check_acyclic("c", "b", links.__getitem__)
        >>> check_acyclic("a", "b", links.__getitem__)
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ...
    """
    pending, visited = [parent], set[str]()
    while pending:
        ancestor = pending.pop()
        if ancestor == case:
            raise UsageError("ZX4076", where=Where(case=case), parent=parent)
        if ancestor not in visited:
            visited.add(ancestor)
            pending += [link.case for link in parents(ancestor)]


def resolve_parent_link(
    context: Context, process: str, parent: str, name: str | None, *, linked: bool = False
) -> Parent:
    """Resolve the link by which a case becomes a subcase of a parent.

    Args:
        context: The ports.
        process: The id of the process of the case.
        parent: The id of the parent case.
        name: The subcase of the parent; None where only one fits.
        linked: True for a running case that is attached later.

    Returns:
        The link.

    Raises:
        NotFound: The parent is unknown, or ZX4073, it has no such subcase.
        UsageError: ZX4074, several subcases fit.
    """
    return matching_parent_link(context.read(parent)[0], process, parent, name, linked=linked)


def matching_parent_link(
    parent_process: CompiledProcess, process: str, parent: str, name: str | None, *, linked: bool = False
) -> Parent:
    """Resolve the link like `resolve_parent_link`, with the process of the parent at hand.

    Args:
        parent_process: The process of the parent.
        process: The id of the process of the case.
        parent: The id of the parent case.
        name: The subcase of the parent; None where only one fits.
        linked: True for a running case that is attached later.

    Returns:
        The link.

    Raises:
        NotFound: ZX4073, the parent has no such subcase.
        UsageError: ZX4074, several subcases fit.
    """
    fitting = tuple(subcase for subcase, kind in parent_process.process.subcases.items() if kind.process == process)
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


def check_called_for(context: Context, parent: Parent, attribution: Attribution) -> None:
    """Check that a parent calls for a subcase that is opened now; recorded openings are not checked.

    Args:
        context: The ports.
        parent: The link to the parent.
        attribution: The role and time of the opening; without a time it is one of now.

    Raises:
        Refused: ZX4075, the subcase's ``when`` does not hold, or the role may not open it.
    """
    if attribution.at is None:
        view = read_derived(context, parent.case).view
        if reasons := refusals_for_opening(view, parent.subcase, attribution.by):
            raise Refused("ZX4075", where=Where(case=parent.case), reasons=reasons, name=parent.subcase)
