"""The trace of a decision: why it came out as it did, as plain JSON that is the same for the same facts and rules.

Every rule with every comparison in it, the value it met and where that value is from, the clause, the reading, the
place in the file and the content hash of the rules.  Nothing in it depends on when or where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from zhengxie_flow.conditions import NOWHERE, View
from zhengxie_flow.conditions.comparison import lookup
from zhengxie_flow.conditions.truth import Truth
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.exact import Standing
from zhengxie_flow.rules.readback import phrase
from zhengxie_flow.rules.replay import truth
from zhengxie_flow.rules.resolve import in_force

FORMAT = 1

Provenance = Callable[[str], dict[str, Any] | None]
"""Where the value of a fact is from: by whom, when, in which event; None where nobody says."""

_WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


def trace(
    ruleset: Ruleset,
    standing: Standing,
    view: View,
    *,
    provenance: Provenance = lambda _: None,
    places: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Why a decision stands as it does; ``places`` gives ``file:line`` of each rule by its id."""
    resolved = standing.resolved
    lost = _overridden(ruleset, view)
    return {
        "format": FORMAT,
        "decision": ruleset.name,
        "hash": ruleset.hash,
        "day": view.day.isoformat(),
        "status": resolved.status,
        "outcome": resolved.outcome,
        "value": resolved.value,
        "default": resolved.status == "decided" and not resolved.fired,
        "endings": [{"status": status, "outcome": outcome} for status, outcome in standing.endings],
        "exact": standing.exact,
        "needs": list(standing.needs),
        "presumed": sorted(resolved.presumed),
        "must_record": list(resolved.must_record),
        "facts": {name: _fact(name, ruleset, view, provenance) for name in sorted(ruleset.kinds)},
        "rules": [
            _rule(index, rule, ruleset, view, lost, places or {}) for index, rule in enumerate(ruleset.decision.rules)
        ],
    }


def _fact(name: str, ruleset: Ruleset, view: View, provenance: Provenance) -> dict[str, Any]:
    seen = lookup(name, view, NOWHERE)
    return {"value": seen.value, "presumed": seen.presumed, "kind": ruleset.kinds[name].group, "from": provenance(name)}


def _overridden(ruleset: Ruleset, view: View) -> dict[int, list[str]]:
    """For each rule that holds and does not decide, the rules that go before it."""
    held = sum(1 << index for index in range(len(ruleset.tests)) if _holds(ruleset, index, view) is True)
    winners, _ = ruleset.policy.beaten(held)
    if ruleset.decision.several:
        return {}
    rules = ruleset.decision.rules
    return {
        index: [rules[other].id for other in range(len(rules))
                if winners >> other & 1 and ruleset.policy.before(index) >> other & 1]
        for index in range(len(rules))
        if held >> index & 1 and not winners >> index & 1
    }  # fmt: skip


def _holds(ruleset: Ruleset, index: int, view: View) -> Truth:
    rule = ruleset.decision.rules[index]
    if rule.never or not in_force(rule, view.day):
        return False
    return truth(c.All.model_construct(all=ruleset.tests[index]), view)


def _rule(
    index: int, rule: Rule, ruleset: Ruleset, view: View, lost: Mapping[int, list[str]], places: Mapping[str, str]
) -> dict[str, Any]:
    holds = _holds(ruleset, index, view)
    state = {True: "fired", False: "not_met", None: "open"}[holds]
    return {
        "id": rule.id,
        "state": "overridden" if index in lost else state,
        "overridden_by": lost.get(index, []),
        "then": ruleset.policy.values[index],
        "law": [str(ref) for ref in rule.law or ruleset.decision.law],
        "interpretation": rule.reading.interpretation if rule.reading is not None else None,
        "in_force": in_force(rule, view.day),
        "place": places.get(rule.id),
        "conditions": [_condition(test, view) for test in ruleset.tests[index]],
    }


def _condition(condition: Condition, view: View) -> dict[str, Any]:
    """A condition with its truth, and those inside it."""
    found: dict[str, Any] = {"truth": _WORDS[truth(condition, view)], "says": phrase(condition).plain()}
    match condition:
        case c.All():
            found["all"] = [_condition(part, view) for part in condition.all]
        case c.AnyOf():
            found["any"] = [_condition(part, view) for part in condition.any]
        case c.Not():
            found["not"] = _condition(condition.not_, view)
        case c.Compare():
            found["fact"] = condition.name
            found["value"] = lookup(condition.name, view, NOWHERE).value
        case (
            c.Done() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            pass  # said as a whole
        case _:
            assert_never(condition)
    return found
