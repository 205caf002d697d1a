"""The one-off calculator behind ``calendar add``, ``within`` and ``before``: a term from words of a command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengxie_flow.cli.parsing import day as civil_day, moment
from zhengxie_flow.errors import InvalidDefinition, NotFound, UsageError

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.model.convention import Convention
    from zhengxie_flow.model.limit import Part
    from zhengxie_flow.presentation.documents.calendars import CalculatedTerm


@dataclass(frozen=True, slots=True)
class Asked:
    """The term of a command line: its words, its start, and its stops and extensions."""

    words: Mapping[str, Any]
    start: str
    changes: tuple[Sequence[str], Sequence[int]] = ((), ())


def part_of(words: Mapping[str, Any]) -> Part:
    """The part of a limit that words say.

    Raises:
        CalendarError: ZX2004 to ZX2006 for an amount that cannot be counted.
        UsageError: ZX6012, a word that there is not; ZX1261, one that does nothing there.
    """
    from zhengxie_flow.calendars.arithmetic import whole_amount
    from zhengxie_flow.model.base import GREATEST_AMOUNT
    from zhengxie_flow.model.limit import AMOUNTS, Part

    for key in words.keys() & set(AMOUNTS):
        if whole_amount(words[key]) > GREATEST_AMOUNT:
            raise UsageError("ZX6012", name="N", given=words[key], known=f"1–{GREATEST_AMOUNT}")
    entries = {key: value for key, value in words.items() if value not in (None, False)}
    if entries.pop("month_end", False):
        entries["month_end"] = "keep"
    for key, known in _choices().items():
        if entries.get(key, known[0]) not in known:
            raise UsageError("ZX6012", name=f"--{key}", given=entries[key], known=known)
    names: dict[str, Any] = {key: entries.pop(key) for key in ("convention", "kind") if key in entries}
    part = Part.model_validate(entries).model_copy(update=names)
    _effective(part)
    return part


def _choices() -> dict[str, tuple[str, ...]]:
    """The values that options take."""
    from typing import get_args

    from zhengxie_flow.model.counting import UNITS, Convention, Roll

    return {"unit": UNITS, "count": get_args(Convention), "roll": get_args(Roll)}


def _effective(part: Part) -> None:
    """Refuse an option that would do nothing, for whoever gives it means something by it."""
    from zhengxie_flow.model.counting import elapsed

    idle = {
        "count": part.count is not None and elapsed(part.unit),
        "roll": part.roll is not None and elapsed(part.unit),
        "month-end": part.month_end is not None and part.unit not in ("month", "year"),
    }
    for key, nothing in idle.items():
        if nothing:
            raise UsageError("ZX1261", key=f"--{key}")


def show_term(session: Session, asked: Asked, calendar: str | None, as_of: str | None) -> None:
    """Count a term and say what it came to."""
    if (plain := _plain(asked)) is not None:
        _say(session, plain(snapshot_of(session, calendar or "cn", as_of)), {})
        return
    from zoneinfo import ZoneInfo

    from zhengxie_flow.calendars.arithmetic import whole_amount
    from zhengxie_flow.engine.limits.calculator import OneOffTerm, calendars_of, count_one_off
    from zhengxie_flow.presentation.documents.calendars import calculated_term

    part = part_of(asked.words)
    start = _start(asked, part)
    conventions = _conventions(session, part)
    named = conventions[part.convention].calendar if part.convention is not None else None
    first = calendar or named or "cn"
    names = [first, *(name for name in calendars_of(list(conventions.values())) if name != first)]
    snapshot = snapshot_of(session, ",".join(names), as_of)
    stops, extensions = asked.changes
    term = OneOffTerm(part, start, tuple(map(_stop, stops)), tuple(map(whole_amount, extensions)))
    zone = start.tzinfo if isinstance(start, datetime) and start.tzinfo is not None else ZoneInfo("Asia/Shanghai")
    document = calculated_term(term, count_one_off(term, snapshot, conventions, zone), snapshot)
    _say(session, (document, snapshot), conventions)


Counted = tuple["CalculatedTerm", "Snapshot"]


def _say(session: Session, counted: Counted, conventions: Mapping[str, Convention]) -> None:
    document, snapshot = counted

    def show(page: Page) -> None:
        from zhengxie_flow.cli.rendering.count import calculated

        calculated(page, document, snapshot.explain, conventions)

    session.say(document, show)


PLAIN = frozenset({"working_day", "calendar_day", "week", "half_month", "month", "year"})


def _plain(asked: Asked) -> Callable[[Snapshot], Counted] | None:
    """The count of a term that the calendar counts by itself, which loads nothing else; None for any other."""
    words = asked.words
    if any(asked.changes) or any(words[key] for key in ("convention", "kind", "roll", "month_end")):
        return None
    if words["unit"] not in PLAIN or words["count"] not in (None, "event_excluded", "first_day_included", "clear_days"):
        return None
    start = civil_day(asked.start)

    def count(snapshot: Snapshot) -> Counted:
        from zhengxie_flow.presentation.documents.calendars import counted_term

        word: Any = words["count"] or "event_excluded"
        if "within" in words:
            return counted_term(snapshot.within(start, words["within"], words["unit"], word)), snapshot
        if "at_most" in words:
            return counted_term(snapshot.before(start, words["at_most"], word, words["unit"], "earliest")), snapshot
        return counted_term(snapshot.before(start, words["at_least"], word, words["unit"])), snapshot

    return count


def _start(asked: Asked, part: Part) -> date | datetime:
    """The day or the instant from which a term runs; one in hours runs from an instant, and without a break."""
    from zhengxie_flow.model.counting import elapsed

    start = moment(asked.start)
    if elapsed(part.unit):
        for name, changes in zip(("--stop", "--extend"), asked.changes, strict=True):
            if changes:
                raise UsageError("ZX1261", key=name)
        if not isinstance(start, datetime):
            raise UsageError("ZX6017", given=asked.start)
    return start


def _conventions(session: Session, part: Part) -> dict[str, Convention]:
    if part.convention is None:
        if part.kind is not None:
            raise UsageError("ZX6004", name="--convention")
        return {}
    from zhengxie_flow.model.convention import kinds_of
    from zhengxie_flow.reading.conventions import convention_files, load_convention
    from zhengxie_flow.spelling import unknown_name

    files = convention_files(_rules(session))
    if part.convention not in files:
        raise NotFound("ZX1201", **unknown_name("convention", part.convention, files))
    conventions, problems = load_convention(part.convention, _rules(session))
    if problems:
        raise InvalidDefinition(problems=problems)
    if part.kind is not None and part.kind not in (kinds := kinds_of(conventions, part.convention)):
        raise NotFound("ZX1331", convention=part.convention, kind=part.kind, known=", ".join(sorted(kinds)))
    return conventions


def _stop(text: str) -> tuple[date, date]:
    """Read ``A..B``."""
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError("ZX6012", name="--stop", given=text, known="A..B")
    begin, end = civil_day(first), civil_day(last)
    if end < begin:
        raise UsageError("ZX2007", first=begin, last=end)
    return begin, end


def snapshot_of(session: Session, name: str, as_of: str | None) -> Snapshot:
    """The calendar of a name, with the notices and layers of the project."""
    from zhengxie_flow.reading.calendars import load

    known_on = None if as_of is None else civil_day(as_of)
    return load(name, known_on, project=_rules(session))


def _rules(session: Session) -> Path | None:
    return None if session.folder is None else session.folder / "rules"
