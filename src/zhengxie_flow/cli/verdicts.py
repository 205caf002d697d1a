"""Verdicts as JSON, as one line a case, and in full with the counted days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from zhengxie_flow.cli.cells import Cell
from zhengxie_flow.cli.counting import Explain, working_days
from zhengxie_flow.cli.labels import Labels
from zhengxie_flow.cli.paper import Paper
from zhengxie_flow.model.case import Parent
from zhengxie_flow.model.verdict import Audit, CaseAudit, Change, Judgement, Verdict

OPEN = (Verdict.OVERDUE, Verdict.PROVISIONAL, Verdict.PENDING)
LabelsFor = Callable[[str], Labels]


def document(audit: Audit) -> dict[str, Any]:
    """An audit as plain data; keys and ids are never translated."""
    document: dict[str, Any] = {
        "as_of": audit.as_of,
        "known_at": audit.known_at,
        "cases": [
            {
                "case": case.case,
                "process": case.process,
                "state": case.state,
                "worst": str(case.worst),
                "verdicts": list(_lines(case)),
                "parents": [parent(each) for each in case.parents],
                "subcases": [
                    {
                        "case": each.audit.case,
                        "name": each.name,
                        "process": each.audit.process,
                        "state": each.audit.state,
                        "linked": each.linked,
                        "worst": str(each.audit.worst),
                    }
                    for each in case.subcases
                ],
            }
            for case in audit.cases
        ],
    }
    if audit.reread is not None:
        document["readings"] = {
            "chosen": audit.reread.readings,
            "cases": [{"case": case.case, "worst": str(case.worst)} for case in audit.reread.cases],
            "changes": [changed(change) for change in audit.reread.changes],
        }
    return document


def changed(change: Change) -> dict[str, Any]:
    """A line that is different, before and after."""
    return {
        "case": change.case,
        "obligation": change.obligation,
        "item": change.item,
        "before": None if change.before is None else verdict(change.before),
        "after": None if change.after is None else verdict(change.after),
    }


def parent(link: Parent) -> dict[str, Any]:
    """A case that another lies under, as plain data."""
    return {"case": link.case, "subcase": link.subcase, "linked": link.linked}


def _lines(case: CaseAudit, within: str | None = None) -> Iterator[dict[str, Any]]:
    """The lines of a case and of the subcases that are part of it; ``subcase`` names the one a line is from."""
    for line in case.verdicts:
        yield verdict(line, within)
    for each in case.subcases:
        if not each.linked:
            yield from _lines(each.audit, each.audit.case)


def verdict(line: Judgement, subcase: str | None = None) -> dict[str, Any]:
    """One line of an audit as plain data."""
    anchor, actual = line.anchor, line.actual
    return {
        "obligation": line.obligation,
        "item": line.item,
        "clause": line.clause,
        "force": line.force,
        "edition": line.edition,
        "verdict": str(line.verdict),
        "detail": list(line.detail),
        "due": line.due,
        "latest": line.latest,
        "earliest": line.earliest,
        "date_status": line.date_status,
        "anchor": None if anchor is None else {"event": anchor.event, "date": anchor.date, "kind": anchor.kind},
        "actual": None if actual is None else {"event": actual.event, "date": actual.date},
        "missing": list(line.missing),
        "needs": list(line.needs),
        "waits_for": list(line.waits_for),
        "interpretations": list(line.interpretations),
        "presumptions": list(line.presumptions),
        "calendar": line.calendar,
        "working": line.working,
        "subcase": subcase,
        "needs_by": {name: list(roles) for name, roles in line.needs_by.items()},
    }


def next_deadline(case: CaseAudit) -> Judgement | None:
    """The open line whose last day comes first; one that has passed is the most urgent of all."""
    waiting = [line for line in case.verdicts if line.verdict in OPEN and last_day(line) is not None]
    return min(waiting, key=lambda line: last_day(line) or date.max, default=None)


def last_day(line: Judgement) -> date | None:
    """The last day to act, where the limit has one."""
    return line.due or line.latest


def text(
    paper: Paper, audit: Audit, labels_for: LabelsFor, *, full: bool = False, explain: Explain | None = None
) -> None:
    """The audit for people: one line a case, or every verdict, worst first; with ``explain`` the counted days too."""
    paper.line((paper.say("cli.audit.head", as_of=audit.as_of, known_at=paper.when(audit.known_at)), "dim"))
    if not audit.cases:
        paper.line(paper.say("cli.none"))
    elif full:
        for case in audit.cases:
            paper.line("")
            _in_full(paper, case, labels_for, explain)
    else:
        heads = [paper.say(f"cli.head.{name}") for name in ("case", "state", "next", "what", "worst")]
        paper.table([_summary(paper, case, labels_for(case.case)) for case in audit.cases], heads)
    if audit.reread is not None:
        chosen = ", ".join(f"{entry}={name}" for entry, name in audit.reread.readings.items())
        paper.line("")
        paper.line((paper.say("cli.reading.head", readings=chosen), "strong"))
        changes(paper, audit.reread.changes, labels_for)


def changes(paper: Paper, found: Sequence[Change], labels_for: LabelsFor) -> None:
    """Verdicts that are different, one a row: the duty, the verdict before and after, the day before and after.

    Of lines where the day alone is another, only the number.
    """
    shown = [change for change in found if _verdict(change.before) is not _verdict(change.after)]
    paper.table([_changed_row(paper, change, labels_for(change.case)) for change in shown], indent=2)
    if not shown:
        paper.line(paper.say("cli.reading.same"), indent=2)
    if len(shown) < len(found):
        paper.line((paper.say("cli.reading.days", count=len(found) - len(shown)), "dim"), indent=2)


def _verdict(line: Judgement | None) -> Verdict | None:
    return None if line is None else line.verdict


def _changed_row(paper: Paper, change: Change, labels: Labels) -> tuple[Cell, ...]:
    before, after = change.before, change.after
    shown = after if after is not None else before
    days = " → ".join(dict.fromkeys(_day(paper, line) if line is not None else "" for line in (before, after)))
    return (
        change.case,
        change.obligation,
        change.item,
        "-" if before is None else called(paper, before.verdict),
        "→",
        "-" if after is None else called(paper, after.verdict),
        days.strip(" →"),
        labels.of(change.obligation, shown.edition if shown is not None else None),
    )


def _summary(paper: Paper, case: CaseAudit, labels: Labels) -> tuple[Cell, ...]:
    upcoming = next_deadline(case)
    when: Cell = None
    what = ""
    if upcoming is not None:
        status = "" if upcoming.date_status != "provisional" else f" {paper.say('calendar.status.provisional')}"
        when = (f"{last_day(upcoming)}{status}", str(upcoming.verdict))
        what = " ".join(part for part in (upcoming.obligation, labels.of(upcoming.obligation)) if part)
    return (case.case, labels.state(case.state), when, what, called(paper, case.worst))


def called(paper: Paper, verdict: Verdict) -> tuple[str, str]:
    """A verdict in words, in its colour."""
    return paper.say(f"verdict.{verdict}"), str(verdict)


def _in_full(paper: Paper, case: CaseAudit, labels_for: LabelsFor, explain: Explain | None) -> None:
    labels = labels_for(case.case)
    paper.line((case.case, "strong"), labels.process(), labels.state(case.state), called(paper, case.worst))
    names = ("verdict", "obligation", "item", "clause", "day", "actual", "what")
    heads = [paper.say(f"cli.head.{name}") for name in names]
    worst_first = sorted(case.verdicts, key=lambda line: line.verdict.severity)
    paper.table([_row(paper, line, labels) for line in worst_first], heads, indent=2)
    for lines in _alike(paper, worst_first, labels, counted=explain is not None):
        paper.line((_name(lines), "strong"), called(paper, lines[0].verdict), indent=2)
        for note in _notes(paper, lines[0], labels):
            paper.line(note, indent=4)
        if explain is not None and lines[0].working is not None:
            working_days(paper, lines[0].working, explain, indent=4)
    for each in case.subcases:
        name = each.audit.case
        if each.linked:
            paper.line(name, labels.subcase(each.name), called(paper, each.audit.worst), indent=2)
        else:
            paper.line((paper.say("cli.audit.subcase", case=case.case, subcase=labels.subcase(each.name)), "dim"))
            _in_full(paper, each.audit, labels_for, explain)


def _alike(paper: Paper, lines: Sequence[Judgement], labels: Labels, *, counted: bool) -> list[list[Judgement]]:
    """Lines with something to say beside the table; those of one duty that say the same are told once."""
    groups: dict[str, list[Judgement]] = {}
    for line in lines:
        notes = _notes(paper, line, labels)
        working = line.working if counted and line.working is not None and "date" in line.working else None
        if notes or working:
            groups.setdefault(repr((line.obligation, line.verdict, notes, working)), []).append(line)
    return list(groups.values())


def _name(lines: Sequence[Judgement]) -> str:
    items = ", ".join(line.item for line in lines if line.item is not None)
    return f"{lines[0].obligation}[{items}]" if items else lines[0].obligation


def _row(paper: Paper, line: Judgement, labels: Labels) -> tuple[Cell, ...]:
    actual = "" if line.actual is None else f"{line.actual.date} #{line.actual.event}"
    return (
        called(paper, line.verdict), line.obligation, line.item, line.clause,
        _day(paper, line), actual, labels.of(line.obligation, line.edition),
    )  # fmt: skip


def _day(paper: Paper, line: Judgement) -> str:
    """The day of the limit with its direction, and a mark where it may still move."""
    for name in ("due", "latest", "earliest"):
        found = getattr(line, name)
        if found is not None:
            firm = "" if line.date_status == "firm" else f" ({paper.say('calendar.status.provisional')})"
            return f"{paper.say(f'cli.limit.{name}')} {found}{firm}"
    return ""


def _notes(paper: Paper, line: Judgement, labels: Labels) -> list[str]:
    """What a line says beside its verdict: details, what is missing or awaited, the readings it rests on.

    Which edition judged is said where a day decided that it is not the case's own.
    """
    notes = []
    if line.detail:
        notes.append(paper.labelled("cli.note.detail", (paper.say(f"detail.{entry}") for entry in line.detail)))
    for name in ("missing", "needs", "waits_for", "interpretations", "presumptions"):
        entries = getattr(line, name)
        if entries:
            notes.append(paper.labelled(f"cli.note.{name}", map(labels.any, entries)))
    if line.needs_by:
        each = (
            paper.say("cli.note.by_roles", name=labels.any(name), roles=[labels.role(role) for role in roles])
            for name, roles in line.needs_by.items()
        )
        notes.append(paper.labelled("cli.note.needs_by", each))
    if line.obligation.startswith("integrity.") and line.notes:
        shown = (f"{paper.say(f'finding.{name}')} {_said(found)}" for name, found in line.notes.items())
        notes.append(paper.labelled("cli.note.finding", shown))
    if line.edition not in (None, labels.edition()) and (line.actual or line.day):
        notes.append(paper.labelled("cli.note.edition", [str(line.edition)]))
    if line.notes.get("basis"):
        notes.append(paper.labelled("cli.note.basis", [line.notes["basis"]]))
    if lifted := line.notes.get("lifted_by"):
        notes.append(paper.labelled("cli.note.lifted_by", (_lifted(paper, each) for each in lifted)))
    return notes


def _said(found: object) -> str:
    return " ".join(map(str, found)) if isinstance(found, list | tuple) else str(found)


def _lifted(paper: Paper, each: dict[str, Any]) -> str:
    """What lifted a duty: the exemption with its clause and register entries, and the grant."""
    grant = paper.say("cli.note.by_law") if each["event"] is None else f"{each['date']} #{each['event']}"
    until = "" if each["until"] is None else f"{paper.say('cli.note.until')} {each['until']}"
    partial = paper.say("detail.partial") if each["partial"] else ""
    register = ", ".join(each["interpretations"])
    return " ".join(
        part
        for part in (each["exemption"], each["clause"], grant, until, partial, f"({register})" if register else "")
        if part
    )
