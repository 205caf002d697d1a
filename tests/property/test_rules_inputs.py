"""Whatever is put in, decisions raise nothing but the documented errors; what is taken can be decided, proved and read back."""

from __future__ import annotations

import random
from datetime import date

from pydantic import ValidationError
from tests.support import tries

from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.rules import compiled
from zhengxie_flow.rules.partial_facts import inquiry
from zhengxie_flow.rules.prove import prove
from zhengxie_flow.rules.readback import readback
from zhengxie_flow.rules.reference_evaluator import FactsView, replay

INPUTS = tries(5_000)
SCALARS = [True, False, 0, 1, -1, 3, 10**30, "", "x", "y", "any", "2026-01-01", "2026-02-30", "2026-01-01T08:00:00+08:00", "> 5",
           "NaN", "1e999", "-0", "３", "this", None, "a", "1.50"]  # fmt: skip
KEYS = ["equals", "one_of", "at_least", "at_most", "more_than", "less_than", "before", "after", "on_or_before",
        "on_or_after", "includes", "within", "differs_from", "recorded", "field", "not", "bogus"]  # fmt: skip
NAMES = ["a", "b", "n", "d", "s", "serve.on", "id", "A", "", "a b"]
TYPES = ["bool", "int", "decimal", "date", "instant", "text", "role", "enum", {"type": "enum", "of": ["x", "y"]},
         {"type": "set", "of": ["x", "y"]}, "bogus", None, 3]  # fmt: skip
POLICIES = ["exceptions", "unique", "any", "priority", "collect", "rule_order", "output_order", "first", "best"]
DAY = date(2026, 1, 1)


class Chance(random.Random):
    """Small trees of what a hurried or hostile hand might write."""

    def scalar(self):
        return self.choice(SCALARS)

    def cell(self, depth=2):
        kind = self.random()
        if kind < 0.5 or not depth:
            return self.scalar()
        if kind < 0.65:
            return [self.cell(depth - 1) for _ in range(self.randrange(3))]
        return {self.choice(KEYS): self.cell(depth - 1) for _ in range(self.randrange(1, 3))}

    def condition(self, depth=3):
        kind = self.random()
        if kind < 0.25:
            return self.choice(NAMES)
        if kind < 0.55 or not depth:
            return {self.choice(NAMES): self.cell()}
        if kind < 0.85:
            parts = [self.condition(depth - 1) for _ in range(self.randrange(4))]
            return {self.choice(["all", "any"]): parts}
        if kind < 0.93:
            return {"not": self.condition(depth - 1)}
        return self.choice([{"done": "act"}, {"decided": {"d": "x"}}, {"decided": {"e": ["x"]}}, {"in_state": "s"}, 3, None, [],
                            {"count": "item", "at_least": 1}, {"every": "item", "is": "a"}, {"verdict": {"a1.x": "pass"}}])  # fmt: skip

    def rule(self, row):
        made = {
            "id": str(self.randrange(4)),
            "then": self.choice(["x", "y", {"o": 3}, 3, True, None, {"o": "1.5", "p": "x"}]),
        }
        if row:
            made |= {self.choice(NAMES): self.cell() for _ in range(self.randrange(4))}
        if not row or self.random() < 0.2:
            made["when"] = self.condition()
        for key, values in (("priority", [0, 1, "1"]), ("over", ["0", ["1", "2"]]), ("layer", ["act", "city"]),
                            ("in_force", [{"from": "2026-01-01"}, {"to": "2025-01-01", "from": "2026-01-01"}, {"to": "soon"}])):  # fmt: skip
            if self.random() < 0.15:
                made[key] = self.choice(values)
        return made

    def decision(self):
        policy = self.choice(POLICIES)
        row = policy != "exceptions" or self.random() < 0.1
        made = {"language": 1, "decision": "d", "policy": policy}
        if self.random() < 0.8:
            made["outcomes"] = self.choice([["x", "y"], ["x", "y"], {"x": {}, "y": {}}, ["x", "х"], []])
        else:
            made["outputs"] = self.choice(
                [{"o": "int"}, {"o": "decimal", "p": "text"}, {"o": {"type": "enum", "of": ["x"]}}]
            )
        if self.random() < 0.5:
            made["inputs"] = self.choice([["a", "b", "n"], {name: self.choice(TYPES) for name in NAMES[:6]}])
        for key, values in (("default", ["x", "z", 3]), ("aggregate", ["sum", "count", "min", "list", "mean"]),
                            ("layers", [["act", "city"], "act"]),
                            ("constraints", [[{"id": "c", "impossible": self.condition()}], 3])):  # fmt: skip
            if self.random() < 0.3:
                made[key] = self.choice(values)
        made["rows" if row else "exceptions"] = [self.rule(row) for _ in range(self.randrange(4))]
        return made

    def facts(self):
        return {name: self.choice([*SCALARS, ["x"], ["x", 3], {}]) for name in NAMES[:6] if self.random() < 0.6}


def test_nothing_but_documented_errors_comes_of_any_input():
    chance, taken, decided = Chance(20261122), 0, 0
    for number in range(INPUTS):
        made = chance.decision()
        try:
            ruleset = compiled(Decision.model_validate(made))
        except (ValidationError, ZhengxieError):
            continue
        taken += 1
        for _ in range(3):
            try:
                facts = ruleset.read(chance.facts())
            except ZhengxieError:
                continue
            found = replay(ruleset, FactsView(facts, DAY))
            quick = ruleset.decide({**facts, "$day": "2026-01-01"})
            assert quick.status in ("decided", "pending", "conflict", "no_rule")
            if "pending" not in (quick.status, found.status):
                assert (quick.status, quick.outcome, quick.fired) == (found.status, found.outcome, found.fired), made
            asked = inquiry(ruleset, branches=300)
            asked.standing(asked.over(facts, DAY))
            decided += 1
        if number % 10 == 0:
            prove(ruleset, branches=300)
            assert [phrase.plain() for phrase in readback(ruleset)]
    assert taken > INPUTS / 60
    assert decided > INPUTS / 60
