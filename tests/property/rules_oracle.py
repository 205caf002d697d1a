"""Random decisions over small finite facts, and a plain reading of them that shares no code with the rules."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from zhengxie_flow.model.decision import Decision

DOMAINS: dict[str, list[Any]] = {
    "a": [False, True],
    "b": [False, True],
    "k": ["x", "y", "z"],
    "n": [-1, 0, 1, 2, 3, 4],
    "d": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
}
TYPES = {"a": "bool", "b": "bool", "k": {"type": "enum", "of": ["x", "y", "z"]}, "n": "int", "d": "date"}
OUTCOMES = ["p", "q", "r"]
POLICIES = ["exceptions", "unique", "any", "priority", "first", "rule_order", "output_order", "collect"]
DAYS = ["2026-01-02", "2026-01-03"]

numbers = st.integers(0, 3)
days = st.sampled_from(DAYS)


def cells(name: str) -> st.SearchStrategy[Any]:
    simple = {
        "a": st.booleans(),
        "b": st.booleans(),
        "k": st.sampled_from(DOMAINS["k"])
        | st.lists(st.sampled_from(DOMAINS["k"]), min_size=1, max_size=2, unique=True),
        "n": numbers
        | st.builds(lambda low, high: {"at_least": low, "less_than": high}, numbers, numbers)
        | st.builds(lambda low: {"more_than": low}, numbers)
        | st.builds(lambda high: {"at_most": high}, numbers)
        | st.lists(numbers, min_size=1, max_size=2),
        "d": days
        | st.builds(lambda day: {"before": day}, days)
        | st.builds(lambda day: {"on_or_after": day}, days)
        | st.builds(lambda low, high: {"after": low, "on_or_before": high}, days, days),
    }[name]
    return st.just("any") | simple | st.builds(lambda cell: {"not": cell}, simple)


def conditions() -> st.SearchStrategy[Any]:
    def leaf(name: str) -> st.SearchStrategy[Any]:
        return (
            cells(name)
            .filter(lambda cell: cell != "any" and not (isinstance(cell, dict) and "not" in cell))
            .map(lambda cell: {name: cell})
        )

    leaves = st.one_of(*(leaf(name) for name in DOMAINS)) | st.sampled_from(["a", "b"])
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
            | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
            | st.builds(lambda part: {"not": part}, inner)
        ),
        max_leaves=4,
    )


@st.composite
def one_rule(draw: st.DrawFn, number: int, policy: str, layered: bool) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": str(number), "then": draw(st.sampled_from(OUTCOMES))}
    if layered and draw(st.booleans()):
        rule["layer"] = draw(st.sampled_from(["state", "city"]))
    if policy == "exceptions":
        rule |= {"when": draw(conditions()), "priority": draw(st.integers(0, 1))}
        if number and draw(st.integers(0, 4)) == 0 and not layered:
            rule["over"] = [str(draw(st.integers(0, number - 1)))]
            rule["priority"] = 1
    else:
        for name in draw(st.lists(st.sampled_from(list(DOMAINS)), max_size=3, unique=True)):
            rule[name] = draw(cells(name))
        if draw(st.integers(0, 5)) == 0:
            rule["when"] = draw(conditions())
    return rule


@st.composite
def decisions(draw: st.DrawFn) -> dict[str, Any]:
    policy = draw(st.sampled_from(POLICIES))
    made: dict[str, Any] = {
        "language": 1, "decision": "d", "policy": policy, "inputs": dict(TYPES), "outcomes": list(OUTCOMES),
    }  # fmt: skip
    if draw(st.booleans()):
        made["default"] = draw(st.sampled_from(OUTCOMES))
    count = draw(st.integers(0, 5))
    layered = policy not in {"rule_order", "output_order", "collect"} and draw(st.integers(0, 3)) == 0
    if layered:
        made["layers"] = ["state", "city"]
    rules = [draw(one_rule(number, policy, layered)) for number in range(count)]
    made["exceptions" if policy == "exceptions" else "rows"] = rules
    if policy == "collect" and draw(st.booleans()):
        made["aggregate"] = "count"
    if draw(st.integers(0, 2)) == 0:
        made["constraints"] = [{"id": "c1", "impossible": draw(conditions())}]
    return made


partial = st.fixed_dictionaries({name: st.none() | st.sampled_from(values) for name, values in DOMAINS.items()})


def passes(cell: Any, value: Any) -> bool:
    match cell:
        case "any":
            return True
        case {"not": inner}:
            return not passes(inner, value)
        case dict():
            each = {
                "at_least": lambda limit: value >= limit, "on_or_after": lambda limit: value >= limit,
                "more_than": lambda limit: value > limit, "after": lambda limit: value > limit,
                "at_most": lambda limit: value <= limit, "on_or_before": lambda limit: value <= limit,
                "less_than": lambda limit: value < limit, "before": lambda limit: value < limit,
            }  # fmt: skip
            return all(each[key](limit) for key, limit in cell.items())
        case list():
            return value in cell
    return bool(value == cell)


def holds(condition: Any, facts: dict[str, Any]) -> bool:
    match condition:
        case str():
            return facts[condition] is True
        case {"all": parts}:
            return all(holds(part, facts) for part in parts)
        case {"any": parts}:
            return any(holds(part, facts) for part in parts)
        case {"not": part}:
            return not holds(part, facts)
    ((name, cell),) = condition.items()
    return passes(cell, facts[name])


def rules_of(made: dict[str, Any]) -> list[dict[str, Any]]:
    return made.get("exceptions") or made.get("rows") or []


def hits(made: dict[str, Any], facts: dict[str, Any]) -> list[int]:
    return [
        index
        for index, rule in enumerate(rules_of(made))
        if ("when" not in rule or holds(rule["when"], facts))
        and all(passes(rule[name], facts[name]) for name in DOMAINS if name in rule)
    ]


def winners(made: dict[str, Any], hit: list[int]) -> list[int]:
    """The rules that go first of those that hold."""
    rules = rules_of(made)
    order = made.get("layers", [])

    def layer(index: int) -> int:
        name = rules[index].get("layer")
        return len(order) if name is None else order.index(name)

    best = min((layer(index) for index in hit), default=0)
    hit = [index for index in hit if layer(index) == best or (best == len(order) == layer(index))]
    match made["policy"]:
        case "first":
            return hit[:1]
        case "priority":
            top = min((OUTCOMES.index(rules[index]["then"]) for index in hit), default=0)
            return [index for index in hit if OUTCOMES.index(rules[index]["then"]) == top]
        case "exceptions":
            top = max((rules[index]["priority"] for index in hit), default=0)
            hit = [index for index in hit if rules[index]["priority"] == top]
            return [index for index in hit if not any(goes_over(rules, other, index) for other in hit)]
    return hit


def goes_over(rules: list[dict[str, Any]], one: int, other: int) -> bool:
    named = [int(name) for name in rules[one].get("over", ())]
    return other in named or any(goes_over(rules, each, other) for each in named)


def stands(made: dict[str, Any], facts: dict[str, Any]) -> tuple[str, str | None]:
    rules, hit = rules_of(made), hits(made, facts)
    policy = made["policy"]
    if policy in {"rule_order", "output_order", "collect"}:
        if not hit and "default" in made:
            return "decided", made["default"]
        if made.get("aggregate") == "count":
            return "decided", str(len(hit))
        values = [rules[index]["then"] for index in hit]
        return "decided", "; ".join(sorted(values) if policy == "output_order" else values)
    first = winners(made, hit)
    if not first:
        return ("decided", made["default"]) if "default" in made else ("no_rule", None)
    values = {rules[index]["then"] for index in first}
    if len(values) > 1 or (policy == "unique" and len(first) > 1):
        return "conflict", None
    return "decided", values.pop()


def cases(known: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    known = known or {}
    domains = [[known[name]] if known.get(name) is not None else values for name, values in DOMAINS.items()]
    return [dict(zip(DOMAINS, values, strict=True)) for values in product(*domains)]


def possible(made: dict[str, Any], known: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    barred = [each["impossible"] for each in made.get("constraints", ())]
    return [facts for facts in cases(known) if not any(holds(each, facts) for each in barred)]


def read(made: dict[str, Any]) -> Decision:
    return Decision.model_validate(made)
