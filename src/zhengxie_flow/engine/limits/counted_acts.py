"""Acts that count for a duty: those about its item, those that perform it and those that close it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from zhengxie_flow.conditions import Scope, Trace, evaluate_optional
from zhengxie_flow.engine.compile import Closer, CompiledProcess
from zhengxie_flow.engine.limits.answers import assumed
from zhengxie_flow.engine.validity import is_void
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.item import SUCCESSOR
from zhengxie_flow.model.process import Action

_BY_KEY = attrgetter("key")


def matching(view: CaseView, actions: tuple[str, ...], item: Item | None) -> Iterator[Act]:
    """The acts of some actions so far that are about an item: its own where the action is done per item of its type,
    among them the one by which it took another's place.

    An act that the law deems done under an unknown condition is among them where the view assumes so.
    """
    if item is not None and (view.answers is None or not view.compiled.deemed_if):
        return iter(_about(view, actions, item))
    acts = view.acts(actions)
    if view.compiled.deemed_if and view.answers is not None:
        acts = sorted((*acts, *_deemed_if(view, actions)), key=_BY_KEY)
    return iter(acts) if item is None else (act for act in acts if _is_about(view.compiled, act, item))


def _about(view: CaseView, actions: tuple[str, ...], item: Item) -> Sequence[Act]:
    """The acts of some actions that are about an item, looked up where they are done per item of its type."""
    rows: list[Sequence[Act]] = []
    for name in actions:
        action = view.compiled.process.acts.get(name)
        if action is None or action.item_type != item.type:
            acts = view.acts((name,))
            rows.append(acts if action else [act for act in acts if _is_about(view.compiled, act, item)])
            continue
        rows.append(view.acts_about(name, item.id))
        if item.replaces is not None and item.replaces != item.id:
            rows.append([act for act in view.acts_about(name, item.replaces) if _entered(action, act, item)])
    return rows[0] if len(rows) == 1 else sorted((act for row in rows for act in row), key=_BY_KEY)


def _is_about(compiled: CompiledProcess, act: Act, item: Item) -> bool:
    action = compiled.action(act.action)
    return action.item_type != item.type or act.item == item.id or _entered(action, act, item)


def performed_by(
    view: CaseView, actions: tuple[str, ...], item: Item | None, jointly: tuple[str, ...] = ()
) -> Iterator[Act]:
    """The acts so far that perform a duty, in time or not; of one that several roles owe jointly, those from the one on
    with which each of them has acted.  A void act performs nothing.
    """
    waiting = set(jointly)
    for act in matching(view, actions, item):
        if is_void(view, view.compiled.process.actions.get(act.action), act):
            continue
        waiting.discard(act.by or "")
        if not waiting:
            yield act


@dataclass(frozen=True, slots=True)
class ClosingAct:
    """An act that closes a duty; ``needs`` names what would settle whether it does, where that is unknown."""

    act: Act
    follows_from: str | None = None
    needs: tuple[str, ...] = ()
    missed: str | None = None

    @property
    def strict(self) -> bool:
        """True where what is missed for an item is a breach, and not merely incomplete."""
        return self.missed == "breach" or self.follows_from is not None


def closing_acts(view: CaseView, closers: tuple[Closer, ...], item: Item | None) -> list[ClosingAct]:
    """The acts so far that close a duty of an item, or of the case, oldest first.

    Args:
        view: The case up to a position on its timeline.
        closers: What closes the duty.
        item: The item it is owed for.
    """
    several: list[ClosingAct] = []
    for closer in closers:
        for act in matching(view, (closer.action,), item):
            if closer.where is None:
                several.append(ClosingAct(act, closer.follows_from, missed=closer.missed))
                continue
            scope, trace = Scope(act=act, item=item), Trace()
            holds = evaluate_optional(closer.where, view.read_at(act.key), scope, trace)
            if holds is not False:
                needs = () if holds else tuple(trace.needs)
                several.append(ClosingAct(act, closer.follows_from, needs, closer.missed))
    return sorted(several, key=lambda closing: closing.act.key) if len(several) > 1 else several


def _deemed_if(view: CaseView, actions: tuple[str, ...]) -> Iterator[Act]:
    """The acts deemed done by another act under a condition that is unknown and assumed to hold."""
    for name in actions:
        for cause, deem in view.compiled.deemed_if.get(name, ()):
            for act in view.acts((cause,)):
                item = next((items[act.item] for items in view.case.items.values() if act.item in items), None)
                scope, trace = Scope(act=act, item=item), Trace()
                then = view.read_at((act.key[0], act.key[1] + 1))
                unknown = evaluate_optional(deem.when, then, scope, trace) is None
                if unknown and deem.when is not None and assumed(view, deem.when, scope, trace):
                    owner = act.item if view.compiled.action(name).item_type else None
                    yield Act(act.key, name, None, owner, dict(deem.fields))


def _entered(action: Action, act: Act, item: Item) -> bool:
    """True for the act by which an item replaced another."""
    return action.replaces is not None and item.replaces == act.item and act.fields.get(SUCCESSOR) == item.id
