"""Verdicts as text: as one line a case, and in full with the counted days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.cli.output.cell import Cell
from zhengxie_flow.cli.output.page import Page
from zhengxie_flow.cli.rendering.count import Explain, working_days
from zhengxie_flow.model.findings import ClockBehind, MilderRecord
from zhengxie_flow.model.verdict import REASONED, Audit, CaseAudit, Judgement, Verdict, VerdictChange
from zhengxie_flow.model.working import AppliedExemption, Basis, CountedLimit, LiftedBy
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.line_selection import OPEN, LineGroup, Selection, select
from zhengxie_flow.presentation.serialise import serialise

LabelsFor = Callable[[str], Labels]
_NAMED = 3
"""So many items are named in one row; of more the first and the last, with their number."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Extent to which an audit is written.

    Attributes:
        full: True for the lines of each case, False for one line a case.
        every: True for every line, with its notes; False for what is not in order and what is next.
        explain: What explains each counted day; None to leave the count out.
    """

    full: bool = False
    every: bool = False
    explain: Explain | None = None


def next_deadline(case: CaseAudit) -> Judgement | None:
    """Return the open line with the earliest last day; one that has passed is the most urgent of all."""
    waiting = [line for line in case.verdicts if line.verdict in OPEN and last_day(line) is not None]
    return min(waiting, key=lambda line: last_day(line) or date.max, default=None)


def last_day(line: Judgement) -> date | None:
    """Return the last day to act, where the limit has one."""
    return line.due or line.latest


def text(page: Page, audit: Audit, labels_for: LabelsFor, extent: Extent) -> None:
    """Write an audit: one line a case, or the lines of each, worst first."""
    page.line((page.say("cli.audit.head", as_of=audit.as_of, known_at=page.when(audit.known_at)), "dim"))
    if not audit.cases:
        page.line(page.say("cli.none"))
    elif extent.full:
        for case in audit.cases:
            page.line("")
            _in_full(page, case, labels_for, extent)
    else:
        heads = [page.say(f"cli.head.{name}") for name in ("case", "state", "next", "what", "worst")]
        page.table([_summary(page, case, labels_for(case.case)) for case in audit.cases], heads)
    if audit.reread is not None:
        chosen = ", ".join(f"{entry}={name}" for entry, name in audit.reread.readings.items())
        page.line("")
        page.line((page.say("cli.reading.head", readings=chosen), "strong"))
        changes(page, audit.reread.changes, labels_for)


def changes(page: Page, entries: Sequence[VerdictChange], labels_for: LabelsFor) -> None:
    """Write changed verdicts, one a row: the duty, the verdict before and after, the day before and after.

    Lines where only the day changed are counted, not listed.
    """
    shown = [change for change in entries if _verdict(change.before) is not _verdict(change.after)]
    page.table([_changed_row(page, change, labels_for(change.case)) for change in shown], indent=2)
    if not shown:
        page.line(page.say("cli.reading.same"), indent=2)
    if len(shown) < len(entries):
        page.line((page.say("cli.reading.days", count=len(entries) - len(shown)), "dim"), indent=2)


def _verdict(line: Judgement | None) -> Verdict | None:
    return None if line is None else line.verdict


def _changed_row(page: Page, change: VerdictChange, labels: Labels) -> tuple[Cell, ...]:
    before, after = change.before, change.after
    shown = after if after is not None else before
    days = " → ".join(dict.fromkeys(_day(page, line) if line is not None else "" for line in (before, after)))
    return (
        change.case,
        change.obligation,
        change.item,
        "-" if before is None else verdict_cell(page, before.verdict),
        "→",
        "-" if after is None else verdict_cell(page, after.verdict),
        days.strip(" →"),
        labels.of(change.obligation, shown.edition if shown is not None else None),
    )


def _summary(page: Page, case: CaseAudit, labels: Labels) -> tuple[Cell, ...]:
    upcoming = next_deadline(case)
    when: Cell = None
    what = ""
    if upcoming is not None:
        status = "" if upcoming.date_status != "provisional" else f" {page.say('calendar.status.provisional')}"
        when = (f"{last_day(upcoming)}{status}", str(upcoming.verdict))
        what = " ".join(part for part in (upcoming.obligation, labels.of(upcoming.obligation)) if part)
    return (case.case, labels.state(case.state), when, what, verdict_cell(page, case.worst))


def verdict_cell(page: Page, verdict: Verdict) -> tuple[str, str]:
    """Return the label of a verdict in its style."""
    return page.say(f"verdict.{verdict}"), str(verdict)


def _in_full(page: Page, case: CaseAudit, labels_for: LabelsFor, extent: Extent) -> None:
    labels = labels_for(case.case)
    page.line((case.case, "strong"), labels.process(), labels.state(case.state), verdict_cell(page, case.worst))
    duties = select((line for line in case.verdicts if not line.control), every=extent.every)
    controls = select((line for line in case.verdicts if line.control), every=True)
    _table(page, duties.groups, labels, every=extent.every)
    if controls.groups:
        page.line((page.say("cli.audit.internal_controls"), "dim"), indent=2)
        _table(page, controls.groups, labels, every=extent.every)
    _omitted(page, duties)
    shown = [line for selection in (duties, controls) for group in selection.groups for line in group.lines]
    for lines in _group_by_notes(page, shown, labels, extent):
        page.line((_name(lines), "strong"), verdict_cell(page, lines[0].verdict), indent=2)
        for note in _notes(page, lines[0], labels, extent):
            page.line(note, indent=4)
        limit = _counted(lines[0])
        if extent.explain is not None and limit is not None:
            working_days(page, limit, extent.explain, indent=4)
    for subcase in case.subcases:
        name = subcase.audit.case
        if subcase.linked:
            page.line(name, labels.subcase(subcase.name), verdict_cell(page, subcase.audit.worst), indent=2)
        else:
            page.line((page.say("cli.audit.subcase", case=case.case, subcase=labels.subcase(subcase.name)), "dim"))
            _in_full(page, subcase.audit, labels_for, extent)


def _table(page: Page, groups: Sequence[LineGroup], labels: Labels, *, every: bool) -> None:
    """Write lines as a table: every line with its clause, days and act, or what was selected with its sentence."""
    if every:
        names = ["verdict", "obligation", "item", "volume", "clause", "day", "actual", "what"]
        rows = [_row(page, group.first, labels) for group in groups]
    else:
        names = ["verdict", "obligation", "item", "volume", "day", "sentence"]
        rows = [_sentence_row(page, group, labels) for group in groups]
    page.table(rows, [page.say(f"cli.head.{name}") for name in names], indent=2)


def _omitted(page: Page, selection: Selection) -> None:
    """Say how many lines are left out, and how to see them."""
    if selection.omitted:
        counts = (page.say("cli.audit.count", verdict=page.say(f"verdict.{verdict}"), count=count)
                  for verdict, count in selection.omitted.items())  # fmt: skip
        page.line((page.labelled("cli.audit.omitted", counts), "dim"), indent=2)


def listed(page: Page, lines: Sequence[Judgement]) -> None:
    """Write lines with their ids, days and sentences, one a row."""
    page.table([_listed_row(page, line) for line in lines], indent=4)


def _listed_row(page: Page, line: Judgement) -> tuple[Cell, ...]:
    actual = "" if line.actual is None else f"{line.actual.date} #{line.actual.event}"
    owner = " ".join(entry for entry in (line.subcase, line.item) if entry)
    return verdict_cell(page, line.verdict), line.obligation, owner, _day(page, line), actual, line.sentence


def _group_by_notes(page: Page, lines: Sequence[Judgement], labels: Labels, extent: Extent) -> list[list[Judgement]]:
    """Group lines that have notes; lines of one duty with the same notes are shown once."""
    groups: dict[str, list[Judgement]] = {}
    for line in lines:
        notes = _notes(page, line, labels, extent)
        limit = _counted(line) if extent.explain is not None else None
        if notes or limit:
            groups.setdefault(repr((line.obligation, line.verdict, notes, line.working if limit else None)), []).append(
                line
            )
    return list(groups.values())


def _counted(line: Judgement) -> CountedLimit | None:
    """Return the limit of a line, where it was counted."""
    limit = line.proof.working() if line.proof is not None else None
    return limit if isinstance(limit, CountedLimit) else None


def _name(lines: Sequence[Judgement]) -> str:
    items = ", ".join(line.item for line in lines if line.item is not None)
    return f"{lines[0].obligation}[{items}]" if items else lines[0].obligation


def _row(page: Page, line: Judgement, labels: Labels) -> tuple[Cell, ...]:
    actual = "" if line.actual is None else f"{line.actual.date} #{line.actual.event}"
    volume = labels.volume(line.volume, line.edition)
    return (
        verdict_cell(page, line.verdict), line.obligation, line.item, volume, line.clause,
        _day(page, line), actual, labels.of(line.obligation, line.edition),
    )  # fmt: skip


def _sentence_row(page: Page, group: LineGroup, labels: Labels) -> tuple[Cell, ...]:
    line = group.first
    why = line.sentence or labels.of(line.obligation, line.edition)
    volume = labels.volume(line.volume, line.edition)
    return verdict_cell(page, line.verdict), line.obligation, _items(page, group.items), volume, _day(page, line), why


def _items(page: Page, items: Sequence[str]) -> str:
    if len(items) > _NAMED:
        return page.say("cli.audit.items", first=items[0], last=items[-1], count=len(items))
    return ", ".join(items)


def _day(page: Page, line: Judgement) -> str:
    """Return the day of the limit with its direction, marked where it is provisional."""
    for name in ("due", "latest", "earliest"):
        day = getattr(line, name)
        if day is not None:
            marks = [] if line.date_status == "firm" else [page.say("calendar.status.provisional")]
            if line.projected:
                marks.append(page.say("anchor.projected"))
            elif line.anchor is not None and line.anchor.kind == "planned":
                marks.append(page.say("anchor.planned"))
            marks += [page.say("cli.round", number=line.round)] if line.round > 1 else []
            shown = f" ({', '.join(marks)})" if marks else ""
            return f"{page.say(f'cli.limit.{name}')} {day}{shown}"
    return ""


def _reason(line: Judgement) -> list[str]:
    """Return the sentence of a line that is not in order, or not settled."""
    return [line.sentence] if line.sentence is not None and line.verdict in REASONED else []


def _notes(page: Page, line: Judgement, labels: Labels, extent: Extent) -> list[str]:
    """Return the notes of an audit line: its reason, details, missing and awaited parts, the readings it rests on.

    The reason stands here where the table has no sentences.  The edition that judged is named where a day decided that
    it is not the case's own.
    """
    notes = _reason(line) if extent.every else []
    if line.detail:
        notes.append(page.labelled("cli.note.detail", (page.say(f"detail.{entry}") for entry in line.detail)))
    for name in ("missing", "needs", "waits_for", "interpretations", "depends_on_reading", "presumptions"):
        entries = getattr(line, name)
        if entries:
            notes.append(page.labelled(f"cli.note.{name}", map(labels.any, entries)))
    if line.outcomes:
        notes.append(page.labelled("cli.note.outcomes", (page.say(f"verdict.{entry}") for entry in line.outcomes)))
    notes += _by_roles(page, line, labels)
    if line.early is not None:
        notes.append(page.labelled("cli.note.early", [f"{line.early.date} #{line.early.event}"]))
    # The sentences of the others say all of it.
    remarks = [note for note in line.notes if not isinstance(note, MilderRecord | ClockBehind)]
    if line.obligation.startswith("integrity.") and remarks:
        shown = (
            f"{page.say(f'finding.{name}')} {_joined(entry)}"
            for note in remarks
            for name, entry in serialise(note).items()
        )
        notes.append(page.labelled("cli.note.finding", shown))
    if line.edition not in (None, labels.edition()) and (line.actual or line.day):
        notes.append(page.labelled("cli.note.edition", [str(line.edition)]))
    if basis := line.note(Basis):
        notes.append(page.labelled("cli.note.basis", [basis.basis]))
    if lifted := line.note(LiftedBy):
        notes.append(page.labelled("cli.note.lifted_by", (_lifted(page, exemption) for exemption in lifted.lifted_by)))
    return notes


def _by_roles(page: Page, line: Judgement, labels: Labels) -> list[str]:
    """Return who may settle what a line needs, where anybody may."""
    by_roles = [
        page.say("cli.note.by_roles", name=labels.any(name), roles=[labels.role(role) for role in roles])
        for name, roles in line.needs_by.items()
    ]
    return [page.labelled("cli.note.needs_by", by_roles)] if by_roles else []


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _lifted(page: Page, exemption: AppliedExemption) -> str:
    """Return the exemption that lifted a duty, with its clause, register entries and grant."""
    by_law = exemption.event is None
    grant = page.say("cli.note.by_law") if by_law else f"{exemption.date} #{exemption.event}"
    until = "" if exemption.until is None else f"{page.say('cli.note.until')} {exemption.until}"
    partial = page.say("detail.partial") if exemption.partial else ""
    register = ", ".join(exemption.interpretations)
    return " ".join(
        part
        for part in (
            exemption.exemption, exemption.clause, grant, until, partial, f"({register})" if register else ""
        )
        if part
    )  # fmt: skip
