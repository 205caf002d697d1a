"""Decisions as text: explanations, questions, proofs and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhengxie_flow.presentation.phrases import Words
from zhengxie_flow.rules.readback import phrase
from zhengxie_flow.rules.trace import AllTrace, AnyTrace

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.cli.rendering.rule_targets import Matter
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.conditions.view import Resolved
    from zhengxie_flow.presentation.documents.rules import ChangedCase
    from zhengxie_flow.reading.rulesets import RuleFolder
    from zhengxie_flow.rules import Ruleset
    from zhengxie_flow.rules.diff import DecisionChange
    from zhengxie_flow.rules.next_question import NextQuestion
    from zhengxie_flow.rules.partial_facts import PartialDecision
    from zhengxie_flow.rules.prove import Counterexample, DecisionProof
    from zhengxie_flow.rules.trace import DecisionTrace, Provenance, TracedCondition

_MARKS = {"true": "✓", "false": "✗", "unknown": "?"}
_STYLES = {"decided": "pass", "pending": "pending", "conflict": "breach", "no_rule": "breach", "proved": "pass",
           "refuted": "breach", "not_proved": "finding", "fired": "pass", "open": "pending", "overridden": "finding",
           "same": "pass", "changed": "finding", "added": "finding", "removed": "finding"}  # fmt: skip


def words_of(session: Session, sides: Sequence[RuleFolder]) -> Words:
    """Return the vocabulary for the decisions of several folders."""
    from zhengxie_flow.reading.rulesets import RuleFolder as Folder

    rulesets = {name: ruleset for rules in reversed(sides) for name, ruleset in rules.rulesets.items()}
    return Words(
        Folder("", rulesets, processes=tuple(process for rules in sides for process in rules.processes)),
        session.language,
    )


def show_explanation(page: Page, matter: Matter, standing: PartialDecision, trace: DecisionTrace) -> None:
    """Write a decision with its rules and facts."""
    words = Words(matter.rules, page.lang)
    _headline(page, words, matter.ruleset, standing)
    rules = matter.ruleset.decision.rules
    for index, rule in enumerate(trace.rules):
        by = page.say("rules.by", rules=rule.overridden_by) if rule.overridden_by else None
        label = rules[index].label(page.lang)
        law = page.say("rules.law", law=rule.law)
        page.line((page.say(f"rules.state.{rule.state}"), _STYLES.get(rule.state, "dim")), rule.id, label or None,
                  law, by, rule.place, indent=2)  # fmt: skip
        for test, condition in zip(matter.ruleset.tests[index], rule.conditions, strict=True):
            _condition(page, words, test, condition, 4)
    if trace.default:
        page.line((page.say("rules.default"), "pass"), indent=2)
    if trace.either_way:
        page.line((page.say("rules.either_way"), "pass"), indent=2)
    for name, fact in trace.facts.items():
        value = words.value(name, fact.value) if fact.value is not None else page.say("rules.unknown")
        origin = None if fact.provenance is None else _provenance(page, words, fact.provenance)
        presumed = page.say("rules.presumed") if fact.presumed else None
        page.line(f"{words.fact(name)}: {value}", presumed, origin, indent=2)
    page.line((page.say("rules.hash", hash=trace.hash), "dim"), indent=2)


def _provenance(page: Page, words: Words, origin: Provenance) -> str:
    return page.say("rules.from", by=words.role(origin.by), day=origin.day.isoformat(), event=origin.event)


def _headline(page: Page, words: Words, ruleset: Ruleset, standing: PartialDecision) -> None:
    resolved = standing.resolved
    title = ruleset.decision.label(page.lang, ruleset.name)
    status = (page.say(f"rules.status.{resolved.status}"), _STYLES[resolved.status])
    page.line((title, "strong"), f"({ruleset.name})", status, _outcome(words, ruleset, resolved.outcome))
    if resolved.status == "pending":
        endings = ", ".join(_ending(page, words, ruleset, ending) for ending in standing.endings)
        page.line(page.say("rules.possible", endings=endings), indent=2)
        page.line(page.say("rules.needs", facts=", ".join(map(words.fact, standing.needs)) or "-"), indent=2)
        if not standing.exact:
            page.line((page.say("rules.inexact"), "finding"), indent=2)


def _ending(page: Page, words: Words, ruleset: Ruleset, ending: tuple[str, str | None]) -> str:
    status, outcome = ending
    return _outcome(words, ruleset, outcome) or page.say(f"rules.status.{status}")


def _outcome(words: Words, ruleset: Ruleset, outcome: str | None) -> str | None:
    if outcome is None:
        return None
    declared = ruleset.decision.outcomes.get(outcome)
    return (declared.label(words.lang) if declared is not None else "") or outcome


def _condition(page: Page, words: Words, test: Any, trace: TracedCondition, indent: int) -> None:
    mark = _MARKS[trace.truth]
    match trace:
        case AllTrace(all=parts) if len(parts) > 1:
            page.line(mark, page.say("rules.head.all"), indent=indent)
            inner = test.all
        case AnyTrace(any=parts) if len(parts) > 1:
            page.line(mark, page.say("rules.head.any"), indent=indent)
            inner = test.any
        case _:
            page.line(mark, words.say(phrase(test)), indent=indent)
            return
    for condition, part in zip(inner, parts, strict=True):
        _condition(page, words, condition, part, indent + 2)


def show_question(page: Page, matter: Matter, next_question: NextQuestion) -> None:
    """Write a decision with the next questions, and the endings each answer leads to."""
    words = Words(matter.rules, page.lang)
    _headline(page, words, matter.ruleset, next_question.standing)
    for number, question in enumerate(next_question.questions, 1):
        page.line(f"{number}.", (words.fact(question.fact), "strong"), f"({question.fact})", indent=2)
        for answer in question.answers if number == 1 else ():
            endings = ", ".join(_ending(page, words, matter.ruleset, ending) for ending in answer.endings)
            page.line(words.value(question.fact, answer.value), "→", endings, indent=5)


def show_proof(page: Page, rules: RuleFolder, ruleset: Ruleset, proof: DecisionProof) -> None:
    """Write the proof of a decision, and every fault with its counterexample."""
    words = Words(rules, page.lang)
    page.line((ruleset.decision.label(page.lang, ruleset.name), "strong"), f"({ruleset.name})",
              (page.say("rules.branches", count=proof.branches), "dim"))  # fmt: skip
    for claim, settled in proof.claims.items():
        page.line((page.say(f"rules.claim.{settled}"), _STYLES[settled]), page.say(f"rules.claims.{claim}"), indent=2)
        for fault in proof.faults:
            if fault.claim == claim:
                names = ", ".join((*fault.rules, *([fault.name] if fault.name else [])))
                page.line(names or None, case_line(page, words, fault.case), indent=6)


def case_line(page: Page, words: Words, case: Counterexample | None) -> str | None:
    """Return a counterexample in one line."""
    if case is None:
        return None
    facts = [f"{words.fact(name)}={words.value(name, value)}" for name, value in case.facts.items()]
    return page.say("rules.case", case=", ".join([*facts, *([case.day.isoformat()] if case.day else [])]) or "-")


def show_changes(
    page: Page, words: Words, changes: Sequence[DecisionChange], cases: Sequence[ChangedCase] | None
) -> None:
    """Write every decision with its change, and the open cases affected."""
    for change in changes:
        page.line((page.say(f"rules.change.{change.change}"), _STYLES.get(change.change, "finding")), change.decision)
        if change.old is not None and change.new is not None:
            page.line(case_line(page, words, change.case), indent=2)
            page.line(_result(page, change.old), "→", _result(page, change.new), indent=2)
    for case in cases or ():
        page.line(case.case, case.decision, case.old, "→", case.new)
    if cases is not None and not cases:
        page.line(page.say("rules.no_cases"))


def _result(page: Page, resolved: Resolved) -> str:
    return resolved.outcome or page.say(f"rules.status.{resolved.status}")


def affected_cases(session: Session, old: Mapping[str, Ruleset], new: Mapping[str, Ruleset]) -> tuple[ChangedCase, ...]:
    """Return the open cases of the database that the new rules decide otherwise."""
    from zhengxie_flow.conditions import NOWHERE
    from zhengxie_flow.presentation.documents.rules import ChangedCase
    from zhengxie_flow.rules import resolve
    from zhengxie_flow.services.queries.derived_cases import read_derived

    engine = session.engine(read_only=True)
    context, changed_cases = engine.context, list[ChangedCase]()
    for head in engine.heads():
        derived = read_derived(context, head.case)
        if head.state in derived.compiled.final:
            continue
        for name in derived.compiled.rulesets:
            if name in old and name in new:
                before, after = (resolve(side[name], derived.view, NOWHERE) for side in (old, new))
                if (before.status, before.outcome) != (after.status, after.outcome):
                    outcomes = (resolved.outcome or resolved.status for resolved in (before, after))
                    changed_cases.append(ChangedCase(head.case, name, *outcomes))
    return tuple(changed_cases)
