"""Mutants of a definition: the same law with one fault, to see whether any scenario detects it.

Each operator makes one change that a reader of the law would call wrong: a requirement dropped or negated, a number
one more or one less, another unit, another rule of counting, the other direction, a weaker or stronger force, another
role, a ground left out, another act or outcome, a state that allows an act left out.  They work on the plain values of
a resolved bundle; no file is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, assert_never

from pydantic import TypeAdapter

from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.counting import Unit
from zhengxie_flow.model.limit import AMOUNTS, ANCHORED
from zhengxie_flow.model.verdict import SATISFIED
from zhengxie_flow.testing.counting_mutants import counting_mutants
from zhengxie_flow.testing.mutant import DROP, Mutant, Path, entry_id

KINDS: Final = (
    "requirement",
    "number",
    "unit",
    "counting",
    "direction",
    "force",
    "role",
    "condition",
    "exemption",
    "anchor",
    "outcome",
    "state",
)

_NUMBERS: Final = frozenset({*c.NUMERIC, "within", "add", "up_to", "times"})
_FORCES: Final = {
    "must": "should", "should": "must", "may": "must", "must_not": "should", "by_reference": "must",
}  # fmt: skip
_OPPOSITES: Final = {
    "at_least": "at_most", "at_most": "at_least", "more_than": "less_than", "less_than": "more_than",
    "before": "after", "after": "before", "since": "before",
    "on_or_before": "on_or_after", "on_or_after": "on_or_before",
}  # fmt: skip
_CONDITION: Final[TypeAdapter[Condition]] = TypeAdapter(Condition)


def mutants(bundle: Mapping[str, Any]) -> Iterator[Mutant]:
    """Generate every mutant of a bundle, in the order of its files.

    Args:
        bundle: The plain values of a resolved definition, as `Definition.bundle`.
    """
    roles = tuple(bundle["process"].get("roles", ()))
    yield from _process(bundle["process"], roles)
    yield from _rules(bundle, roles)


def _process(process: Mapping[str, Any], roles: Sequence[str]) -> Iterator[Mutant]:
    yield from _condition(process.get("when"), ("process", "when"), roles, negate="condition")
    yield from _dropped(process, ("process",), "convention")
    for name, kind in process.get("facts", {}).items():
        yield from _roles(kind, ("process", "facts", name), "by", roles)
    for item, kind in process.get("items", {}).items():
        for name, field in kind.get("fields", {}).items():
            yield from _roles(field, ("process", "items", item, "fields", name), "by", roles)
    states, actions = tuple(process.get("states", ())), tuple(process.get("actions", ()))
    for name, action in process.get("actions", {}).items():
        yield from _action(action, ("process", "actions", name), roles)
        yield from _moves(action, ("process", "actions", name), states)
    for name, duty in process.get("obligations", {}).items():
        yield from _duty(duty, ("process", "obligations", name), roles)
        yield from _names(duty, ("process", "obligations", name), "do", actions)
        yield from _clock(duty.get("limit"), ("process", "obligations", name, "limit"), actions)
    for name, kind in process.get("subcases", {}).items():
        yield from _roles(kind, ("process", "subcases", name), "by", roles)
        yield from _conditions_of(kind, ("process", "subcases", name), roles)
    for name, power in process.get("exemptions", {}).items():
        yield from _exemption(power, ("process", "exemptions", name), roles)


def _rules(bundle: Mapping[str, Any], roles: Sequence[str]) -> Iterator[Mutant]:
    for decision in bundle.get("decisions", ()):
        yield from _decision(decision, ("decisions", decision["decision"]), roles)
    for name, parameter in bundle.get("parameters", {}).items():
        at: Path = ("parameters", name)
        yield from _setting(parameter, parameter.get("default"), (*at, "default"), roles)
        for row in parameter.get("rows", ()):
            here = (*at, "rows", row["id"])
            yield from _limit(row, here, roles)
            yield from _setting(parameter, row.get("value"), (*here, "value"), roles)


def _setting(parameter: Mapping[str, Any], value: Any, at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    """Replace a part of a limit, a role, a number or a choice."""
    if isinstance(value, dict):
        yield from _limit(value, at, roles)
        yield from _setting(parameter, value.get("value"), (*at, "value"), roles)
    elif isinstance(value, bool):
        yield Mutant("condition", at, f"{value} -> {not value}".lower(), not value)
    elif isinstance(value, int):
        yield from (Mutant("number", at, f"{value} -> {other}", other) for other in (value + 1, value - 1))
    elif parameter.get("type") in ("role", "enum") and value is not None:
        choices = roles if parameter["type"] == "role" else tuple(parameter.get("of") or ())
        other = _other(value, (value,), choices)
        if other is not None:
            yield Mutant("role" if parameter["type"] == "role" else "condition", at, f"{value} -> {other}", other)


def _action(action: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    yield from _roles(action, at, "by", roles)
    for flag in ("names_actor", "power"):
        if action.get(flag) is True:
            yield Mutant("force", (*at, flag), f"{flag} dropped", DROP)
    for index, requirement in _listed(action.get("requires")):
        ident = entry_id(requirement) or index
        here = (*at, "requires", ident)
        yield Mutant("requirement", here, f"{ident} dropped", DROP)
        if "obligation" in requirement:
            contrary = {"not": {"verdict": {requirement["obligation"]: sorted(SATISFIED)}}}
            yield Mutant("requirement", here, "negated", {"id": f"contrary.{ident}", "that": contrary})
        if "that" in requirement:
            yield from _force(requirement, here)
            yield from _condition(requirement["that"], (*here, "that"), roles, negate="requirement")
            yield from _condition(requirement.get("when"), (*here, "when"), roles, negate="condition")
    for key in ("moves", "deem"):
        for index, entry in _listed(action.get(key)):
            here = (*at, key, index) if isinstance(action[key], list) else (*at, key)
            yield from _condition(entry.get("when"), (*here, "when"), roles, negate="condition")


def _moves(action: Mapping[str, Any], at: Path, states: Sequence[str]) -> Iterator[Mutant]:
    """Replace the target state of an action, and drop each source state in turn."""
    for index, move in ((None, action), *_listed(action.get("moves"))):
        here = at if index is None else (*at, "moves", index)
        yield from _names(move, here, "to", states, kind="state")
        several = move.get("from")
        if isinstance(several, list) and len(several) > 1:
            yield from (
                Mutant("state", (*here, "from", place), f"{name} dropped", DROP) for place, name in enumerate(several)
            )


def _clock(limit: Any, at: Path, actions: Sequence[str]) -> Iterator[Mutant]:
    """Replace the anchor act of a limit."""
    if not isinstance(limit, dict):
        return
    for key in (*ANCHORED, "restarts_on"):
        yield from _names(limit, at, key, actions)
        for head in ("first_of", "last_of", "done"):
            if isinstance(limit.get(key), dict):
                yield from _names(limit[key], (*at, key), head, actions)
    for key in ("choose", "earliest_of", "latest_of"):
        for index, part in _listed(limit.get(key)):
            yield from _clock(part, (*at, key, index), actions)


def _duty(duty: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    yield from _roles(duty, at, "who", roles)
    yield from _force(duty, at)
    yield from _conditions_of(duty, at, roles)
    if isinstance(duty.get("limit"), dict):
        yield from _limit(duty["limit"], (*at, "limit"), roles)


def _exemption(power: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    """Drop in turn each duty an exemption lifts or never lifts, each record it needs, and each event that ends it."""
    yield from _conditions_of(power, at, roles)
    for key in ("lifts", "never_lifts"):
        for index, entry in enumerate(power.get(key) or ()):
            if key == "never_lifts" or len(power[key]) > 1:
                yield Mutant("exemption", (*at, key, index), f"{_short(entry)} dropped", DROP)
            if isinstance(entry, dict):
                yield from _condition(entry.get("when"), (*at, key, index, "when"), roles, negate="condition")
    for index, entry in enumerate(power.get("must_record") or ()):
        yield Mutant("exemption", (*at, "must_record", index), f"{_short(entry)} dropped", DROP)
        if isinstance(entry, dict):
            yield from _condition(entry.get("when"), (*at, "must_record", index, "when"), roles, negate="condition")
    for key in ("before", "expires", "revoked_by"):
        if key in power:
            yield Mutant("exemption", (*at, key), f"{_short(power[key])} dropped", DROP)


def _force(duty: Mapping[str, Any], at: Path) -> Iterator[Mutant]:
    """Replace the force; a duty without a clause of its own weighs the same whatever its force."""
    force = duty.get("force", "must")
    if duty.get("law") and force in _FORCES:
        yield Mutant("force", (*at, "force"), f"{force} -> {_FORCES[force]}", _FORCES[force])


def _limit(limit: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    """Replace in turn the number, the unit, the direction, and each rule that changes the clock."""
    for key in (*AMOUNTS, "up_to", "add", "times"):
        yield from _number(limit, at, key)
    unit = limit.get("unit")
    if unit is not None:
        yield Mutant("unit", (*at, "unit"), f"{unit} -> {_other_unit(unit)}", _other_unit(unit))
    yield from counting_mutants(limit, at)
    yield from _direction(limit, at)
    yield from _conditions_of(limit, at, roles)
    for key in ANCHORED:
        yield from _anchor(limit.get(key), (*at, key), roles)
    for key in ("choose", "earliest_of", "latest_of", "extended_by", "suspended"):
        for index, part in _listed(limit.get(key)):
            here = (*at, key, index) if isinstance(limit[key], list) else (*at, key)
            yield from _roles(part, here, "by", roles)
            yield from _limit(part, here, roles)
            if isinstance(part.get("to"), dict):
                yield from _limit(part["to"], (*here, "to"), roles)
    deem = (limit.get("on_lapse") or {}).get("deem") or {}
    yield from _condition(deem.get("when"), (*at, "on_lapse", "deem", "when"), roles, negate="condition")


def _other_unit(unit: Unit) -> Unit:
    """Return the unit most easily confused with another."""
    match unit:
        case "working_day":
            return "calendar_day"
        case "calendar_day" | "hour" | "working_hour" | "half_working_day":
            return "working_day"
        case "week" | "half_month" | "month":
            return "year"
        case "year":
            return "month"
        case _:
            assert_never(unit)


def _direction(limit: Mapping[str, Any], at: Path) -> Iterator[Mutant]:
    """Reverse the direction: within <-> not before, days before <-> days after, before <-> after."""
    if "within" in limit:
        yield _renamed(limit, at, {"within": "at_least"})
    elif "at_least" in limit and "after" in limit:
        yield _renamed(limit, at, {"at_least": "within"})
    if "at_least" in limit and "before" in limit:
        yield _renamed(limit, at, {"before": "after"})
    if "at_most" in limit:
        yield _renamed(limit, at, {"at_most": "at_least"})
    amount = {*AMOUNTS, "parameter", "choose", "action"} & set(limit)
    if not amount:
        for key, other in (("before", "after"), ("after", "before"), ("by_date", "before")):
            if key in limit:
                yield _renamed(limit, at, {key: other})
    for key, other in (("earliest_of", "latest_of"), ("latest_of", "earliest_of")):
        if key in limit:
            yield _renamed(limit, at, {key: other})


def _anchor(anchor: Any, at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    if not isinstance(anchor, dict):
        return
    for key, other in (("first_of", "last_of"), ("last_of", "first_of")):
        if key in anchor:
            yield _renamed(anchor, at, {key: other})
            for index, inner in enumerate(anchor[key]):
                yield from _anchor(inner, (*at, key, index), roles)
    yield from _condition(anchor.get("where"), (*at, "where"), roles)


def _conditions_of(node: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    for key in ("when", "excused_by"):
        yield from _condition(node.get(key), (*at, key), roles, negate="condition")


def _decision(decision: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    outcomes = tuple(decision.get("outcomes", ()))
    yield from _names(decision, at, "default", outcomes, kind="outcome")
    for key in ("exceptions", "rows"):
        for index, rule in enumerate(decision.get(key) or ()):
            here = (*at, key, entry_id(rule) or index)
            yield from _condition(rule.get("when"), (*here, "when"), roles, negate="condition")
            yield from _names(rule, here, "then", outcomes, kind="outcome")


def _condition(value: Any, at: Path, roles: Sequence[str], *, negate: str | None = None) -> Iterator[Mutant]:
    """Generate the negation of a condition (as this kind), and every mutation inside it."""
    if value is None:
        return
    if negate is not None:
        yield Mutant(negate, at, "negated", {"not": value})
    if isinstance(value, dict):
        yield from _inside(value, at, roles)


def _inside(value: Mapping[str, Any], at: Path, roles: Sequence[str]) -> Iterator[Mutant]:
    """Generate the mutations inside a condition, in written order."""
    condition = _CONDITION.validate_python(value)
    match condition:
        case c.All() | c.AnyOf():
            for place, part in _parts(value, condition):
                if len(condition.children()) > 1:
                    yield Mutant("condition", (*at, *place), f"{_short(part)} dropped", DROP)
                yield from _condition(part, (*at, *place), roles)
        case c.Not() | c.Done() | c.Last() | c.Every() | c.Some() | c.Count() | c.SubcaseIs():
            for place, part in _parts(value, condition):
                yield from _condition(part, (*at, *place), roles)
            yield from _test(value, at)
        case c.Compare():
            yield from _roles(value, at, "by", roles)
            for name, test in value.items():
                if isinstance(test, dict) and name != "by":
                    yield from _test(test, (*at, name))
        case c.Decided() | c.VerdictIs() | c.ParameterIs() | c.InState():
            return  # another outcome is for the rules to turn, another state for the actions
        case _:
            assert_never(condition)


def _parts(value: Mapping[str, Any], condition: Condition) -> Iterator[tuple[Path, Any]]:
    """Yield the direct sub-conditions with their paths, in written order."""
    written = list(value)
    places = [(str(key), index) for (key, *index), _ in condition.parts()]
    for key, index in sorted(places, key=lambda place: written.index(place[0])):
        yield (key, *index), value[key][index[0]] if index else value[key]


def _test(test: Mapping[str, Any], at: Path) -> Iterator[Mutant]:
    """Replace bounds of numbers and days, and the order of acts."""
    for key in test:
        if key in _NUMBERS:
            yield from _number(test, at, key)
        if key in _OPPOSITES and _OPPOSITES[key] not in test:
            yield _renamed(test, at, {key: _OPPOSITES[key]})


def _dropped(node: Mapping[str, Any], at: Path, *keys: str) -> Iterator[Mutant]:
    """Drop each of some rules of counting in turn."""
    for key in keys:
        if node.get(key) is not None:
            yield Mutant("counting", (*at, key), f"{_short(node[key])} dropped", DROP)


def _number(node: Mapping[str, Any], at: Path, key: str) -> Iterator[Mutant]:
    number = node.get(key)
    if isinstance(number, int) and not isinstance(number, bool):
        for other in (number + 1, number - 1):
            yield Mutant("number", (*at, key), f"{number} -> {other}", other)


def _roles(node: Mapping[str, Any], at: Path, key: str, roles: Sequence[str]) -> Iterator[Mutant]:
    """Replace each role in turn by the next one that is not listed beside it."""
    return _names(node, at, key, roles, kind="role")


def _names(
    node: Mapping[str, Any], at: Path, key: str, choices: Sequence[str], *, kind: str = "anchor"
) -> Iterator[Mutant]:
    """Replace each name in turn by the next choice that is not listed beside it."""
    value = node.get(key)
    alone = isinstance(value, str)
    names: list[str] = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    for index, name in enumerate(names):
        other = _other(name, names, choices)
        if other is not None:
            here = (*at, key) if alone else (*at, key, index)
            yield Mutant(kind, here, f"{name} -> {other}", other)


def _other(name: str, names: Iterable[str], choices: Sequence[str]) -> str | None:
    if name not in choices:
        return None
    after = choices.index(name)
    return next((choice for choice in (*choices[after:], *choices[:after]) if choice not in names), None)


def _renamed(node: Mapping[str, Any], at: Path, names: Mapping[str, str]) -> Mutant:
    change = ", ".join(f"{old} -> {new}" for old, new in names.items())
    return Mutant("direction", at, change, {names.get(key, key): inner for key, inner in node.items()})


def _short(value: Any) -> str:
    """Return a short text of a condition."""
    if isinstance(value, dict):
        return " ".join(f"{key} {_short(inner)}" for key, inner in value.items())
    return ",".join(map(_short, value)) if isinstance(value, list) else str(value)


def _listed(value: Any) -> Iterator[tuple[int, Any]]:
    """Yield the mappings of a value that is one entry or a list of entries, with their positions."""
    entries = value if isinstance(value, list) else () if value is None else (value,)
    return ((index, entry) for index, entry in enumerate(entries) if isinstance(entry, dict))
