"""Run scenarios: the same pure functions as the live engine, on a case that lives in memory only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengxie_flow.conditions.view import NOWHERE
from zhengxie_flow.engine import CompiledProcess, audit, fold, view_of
from zhengxie_flow.engine.audit_line import act_ref
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.statements import Attribution
from zhengxie_flow.engine.findings.of_acts import IDS
from zhengxie_flow.engine.view import Calendars, CaseView
from zhengxie_flow.errors import Refused, ZhengxieError
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.scenario import Expectation, Scenario, ScriptEvent
from zhengxie_flow.model.verdict import CaseAudit, Judgement, Verdict, worst
from zhengxie_flow.services.commands.case_script import Processes, ScriptedCase, begin, instant, no_processes

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not hold, or one happening that could not happen; ``loc`` is its place in the file."""

    loc: Path
    expected: Any
    got: Any
    error: ZhengxieError | None = None


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """A case at the end of a scenario, with its audit."""

    compiled: CompiledProcess
    case: Case
    audit: CaseAudit
    view: CaseView
    calendars: Calendars


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario came out, and the audit it ended with (None: it could not be played)."""

    scenario: Scenario
    failures: tuple[Failure, ...]
    audit: CaseAudit | None = None
    case: Any = None
    below: tuple[ScenarioOutcome, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything expected came out."""
        return not self.failures


def run(
    compiled: CompiledProcess,
    scenario: Scenario,
    calendars: Callable[[date], Any],
    processes: Processes = no_processes,
) -> Outcome:
    """Play a scenario and hold its expectations against the audit as of its day, of the case and of its subcases."""
    failures: list[Failure] = []
    try:
        story = _opened(compiled, scenario, calendars, processes)
    except ZhengxieError as error:
        return Outcome(scenario, (Failure(("given",), "opened", error.code, error),))
    for index, happening in enumerate(scenario.events):
        failures += _play(story, happening, ("events", index))
    told = _judged(story, scenario)
    below = {name: _judged(child, scenario) for name, child in story.below.items()}
    for index, expectation in enumerate(scenario.expect):
        about = told if expectation.in_ is None else below.get(expectation.in_)
        if about is None:
            failures.append(Failure(("expect", index, "in"), expectation.in_, "unknown id"))
        else:
            failures += _check(about.compiled, about.view, about.audit, expectation, ("expect", index))
    return Outcome(scenario, tuple(failures), told.audit, told.case, tuple(below.values()))


def _judged(story: ScriptedCase, scenario: Scenario) -> ScenarioOutcome:
    known_at = None if scenario.known_at is None else instant(scenario.known_at, story.compiled)
    case = story.case if known_at is None else fold(story.case.events, known_at)
    compiled = edition_governing_life(story.compiled, case)
    result = audit(compiled, case, story.calendars, scenario.as_of)
    return ScenarioOutcome(
        compiled, case, result, view_of(compiled, case, story.calendars, scenario.as_of), story.calendars
    )


def _opened(compiled: CompiledProcess, scenario: Scenario, calendars: Calendars, processes: Processes) -> ScriptedCase:
    """The case opens, and what is given holds, from the day of the first event."""
    first = scenario.events[0].at if scenario.events else scenario.as_of
    now = instant(first, compiled)
    if scenario.known_at is not None:  # what is given was known from the start
        now = min(now, instant(scenario.known_at, compiled))
    day = first.astimezone(compiled.zone).date() if isinstance(first, datetime) else first
    opening = min(day, now.astimezone(compiled.zone).date())
    told = Attribution(by=None, at=opening)
    story, _ = begin(compiled, calendars, scenario.scenario, scenario.given, told, now, processes=processes)
    return story


def _play(story: ScriptedCase, happening: ScriptEvent, loc: Path) -> list[Failure]:
    now = instant(happening.known or happening.at, story.compiled)
    try:
        for _ in story.tell(happening, now):
            pass
    except Refused as refused:
        reasons = [reason.id for reason in refused.reasons]
        if not happening.refused:
            return [Failure((*loc, "try"), "done", reasons, refused)]
        missing = [wanted for wanted in happening.refused if wanted not in reasons]
        return [Failure((*loc, "refused"), missing, reasons)] if missing else []
    except ZhengxieError as error:
        return [Failure(loc, "done", error.code, error)]
    if happening.refused:
        return [Failure((*loc, "refused"), list(happening.refused), "done")]
    return []


def _check(compiled: CompiledProcess, view: Any, result: CaseAudit, expected: Expectation, loc: Path) -> list[Failure]:
    if expected.state is not None and expected.for_ is not None:
        return _compare((*loc, "state"), "for", expected.state, _item_state(view, expected.for_))
    if expected.state is not None:
        return _compare(loc, "state", expected.state, result.state)
    if expected.worst is not None:
        return _compare(loc, "worst", expected.worst, str(result.worst))
    if expected.decided is not None:
        return _check_decisions(compiled, view, expected.decided, loc)
    lines = _lines(compiled, view, result, expected)
    if lines is None:
        return [Failure(loc, expected.obligation or expected.action, "unknown id")]
    return _check_lines(lines, expected, loc)


def _item_state(view: CaseView, ident: str) -> str | None:
    """The state of the item of an id, where its type has states."""
    found = [items[ident] for items in view.case.items.values() if ident in items]
    return next((state for item in found if (state := view.item_state(item)) is not None), None)


def _check_decisions(compiled: CompiledProcess, view: Any, wanted: dict[str, str], loc: Path) -> list[Failure]:
    failures: list[Failure] = []
    for name, outcome in wanted.items():
        if name not in compiled.definition.decisions:
            failures.append(Failure((*loc, "decided", name), name, "unknown id"))
            continue
        resolved = view.decision(name, NOWHERE)
        got = resolved.outcome if resolved.status == "decided" else resolved.status
        failures += _compare((*loc, "decided"), name, outcome, got)
    return failures


def _lines(
    compiled: CompiledProcess, view: CaseView, result: CaseAudit, expected: Expectation
) -> list[Judgement] | None:
    """The lines an expectation speaks of; None where its id is known nowhere in the process."""
    if expected.action is not None:
        if expected.action not in compiled.process.actions:
            return None
        found = [line for line in result.verdicts if line.is_action and line.obligation == expected.action]
        found = found or _plainly_done(view, expected.action)
    else:
        wanted = expected.obligation or ""
        if not _known(compiled, wanted):
            return None
        found = [line for line in result.verdicts if not line.is_action and _named(line.obligation, wanted)]
    return [line for line in found if expected.for_ is None or line.item == expected.for_]


def _plainly_done(view: CaseView, action: str) -> list[Judgement]:
    """An action that nothing is to be said about: done, or not yet."""
    acts = view.acts((action,))
    if not acts:
        return [Judgement(obligation=action, verdict=Verdict.PENDING, is_action=True)]
    return [
        Judgement(obligation=action, verdict=Verdict.PASS, item=act.item, actual=act_ref(act), is_action=True)
        for act in acts
    ]


def _known(compiled: CompiledProcess, wanted: str) -> bool:
    ids = compiled.ids() | IDS
    return any(_named(ident, wanted) for ident in ids)


def _named(ident: str, wanted: str) -> bool:
    """Whether an id is meant: itself, ``*`` for all, or ``a7.3.*`` for all that begin so."""
    return wanted in {"*", ident} or (wanted.endswith(".*") and ident.startswith(wanted[:-1]))


def _check_lines(lines: Sequence[Judgement], expected: Expectation, loc: Path) -> list[Failure]:
    """Each thing expected against the lines: the verdict is the worst of them, the rest stands on the worst ones."""
    verdict = worst(line.verdict for line in lines)
    shown = [line for line in lines if line.verdict is verdict]
    failures: list[Failure] = []
    if expected.verdict is not None:
        failures += _compare(loc, "verdict", expected.verdict, str(verdict) if lines else "no line")
    for name in ("due", "latest", "earliest"):
        wanted = getattr(expected, name)
        if wanted is not None:
            got = [getattr(line, name) for line in (shown or lines)]
            failures += [] if wanted in got else [Failure((*loc, name), wanted.isoformat(), _days(got))]
    if expected.date is not None:
        got = [line.actual.date if line.actual else None for line in shown]
        failures += [] if expected.date in got else [Failure((*loc, "date"), expected.date.isoformat(), _days(got))]
    if expected.who:
        failures += _compare(loc, "who", sorted(expected.who), sorted({role for line in shown for role in line.who}))
    details = {detail for line in shown for detail in line.detail}
    absent = [wanted for wanted in expected.detail if wanted not in details]
    if absent:
        failures.append(Failure((*loc, "detail"), absent, sorted(details)))
    return failures + _check_missing(shown, expected, loc)


def _check_missing(shown: Sequence[Judgement], expected: Expectation, loc: Path) -> list[Failure]:
    if expected.missing is None:
        return []
    missing = list(dict.fromkeys(entry for line in shown for entry in line.missing))
    if isinstance(expected.missing, int):
        return _compare(loc, "missing", expected.missing, len(missing))
    return _compare(loc, "missing", sorted(expected.missing), sorted(missing))


def _days(days: Sequence[date | None]) -> list[str]:
    return sorted({day.isoformat() for day in days if day is not None})


def _compare(loc: Path, name: str, expected: Any, got: Any) -> list[Failure]:
    return [] if expected == got else [Failure((*loc, name), expected, got)]
