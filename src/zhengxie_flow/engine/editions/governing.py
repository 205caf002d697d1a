"""The edition of a process that judges a duty of a case (Art. 15).

The edition a case started under fixes its life: states, actions, items.  Its duties are judged one by one by the
edition in force on the day the duty was performed or, if it was not, fell due; the due day that decides is the one
that the case's own edition gives.  An edition with ``transition: by_start`` leaves cases that started earlier the
duties they started with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions.attaching import with_later_volumes
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Case, Item, Key
from zhengxie_flow.model.verdict import Judgement, Verdict

Governs = Callable[[date], bool]
Judge = Callable[[CaseView, str, Item | None, Governs | None], list[Judgement]]
JudgedView = tuple[CaseView, Judgement]


class GovernedCase(NamedTuple):
    """A case with the definition that governs it."""

    compiled: CompiledProcess
    case: Case


def link_editions(editions: Sequence[CompiledProcess]) -> tuple[CompiledProcess, ...]:
    """Link the editions of one process, given in order, to each other.

    A state that ends a case in any of them ends it for all: a case may stand in a state that only its own edition has.
    """
    if len(editions) < 2:
        return tuple(editions)
    final = {name: end for edition in editions for name, end in edition.final.items()}
    linked = tuple(replace(edition, final={**final, **edition.final}) for edition in editions)
    for edition in linked:
        object.__setattr__(edition, "editions", linked)  # made once, before anybody sees it; frozen from then on
    return linked


def with_pin(pinned: CompiledProcess, editions: Sequence[CompiledProcess]) -> CompiledProcess:
    """The definition a case started under, linked to today's other editions in place of the edition of its day."""
    others = [edition for edition in editions if edition.begins != pinned.begins]
    companion = with_later_volumes(pinned, edition_on(_alone(editions), pinned.begins or date.min))
    present = (pinned, *(() if companion is None else (companion,)), *others)
    linked = link_editions(sorted(present, key=lambda edition: edition.begins or date.min))
    return next(edition for edition in linked if edition.hash == pinned.hash)


def _alone(editions: Sequence[CompiledProcess]) -> CompiledProcess:
    """The first of some editions, linked to the others as if there were no more."""
    return link_editions([replace(edition, editions=()) for edition in editions])[0]


def edition_on(compiled: CompiledProcess, day: date) -> CompiledProcess:
    """The edition that a case opened on a day starts under; the first one for a day before all of them."""
    governing_edition = compiled.editions[0] if compiled.editions else compiled
    for later in compiled.editions[1:]:
        if later.begins is not None and later.begins <= day:
            governing_edition = later
    return governing_edition


def edition_governing_life(compiled: CompiledProcess, case: Case, until: Key | None = None) -> CompiledProcess:
    """The edition whose state machine a case follows, or followed up to a position on the timeline."""
    if not compiled.editions:
        return compiled
    digest, day = case.definition, None
    if until is not None:
        for pin in reversed(case.pins):
            if pin.key < until:
                break
            digest, day = pin.before, pin.begins
    return _edition_of(compiled, digest, day)


def _started(compiled: CompiledProcess, case: Case) -> CompiledProcess:
    """The edition a case started under, whatever edition its life has moved to since."""
    return (
        edition_governing_life(compiled, case, (date.min, -1))
        if case.pins
        else _edition_of(compiled, case.definition, None)
    )


def _edition_of(compiled: CompiledProcess, digest: str, begins: date | None) -> CompiledProcess:
    by_hash = (candidate for candidate in compiled.editions if candidate.hash == digest)
    by_day = (candidate for candidate in compiled.editions if begins is not None and candidate.begins == begins)
    return next(by_hash, None) or next(by_day, None) or compiled


def governing(view: CaseView, day: date) -> CompiledProcess:
    """The edition that judges duties performed, or due, on a day."""
    editions = view.compiled.editions
    if not editions:
        return view.compiled
    started = _started(view.compiled, view.case)
    editions = tuple(edition for edition in editions if edition.companion_of is None)
    chosen = _by_transition(editions, _without_later_volumes(started, editions), day)
    return next((other for other in view.compiled.editions if other.companion_of == chosen.hash), chosen)


def _without_later_volumes(compiled: CompiledProcess, editions: Sequence[CompiledProcess]) -> CompiledProcess:
    """An edition itself where it is the companion of one, else that edition."""
    return next((edition for edition in editions if edition.hash == compiled.companion_of), compiled)


def _by_transition(editions: Sequence[CompiledProcess], started: CompiledProcess, day: date) -> CompiledProcess:
    """The edition in force on a day, as far as it binds a case that started under another."""
    started_at = editions.index(started)
    if started.by_start and started.begins is not None and day < started.begins:
        return started
    chosen = editions[0]
    for index, later in enumerate(editions[1:], 1):
        if later.begins is not None and day < later.begins:
            break
        if index <= started_at or not later.by_start:
            chosen = later
        elif index > started_at:
            chosen = max(chosen, started, key=editions.index)
    return chosen


def in_force(view: CaseView, day: date) -> CaseView:
    """The case looked at by the edition that governs a day."""
    return view.under(governing(view, day))


def governed(view: CaseView, ident: str, item: Item | None, judge: Judge) -> Iterator[JudgedView]:
    """The verdicts on a duty, each by the edition that governs it, with the view of that edition."""
    with_duty = [compiled for compiled in view.compiled.editions if ident in compiled.own_ids()]
    home = edition_governing_life(view.compiled, view.case)
    first = home if home in with_duty else (with_duty[0] if with_duty else home)
    if ident in first.process.obligations:
        yield from _by_due_day(view.under(first), ident, item, judge)
    else:
        yield from _by_act(view.under(first), ident, item, judge, with_duty)


def _by_due_day(home: CaseView, ident: str, item: Item | None, judge: Judge) -> Iterator[JudgedView]:
    """An obligation: one line decides the day, the edition of that day judges."""
    for line in judge(home, ident, item, None):
        compiled = governing(home, day_of(line, home.day))
        if compiled is home.compiled:
            yield home, line
            continue
        view = home.under(compiled)
        if compiled.companion_of == home.compiled.hash:  # the same text: it judges the same
            yield view, line
            continue
        if ident not in compiled.process.obligations:
            yield view, not_applicable(view, line)
            continue
        owner = _item(view, compiled, ident, line) if item is None else item
        for other in _same_round(judge(view, ident, owner, None), line):
            yield view, _not_yet_owed(view, ident, other)


def _same_round(several: Sequence[Judgement], line: Judgement) -> list[Judgement]:
    """The lines of the round that a line is about; where an edition counts fewer of them, those of the last."""
    last = min(line.round, max((other.round for other in several), default=1))
    return [other for other in several if other.round == last]


def day_of(line: Judgement, today: date) -> date:
    """The day a duty was performed, else the day it fell or falls due, else today."""
    if line.actual is not None:
        return line.actual.date
    return line.due or line.latest or today


def _item(view: CaseView, compiled: CompiledProcess, ident: str, line: Judgement) -> Item | None:
    kind = compiled.obligation(ident).for_
    return view.case.items.get(kind or "", {}).get(line.item or "")


def _not_yet_owed(view: CaseView, ident: str, line: Judgement) -> Judgement:
    """A duty that an edition introduced does not apply where its last day lay before that edition."""
    last = line.due or line.latest
    if last is None or ident in in_force(view, last).compiled.own_ids():
        return line
    return not_applicable(in_force(view, last), line)


def not_applicable(view: CaseView, line: Judgement) -> Judgement:
    """The edition that governs does not know the duty."""
    return Judgement(
        obligation=line.obligation,
        verdict=Verdict.NOT_APPLICABLE,
        item=line.item,
        clause=line.clause,
        force=line.force,
        edition=edition_label(view.compiled),
        volume=line.volume,
        control=line.control,
        who=line.who,
    )


def _by_act(
    home: CaseView, ident: str, item: Item | None, judge: Judge, editions: Sequence[CompiledProcess]
) -> Iterator[JudgedView]:
    """A requirement or a power: each act is judged by the edition in force on its day; the worst of them shows."""
    done: dict[str | None, JudgedView] = {}
    for compiled in editions:
        view = home.under(compiled)
        for line in judge(view, ident, item, lambda day, compiled=compiled: governing(home, day) is compiled):  # type: ignore[misc]
            worst = done.get(line.item)
            if line.actual is not None and (worst is None or line.verdict.severity < worst[1].verdict.severity):
                done[line.item] = (view, line)
    if done:
        yield from done.values()
        return
    view = in_force(home, home.day)
    if ident in view.compiled.own_ids():
        yield from ((view, line) for line in judge(view, ident, item, None))
    else:
        yield from ((view, not_applicable(view, line)) for line in judge(home, ident, item, None))


def ids_in_editions(compiled: CompiledProcess, section: Callable[[CompiledProcess], Sequence[str]]) -> tuple[str, ...]:
    """Ids of a section in this edition, then those that only other editions have."""
    editions = (compiled, *compiled.editions)
    return tuple(dict.fromkeys(name for edition in editions for name in section(edition)))


def obligations_of(compiled: CompiledProcess) -> tuple[str, ...]:
    """The obligations of a process in all its editions."""
    return ids_in_editions(compiled, lambda edition: tuple(edition.process.obligations))


def exemptions_of(compiled: CompiledProcess) -> tuple[str, ...]:
    """The exemptions of a process in all its editions."""
    return ids_in_editions(compiled, lambda edition: tuple(edition.process.exemptions))
