"""The rows of a list of open work with their words: days left, titles, bearers and sentences, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from zhengxie_flow.errors import CalendarError, ChainBroken, NotFound, StorageError
from zhengxie_flow.i18n import label
from zhengxie_flow.model.bearer import Bearer, assigned_bearers
from zhengxie_flow.model.counting import days_of, opens
from zhengxie_flow.presentation.documents.deadlines import DueDeadline, DueList, due_deadline
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.services.queries.lists import assigned_today, title_of

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.ports import AssignmentRow, DeadlineRow, DueRow
    from zhengxie_flow.services.context import Context

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueWords:
    """Sources of the words of a list.

    Attributes:
        today: The civil day against which they are shown.
        lang: ``zh`` or ``en``.
        labels: The labels of a definition by its hash; None where it cannot be had.
        calendar: A calendar by its name; None where it cannot be had.
        title: The title of a case.
        held: To whom the roles of a case fall today.
    """

    today: date
    lang: str
    labels: Callable[[str], Labels | None]
    calendar: Callable[[str], Snapshot | None]
    title: Callable[[str], str]
    held: Callable[[str], Mapping[str, AssignmentRow]] = lambda _: {}


def words_of(context: Context, today: date, lang: str) -> DueWords:
    """Return what rows are said with, each definition and calendar looked up once.

    Args:
        context: The ports.
        today: The civil day against which the rows are shown.
        lang: ``zh`` or ``en``.
    """

    @cache
    def labels(definition: str) -> Labels | None:
        try:
            return Labels(context.definitions.by_hash(definition), lang)
        except (NotFound, ChainBroken):  # for `verify` to name
            return None

    @cache
    def calendar(name: str) -> Snapshot | None:
        try:
            return context.calendars.snapshot(name, today)
        except (NotFound, CalendarError):
            return None

    @cache
    def title(case: str) -> str:
        try:
            return title_of(context, case)
        except StorageError:
            return case

    @cache
    def assigned() -> Mapping[str, Mapping[str, AssignmentRow]]:
        by_case: dict[str, dict[str, AssignmentRow]] = {}
        for (case, role), made in assigned_today(context).items():
            by_case.setdefault(case, {})[role] = made
        return by_case

    return DueWords(today, lang, labels, calendar, title, lambda case: assigned().get(case, {}))


def counted(row: DueRow, words: DueWords) -> DueDeadline:
    """Return a row with its days left, in working days where its limit counts those, and the title of its case.

    Args:
        row: The row with its place.
        words: What it is counted by.
    """
    return replace(
        due_deadline(row.row, words.today),
        days_left=days_left(row.row, words.today, words.calendar),
        days_unit=days_of(working=row.row.working_calendar is not None),
        case_title=row.title or row.row.case,
    )


def with_words(deadline: DueDeadline, words: DueWords) -> DueDeadline:
    """Return a row with its days left, the titles of the case and of what is open, its bearers and its sentence.

    Args:
        deadline: The row against the day.
        words: What it is said with.
    """
    row = deadline.row
    labels = None if row.definition is None else words.labels(row.definition)
    bearers = tuple(Bearer(role, role) for role in row.roles) if labels is None else labels.bearers(row.roles)
    shown = replace(
        deadline,
        days_left=days_left(row, words.today, words.calendar),
        days_unit=days_of(working=row.working_calendar is not None),
        case_title=words.title(row.case),
        title=_title(row, labels),
        bearers=assigned_bearers(bearers, words.held(row.case)),
    )
    return replace(shown, sentence=sentence(shown, words.lang))


def worded(due: DueList, words: DueWords) -> DueList:
    """Return a list with every row in words.

    Args:
        due: The list.
        words: What it is said with.
    """
    return replace(due, deadlines=tuple(with_words(deadline, words) for deadline in due.deadlines))


def days_left(row: DeadlineRow, today: date, calendar: Callable[[str], Snapshot | None]) -> int | None:
    """Count the days from today to the last day of a row: working days where its limit counts those.

    Args:
        row: The row.
        today: The civil day.
        calendar: A calendar by its name.

    Returns:
        The days after today up to and including the last one; after it, those that have gone by, negative.  None where
        there is no day, or it lies outside the calendar.
    """
    if row.day is None:
        return None
    if row.working_calendar is None:
        return (row.day - today).days
    counted = calendar(row.working_calendar)
    first, last = sorted((row.day, today))
    if counted is None or first == last:
        return None if counted is None else 0
    try:
        days = counted.count(first + ONE, last)
    except CalendarError:  # outside its data
        return None
    return days if row.day > today else -days


def sentence(deadline: DueDeadline, lang: str) -> str:
    """Return the sentence that says what is open, by its kind.

    Args:
        deadline: The row with its titles and bearers.
        lang: ``zh`` or ``en``.
    """
    row = deadline.row
    values = {
        "title": deadline.title or row.obligation,
        "who": [bearer.named for bearer in deadline.bearers] or label("due.nobody", lang),
        "day": row.day,
        "since": row.stopped_since,
        "used": _amount(row.consumed, deadline, lang),
        "left": _amount(row.units_left or 0, deadline, lang),
        "rest": remaining(deadline, lang),
    }
    text = label(f"due.sentence.{_key(deadline)}", lang, **values)
    return text if row.item is None else label("due.sentence.item", lang, text=text, item=row.item)


def _key(deadline: DueDeadline) -> str:
    row = deadline.row
    if row.kind != "dated":
        return row.kind
    if opens(row.direction):
        return "opens"
    return "overdue" if deadline.overdue else "dated"


def remaining(deadline: DueDeadline, lang: str) -> str:
    """Return what is left until the last day of a row, or how long ago it was, in words; of any other its kind.

    Args:
        deadline: The row.
        lang: ``zh`` or ``en``.
    """
    row, left = deadline.row, deadline.days_left
    if row.kind == "stopped":
        return label("due.left.stopped", lang, left=_amount(row.units_left or 0, deadline, lang))
    if row.kind != "dated":
        return label(f"due.left.{row.kind}", lang)
    if left is None:
        return label("due.left.unknown", lang)
    if deadline.overdue or left < 0:
        window = opens(row.direction)
        return label("due.left.open" if window else "due.left.late", lang, days=_amount(-left, deadline, lang))
    return (
        label("due.left.today", lang)
        if row.day is not None and left == 0
        else label("due.left.days", lang, days=_amount(left, deadline, lang))
    )


def _amount(days: int, deadline: DueDeadline, lang: str) -> str:
    number = "one" if days == 1 else "many"
    return label(f"due.days.{deadline.days_unit}.{number}", lang, days=days)


def _title(row: DeadlineRow, labels: Labels | None) -> str:
    if labels is None:
        return row.fact or row.obligation
    if row.fact is not None:
        return labels.field(row.fact)
    return labels.of(row.obligation) or row.obligation
