"""Trials of other readings as text: what each one changes, what could not be tried, and combinations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zhengxie_flow.cli.rendering.verdicts import LabelsFor, changes

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.cell import Cell
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.reading_trials import Combinations, ReadingTrial, ReadingTrials, UntriedEntry
    from zhengxie_flow.model.verdict import Verdict
    from zhengxie_flow.presentation.documents.impacts import EntryImpact, RegisterImpact


def text(page: Page, trials: ReadingTrials, labels_for: LabelsFor) -> None:
    """Write, for each other reading, the lines that would differ; what changes nothing is counted."""
    page.line("")
    page.line((page.say("cli.trials.head"), "strong"))
    _trials(page, trials.trials, labels_for)
    untried(page, trials.untried)
    _combined(page, trials.combinations, labels_for)


def _combined(page: Page, combinations: Combinations | None, labels_for: LabelsFor) -> None:
    """Write what readings change together, and whether every set was tried."""
    if combinations is not None:
        page.line("")
        key = "cli.trials.exhaustive" if combinations.exhaustive else "cli.trials.bounded"
        page.line((page.say(key, tried=combinations.tried, possible=combinations.possible), "strong"))
        _trials(page, combinations.trials, labels_for)


def impact(page: Page, document: RegisterImpact, labels_for: LabelsFor) -> None:
    """Write which entries matter over the open cases, those that change most lines first."""
    page.line((page.say("cli.register.impact_head", as_of=document.as_of, cases=document.cases), "dim"))
    heads = [page.say(f"cli.head.{name}") for name in ("entry", "reading", "cases", "lines", "outcomes", "what")]
    page.table([_impact_row(page, entry) for entry in document.effective], heads)
    if not document.effective:
        page.line(page.say("cli.trials.nothing"))
    _without_effect(page, len(document.readings) - len(document.effective))
    untried(page, document.untried)
    _combined(page, document.combinations, labels_for)


def _impact_row(page: Page, entry: EntryImpact) -> tuple[Cell, ...]:
    outcomes = ", ".join(
        f"{_verdict(page, outcome.before)} → {_verdict(page, outcome.after)} {outcome.count}"
        for outcome in entry.outcomes
    )
    label = (entry.zh if page.lang == "zh" else entry.en) or entry.zh or entry.en or ""
    lines = page.say("cli.trials.of", changed=len(entry.changes), lines=entry.lines)
    return entry.entry, entry.reading, str(len(entry.cases)), lines, outcomes, label


def _verdict(page: Page, verdict: Verdict | None) -> str:
    return "-" if verdict is None else page.say(f"verdict.{verdict}")


def _trials(page: Page, trials: Iterable[ReadingTrial], labels_for: LabelsFor) -> None:
    without = 0
    for trial in trials:
        if trial.changes:
            page.line((named(trial), "strong"), _count(page, trial), indent=2)
            changes(page, trial.changes, labels_for)
        else:
            without += 1
    _without_effect(page, without)


def _without_effect(page: Page, count: int) -> None:
    if count:
        page.line((page.say("cli.trials.same", count=count), "dim"), indent=2)


def named(trial: ReadingTrial) -> str:
    """Return the entries of a trial with the alternative of each."""
    return ", ".join(f"{entry}={name}" for entry, name in trial.readings.items())


def _count(page: Page, trial: ReadingTrial) -> str:
    return page.say("cli.trials.count", cases=len(trial.cases), lines=len(trial.changes), days=trial.days or None)


def untried(page: Page, entries: Iterable[UntriedEntry]) -> None:
    """Write the entries that lines rest on and that could not be tried, by the reason."""
    by_reason: dict[str, list[str]] = {}
    for entry in entries:
        name = entry.entry if entry.reading is None else f"{entry.entry}={entry.reading}"
        by_reason.setdefault(entry.reason, []).append(name)
    for reason, names in by_reason.items():
        page.line((page.say(f"cli.trials.untried.{reason}", entries=tuple(names)), "dim"), indent=2)
