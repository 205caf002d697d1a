"""Trials of other readings as text: what each one changes, what could not be tried, and combinations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zhengxie_flow.cli.rendering.verdicts import LabelsFor, changes

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.reading_trials import ReadingTrial, ReadingTrials, UntriedEntry


def text(page: Page, trials: ReadingTrials, labels_for: LabelsFor) -> None:
    """Write, for each other reading, the lines that would differ; what changes nothing is counted."""
    page.line("")
    page.line((page.say("cli.trials.head"), "strong"))
    _trials(page, trials.trials, labels_for)
    untried(page, trials.untried)
    combinations = trials.combinations
    if combinations is not None:
        page.line("")
        key = "cli.trials.exhaustive" if combinations.exhaustive else "cli.trials.bounded"
        page.line((page.say(key, tried=combinations.tried, possible=combinations.possible), "strong"))
        _trials(page, combinations.trials, labels_for)


def _trials(page: Page, trials: Iterable[ReadingTrial], labels_for: LabelsFor) -> None:
    without = 0
    for trial in trials:
        if trial.changes:
            page.line((named(trial), "strong"), _count(page, trial), indent=2)
            changes(page, trial.changes, labels_for)
        else:
            without += 1
    if without:
        page.line((page.say("cli.trials.same", count=without), "dim"), indent=2)


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
