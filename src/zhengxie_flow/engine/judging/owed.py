"""Owed, passed-over and optional acts of a case.

An act is owed if the case went past it, or if it performs a live duty.  A duty is live while it applies and its anchor
happened, is set, or is itself an owed act.  Duties that hang only on one another in a circle are owed: the largest set
that agrees with these rules counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never, cast

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.conditions.truth import Truth, conjunction
from zhengxie_flow.engine.editions.volumes import binds, counts_beside
from zhengxie_flow.engine.exemptions.grants import exemptions_reaching, holds_at
from zhengxie_flow.engine.judging.discharge import performing
from zhengxie_flow.engine.limits.anchors import NOTHING_DUE, matching, occurrences, resolve_anchor
from zhengxie_flow.engine.state_machine.items import performed_before
from zhengxie_flow.engine.state_machine.reachability import life_graph, passed_over
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.engine.watched import Once, WatchedCase, shared
from zhengxie_flow.model import limit as m
from zhengxie_flow.model.case import Item, Key, StatePeriod
from zhengxie_flow.model.limit import Anchor, Limit, Part
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import Judgement, Verdict
from zhengxie_flow.model.volume import AttachedVolume
from zhengxie_flow.model.working import PassedOver

ActOf = tuple[str, str | None]
"""An action, and the item it is owed for; None where it is owed for the case as a whole."""

Owes = Callable[[str, Item | None], bool]


@dataclass(frozen=True, slots=True)
class OwedActs:
    """The acts that a case owes.

    Attributes:
        passed_over: The actions that the case went past, with the first state it could not be in without them.
        of_duties: The acts that live duties are performed by.
    """

    passed_over: Mapping[str, StatePeriod] = field(default_factory=dict)
    of_duties: frozenset[ActOf] = frozenset()

    def owes(self, action: str, item: Item | None = None) -> bool:
        """True where an act is owed: of an item, or in a question about the case, of any item."""
        return action in self.passed_over or self.performs(action, item)

    def performs(self, action: str, item: Item | None = None) -> bool:
        """True where an act would perform a live duty."""
        if (action, None) in self.of_duties:
            return True
        if item is not None:
            return (action, item.id) in self.of_duties
        return any(name == action for name, _ in self.of_duties)


NOTHING_OWED = OwedActs()


@dataclass(frozen=True, slots=True)
class _Inner:
    """The judge of verdicts that are asked for while it is worked out what is owed; to it nothing is owed."""

    judge: Callable[[CaseView, str, Item | None], Verdict]

    def __call__(self, view: CaseView, ident: str, item: Item | None) -> Verdict:
        return self.judge(view, ident, item)


def owed_acts(view: CaseView, volume: AttachedVolume | None = None) -> OwedActs:
    """The acts that a case owes in a view; worked out once for each view.

    Args:
        view: The case.
        volume: The volume that asks: its duties count beside those of the process itself, those of no other.
    """
    if isinstance(view.judge, _Inner):
        return NOTHING_OWED
    key = (*_key(view), Once(volume))
    if isinstance(view.case, WatchedCase):  # what it rests on is noted for whoever asks
        return cast("OwedActs", shared(view.case, (key, view.until), lambda: _acts_owed(key, view.until)))
    return _owed_acts(key, view.until)


def acts_passed_over(view: CaseView) -> Mapping[str, StatePeriod]:
    """The actions that a case went past, with the first state it could not be in without them; worked out once."""
    if isinstance(view.judge, _Inner):
        return NOTHING_OWED.passed_over
    key = _key(view)
    if isinstance(view.case, WatchedCase):
        return cast("Mapping[str, StatePeriod]", shared(view.case, (key, view.until), lambda: _passed(key, view.until)))
    return _acts_passed_over(key, view.until)


def _key(view: CaseView) -> tuple[Once, ...]:
    return tuple(map(Once, (view.compiled, view.case, view.calendars, view.judge, view.answers)))


@lru_cache(maxsize=32)
def _owed_acts(key: tuple[Once, ...], until: Key) -> OwedActs:
    return _acts_owed(key, until)


@lru_cache(maxsize=32)
def _acts_passed_over(key: tuple[Once, ...], until: Key) -> Mapping[str, StatePeriod]:
    return _passed(key, until)


def _acts_owed(key: tuple[Once, ...], until: Key) -> OwedActs:
    *_, volume = key
    passed = acts_passed_over(_view(key, until, inner=False))
    return OwedActs(passed, largest(passed, tuple(_candidates(_view(key, until), volume.value))))


def _passed(key: tuple[Once, ...], until: Key) -> Mapping[str, StatePeriod]:
    view = _view(key, until)
    return passed_over(view, life_graph(view))


def _view(key: tuple[Once, ...], until: Key, *, inner: bool = True) -> CaseView:
    """The view that a key stands for; to an inner one nothing is owed."""
    compiled, case, calendars, judge, answers = (part.value for part in key[:5])
    return CaseView(compiled, case, calendars, _Inner(judge) if inner else judge, until, answers)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A duty that is live if its anchor is: the acts that perform it, and when its anchor counts as there."""

    acts: frozenset[ActOf]
    anchored: Callable[[Owes], bool]


def largest(passed: Iterable[str], candidates: Iterable[Candidate]) -> frozenset[ActOf]:
    """The acts of the largest set of duties each of which has its anchor in what all of them together owe."""
    live, passed_acts = list(candidates), dict.fromkeys(passed)
    while True:
        acts = frozenset(act for candidate in live for act in candidate.acts)
        owed = OwedActs(passed_acts, acts)  # type: ignore[arg-type]  # of the states passed nothing is asked here
        rest = [candidate for candidate in live if candidate.anchored(owed.owes)]
        if len(rest) == len(live):
            return acts
        live = rest


def _candidates(view: CaseView, volume: AttachedVolume | None) -> Iterator[Candidate]:
    """The duties that would be live if their anchors were there: in force, applicable, not lifted, not performed."""
    for name, duty in view.compiled.process.obligations.items():
        if not duty.obliges or not _counts(view, name, volume):
            continue
        for item in (None,) if duty.for_ is None else view.items(duty.for_):
            if _performed(view, duty, item):  # the cheapest question first: most duties of an old case are performed
                continue
            if _applies(view, duty, item) is False or _lifted(view, name, duty, item):
                continue
            yield Candidate(frozenset(_acts(view, duty, item)), _anchor_of(view, duty.limit, item))


def _counts(view: CaseView, ident: str, volume: AttachedVolume | None) -> bool:
    """True where a duty is of the process itself, or of the volume that asks and binds today."""
    compiled = view.compiled
    return counts_beside(compiled, ident, volume) and binds(compiled, view.case, ident, view.day)


def _applies(view: CaseView, duty: Obligation, item: Item | None) -> Truth:
    scope = Scope(item=item, this=item)
    whens = (view.compiled.process.when, duty.when)
    return conjunction(evaluate_optional(when, view, scope, Trace()) for when in whens)


def _performed(view: CaseView, duty: Obligation, item: Item | None) -> bool:
    return performed_before(view, duty, item) is not None or any(True for _ in performing(view, duty, item))


def _lifted(view: CaseView, name: str, duty: Obligation, item: Item | None) -> bool:
    if not view.compiled.process.exemptions and not view.compiled.editions:
        return False
    effects = exemptions_reaching(view, name, duty.law, item)
    return any(effect.to is None and holds_at(view, effect, view.until, item) for effect in effects)


def _acts(view: CaseView, duty: Obligation, item: Item | None) -> Iterator[ActOf]:
    for action in duty.do:
        of_item = item is not None and view.compiled.action(action).item_type == item.type
        yield action, item.id if of_item and item is not None else None


def all_passed_over(view: CaseView, duty: Obligation) -> bool:
    """True where a case passed over every act that performs a duty."""
    passed = acts_passed_over(view)
    return all(action in passed for action in duty.do)


def anchor_is_owed(view: CaseView, ident: str, limit: Limit, item: Item | None) -> bool:
    """True where the anchor of the limit of a duty happened, is set, or is an act that the case owes in a view."""
    volume = view.compiled.volume_by_duty.get(ident)

    def owes(action: str, of_item: Item | None) -> bool:  # asked last, as it rests on nearly everything
        return action in acts_passed_over(view) or owed_acts(view, volume).performs(action, of_item)

    return _anchor_of(view, limit, item)(owes)


def _anchor_of(
    view: CaseView, limit: Limit | None, item: Item | None, path: tuple[str, ...] = ()
) -> Callable[[Owes], bool]:
    """The presence of the anchor of a limit, as a question about what is owed."""
    if limit is None:
        return lambda _: True
    if limit.parts_of:
        several = [_anchor_of(view, part, item, path) for part in limit.parts_of]
        return _any(several) if limit.joins_first else _all(several)
    return _any([_there(view, part.anchor, item, path) for part in _parts(view, limit)])


def _parts(view: CaseView, limit: Limit) -> tuple[Part, ...]:
    """The parts that a limit may come to, by choice or by the rows of its parameter."""
    if limit.parameter is None:
        return limit.candidates
    parameter = view.compiled.definition.parameters.get(limit.parameter)
    rows = () if parameter is None else (*parameter.rows, *(() if parameter.default is None else (parameter.default,)))
    return tuple(limit.filled(row) for row in rows) or (limit,)


def _all(several: list[Callable[[Owes], bool]]) -> Callable[[Owes], bool]:
    return lambda owes: all(part(owes) for part in several)


def _any(several: list[Callable[[Owes], bool]]) -> Callable[[Owes], bool]:
    return several[0] if len(several) == 1 else lambda owes: any(part(owes) for part in several)


def _there(view: CaseView, anchor: Anchor | None, item: Item | None, path: tuple[str, ...]) -> Callable[[Owes], bool]:
    """The presence of an anchor: it happened, is set, or is an owed act."""
    match anchor:
        case None:
            return lambda _: True
        case m.NamedAnchor():
            return _named(view, anchor, item)
        case m.ActAnchor():
            if any(True for _ in occurrences(view, anchor, item)):
                return lambda _: True
            if anchor.where is not None:  # whether an act would be like this nobody can know before it is done
                return lambda _: False
            return _any([_owed(view, action, item) for action in anchor.done])
        case m.DueAnchor():
            return _end_of(view, anchor.due, item, path)
        case m.FirstOf():
            return _any([_there(view, part, item, path) for _, part in anchor.parts()])
        case m.LastOf():
            return _all([_there(view, part, item, path) for _, part in anchor.parts()])
        case _:
            assert_never(anchor)


def _named(view: CaseView, anchor: m.NamedAnchor, item: Item | None) -> Callable[[Owes], bool]:
    """An action, a field of an act or of an item, or a fact."""
    action, _, part = (
        anchor.name.rpartition(".") if anchor.name not in view.compiled.process.acts else (anchor.name, "", "")
    )
    if action in view.compiled.process.acts:
        done = next(matching(view, (action,), item), None)
        if done is None:
            return _owed(view, action, item)
        answer = not part or done.fields.get(part) is not None
        return lambda _: answer
    state = resolve_anchor(view, anchor, item, NOTHING_DUE)
    return lambda _: state.day is not None


def _owed(view: CaseView, action: str, item: Item | None) -> Callable[[Owes], bool]:
    of_item = item if item is not None and view.compiled.action(action).item_type == item.type else None
    return lambda owes: owes(action, of_item)


def _end_of(view: CaseView, ident: str, item: Item | None, path: tuple[str, ...]) -> Callable[[Owes], bool]:
    """The end of the clock of another duty: set once that has its own anchor."""
    duty = view.compiled.process.obligations.get(ident)
    if duty is None or duty.limit is None or ident in path:
        return lambda _: False
    owner = item if item is not None and duty.for_ == item.type else None
    if duty.for_ is not None and owner is None:
        return lambda _: False
    return _anchor_of(view, duty.limit, owner, (*path, ident))


def at_issue(view: CaseView, line: Judgement) -> bool:
    """True where a requirement is to be shown: its act was done or planned, performs a duty, or was passed over.

    Args:
        view: The case, by the edition that judges.
        line: The verdict on the requirement.
    """
    if line.actual is not None or line.note(PassedOver) is not None:
        return True
    compiled, ident = view.compiled, line.obligation
    if ident not in compiled.requirements or not binds(compiled, view.case, ident, view.day):
        return False
    action, _ = compiled.requirements[ident]
    kind = compiled.action(action).item_type
    item = view.case.items.get(kind or "", {}).get(line.item or "")
    owners = [None, *(owner.id for owner in view.all_items(kind or ""))]
    if any(view.plan(action, owner) is not None for owner in owners):
        return True
    return owed_acts(view, compiled.volume_by_duty.get(ident)).performs(action, item)
