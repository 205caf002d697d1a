"""Effect of one act of extension on the books of a clock: rule 3.4."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.simulator.calendar import advance
from tests.simulator.clock import Clock, Move
from tests.simulator.limit import Entry, ExtensionOutcome, ExtensionRule, Place


@dataclass(frozen=True)
class Request:
    """An act of extension: of a rule, or of none that holds; ``starts`` if the same act started the clock."""

    entry: Entry
    rule: ExtensionRule | None
    unknown: bool = False
    starts: bool = False

    @property
    def place(self) -> Place:
        return self.entry.place

    def outcome(self, verdict: str, reason: str | None = None, units: int = 0) -> ExtensionOutcome:
        return ExtensionOutcome(self.place, self.entry.name, verdict, reason, units)


def select(rules: tuple[ExtensionRule, ...], entry: Entry, answers: dict[str, bool | None]) -> Request:
    """Rule 3.4: of the rules that name the action, the first whose condition is true at the act."""
    for rule in rules:
        if rule.action != entry.name:
            continue
        if rule.when is None:
            return Request(entry, rule)
        name, needed = rule.when
        if answers[name] is None:
            return Request(entry, None, unknown=True)
        if answers[name] == needed:
            return Request(entry, rule)
    return Request(entry, None)


def extend(clock: Clock, request: Request) -> ExtensionOutcome | None:
    """Enter an extension in the books if it counts; None for a starting act that leaves the day or number open."""
    if not clock.in_time(request.place):
        return request.outcome("invalid", "after_expiry")
    if request.unknown:
        return request.outcome("needs_judgement", "when")
    rule = request.rule
    if rule is None:
        return request.outcome("invalid", "no_rule")
    if rule.by is not None and request.entry.by != rule.by:
        return request.outcome("invalid", "wrong_authority")
    move = wish(request, rule)
    if move is None:
        return None if request.starts else request.outcome("needs_judgement", "field")
    if rule.times is not None and sum(entered.action == rule.action for entered in clock.moves) >= rule.times:
        return request.outcome("capped", "times")
    day = request.place[0]
    before, after = clock.reckon(day).end, end_with(clock, move)
    if after <= before:
        return request.outcome("invalid", "not_longer")
    part = within_cap(clock, move, rule)
    if part is None:
        return request.outcome("capped", "up_to")
    units = part.units if part.kind == "add" else units_between(clock, move=part)
    clock.write(part)
    return request.outcome("pass" if part == move else "capped", None if part == move else "up_to", units)


def wish(request: Request, rule: ExtensionRule) -> Move | None:
    """The entry that the act asks for; None if it leaves the day or the number open."""
    entry = request.entry
    if rule.add is not None:
        return Move("add", entry.place, units=rule.add, action=entry.name)
    if rule.within is not None:
        return Move("within", entry.place, units=rule.within, action=entry.name)
    value = entry.fields.get(rule.add_field or rule.day_field or "")
    if value is None:
        return None
    if rule.add_field is not None:
        return Move("add", entry.place, units=value, action=entry.name)
    return Move("set", entry.place, day=value, action=entry.name)


def end_with(clock: Clock, move: Move) -> date:
    """The end if this were entered in the books, on its own day."""
    trial = clock.without("")
    trial.write(move)
    if move.kind == "set":
        assert move.day is not None
        return move.day
    return trial.reckon(move.place[0]).end


def within_cap(clock: Clock, move: Move, rule: ExtensionRule) -> Move | None:
    """Rule 3.4: the part of it that lies within ``up_to``; None if nothing is left."""
    if rule.up_to is None:
        return move
    earlier = [entered for entered in clock.moves if entered.action == rule.action]
    if move.kind == "add" and all(entered.kind == "add" for entered in earlier):
        # Only amounts so far: what is left is the cap less what was added.
        left = rule.up_to - sum(entered.units for entered in earlier)
        return replace(move, units=min(move.units, left)) if left > 0 else None
    day = move.place[0]
    counting = clock.limit.counting
    without = clock.without(rule.action).reckon(day).end
    furthest = advance(without, rule.up_to, counting, clock.office)
    before = clock.reckon(day).end
    if move.kind == "set":
        assert move.day is not None
        part = move if move.day <= furthest else replace(move, day=furthest)
    else:
        part = move
        while part.units > 0 and end_with(clock, part) > furthest:
            part = replace(part, units=part.units - 1)
    if part.kind != "set" and part.units == 0:
        return None
    return part if end_with(clock, part) > before else None


def units_between(clock: Clock, move: Move) -> int:
    """The fewest units whose addition to the end, as it is, reaches the new one."""
    before, after = clock.reckon(move.place[0]).end, end_with(clock, move)
    units = 0
    while advance(before, units, clock.limit.counting, clock.office) < after:
        units += 1
    return units
