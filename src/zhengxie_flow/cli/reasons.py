"""How decisions are told: explanations, questions, proofs and changes, as documents and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhengxie_flow.cli.sentences import Words
from zhengxie_flow.rules.readback import phrase

if TYPE_CHECKING:
    from zhengxie_flow.cli.paper import Paper
    from zhengxie_flow.cli.ruling import Matter
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.conditions.view import Resolved
    from zhengxie_flow.reading.rulesets import Rules
    from zhengxie_flow.rules import Ruleset
    from zhengxie_flow.rules.ask import Asked
    from zhengxie_flow.rules.diff import Change
    from zhengxie_flow.rules.exact import Standing
    from zhengxie_flow.rules.prove import Case, Fault, Proof

_MARKS = {"true": "✓", "false": "✗", "unknown": "?"}
_STYLES = {"decided": "pass", "pending": "pending", "conflict": "breach", "no_rule": "breach", "proved": "pass",
           "refuted": "breach", "not_proved": "finding", "fired": "pass", "open": "pending", "overridden": "finding",
           "same": "pass", "changed": "finding", "added": "finding", "removed": "finding"}  # fmt: skip


def words(session: Session, sides: Sequence[Rules]) -> Words:
    """Words for the decisions of several folders."""
    from zhengxie_flow.reading.rulesets import Rules as Every

    rulesets = {name: each for rules in reversed(sides) for name, each in rules.rulesets.items()}
    return Words(
        Every("", rulesets, processes=tuple(one for rules in sides for one in rules.processes)), session.language
    )


def explained(paper: Paper, matter: Matter, standing: Standing, traced: Mapping[str, Any]) -> None:
    """One decision with its rules, those that fired first."""
    said = Words(matter.rules, paper.lang)
    _headline(paper, said, matter.ruleset, standing)
    rules = matter.ruleset.decision.rules
    for index, rule in enumerate(traced["rules"]):
        state = rule["state"]
        by = paper.say("rules.by", rules=rule["overridden_by"]) if rule["overridden_by"] else None
        label = rules[index].label(paper.lang)
        law = paper.say("rules.law", law=rule["law"])
        paper.line((paper.say(f"rules.state.{state}"), _STYLES.get(state, "dim")), rule["id"], label or None, law,
                   by, rule["place"], indent=2)  # fmt: skip
        for test, found in zip(matter.ruleset.tests[index], rule["conditions"], strict=True):
            _condition(paper, said, test, found, 4)
    if traced["default"]:
        paper.line((paper.say("rules.default"), "pass"), indent=2)
    for name, fact in traced["facts"].items():
        value = said.value(name, fact["value"]) if fact["value"] is not None else paper.say("rules.unknown")
        origin = fact["from"]
        told = paper.say("rules.from", **{**origin, "by": said.role(origin["by"])}) if origin else None
        presumed = paper.say("rules.presumed") if fact["presumed"] else None
        paper.line(f"{said.fact(name)}: {value}", presumed, told, indent=2)
    paper.line((paper.say("rules.hash", hash=traced["hash"]), "dim"), indent=2)


def _headline(paper: Paper, said: Words, ruleset: Ruleset, standing: Standing) -> None:
    resolved = standing.resolved
    title = ruleset.decision.label(paper.lang, ruleset.name)
    status = (paper.say(f"rules.status.{resolved.status}"), _STYLES[resolved.status])
    paper.line((title, "strong"), f"({ruleset.name})", status, _outcome(said, ruleset, resolved.outcome))
    if resolved.status == "pending":
        endings = ", ".join(_ending(paper, said, ruleset, each) for each in standing.endings)
        paper.line(paper.say("rules.possible", endings=endings), indent=2)
        paper.line(paper.say("rules.needs", facts=", ".join(map(said.fact, standing.needs)) or "-"), indent=2)
        if not standing.exact:
            paper.line((paper.say("rules.inexact"), "finding"), indent=2)


def _ending(paper: Paper, said: Words, ruleset: Ruleset, ending: tuple[str, str | None]) -> str:
    status, outcome = ending
    return _outcome(said, ruleset, outcome) or paper.say(f"rules.status.{status}")


def _outcome(said: Words, ruleset: Ruleset, outcome: str | None) -> str | None:
    if outcome is None:
        return None
    found = ruleset.decision.outcomes.get(outcome)
    return (found.label(said.lang) if found is not None else "") or outcome


def _condition(paper: Paper, said: Words, test: Any, found: Mapping[str, Any], indent: int) -> None:
    parts = found.get("all") or found.get("any")
    if parts and len(parts) > 1:
        key = "all" if "all" in found else "any"
        paper.line(_MARKS[found["truth"]], paper.say(f"rules.head.{key}"), indent=indent)
        for inner, each in zip(getattr(test, key), parts, strict=True):
            _condition(paper, said, inner, each, indent + 2)
    else:
        paper.line(_MARKS[found["truth"]], said.say(phrase(test)), indent=indent)


def asked_document(decision: str, found: Asked) -> dict[str, Any]:
    """What to ask about a decision."""
    resolved = found.standing.resolved
    return {
        "decision": decision,
        "status": resolved.status,
        "outcome": resolved.outcome,
        "endings": _endings(found.standing.endings),
        "exact": found.standing.exact,
        "questions": [
            {"fact": each.fact, "settles": each.settles,
             "answers": [{"value": one.value, "endings": _endings(one.endings)}
                         for one in each.answers]}
            for each in found.questions
        ],
    }  # fmt: skip


def _endings(endings: Sequence[tuple[str, str | None]]) -> list[dict[str, Any]]:
    return [{"status": status, "outcome": outcome} for status, outcome in endings]


def asked(paper: Paper, matter: Matter, found: Asked) -> None:
    """A decision with the next question and what each answer leads to."""
    said = Words(matter.rules, paper.lang)
    _headline(paper, said, matter.ruleset, found.standing)
    for number, question in enumerate(found.questions, 1):
        paper.line(f"{number}.", (said.fact(question.fact), "strong"), f"({question.fact})", indent=2)
        for answer in question.answers if number == 1 else ():
            led = ", ".join(_ending(paper, said, matter.ruleset, each) for each in answer.endings)
            paper.line(said.value(question.fact, answer.value), "→", led, indent=5)


def kind_of(ruleset: Ruleset) -> str:
    """Whether rules are those of a decision or of a parameter."""
    from zhengxie_flow.rules.parameters import ParameterRules

    return "parameter" if isinstance(ruleset, ParameterRules) else "decision"


def proof_document(rules: Rules, ruleset: Ruleset, proof: Proof) -> dict[str, Any]:
    """A proof as JSON."""
    places = rules.places(ruleset)
    return {
        "decision": proof.decision, "kind": kind_of(ruleset), "hash": proof.hash, "branches": proof.branches,
        "claims": proof.claims,
        "faults": [{**_fault(fault), "places": [places.get(rule) for rule in fault.rules]} for fault in proof.faults],
    }  # fmt: skip


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "claim": fault.claim, "rules": list(fault.rules), "name": fault.name, "case": _case(fault.case),
        "replayed": _resolved(fault.outcome),
    }  # fmt: skip


def _case(case: Case | None) -> dict[str, Any] | None:
    return None if case is None else {"facts": case.facts, "day": case.day}


def _resolved(resolved: Resolved | None) -> dict[str, Any] | None:
    if resolved is None:
        return None
    return {"status": resolved.status, "outcome": resolved.outcome, "fired": list(resolved.fired)}


def proved(paper: Paper, rules: Rules, ruleset: Ruleset, proof: Proof) -> None:
    """What was proved of a decision, and every fault with its case."""
    said = Words(rules, paper.lang)
    paper.line((ruleset.decision.label(paper.lang, ruleset.name), "strong"), f"({ruleset.name})",
               (paper.say("rules.branches", count=proof.branches), "dim"))  # fmt: skip
    for claim, settled in proof.claims.items():
        paper.line(
            (paper.say(f"rules.claim.{settled}"), _STYLES[settled]), paper.say(f"rules.claims.{claim}"), indent=2
        )
        for fault in proof.faults:
            if fault.claim == claim:
                about = ", ".join((*fault.rules, *([fault.name] if fault.name else [])))
                paper.line(about or None, in_words(paper, said, fault.case), indent=6)


def in_words(paper: Paper, said: Words, case: Case | None) -> str | None:
    """A case in one line."""
    if case is None:
        return None
    facts = [f"{said.fact(name)}={said.value(name, value)}" for name, value in case.facts.items()]
    return paper.say("rules.case", case=", ".join([*facts, *([case.day.isoformat()] if case.day else [])]) or "-")


def change_document(change: Change) -> dict[str, Any]:
    """A change as JSON."""
    return {
        "decision": change.decision, "kind": change.kind, "change": change.change, "case": _case(change.case),
        "old": _resolved(change.old), "new": _resolved(change.new), "branches": change.branches,
    }  # fmt: skip


def changed(paper: Paper, said: Words, changes: Sequence[Change], cases: Sequence[Mapping[str, Any]] | None) -> None:
    """Every decision with how it changed, and the open cases that it touches."""
    for change in changes:
        paper.line((paper.say(f"rules.change.{change.change}"), _STYLES.get(change.change, "finding")), change.decision)
        if change.old is not None and change.new is not None:
            paper.line(in_words(paper, said, change.case), indent=2)
            paper.line(_stands(paper, change.old), "→", _stands(paper, change.new), indent=2)
    for each in cases or ():
        paper.line(each["case"], each["decision"], each["old"], "→", each["new"])
    if cases is not None and not cases:
        paper.line(paper.say("rules.no_cases"))


def _stands(paper: Paper, resolved: Resolved) -> str:
    return resolved.outcome or paper.say(f"rules.status.{resolved.status}")


def touched(session: Session, old: Mapping[str, Ruleset], new: Mapping[str, Ruleset]) -> list[dict[str, Any]]:
    """The open cases of the database that are decided otherwise by the new rules."""
    from functools import partial

    from zhengxie_flow.conditions import NOWHERE
    from zhengxie_flow.engine import view_of
    from zhengxie_flow.rules import resolve

    engine = session.engine(read_only=True)
    wired, found = engine.context, list[dict[str, Any]]()
    for head in engine.heads():
        compiled, case = wired.read(head.case)
        if head.state in compiled.final:
            continue
        view = view_of(compiled, case, partial(wired.calendar, compiled), session.today())
        for name in compiled.rulesets:
            if name in old and name in new:
                before, after = (resolve(side[name], view, NOWHERE) for side in (old, new))
                if (before.status, before.outcome) != (after.status, after.outcome):
                    found.append({"case": head.case, "decision": name, "old": before.outcome or before.status,
                                  "new": after.outcome or after.status})  # fmt: skip
    return found
