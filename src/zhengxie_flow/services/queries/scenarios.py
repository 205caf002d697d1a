"""Scenarios, run with the same pure functions as the live engine on a case that lives in memory only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from zhengxie_flow.conditions.view import NOWHERE
from zhengxie_flow.engine import CompiledProcess, audit, derive, fold
from zhengxie_flow.engine.audit_line import act_ref
from zhengxie_flow.engine.editions.governing import edition_governing_life
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.findings.line import IDS
from zhengxie_flow.engine.judging.judge import current, lines
from zhengxie_flow.engine.view import Calendars, CaseView
from zhengxie_flow.errors import Refused, ZhengxieError
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.scenario import Expectation, Scenario, ScriptEvent
from zhengxie_flow.model.verdict import CaseAudit, Judgement, Verdict, worst
from zhengxie_flow.model.working import CountedLimit, LiftedBy
from zhengxie_flow.services.commands.case_script import (
    Processes,
    ScriptedCase,
    ScriptSource,
    begin,
    instant,
    no_processes,
    opening_of,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Expectation that did not hold, or entry that could not be applied.

    Attributes:
        loc: The place in the scenario file.
        expected: The expected value.
        got: The actual value.
        error: The error that stopped it; None for a mere difference.
    """

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
    labels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a scenario.

    Attributes:
        scenario: The scenario.
        failures: The expectations that did not hold.
        audit: The audit at its end; None where the case could not be opened.
        case: The case at its end.
        below: The subcases at its end.
    """

    scenario: Scenario
    failures: tuple[Failure, ...]
    audit: CaseAudit | None = None
    case: Any = None
    below: tuple[ScenarioOutcome, ...] = ()

    @property
    def passed(self) -> bool:
        """True where every expectation held."""
        return not self.failures


def run(
    compiled: CompiledProcess,
    scenario: Scenario,
    calendars: Callable[[date], Any],
    processes: Processes = no_processes,
) -> Outcome:
    """Run a scenario and compare its expectations with the audit of the case and its subcases, as of its day.

    Args:
        compiled: An edition of the process.
        scenario: The scenario.
        calendars: The calendar by day.
        processes: The source of the processes of subcases.

    Returns:
        The outcome; a case that cannot be opened is a failure, no exception.
    """
    failures: list[Failure] = []
    try:
        scripted = _opened(compiled, scenario, calendars, processes)
    except ZhengxieError as error:
        return Outcome(scenario, (Failure(("given",), "opened", error.code, error),))
    for index, script_event in enumerate(scenario.events):
        failures += _play(scripted, script_event, ("events", index))
    final = _judged(scripted, scenario)
    subcases = {name: _judged(subcase, scenario) for name, subcase in scripted.subcases.items()}
    for index, expectation in enumerate(scenario.expect):
        outcome = final if expectation.in_ is None else subcases.get(expectation.in_)
        if outcome is None:
            failures.append(Failure(("expect", index, "in"), expectation.in_, "unknown id"))
        else:
            former = outcome.compiled.former
            expected = expectation if former is None else former.expectation(expectation)
            failures += _check(outcome, expected, ("expect", index))
    return Outcome(scenario, tuple(failures), final.audit, final.case, tuple(subcases.values()))


def _judged(scripted: ScriptedCase, scenario: Scenario) -> ScenarioOutcome:
    known_at = None if scenario.known_at is None else instant(scenario.known_at, scripted.compiled)
    case = scripted.case if known_at is None else fold(scripted.case.events, known_at)
    compiled = edition_governing_life(scripted.compiled, case)
    derived = derive(compiled, case, scripted.calendars, scenario.as_of)
    return ScenarioOutcome(compiled, case, audit(derived), derived.view, scripted.calendars, scripted.labels)


def _opened(compiled: CompiledProcess, scenario: Scenario, calendars: Calendars, processes: Processes) -> ScriptedCase:
    """The case at its opening: the given facts and items hold from the day of the first event."""
    first = scenario.events[0].at if scenario.events else scenario.as_of
    now = instant(first, compiled)
    if scenario.known_at is not None:  # what is given was known from the start
        now = min(now, instant(scenario.known_at, compiled))
    day = first.astimezone(compiled.zone).date() if isinstance(first, datetime) else first
    opening = min(day, now.astimezone(compiled.zone).date())
    attribution = Attribution(by=None, at=opening)
    source = ScriptSource(compiled, calendars, processes)
    scripted, _ = begin(source, scenario.scenario, opening_of(scenario.given), attribution, now)
    return scripted


def _play(scripted: ScriptedCase, script_event: ScriptEvent, loc: Path) -> list[Failure]:
    now = instant(script_event.known or script_event.at, scripted.compiled)
    try:
        for _ in scripted.apply(script_event, now):
            pass
    except Refused as refused:
        reasons = [reason.id for reason in refused.reasons]
        if not script_event.refused:
            return [Failure((*loc, "try"), "done", reasons, refused)]
        missing = [reason for reason in script_event.refused if reason not in reasons]
        return [Failure((*loc, "refused"), missing, reasons)] if missing else []
    except ZhengxieError as error:
        return [Failure(loc, "done", error.code, error)]
    if script_event.refused:
        return [Failure((*loc, "refused"), list(script_event.refused), "done")]
    return []


def _check(outcome: ScenarioOutcome, expected: Expectation, loc: Path) -> list[Failure]:
    compiled, view, result = outcome.compiled, outcome.view, outcome.audit
    if expected.state is not None and expected.for_ is not None:
        return _compare((*loc, "state"), "for", expected.state, _item_state(view, expected.for_))
    if expected.state is not None:
        return _compare(loc, "state", expected.state, result.state)
    if expected.worst is not None:
        return _compare(loc, "worst", expected.worst, str(result.worst))
    if expected.decided is not None:
        return _check_decisions(compiled, view, expected.decided, loc)
    if expected.none is not None:
        return _check_absence(compiled, result, expected, loc)
    lines = _lines(compiled, view, result, expected)
    if lines is None:
        return [Failure(loc, expected.obligation or expected.action, "unknown id")]
    if not lines and _without_line(compiled, view, expected):
        return []
    return [*_check_lines(lines, expected, loc), *_check_acts(outcome, lines, expected, loc)]


def _check_absence(compiled: CompiledProcess, result: CaseAudit, expected: Expectation, loc: Path) -> list[Failure]:
    """Compare an expectation that there is no line of some id, or none of a verdict, with the lines there are."""
    pattern = expected.none or ""
    if not any(fnmatchcase(ident, pattern) for ident in (*compiled.ids(), *IDS, *compiled.process.acts)):
        return [Failure((*loc, "none"), pattern, "unknown id")]
    present = [
        f"{line.obligation}: {line.verdict}"
        for line in result.verdicts
        if fnmatchcase(line.obligation, pattern)
        and expected.for_ in (None, line.item)
        and expected.round in (None, line.round)
        and expected.verdict in (None, str(line.verdict))
    ]
    return [Failure((*loc, "none"), pattern, sorted(set(present)))] if present else []


def _without_line(compiled: CompiledProcess, view: CaseView, expected: Expectation) -> bool:
    """True where a requirement has no line, and none is what is expected: nothing is asked, or nothing yet."""
    if expected.round is not None:
        return False
    ids = {ident for edition in (compiled, *compiled.editions) for ident in edition.requirements}
    items = {item for items in view.case.items.values() for item in items}
    if not any(_named(ident, expected.obligation or "") for ident in ids) or expected.for_ not in {None, *items}:
        return False
    silent = {str(Verdict.NOT_APPLICABLE), *(() if compiled.final.get(view.state) else (str(Verdict.PENDING),))}
    if expected.verdict == Verdict.EXEMPT:  # lifted all the same, whoever asks
        asked = [
            line.verdict for ident in ids if _named(ident, expected.obligation or "") for line in lines(view, ident)
        ]
        silent |= {str(Verdict.EXEMPT)} if set(asked) == {Verdict.EXEMPT} else set()
    compared = (expected.missing, expected.due, expected.latest, expected.earliest, expected.date, expected.early)
    return expected.verdict in silent and not expected.detail and all(value is None for value in compared)


def _item_state(view: CaseView, ident: str) -> str | None:
    """The state of the item of an id, where its type has states."""
    matches = [items[ident] for items in view.case.items.values() if ident in items]
    return next((state for item in matches if (state := view.item_state(item)) is not None), None)


def _check_decisions(compiled: CompiledProcess, view: Any, expected: dict[str, str], loc: Path) -> list[Failure]:
    failures: list[Failure] = []
    for name, outcome in expected.items():
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
    """The lines that an expectation is about; None where its id is unknown to the process."""
    if expected.action is not None:
        if expected.action not in compiled.process.actions:
            return None
        lines = [line for line in result.verdicts if line.is_action and line.obligation == expected.action]
        lines = lines or _plainly_done(view, expected.action)
    else:
        obligation = expected.obligation or ""
        if not _known(compiled, obligation):
            return None
        of_law = [line for line in result.verdicts if not (line.is_action or line.control)]
        lines = [
            line
            for line in (*of_law, *(result.controls if obligation != "*" else ()))
            if _named(line.obligation, obligation)
        ]
    lines = [line for line in lines if expected.for_ is None or line.item == expected.for_]
    return lines if expected.round is None else [line for line in lines if line.round == expected.round]


def _plainly_done(view: CaseView, action: str) -> list[Judgement]:
    """The line of an action without any judged line: done, or not yet."""
    acts = view.acts((action,))
    if not acts:
        return [Judgement(obligation=action, verdict=Verdict.PENDING, is_action=True)]
    return [
        Judgement(obligation=action, verdict=Verdict.PASS, item=act.item, actual=act_ref(act), is_action=True)
        for act in acts
    ]


def _known(compiled: CompiledProcess, pattern: str) -> bool:
    ids = compiled.ids() | IDS
    return any(_named(ident, pattern) for ident in ids)


def _named(ident: str, pattern: str) -> bool:
    """True where a pattern covers an id: the id itself, ``*`` for all, or ``a7.3.*`` for all with that prefix."""
    return pattern in {"*", ident} or (pattern.endswith(".*") and ident.startswith(pattern[:-1]))


def _check_lines(lines: Sequence[Judgement], expected: Expectation, loc: Path) -> list[Failure]:
    """Compare an expectation with its lines: the verdict with the worst of them, the rest with the worst ones."""
    verdict = worst(line.verdict for line in lines)
    shown = current([line for line in lines if line.verdict is verdict])
    failures: list[Failure] = []
    if expected.verdict is not None:
        failures += _compare(loc, "verdict", expected.verdict, str(verdict) if lines else "no line")
    for name in ("due", "latest", "earliest"):
        expected_value = getattr(expected, name)
        if expected_value is not None:
            got = [getattr(line, name) for line in (shown or lines)]
            failures += [] if expected_value in got else [Failure((*loc, name), expected_value.isoformat(), _days(got))]
    if expected.date is not None:
        got = [line.actual.date if line.actual else None for line in shown]
        failures += [] if expected.date in got else [Failure((*loc, "date"), expected.date.isoformat(), _days(got))]
    if expected.early is not None:
        failures += _check_early(shown or lines, expected.early, loc)
    if expected.projected is not None:
        failures += _compare(loc, "projected", expected.projected, any(line.projected for line in shown or lines))
    failures += _check_origin(shown, expected, loc)
    if expected.who:
        failures += _compare(loc, "who", sorted(expected.who), sorted({role for line in shown for role in line.who}))
    details = {detail for line in shown for detail in line.detail}
    absent = [expected_value for expected_value in expected.detail if expected_value not in details]
    if absent:
        failures.append(Failure((*loc, "detail"), absent, sorted(details)))
    return failures + _check_missing(shown, expected, loc)


def _check_origin(lines: Sequence[Judgement], expected: Expectation, loc: Path) -> list[Failure]:
    """Compare from which breach lines follow, and which text asks for them."""
    failures: list[Failure] = []
    if expected.follows_from is not None:
        causes = sorted({line.follows_from for line in lines if line.follows_from is not None})
        if expected.follows_from not in causes:
            failures.append(Failure((*loc, "follows_from"), expected.follows_from, causes))
    if expected.volume is not None:
        failures += _compare(loc, "volume", [expected.volume], sorted({line.volume or "-" for line in lines}))
    return failures


def _check_early(lines: Sequence[Judgement], expected: date | bool, loc: Path) -> list[Failure]:
    """Compare the early act that lines name: whether there is one, or its day."""
    days = [None if line.early is None else line.early.date for line in lines]
    if isinstance(expected, bool):
        return _compare(loc, "early", expected, any(days))
    return [] if expected in days else [Failure((*loc, "early"), expected.isoformat(), _days(days))]


def _check_acts(
    outcome: ScenarioOutcome, lines: Sequence[Judgement], expected: Expectation, loc: Path
) -> list[Failure]:
    """Compare what an expectation says of acts: the cap on an extension, the grant that lifts, the fields."""
    failures: list[Failure] = []
    if expected.capped is not None:
        failures += _check_cap(outcome, lines, expected, loc)
    if expected.lifted_by is not None:
        lifting = [entry for line in lines if (note := line.note(LiftedBy)) for entry in note.lifted_by]
        got = sorted({entry.exemption for entry in lifting})
        grants = {entry.event for entry in lifting}
        if expected.lifted_by not in got and outcome.labels.get(expected.lifted_by, 0) not in grants:
            failures.append(Failure((*loc, "lifted_by"), expected.lifted_by, got))
    if expected.with_:
        acts = outcome.view.acts((expected.action or "",))
        recorded = [act.fields for act in acts if expected.for_ in (None, act.item)]
        if not any(_carries(fields, expected.with_) for fields in recorded):
            got_fields = [{name: fields.get(name) for name in expected.with_} for fields in recorded]
            failures.append(Failure((*loc, "with"), _words(expected.with_), [_words(entry) for entry in got_fields]))
    return failures


def _check_cap(outcome: ScenarioOutcome, lines: Sequence[Judgement], expected: Expectation, loc: Path) -> list[Failure]:
    """Compare whether an extension was cut at its cap, or the units of it that count."""
    about = {line.actual.event for line in lines if line.actual is not None} if expected.action is not None else None
    clocks = outcome.audit.verdicts if about is not None else lines
    extensions = {
        extension.event: extension
        for line in clocks
        if line.proof is not None and isinstance(limit := line.proof.working(), CountedLimit)
        for extension in limit.extensions or ()
        if (about is None or extension.event in about) and extension.verdict == Verdict.CAPPED
    }
    if isinstance(expected.capped, bool):
        return _compare(loc, "capped", expected.capped, bool(extensions))
    units = sorted({extension.units for extension in extensions.values()})
    return [] if expected.capped in units else [Failure((*loc, "capped"), expected.capped, units)]


def _carries(fields: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """True where an act has these values, lists in any order; a day may be written as a date."""
    return all(_plain(fields.get(name)) == _plain(value) for name, value in expected.items())


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    return value if value is None or isinstance(value, bool) else str(value)


def _words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_plain(value)}" for name, value in values.items())


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
