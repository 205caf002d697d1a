"""Extensions of a running clock: which rule an act falls under, whether it counts, and how far it moves the end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengxie_flow.conditions import Scope
from zhengxie_flow.engine.authority import missing_authority
from zhengxie_flow.engine.limits.anchors import LimitScope
from zhengxie_flow.engine.limits.answers import holds
from zhengxie_flow.engine.limits.clock_end import ClockEnds, EndChange
from zhengxie_flow.model.case import Act, Key
from zhengxie_flow.model.limit import Extension, FieldValue, Limit, Part
from zhengxie_flow.model.personal import readable
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import ExtensionEffect

ROUND_CLOSED = "round_closed"
"""The detail of an extension after the act that closed the round it was meant for: nothing runs any more."""


@dataclass(frozen=True, slots=True)
class AppliedExtension:
    """An attempted extension of the limit, with its verdict, the units it added and, where it was cut, those left."""

    act: Act
    verdict: Verdict  # pass | capped | invalid | needs_judgement
    detail: tuple[str, ...] = ()
    units: int = 0
    left: int | None = None
    needs: tuple[str, ...] = ()

    @property
    def of_closed_round(self) -> bool:
        """True where the round it was meant for had been closed before it."""
        return ROUND_CLOSED in self.detail

    def shown(self) -> ExtensionEffect:
        """As the proof of a limit shows it."""
        return ExtensionEffect(self.act.sequence, self.act.day, self.units, str(self.verdict))


def _rule_for(scope: LimitScope, limit: Limit, act: Act) -> Extension | None:
    """The first of the rules naming the action of an extension that holds at it; None where none does."""
    then, names = scope.view.read_at(act.key), Scope(act=act, item=scope.item)
    rules = (extension for extension in limit.extended_by if extension.action == act.action)
    return next((rule for rule in rules if holds(scope.view, rule.when, then, names)), None)


def apply_extension(scope: LimitScope, run: ClockEnds, limit: Limit, act: Act) -> AppliedExtension | None:
    """Apply an attempted extension by its rule.  The act that starts the clock need not extend it."""
    extension, starting = _rule_for(scope, limit, act), act.sequence == run.started_by
    if extension is None:
        return None if starting else AppliedExtension(act, Verdict.INVALID, ("no_rule",))
    if starting and not _says_how_far(extension, act):
        return None
    view = scope.view
    allowed = extension.by or view.compiled.action(extension.action).by
    if allowed and act.by is not None and act.by not in allowed:
        return AppliedExtension(act, Verdict.INVALID, ("wrong_authority",))
    if (defect := missing_authority(view.compiled, view.case, act.by, act.key)) is not None:
        return AppliedExtension(act, Verdict.INVALID, (defect,))
    day, end = view.deemed(act), run.end()
    if end is not None and day > run.rolled(end) and not run.stopped(act.key):
        return AppliedExtension(act, Verdict.INVALID, ("after_expiry",))
    return _lengthened(run, extension, act, day)


def _says_how_far(extension: Extension, act: Act) -> bool:
    """True unless the day or amount is a field of the act that was left empty."""
    return all(act.fields.get(name) is not None for name in _fields_of(extension))


def _fields_of(extension: Extension) -> tuple[str, ...]:
    """The fields of the act that say how far an extension goes."""
    named = extension.to.within if isinstance(extension.to, Part) else extension.to
    return tuple(part.field for part in (extension.add, named) if isinstance(part, FieldValue))


def _lengthened(run: ClockEnds, extension: Extension, act: Act, day: date) -> AppliedExtension:
    """Apply a valid attempt: the end must become later, and no later than its cap."""
    before = run.end(clip=day)
    change = None if before is None else _change(extension, act, before.part)
    if before is None or change is None:
        return AppliedExtension(act, Verdict.NEEDS_JUDGEMENT, needs=_fields_of(extension))
    earlier = [step for step in run.steps if isinstance(step, EndChange) and step.action == extension.action]
    if extension.times is not None and len(earlier) >= extension.times:
        return AppliedExtension(act, Verdict.CAPPED, left=0)
    if _day_with(run, change, day) <= before.day:
        return AppliedExtension(act, Verdict.INVALID, ("not_longer",))
    allowed = change if extension.up_to is None else _within_cap(run, change, earlier, extension.up_to)
    if allowed is None:
        return AppliedExtension(act, Verdict.CAPPED, left=0)
    units = run.units(before, _day_with(run, allowed, day)) if allowed.added is None else allowed.added
    run.steps.append(allowed)
    if allowed == change:
        return AppliedExtension(act, Verdict.PASS, units=units)
    return AppliedExtension(act, Verdict.CAPPED, units=units, left=units)


def _day_with(run: ClockEnds, change: EndChange, clip: date) -> date:
    """The un-rolled end that a change would lead to, an open stop taken to end on a day."""
    if change.day is not None:
        return change.day
    run.steps.append(change)
    end = run.end(clip=clip)
    run.steps.pop()
    return date.min if end is None else end.day


def _within_cap(run: ClockEnds, change: EndChange, earlier: Sequence[EndChange], up_to: int) -> EndChange | None:
    """The part of a change within the units that an action may add in all; None where nothing is left.

    Amounts are held against the sum of amounts; once an action set a day or another amount, days against the day that
    lies so many units after the end without it.
    """
    if change.added is not None and all(step.added is not None for step in earlier):
        left = up_to - sum(step.added for step in earlier if step.added is not None)
        return replace(change, added=min(change.added, left)) if left > 0 else None
    clip = change.place[0]
    before, without = run.end(clip=clip), run.end(clip=clip, without=change.action)
    if before is None or without is None:
        return None
    furthest = run.extend(without.day, without.part, up_to)
    if change.day is not None:
        allowed = replace(change, day=min(change.day, furthest))
    else:
        allowed = _most(change, lambda part: _day_with(run, part, clip) <= furthest)
    return allowed if _day_with(run, allowed, clip) > before.day else None


def _most(change: EndChange, fits: Callable[[EndChange], bool]) -> EndChange:
    """A change by the largest amount, up to the one asked for, that fits; larger ones fit less."""
    amount = change.added if change.base is None else change.base.amount
    smaller = range(1, (amount or 0) + 1)
    return _amounting(change, bisect_left(smaller, True, key=lambda candidate: not fits(_amounting(change, candidate))))


def _amounting(change: EndChange, amount: int) -> EndChange:
    """A change of the same kind by another amount."""
    if change.base is None:
        return replace(change, added=amount)
    return replace(change, base=change.base.model_copy(update={"within": amount or None}))


def _change(extension: Extension, act: Act, part: Part) -> EndChange | None:
    """The change an extension asks for; None where the field that says how far was left empty."""
    value: Any = next((readable(act.fields.get(name)) for name in _fields_of(extension)), extension.add)
    if isinstance(extension.to, Part):
        base = extension.to if extension.to.amount else extension.to.model_copy(update={"within": value})
        return EndChange(extension.action, act.key, base=base.filled(part)) if base.amount else None
    if value is None:
        return None
    if isinstance(extension.to, FieldValue):
        day = date.fromisoformat(str(value)[: len("2026-01-01")])
        return EndChange(extension.action, act.key, day=day)
    return EndChange(extension.action, act.key, added=int(value), unit=extension.unit)


def merged_changes(runs: Sequence[Sequence[AppliedExtension]], needs: tuple[str, ...]) -> tuple[AppliedExtension, ...]:
    """The extensions as they come out under every answer still possible: where these differ, only a person can say."""
    if len(runs) == 1:
        return tuple(runs[0])
    by_act: dict[Key, list[AppliedExtension]] = {}
    for changes_of_run in runs:
        for change in changes_of_run:
            by_act.setdefault(change.act.key, []).append(change)
    changes = []
    for versions in by_act.values():
        first = versions[0]
        if len(versions) < len(runs) or any(version != first for version in versions):
            doubt = any(version.verdict is not first.verdict for version in versions) or len(versions) < len(runs)
            first = AppliedExtension(first.act, Verdict.NEEDS_JUDGEMENT, needs=needs) if doubt else first
        changes.append(first)
    return tuple(changes)
