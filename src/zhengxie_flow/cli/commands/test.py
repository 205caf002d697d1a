"""``zhengxie test``: run scenarios."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.options import Paths
from zhengxie_flow.cli.session import session_of
from zhengxie_flow.i18n import named
from zhengxie_flow.i18n.catalogue import texts

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.cli.scenario_files import Played
    from zhengxie_flow.presentation.documents.scenarios import ExercisedParts, ScenarioDocument
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.services.queries.coverage import Coverage, DefinitionPart
    from zhengxie_flow.services.queries.scenarios import Failure


def command(context: typer.Context, paths: Paths = None) -> int:
    """Run every scenario and compare its expectations with the outcome."""
    from zhengxie_flow.bootstrap import project_calendars, project_files
    from zhengxie_flow.cli import scenario_files
    from zhengxie_flow.presentation.documents.scenarios import ScenarioResults

    session = session_of(context)
    files = project_files(session.folder)
    written = scenario_files.read(scenario_files.find(files, paths or ()), files.root)
    played = list(scenario_files.play(files, project_calendars(session.folder), written))
    covered = _coverage(played)
    session.say(
        ScenarioResults(tuple(map(_document, played)), _exercised(covered)),
        lambda paper: _text(paper, played, covered),
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


def _document(played: Played) -> ScenarioDocument:
    from zhengxie_flow.presentation.documents.scenarios import FailureDocument, ScenarioDocument

    written, outcome = played.written, played.outcome
    failures = (
        FailureDocument(written.line(failure), _failed_key(failure), failure.expected, failure.got)
        for failure in outcome.failures
    )
    return ScenarioDocument(written.file, written.scenario.scenario, outcome.passed, tuple(failures))


def _failed_key(failure: Failure) -> str:
    """Return the key of the scenario that failed: the last name in its place."""
    return next((str(step) for step in reversed(failure.loc) if isinstance(step, str)), "")


def _text(paper: Page, played: list[Played], covered: dict[str, Coverage]) -> None:
    failed = [run for run in played if not run.outcome.passed]
    for run in failed:
        paper.line((run.written.scenario.scenario, "strong"), (paper.say("cli.test.failed"), "breach"))
        for failure in run.outcome.failures:
            place = f"{run.written.file}:{run.written.line(failure)}:"
            values = {"expected": _shown(paper, run, failure.expected), "got": _shown(paper, run, failure.got)}
            message = paper.say("cli.test.failure", what=_part(paper, run, _failed_key(failure)), **values)
            paper.line(place, message, indent=2)
            if failure.error is not None:
                paper.line(paper.error(failure.error), indent=4)
    style = "breach" if failed else "pass"
    paper.line(
        (paper.say("cli.test.total", total=len(played), passed=len(played) - len(failed), failed=len(failed)), style)
    )
    for process, coverage in covered.items():
        shown = ", ".join(_share(paper, name, part) for name, part in coverage.parts().items() if part.exercised)
        paper.line((f"{process}: {shown}", "dim"))


def _share(paper: Page, name: str, part: DefinitionPart) -> str:
    done = len(part.exercised)
    return f"{paper.say(f'cli.coverage.{name}')} {done}/{done + len(part.not_exercised)}"


def _part(paper: Page, played: Played, name: str) -> str:
    """Return the failed key of a scenario with its label: a key of the language, else an id of the process."""
    key = f"expect.{name}"
    return named(paper.say(key), name, paper.lang) if key in texts() else _labels(paper, played).any(name)


def _shown(paper: Page, played: Played, value: Any) -> str:
    """Return an expected or actual value as text: a verdict, an outcome, an id of the process, an error."""
    if isinstance(value, list | tuple | set):
        return ", ".join(_shown(paper, played, entry) for entry in value) or paper.say("cli.none")
    word = "-" if value is None else str(value)
    for family in ("outcome", "verdict", "detail"):
        key = f"{family}.{word.replace(' ', '_')}"
        if key in texts():
            return named(paper.say(key), word, paper.lang)
    if re.fullmatch(r"ZX\d{4}", word):
        return f"{paper.say('cli.error')} {word}"
    return _labels(paper, played).any(word)


def _labels(paper: Page, played: Played) -> Labels:
    from zhengxie_flow.presentation.labels import Labels

    return Labels(played.compiled, paper.lang)
