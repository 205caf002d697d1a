"""Names of the release before that stay importable for one more, each with a warning that says the new name."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from tests.support import cn

import zhengxie_flow

PACKAGE = Path(zhengxie_flow.__file__).parent

RENAMED = {
    ("calendars", "Reckoning"): ("calendars", "LimitCount"),
    ("calendars.checks", "Fault"): ("calendars.checks", "CalendarProblem"),
    ("calendars.difference", "Change"): ("calendars.difference", "DayChange"),
    ("calendars.difference", "Limit"): ("calendars.difference", "RecountedLimit"),
    ("calendars.difference", "Move"): ("calendars.difference", "MovedLimit"),
    ("calendars.interval", "Spread"): ("calendars.interval", "DayRange"),
    ("calendars.proof", "OtherReckoning"): ("calendars.proof", "OtherLimitCount"),
    ("calendars.proof", "Reckoning"): ("calendars.proof", "LimitCount"),
    ("calendars.timeline", "Mark"): ("calendars.timeline", "DayMark"),
    ("conditions", "Seen"): ("conditions", "FactValue"),
    ("conditions.view", "Given"): ("conditions.view", "ParameterValue"),
    ("conditions.view", "Seen"): ("conditions.view", "FactValue"),
    ("conditions.view", "SubcaseSeen"): ("conditions.view", "SubcaseSummary"),
    ("model.case", "Pin"): ("model.case", "EditionPin"),
    ("model.case", "Placed"): ("model.case", "HasPosition"),
    ("model.case", "Stay"): ("model.case", "StatePeriod"),
    ("model.difference", "Change"): ("model.verdict", "VerdictChange"),
    ("model.safeguard", "Delegation"): ("model.internal_control", "Delegation"),
    ("model.safeguard", "Follows"): ("model.internal_control", "Follows"),
    ("model.safeguard", "FollowsSpec"): ("model.internal_control", "FollowsSpec"),
    ("model.safeguard", "Span"): ("model.internal_control", "Span"),
    ("model.scenario", "Given"): ("model.scenario", "ScenarioSetup"),
    ("model.scenario", "Happening"): ("model.scenario", "ScriptEvent"),
    ("model.verdict", "ActSeen"): ("model.verdict", "ActRef"),
    ("model.verdict", "AnchorSeen"): ("model.verdict", "AnchorRef"),
    ("model.verdict", "Change"): ("model.verdict", "VerdictChange"),
    ("model.verdict", "Proof"): ("model.verdict", "CountProof"),
    ("model.verdict", "Reread"): ("model.verdict", "AlternativeAudit"),
    ("rules.ask", "Answer"): ("rules.next_question", "Answer"),
    ("rules.ask", "Asked"): ("rules.next_question", "NextQuestion"),
    ("rules.ask", "Question"): ("rules.next_question", "Question"),
    ("rules.ask", "ask"): ("rules.next_question", "ask"),
    ("rules.diff", "Change"): ("rules.diff", "DecisionChange"),
    ("rules.exact", "Inquiry"): ("rules.partial_facts", "Inquiry"),
    ("rules.exact", "Standing"): ("rules.partial_facts", "PartialDecision"),
    ("rules.exact", "inquiry"): ("rules.partial_facts", "inquiry"),
    ("rules.prove", "Case"): ("rules.prove", "Counterexample"),
    ("rules.prove", "Fault"): ("rules.prove", "DecisionProblem"),
    ("rules.prove", "Proof"): ("rules.prove", "DecisionProof"),
    ("rules.replay", "FactsView"): ("rules.reference_evaluator", "FactsView"),
    ("rules.replay", "impossible"): ("rules.reference_evaluator", "impossible"),
    ("rules.replay", "replay"): ("rules.reference_evaluator", "replay"),
    ("rules.replay", "truth"): ("rules.reference_evaluator", "truth"),
    ("testing.mutation", "Judged"): ("testing.mutation", "MutantOutcome"),
    ("testing.mutation", "Process"): ("testing.mutation", "MutatedProcess"),
}


@pytest.mark.parametrize(("old", "new"), RENAMED.items(), ids=[".".join(old) for old in RENAMED])
def test_an_old_name_is_the_new_one_and_warns(old: tuple[str, str], new: tuple[str, str]) -> None:
    module = import_module(f"zhengxie_flow.{old[0]}")
    replacement = f"zhengxie_flow.{'.'.join(new)}"
    with pytest.warns(DeprecationWarning, match=f"use {replacement}$"):
        value = getattr(module, old[1])
    assert value is getattr(import_module(f"zhengxie_flow.{new[0]}"), new[1])


def test_every_alias_of_the_package_is_listed_here() -> None:
    aliases = set()
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "deprecated_names":
                assert isinstance(node.args[1], ast.Dict)
                aliases |= {(module, ast.literal_eval(key)) for key in node.args[1].keys if key is not None}
    assert aliases == set(RENAMED)


@pytest.mark.parametrize("module", sorted({module for module, _ in RENAMED}))
def test_a_name_that_never_was_is_refused(module: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'NeverWas'"):
        _ = import_module(f"zhengxie_flow.{module}").NeverWas


def test_the_warning_points_at_the_line_that_imports() -> None:
    program = "import sys\nfrom zhengxie_flow.calendars import Reckoning\nprint(Reckoning.__name__)\n"
    done = subprocess.run(
        [sys.executable, "-W", "always::DeprecationWarning:__main__", "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "LimitCount\n"
    assert "<string>:2: DeprecationWarning: zhengxie_flow.calendars.Reckoning is deprecated" in done.stderr


def test_the_hash_of_a_calendar_answers_to_its_old_name() -> None:
    calendar = cn(date(2026, 11, 22))
    with pytest.warns(DeprecationWarning, match="use calendar_hash$"):
        old = calendar.edition
    assert old == calendar.calendar_hash
