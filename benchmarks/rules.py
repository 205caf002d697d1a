"""Cost of evaluating and proving decisions: against rule-engine and zen-engine (Rust), and against z3, in one run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks._measure import Goal, main, ratio, run_over

from zhengxie_flow.model.decision import Decision
from zhengxie_flow.rules import compiled
from zhengxie_flow.rules.prove import GAP, OVERLAP, PROVED, prove

PREDICATE = {
    "language": 1,
    "decision": "urgent_case",
    "outcomes": ["yes", "no"],
    "default": "no",
    "inputs": {"phase": "text", "amount": "int", "urgent": "bool", "kind": "text", "days": "int"},
    "exceptions": [
        {
            "id": "1",
            "then": "yes",
            "when": {
                "all": [
                    {"phase": "pre"},
                    {"amount": {"at_least": 100}},
                    "urgent",
                    {"kind": ["a", "b"]},
                    {"days": {"less_than": 20}},
                ]
            },
        }
    ],
}
TEXT = 'phase == "pre" and amount >= 100 and urgent {} and kind in ["a", "b"] and days < 20'
FACTS = [
    {"phase": phase, "amount": amount, "urgent": urgent, "kind": kind, "days": days}
    for phase in ("pre", "post")
    for amount in (50, 500)
    for urgent in (True, False)
    for kind in ("a", "c")
    for days in (3, 30)
]


def table(rows: int) -> dict[str, Any]:
    """A complete and disjoint table: bands of an amount, two groups of kinds, urgent or not."""
    bands = rows // 4
    entries: list[dict[str, Any]] = []
    for band in range(bands):
        amount: dict[str, int] = {}
        if band:
            amount["at_least"] = band * 100
        if band < bands - 1:
            amount["less_than"] = (band + 1) * 100
        for kind in (["a", "b"], ["c"]):
            for urgent in (True, False):
                cells = {"amount": amount, "kind": kind, "urgent": urgent}
                entries.append({"id": str(len(entries) + 1), **cells, "then": f"o{len(entries) % 3}"})
    kinds = {"type": "enum", "of": ["a", "b", "c"]}
    return {
        "language": 1, "decision": "fee", "outcomes": ["o0", "o1", "o2"], "policy": "unique",
        "inputs": {"amount": "int", "kind": kinds, "urgent": "bool"}, "rows": entries,
    }  # fmt: skip


QUESTIONS = [{"amount": amount, "kind": kind, "urgent": urgent}
             for amount in range(-50, 600, 50) for kind in "abc" for urgent in (True, False)]  # fmt: skip


def goals() -> Iterator[Goal]:
    """All goals of the rules."""
    yield from _against_rule_engine()
    yield from _against_zen()
    yield from _against_z3()


def _predicate() -> Callable[[dict[str, Any]], object]:
    return compiled(Decision.model_validate(PREDICATE)).decide


def _table() -> Callable[[dict[str, Any]], object]:
    return compiled(Decision.model_validate(table(20))).decide


def _expressions() -> list[tuple[str, str]]:
    """The rows of the table as expressions, with their outcomes."""
    expressions = []
    for row in table(20)["rows"]:
        parts = [f"amount >= {row['amount']['at_least']}"] if "at_least" in row["amount"] else []
        parts += [f"amount < {row['amount']['less_than']}"] if "less_than" in row["amount"] else []
        parts.append(f"kind in {json.dumps(row['kind'])}")
        parts.append(f"urgent == {str(row['urgent']).lower()}")
        expressions.append((" and ".join(parts), row["then"]))
    return expressions


def _against_rule_engine() -> Iterator[Goal]:
    whats = ("a five-fact predicate: times faster than rule-engine", "a 20-row table: times faster than rule-engine")
    try:
        import rule_engine  # a peer
    except ImportError:
        for what in whats:
            yield Goal(what, None, 5, "at least", "rule-engine is not installed")
        return
    rule = rule_engine.Rule(TEXT.format(""))
    ask = _predicate()
    assert [ask(facts).outcome == "yes" for facts in FACTS] == [rule.matches(facts) for facts in FACTS]  # type: ignore[attr-defined]
    yield Goal(whats[0], ratio(run_over(rule.matches, FACTS), run_over(ask, FACTS)), 5, "at least")
    rules = [(rule_engine.Rule(text), then) for text, then in _expressions()]

    def theirs(facts: dict[str, Any]) -> list[str]:
        return [then for each_, then in rules if each_.matches(facts)]

    ours = _table()
    assert [ours(facts).outcome for facts in QUESTIONS] == [theirs(facts)[0] for facts in QUESTIONS]  # type: ignore[attr-defined]
    yield Goal(whats[1], ratio(run_over(theirs, QUESTIONS), run_over(ours, QUESTIONS), rounds=7), 5, "at least")


def _against_zen() -> Iterator[Goal]:
    whats = (
        "a five-fact predicate: speed as a multiple of zen-engine's",
        "a 20-row table: speed as a multiple of zen-engine's",
    )
    try:
        import zen  # a peer
    except ImportError:
        for what in whats:
            yield Goal(what, None, 0.7, "at least", "zen-engine is not installed")
        return
    expression = zen.compile_expression(TEXT.format("== true"))
    ask = _predicate()
    assert [ask(facts).outcome == "yes" for facts in FACTS] == [expression.evaluate(facts) for facts in FACTS]  # type: ignore[attr-defined]
    yield Goal(whats[0], ratio(run_over(expression.evaluate, FACTS), run_over(ask, FACTS)), 0.7, "at least")
    decision = zen.ZenEngine().create_decision(json.dumps(_jdm()))
    ours = _table()
    assert [ours(facts).outcome for facts in QUESTIONS] == [_theirs(decision, facts) for facts in QUESTIONS]  # type: ignore[attr-defined]
    yield Goal(whats[1], ratio(run_over(decision.evaluate, QUESTIONS), run_over(ours, QUESTIONS)), 0.7, "at least")


def _theirs(decision: Any, facts: dict[str, Any]) -> str:
    return str(decision.evaluate(facts)["result"]["then"])


def _jdm() -> dict[str, Any]:
    """The table in zen-engine's own form."""
    rules = []
    for number, row in enumerate(table(20)["rows"]):
        low, high = row["amount"].get("at_least"), row["amount"].get("less_than")
        amount = f"[{low}..{high})" if None not in (low, high) else f">= {low}" if high is None else f"< {high}"
        rules.append({"_id": str(number), "a": amount, "k": ", ".join(json.dumps(kind) for kind in row["kind"]),
                      "u": json.dumps(row["urgent"]), "t": json.dumps(row["then"])})  # fmt: skip
    columns = [("a", "amount"), ("k", "kind"), ("u", "urgent")]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": ident, "name": field, "type": "expression", "field": field} for ident, field in columns],
        "outputs": [{"id": "t", "name": "then", "type": "expression", "field": "then"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "name": "request", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "name": "table",
                "type": "decisionTableNode",
                "content": content,
                "position": {"x": 1, "y": 0},
            },
            {"id": "out", "name": "response", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }


def _against_z3() -> Iterator[Goal]:
    goals_ = ((20, 1.0), (200, 4.0))
    try:
        import z3  # a peer
    except ImportError:
        for rows, goal in goals_:
            yield Goal(f"proof of {rows} rows complete and disjoint: time as a multiple of z3's", None, goal, "at most",
                       "z3-solver is not installed")  # fmt: skip
        return
    sort, values = z3.EnumSort("kind", ["a", "b", "c"])
    for rows, goal in goals_:
        document = table(rows)
        decision = Decision.model_validate(document)

        def ours(decision: Decision = decision) -> None:
            proof = prove(compiled(decision), requested=(GAP, OVERLAP))
            assert set(proof.claims.values()) == {PROVED}

        def theirs(document: dict[str, Any] = document) -> None:
            formulas = _formulas(z3, document, sort, dict(zip("abc", values, strict=True)))
            for claim in (z3.Not(z3.Or(*formulas)), z3.PbGe([(formula, 1) for formula in formulas], 2)):
                solver = z3.Solver()
                solver.add(claim)
                assert solver.check() == z3.unsat

        what = f"proof of {rows} rows complete and disjoint: time as a multiple of z3's"
        yield Goal(what, ratio(ours, theirs, rounds=9), goal, "at most")


def _formulas(z3: Any, document: dict[str, Any], sort: Any, values: dict[str, Any]) -> list[Any]:
    amount, kind, urgent = z3.Int("amount"), z3.Const("k", sort), z3.Bool("urgent")
    formulas = []
    for row in document["rows"]:
        parts = [urgent if row["urgent"] else z3.Not(urgent), z3.Or(*(kind == values[each_] for each_ in row["kind"]))]
        if "at_least" in row["amount"]:
            parts.append(amount >= row["amount"]["at_least"])
        if "less_than" in row["amount"]:
            parts.append(amount < row["amount"]["less_than"])
        formulas.append(z3.And(*parts))
    return formulas


if __name__ == "__main__":
    main("rules", goals)
