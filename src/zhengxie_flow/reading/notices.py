"""Import of holiday notices from one file: offline, checked against the notices present, all or nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from zhengxie_flow.calendars.checks import CalendarProblem, check_notice, check_runs
from zhengxie_flow.calendars.compose import compose
from zhengxie_flow.calendars.difference import Difference, compare
from zhengxie_flow.calendars.moments import deemed_day
from zhengxie_flow.calendars.snapshot import Snapshot
from zhengxie_flow.durability import flush_folders
from zhengxie_flow.errors import InternalError, InvalidDefinition, Problem, StorageError, UsageError, Where
from zhengxie_flow.reading.calendar_files import NoticeEntry, NoticeFile, in_order, read_facts
from zhengxie_flow.reading.day_lists import arranged_alike, fitted, plain_notice, read_day_list
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.positions import follow
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.writer import dump_yaml
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.resources import rules_dir

if TYPE_CHECKING:
    from pathlib import Path

    from zhengxie_flow.calendars.facts import Facts, Notice
    from zhengxie_flow.reading.day_lists import DayList
    from zhengxie_flow.reading.listed_days import UnmappedEntry
    from zhengxie_flow.reading.nodes import Node

__all__ = ["ImportedNotice", "NoticeSource", "import_notice"]

_ATTEMPTS = 20
_PROVENANCE = ("url", "text_sha256", "entered_by", "verified_by")


@dataclass(frozen=True, slots=True)
class NoticeSource:
    """A file to import, with what a public list of days does not say: number and publication of its notice."""

    file: Path
    number: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class ImportedNotice:
    """Result of an import: new notices, notices imported before, and the changes to the calendar.

    ``path`` is the file written (None when nothing was new, or on a trial run); ``warnings`` are problems that do not
    stand in the way; ``unmapped`` are entries of a public list that no notice has a place for.
    """

    new: tuple[Notice, ...]
    known: tuple[str, ...]
    warnings: tuple[Problem, ...]
    difference: Difference
    path: Path | None
    unmapped: tuple[UnmappedEntry, ...] = ()


def import_notice(
    source: Path | NoticeSource, rules: Path, *, recorded_at: datetime, root: Path | None = None, trial: bool = False
) -> ImportedNotice:
    """Import the holiday notices of one file into a project; importing it again changes nothing.

    Args:
        source: one notice, or several under ``notices:``; or a public list of days, as JSON or iCalendar.
        rules: the ``rules/`` folder of the project.
        recorded_at: the present instant, kept as the moment this installation learned of them.
        root: the packaged ``rules/`` folder.
        trial: check and compare, but write nothing.

    Returns:
        The new notices, those imported before, and the changes to the calendar.

    Raises:
        InvalidDefinition: with every problem and its place.
        InvalidInput: ZX2063, an iCalendar file that cannot be read.
        UsageError: ZX2066, a number or date of publication for several notices, or for a file that has its own.
        CalendarError: ZX2001, an instant without a zone.
        StorageError: ZX2048, the folder cannot be written.
    """
    today = deemed_day(recorded_at)
    source = source if isinstance(source, NoticeSource) else NoticeSource(source)
    file = source.file
    text = read_text(file, name=file.name)
    packaged = root or rules_dir()
    folder = rules / "calendars" / "cn"
    sources = [packaged / "calendars" / "cn", folder]
    facts = read_facts(dict.fromkeys(path.resolve() for path in sources))
    old = Snapshot(compose(facts))
    listed = read_day_list(text, file.name)
    if listed is None:
        if source.number is not None or source.published is not None:
            raise UsageError("ZX2066", file=file.name)
        new, repeated, problems = _sift(_entries(read_yaml(text, file.name), file.name), facts, today, file.name)
    else:
        listed = fitted(listed, facts)
        new, repeated, problems = _sift_list(listed, facts, today, source)
    facts = _with(facts, [entry for _, entry in new])
    for year in sorted({entry.year for _, entry in new}):
        place = next(at for at, entry in new if entry.year == year)
        problems += [_problem(fault, place, file.name) for fault in check_runs(facts, year)]
    if any(problem.severity == "error" for problem in problems):
        raise InvalidDefinition(problems=tuple(problems))
    path = None
    if not trial:
        _clear(folder)
        path = _write(folder, [entry for _, entry in new], recorded_at) if new else None
        _flush(folder)
    return ImportedNotice(
        tuple(entry.fact()._replace(recorded_at=recorded_at) for _, entry in new),
        tuple(repeated),
        tuple(problems),
        compare(old, Snapshot(compose(facts))),
        path,
        () if listed is None else listed.unmapped,
    )


def _entries(node: Node, file: str) -> list[tuple[Node, NoticeEntry]]:
    """The notices of a file with the node each stands in."""
    single = "notices" not in node.fields
    model: Any = NoticeEntry if single else NoticeFile
    try:
        content = model.model_validate(node.value)
    except ValidationError as error:
        raise InvalidDefinition(problems=problems_from(error, node, file, model)) from None
    if single:
        return [(node, content)]
    return list(zip(node.fields["notices"].items, content.notices, strict=True))


def _sift_list(
    listed: DayList, facts: Facts, today: date, source: NoticeSource
) -> tuple[list[tuple[Node, NoticeEntry]], list[str], list[Problem]]:
    """As `_sift`, of a public list; a year arranged alike already is known, whatever the number of its notice."""
    file = source.file.name
    repeated = [year for year, days in listed.years.items() if arranged_alike(days, year, facts)]
    years = [year for year in listed.years if year not in repeated]
    if len(years) > 1 and (source.number is not None or source.published is not None):
        raise UsageError("ZX2066", file=file)
    entries: list[tuple[Node, NoticeEntry]] = []
    doubts: list[CalendarProblem] = []
    for year in years:
        number = source.number or next(iter(listed.papers), f"{source.file.stem} {year}")
        content = plain_notice(listed, year, number=number, published=source.published or today)
        entries += _entries(read_yaml(dump_yaml(content), file), file)
        if source.number is None:
            doubts.append(CalendarProblem("ZX2064", "", None, {"year": year, "notice": number}, "warning"))
        if source.published is None:
            params = {"year": year, "day": today.isoformat()}
            doubts.append(CalendarProblem("ZX2065", "", None, params, "warning"))
    new, _, problems = _sift(entries, facts, today, file)
    problems = [replace(problem, where=Where(file)) for problem in problems]
    problems += [Problem(doubt.code, Where(file), doubt.params, doubt.severity) for doubt in doubts]
    numbers = [_number_of(year, facts) for year in repeated]
    return new, numbers, problems


def _number_of(year: int, facts: Facts) -> str:
    """The number of the notice that arranges a year."""
    return next(notice.number for notice in facts.notices if notice.year == year and notice.amends is None)


def _sift(
    entries: list[tuple[Node, NoticeEntry]], facts: Facts, today: date, file: str
) -> tuple[list[tuple[Node, NoticeEntry]], list[str], list[Problem]]:
    """New notices, the numbers of those known, and the problems; an amendment may follow its notice in one file."""
    new: list[tuple[Node, NoticeEntry]] = []
    repeated: list[str] = []
    problems: list[Problem] = []
    by_number = {notice.number: notice for notice in facts.notices}
    for node, entry in entries:
        notice = entry.fact()
        earlier = by_number.get(notice.number)
        if earlier is not None:
            if earlier._replace(recorded_at=None) == notice._replace(recorded_at=None):
                repeated.append(notice.number)
            else:
                problems.append(
                    _problem(CalendarProblem("ZX2044", "notice_no", None, {"notice": notice.number}), node, file)
                )
            continue
        faults = [*check_notice(notice, facts), *_provenance(entry, today)]
        problems += [_problem(fault, node, file) for fault in faults]
        by_number[notice.number] = notice
        facts = _with(facts, [entry])
        new.append((node, entry))
    return new, repeated, problems


def _provenance(entry: NoticeEntry, today: date) -> list[CalendarProblem]:
    faults = []
    if entry.published is not None and entry.published > today:
        faults.append(
            CalendarProblem(
                "ZX2045", "published", None, {"day": entry.published.isoformat(), "today": today.isoformat()}
            )
        )
    missing = [key for key in _PROVENANCE if getattr(entry, key) is None]
    if missing:
        params = {"notice": entry.notice_no, "missing": ", ".join(missing)}
        faults.append(CalendarProblem("ZX2046", "notice_no", None, params, "warning"))
    if entry.entered_by is not None and entry.entered_by == entry.verified_by:
        faults.append(CalendarProblem("ZX2047", "verified_by", None, {"name": entry.entered_by}, "warning"))
    return faults


def _problem(fault: CalendarProblem, node: Node, file: str) -> Problem:
    reached = follow(node, [fault.key] if fault.index is None else [fault.key, fault.index])
    line, column = reached.node.position
    return Problem(fault.code, Where(file, line, column), fault.params, fault.severity)


def _with(facts: Facts, entries: list[NoticeEntry]) -> Facts:
    return replace(facts, notices=in_order((*facts.notices, *(entry.fact() for entry in entries))))


def _write(folder: Path, entries: list[NoticeEntry], recorded_at: datetime) -> Path:
    """Put the notices into a file of their own, which appears whole or not at all and replaces no other."""
    content = {"language": 1, "calendar": "cn", "notices": [_plain(entry, recorded_at) for entry in entries]}
    text = dump_yaml(content)
    # A file that could not be read back would break every later start, so it is read before it appears.
    again = NoticeFile.model_validate(read_yaml(text).value)
    if [entry.fact() for entry in again.notices] != [
        entry.fact()._replace(recorded_at=recorded_at) for entry in entries
    ]:
        raise InternalError(file=str(folder), notice=entries[0].notice_no)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _written(text, folder, entries[0].year)
    except OSError as error:
        raise _unwritten(folder, error) from error
    return path


def _flush(folder: Path) -> None:
    """Flush the names of the notices, also of one that is there already: who has put it there may have been killed."""
    try:
        if folder.is_dir():
            flush_folders(folder, folder.parent.parent.parent)
    except OSError as error:
        raise _unwritten(folder, error) from error


def _unwritten(folder: Path, error: OSError) -> StorageError:
    return StorageError("ZX2048", where=Where(str(folder)), reason=error.strerror or str(error))


def _clear(folder: Path) -> None:
    """Remove the unfinished files that killed imports have left."""
    with suppress(OSError):
        for part in folder.glob("import.*.part"):
            part.unlink(missing_ok=True)


def _written(text: str, folder: Path, year: int) -> Path:
    """Write a text to a file of its own by way of an unfinished one.

    Another import at the same moment may take that for what a killed one left and remove it: it is then written again.
    """
    part = folder / f"import.{os.getpid()}.part"
    for left in reversed(range(_ATTEMPTS)):
        try:
            with part.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            return _publish(part, folder, year)
        except FileNotFoundError:
            if not left:
                raise
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    raise InternalError(file=str(folder))


def _publish(part: Path, folder: Path, year: int) -> Path:
    number = 1
    while True:
        path = folder / (f"{year}.yaml" if number == 1 else f"{year}-{number}.yaml")
        try:
            path.hardlink_to(part)  # fails where the name is taken, also by somebody who is importing at this moment
        except FileExistsError:
            number += 1
        except OSError:  # a file system without links: here two imports at the same moment could meet
            if not path.exists():
                part.replace(path)
                return path
            number += 1
        else:
            return path


def _plain(entry: NoticeEntry, recorded_at: datetime) -> dict[str, Any]:
    plain = entry.model_copy(update={"recorded_at": recorded_at}).model_dump(mode="json", exclude_none=True)
    plain["off_days"] = [
        "/".join(date.fromordinal(day).isoformat() for day in sorted({first, last})) for first, last in entry.off_days
    ]
    return {key: value for key, value in plain.items() if value or key == "off_days"}
