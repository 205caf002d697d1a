"""``zhengxie test``: run scenarios."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import Paths
from zhengxie_flow.cli.session import session_of
from zhengxie_flow.i18n import named
from zhengxie_flow.i18n.catalogue import texts

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.scenario_files import Played
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.model.verdict import Judgement
    from zhengxie_flow.presentation.documents.scenarios import ExercisedParts, ScenarioDocument
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.services.queries.coverage import Coverage, DefinitionPart
    from zhengxie_flow.services.queries.scenarios import Failure


def command(context: typer.Context, paths: Paths = None, show: Annotated[bool, typer.Option("--show")] = False) -> int:
    """Run every scenario and compare its expectations with the outcome."""
    from zhengxie_flow.bootstrap import project_calendars, project_files, scenario_files
    from zhengxie_flow.presentation.documents.scenarios import ScenarioResults

    session = session_of(context)
    played: list[Played] = []
    for folder, named_paths in session.projects_of(paths or ()).items():
        files = project_files(folder)
        written = scenario_files.read(scenario_files.find(files, named_paths), files.root)
        played += scenario_files.play(files, project_calendars(folder), written)
    covered = _coverage(played)
    lang = session.message_language
    session.say(
        ScenarioResults(tuple(_document(run, lang if show else None) for run in played), _exercised(covered)),
        lambda page: _text(page, played, covered, show=show),
    )
    return DONE if all(run.outcome.passed for run in played) else NO


def _coverage(played: list[Played]) -> dict[str, Coverage]:
    """Return the coverage of the scenarios, by process."""
    from zhengxie_flow.services.queries.coverage import Coverage

    coverages: dict[str, Coverage] = {}
    for run in played:
        coverages.setdefault(run.compiled.id, Coverage(run.compiled)).add(run.outcome, run.calendars)
        for subcase in run.outcome.below:
            process = coverages.setdefault(subcase.compiled.id, Coverage(subcase.compiled))
            process.add_below(subcase, run.written.scenario.as_of)
    return coverages


def _exercised(covered: dict[str, Coverage]) -> dict[str, ExercisedParts]:
    from zhengxie_flow.presentation.documents.scenarios import ExercisedParts

    return {process: ExercisedParts(**coverage.parts()) for process, coverage in covered.items()}


def _document(played: Played, lang: str | None) -> ScenarioDocument:
    """Return the document of a scenario; with its lines, in a language, where it failed and they are asked for."""
    from zhengxie_flow.presentation.documents.scenarios import FailureDocument, ScenarioDocument

    written, outcome = played.written, played.outcome
    failures = (
        FailureDocument(written.line(failure), _failed_key(failure), failure.expected, failure.got)
        for failure in outcome.failures
    )
    lines = None if lang is None or outcome.passed else tuple(_lines(played, lang))
    return ScenarioDocument(written.file, written.scenario.scenario, outcome.passed, tuple(failures), lines)


def _lines(played: Played, lang: str) -> list[Judgement]:
    """Return the lines of a scenario and its subcases with their sentences, the worst first."""
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.presentation.sentences import sentence

    outcome = played.outcome
    audits = [] if outcome.audit is None else [(None, outcome.audit, Labels(played.compiled, lang))]
    below = [(entry.audit.case, entry.audit, Labels(entry.compiled, lang)) for entry in outcome.below]
    lines = [
        replace(line, subcase=case, sentence=sentence(line, labels))
        for case, audit, labels in (*audits, *below)
        for line in audit.verdicts
    ]
    return sorted(lines, key=lambda line: line.verdict.severity)


def _failed_key(failure: Failure) -> str:
    """Return the key of the scenario that failed: the last name in its place."""
    return next((str(step) for step in reversed(failure.loc) if isinstance(step, str)), "")


def _text(page: Page, played: list[Played], covered: dict[str, Coverage], *, show: bool) -> None:
    from zhengxie_flow.cli.rendering import verdicts

    failed = [run for run in played if not run.outcome.passed]
    for run in failed:
        page.line((run.written.scenario.scenario, "strong"), (page.say("cli.test.failed"), "breach"))
        for failure in run.outcome.failures:
            place = f"{run.written.file}:{run.written.line(failure)}:"
            values = {"expected": _shown(page, run, failure.expected), "got": _shown(page, run, failure.got)}
            message = page.say("cli.test.failure", what=_part(page, run, _failed_key(failure)), **values)
            page.line(place, message, indent=2)
            if failure.error is not None:
                page.line(page.error(failure.error), indent=4)
        if show:
            verdicts.listed(page, _lines(run, page.lang))
    style = "breach" if failed else "pass"
    page.line(
        (page.say("cli.test.total", total=len(played), passed=len(played) - len(failed), failed=len(failed)), style)
    )
    for process, coverage in covered.items():
        shown = ", ".join(_share(page, name, part) for name, part in coverage.parts().items() if part.exercised)
        page.line((f"{process}: {shown}", "dim"))


def _share(page: Page, name: str, part: DefinitionPart) -> str:
    done = len(part.exercised)
    return f"{page.say(f'cli.coverage.{name}')} {done}/{done + len(part.not_exercised)}"


def _part(page: Page, played: Played, name: str) -> str:
    """Return the failed key of a scenario with its label: a key of the language, else an id of the process."""
    key = f"expect.{name}"
    return named(page.say(key), name, page.lang) if key in texts() else _labels(page, played).any(name)


def _shown(page: Page, played: Played, value: Any) -> str:
    """Return an expected or actual value as text: a verdict, an outcome, an id of the process, an error."""
    if isinstance(value, list | tuple | set):
        return ", ".join(_shown(page, played, entry) for entry in value) or page.say("cli.none")
    word = "-" if value is None else str(value)
    for family in ("outcome", "verdict", "detail"):
        key = f"{family}.{word.replace(' ', '_')}"
        if key in texts():
            return named(page.say(key), word, page.lang)
    if re.fullmatch(r"ZX\d{4}", word):
        return f"{page.say('cli.error')} {word}"
    return _labels(page, played).any(word)


def _labels(page: Page, played: Played) -> Labels:
    from zhengxie_flow.presentation.labels import Labels

    return Labels(played.compiled, page.lang)
