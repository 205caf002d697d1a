"""``zhengxie rules``: explain, ask, prove, compare and read back decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import AsOf
from zhengxie_flow.cli.parsing import day as civil_day
from zhengxie_flow.cli.session import Session, session_of

if TYPE_CHECKING:
    from datetime import date

    from zhengxie_flow.cli.rendering.rule_targets import Matter

OptionalCase = Annotated[str | None, typer.Argument(metavar="[CASE]")]
Facts = Annotated[list[str] | None, typer.Option("--facts", metavar="F=V")]
Which = Annotated[str | None, typer.Option("--decision", metavar="DECISION")]
Decision = Annotated[str | None, typer.Argument(metavar="[DECISION]")]
Branches = Annotated[int, typer.Option("--branches", metavar="N", min=1)]


def explain(
    context: typer.Context, case: OptionalCase = None, facts: Facts = None, decision: Which = None, as_of: AsOf = None
) -> None:
    """Explain decisions over a case, or over facts."""
    from zhengxie_flow.cli.rendering import decisions
    from zhengxie_flow.presentation.documents.rules import Explanations
    from zhengxie_flow.rules.trace import trace

    session = session_of(context)
    matters = _matters(session, case, facts, decision, as_of)
    standings = [matter.inquiry.standing(matter.view) for matter in matters]
    traces = [
        trace(
            matter.ruleset, standing, matter.view, provenance=matter.origin, places=matter.rules.places(matter.ruleset)
        )
        for matter, standing in zip(matters, standings, strict=True)
    ]
    session.say(
        Explanations(case, tuple(traces)),
        lambda page: _write_rows(
            partial(decisions.show_explanation, page), zip(matters, standings, traces, strict=True)
        ),
    )


def ask(
    context: typer.Context, case: OptionalCase = None, facts: Facts = None, decision: Which = None, as_of: AsOf = None
) -> None:
    """List the next questions of each open decision."""
    from zhengxie_flow.cli.rendering import decisions
    from zhengxie_flow.presentation.documents.rules import Questions, open_decision
    from zhengxie_flow.rules.next_question import ask as ask_

    session = session_of(context)
    matters = _matters(session, case, facts, decision, as_of)
    asked = [ask_(matter.inquiry, matter.view) for matter in matters]
    answers = (open_decision(matter.ruleset.name, question) for matter, question in zip(matters, asked, strict=True))
    session.say(
        Questions(case, tuple(answers)),
        lambda page: _write_rows(partial(decisions.show_question, page), zip(matters, asked, strict=True)),
    )


def prove(context: typer.Context, decision: Decision = None, branches: Branches = 200_000) -> int:
    """Prove that decisions have no gap and no contradiction, or show the case where they have."""
    from zhengxie_flow.cli.rendering import decisions, rule_targets
    from zhengxie_flow.presentation.documents.rules import Proofs, proved_decision
    from zhengxie_flow.rules.parameters import ParameterRules, prove_parameter
    from zhengxie_flow.rules.prove import prove as prove_

    session = session_of(context)
    proofs = [
        (
            rules,
            ruleset,
            prove_parameter(ruleset, rules.rulesets, branches=branches)
            if isinstance(ruleset, ParameterRules)
            else prove_(ruleset, rules.rulesets, branches=branches),
        )
        for rules, ruleset in rule_targets.select_rulesets(session, decision, parameters=True)
    ]
    session.say(
        Proofs(tuple(proved_decision(ruleset, proof, rules.places(ruleset)) for rules, ruleset, proof in proofs)),
        lambda page: _write_rows(partial(decisions.show_proof, page), proofs),
    )
    return DONE if all(proof.sound for *_, proof in proofs) else NO


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW")],
    branches: Branches = 200_000,
    cases: Annotated[bool, typer.Option("--cases")] = False,
) -> int:
    """Show for each decision a case that is decided otherwise, or prove that there is none."""
    from zhengxie_flow.cli.rendering import decisions
    from zhengxie_flow.presentation.documents.rules import RuleChanges, changed_decision
    from zhengxie_flow.reading.rulesets import of_path
    from zhengxie_flow.rules.diff import SAME, diff_folders

    session = session_of(context)
    before, after = of_path(Path(old)), of_path(Path(new))
    rulesets = [
        {name: ruleset for rules in side for name, ruleset in rules.rulesets.items()} for side in (before, after)
    ]
    tables = [{rules.folder: rules.rulesets for rules in side} for side in (before, after)]
    parameters = [{rules.folder: rules.parameters for rules in side} for side in (before, after)]
    changes = [
        *diff_folders(*tables, branches=branches),
        *diff_folders(*parameters, branches=branches, kind="parameter"),
    ]
    touched = decisions.affected_cases(session, *rulesets) if cases else None
    words = decisions.words_of(session, (*after, *before))
    session.say(
        RuleChanges(tuple(map(changed_decision, changes)), touched),
        lambda page: decisions.show_changes(page, words, changes, touched),
    )
    return DONE if all(change.change == SAME for change in changes) else NO


def readback(context: typer.Context, decision: Decision = None) -> None:
    """Read every rule back as a plain sentence."""
    from zhengxie_flow.cli.rendering import rule_targets
    from zhengxie_flow.presentation.documents.rules import Readback, ReadbackDecision, kind_of
    from zhengxie_flow.presentation.phrases import Words
    from zhengxie_flow.rules.parameters import ParameterRules, readback_parameter
    from zhengxie_flow.rules.readback import readback as phrases

    session = session_of(context)
    lang = session.message_language
    decisions: list[ReadbackDecision] = []
    for rules, ruleset in rule_targets.select_rulesets(session, decision, parameters=True):
        words = Words(rules, lang)
        statements = readback_parameter(ruleset) if isinstance(ruleset, ParameterRules) else phrases(ruleset)
        sentences = tuple(words.say(phrase) for phrase in statements)
        decisions.append(ReadbackDecision(ruleset.name, kind_of(ruleset), ruleset.hash, sentences))
    session.say(Readback(tuple(decisions)), "\n\n".join("\n".join(entry.sentences) for entry in decisions))


SUBCOMMANDS = {"explain": explain, "ask": ask, "prove": prove, "diff": diff, "readback": readback}


def _matters(
    session: Session, case: str | None, facts: list[str] | None, decision: str | None, as_of: str | None
) -> list[Matter]:
    from zhengxie_flow.cli.rendering import rule_targets

    day: date = session.today() if as_of is None else civil_day(as_of)
    return rule_targets.matters(session, case, facts or (), decision, day)


def _write_rows(write: Callable[..., None], rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        write(*row)
