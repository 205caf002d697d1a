"""Notices, statutory days and lunar dates as people write them: YAML in, calendar facts out.

One file holds the notices of one year; an amendment is a notice of its own that names what it amends.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.calendars.facts import Facts, Layer, Level, Notice, Span, StatutoryText
from zhengxie_flow.calendars.moments import OfficeHours
from zhengxie_flow.errors import InvalidDefinition, NotFound, Where
from zhengxie_flow.model.base import Day, Int, Labelled, Model, Number, Period
from zhengxie_flow.model.instant import read_instant
from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.links import leaving
from zhengxie_flow.reading.validation import problems_from
from zhengxie_flow.reading.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from zhengxie_flow.reading.nodes import Node

__all__ = ["NoticeEntry", "NoticeFile", "in_order", "layer_from", "read_facts", "read_layer", "source_files"]

M = TypeVar("M", bound=Model)
STATUTORY = "statutory.yaml"
LUNAR = "lunar.yaml"

_LONGEST_RUN = 31
_STATUTORY_DAY = re.compile(r"(?:(?P<solar>\d\d-\d\d)|(?P<festival>[a-z_]+)(?P<offset>[+-]\d)?)\Z")


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise PydanticCustomError("ZX2020", "not a day or a run of days: {given}", {"given": text})


def _span(value: Any) -> Span:
    """``2026-10-01`` or ``2026-10-01/2026-10-07``."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, date):
        return value.toordinal(), value.toordinal()
    low, _, high = str(value).partition("/")
    first, last = _day(low), _day(high or low)
    if not 0 <= (last - first).days < _LONGEST_RUN:
        raise PydanticCustomError("ZX2021", "not a run of days: {given}", {"given": str(value), "most": _LONGEST_RUN})
    return first.toordinal(), last.toordinal()


def _statutory_day(value: Any) -> tuple[str, int]:
    if isinstance(value, tuple):
        return value
    match = _STATUTORY_DAY.match(str(value))
    if match is None:
        raise PydanticCustomError("ZX2022", "not a statutory day: {given}", {"given": str(value)})
    return match["solar"] or match["festival"], int(match["offset"] or 0)


def _clock_time(value: Any) -> time:
    if isinstance(value, time):
        return value
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        raise PydanticCustomError("ZX2025", "not a time of day: {given}", {"given": str(value)})
    return time.fromisoformat(str(value))


def _instant(value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else read_instant(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError("ZX2023", "not an instant with a zone: {given}", {"given": str(value)})
    return moment


Run = Annotated[tuple[int, int], BeforeValidator(_span)]
StatutoryDay = Annotated[tuple[str, int], BeforeValidator(_statutory_day)]
Instant = Annotated[datetime, BeforeValidator(_instant)]


class Library(Model):
    """A library as the source, with its version."""

    library: Number
    version: Number


class NoticeEntry(Model):
    """One notice: its number, when it was published, the days off and the make-up working days it
    announces.
    """

    notice_no: Number
    year: Annotated[Int, Field(ge=1950, le=2100)]
    published: Day | None = None
    amends: Number | None = None
    occasion: Labelled | None = None
    off_days: tuple[Run, ...]
    work_days: tuple[Day, ...] = ()
    clears_work: tuple[Day, ...] = ()
    source: Library | None = None
    url: Number | None = None
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    entered_by: Number | None = None
    verified_by: Number | None = None
    recorded_at: Instant | None = None

    @model_validator(mode="after")
    def _known(self) -> NoticeEntry:
        if self.published is None and self.source is None:
            raise PydanticCustomError("ZX2024", "no publication date", {"notice": self.notice_no})
        return self

    def fact(self) -> Notice:
        """The notice as the calendar counts with it."""
        occasion = self.occasion
        return Notice(
            number=self.notice_no,
            year=self.year,
            published=self.published,
            off=self.off_days,
            work=tuple(day.toordinal() for day in self.work_days),
            clears=tuple(day.toordinal() for day in self.clears_work),
            amends=self.amends,
            source=f"{self.source.library} {self.source.version}" if self.source else None,
            occasion=(occasion.label("zh"), occasion.label("en")) if occasion else None,
            recorded_at=self.recorded_at,
        )


class NoticeFile(Model):
    """The notices of one year."""

    language: Literal[1] = 1
    calendar: Literal["cn"] = "cn"
    notices: tuple[NoticeEntry, ...]


class StatutoryEntry(Model):
    """One text of the measures on statutory days off."""

    number: Number
    published: Day
    in_force: Day
    days: dict[str, tuple[StatutoryDay, ...]]


class StatutoryFile(Model):
    """The texts of the measures, in the order of their coming into force."""

    language: Literal[1] = 1
    calendar: Literal["cn"] = "cn"
    statutory: tuple[StatutoryEntry, ...]


class LunarFile(Model):
    """Solar dates of festivals by year, with the library they were computed with."""

    language: Literal[1] = 1
    calendar: Literal["cn"] = "cn"
    source: Library
    festivals: dict[str, tuple[Day, ...]]


class LocalEntry(Model):
    """A local change of days; ``published`` may be left out for a standing rule."""

    notice_no: Number
    published: Day | None = None
    occasion: Labelled | None = None
    off_days: tuple[Run, ...] = ()
    work_days: tuple[Day, ...] = ()

    def fact(self, level: Level) -> Notice:
        """The local notice as the calendar counts with it; without a date of publication it was always known."""
        days = [low for low, _ in self.off_days] + [day.toordinal() for day in self.work_days]
        return Notice(
            number=self.notice_no,
            year=date.fromordinal(min(days, default=1)).year,
            published=self.published or date.min,
            off=self.off_days,
            work=tuple(day.toordinal() for day in self.work_days),
            level=level,
            occasion=(self.occasion.label("zh"), self.occasion.label("en")) if self.occasion else None,
        )


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class Break(Model):
    """A break of the office between two times of day."""

    from_: ClockTime = Field(alias="from")
    to: ClockTime


class LocalHours(Model):
    """Opening hours of offices, with their period and the instrument that sets them; ``closes`` alone ends a day."""

    opens: ClockTime | None = None
    closes: ClockTime
    breaks: tuple[Break, ...] = ()
    valid: Period = Period()
    basis: Number

    @model_validator(mode="after")
    def _in_order(self) -> LocalHours:
        times = [self.opens] if self.opens is not None else []
        for part in self.breaks:
            times += [part.from_, part.to]
        times.append(self.closes)
        if times != sorted(set(times)) or (self.breaks and self.opens is None):
            raise PydanticCustomError("ZX2071", "opening hours out of order", {"closes": str(self.closes)})
        return self

    def fact(self) -> OfficeHours:
        """The hours as an act is judged by them."""
        breaks = tuple((part.from_, part.to) for part in self.breaks)
        return OfficeHours(self.closes, self.valid.from_, self.valid.to, self.basis, self.opens, breaks)


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class LocalFile(Labelled):
    """A layer: the calendar it lies on, or a week of its own; the instruments that change days there; closing times."""

    language: Literal[1] = 1
    calendar: Number | None = None
    week: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = None
    level: Literal["province", "prefecture", "organisation"]
    covers: Period = Period()
    source: Number | None = None
    notices: tuple[LocalEntry, ...] = ()
    office_hours: tuple[LocalHours, ...] = ()

    @model_validator(mode="after")
    def _one_base(self) -> LocalFile:
        if self.calendar is not None and self.week is not None:
            raise PydanticCustomError("ZX2062", "both a calendar and a week", {"calendar": self.calendar})
        return self

    def layer(self, id: str, default: str | None) -> Layer:  # noqa: A002 - what it is called everywhere
        """The layer as calendars are composed with it; ``default`` is the calendar it lies on where it names none."""
        return Layer(
            id,
            self.level,
            tuple(notice.fact(self.level) for notice in self.notices),
            tuple(hours.fact() for hours in self.office_hours),
            base=id if self.week is not None else self.calendar or default,
            rest_days=None if self.week is None else frozenset(range(7)) - {WEEK.index(day) for day in self.week},
            complete_from=self.covers.from_,
            complete_through=self.covers.to,
        )


def read_facts(folders: Iterable[Path]) -> Facts:
    """Everything about the calendar of China from its folders of YAML files, a later folder adding to an earlier.

    A notice may stand in several folders, as long as they say the same.  Raises InvalidDefinition with the place of
    every problem of a file, or ZX2044 for a notice told in two ways, and NotFound ZX2015 where there is no notice.
    """
    notices: dict[str, Notice] = {}
    statutory: tuple[StatutoryText, ...] = ()
    lunar: dict[str, dict[int, int]] = {}
    for path in source_files(folders):
        if path.name == STATUTORY:
            statutory = tuple(_statutory(entry) for entry in _read(path, StatutoryFile).statutory)
        elif path.name == LUNAR:
            table = _read(path, LunarFile).festivals
            lunar = {name: {day.year: day.toordinal() for day in days} for name, days in table.items()}
        else:
            for entry in _read(path, NoticeFile).notices:
                notice = entry.fact()
                earlier = notices.setdefault(notice.number, notice)
                if earlier._replace(recorded_at=None) != notice._replace(recorded_at=None):
                    raise InvalidDefinition("ZX2044", where=Where(path.name), notice=notice.number)
    if not notices:
        raise NotFound("ZX2015", calendar="cn")
    first = date(min(notice.year for notice in notices.values()), 1, 1)
    return Facts("cn", first, in_order(notices.values()), statutory, lunar)


def in_order(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Notices as they became known, an amendment after what it amends."""
    return tuple(sorted(notices, key=lambda notice: (notice.known_from, notice.amends is not None, notice.number)))


def source_files(folders: Iterable[Path]) -> list[Path]:
    """The YAML files of some folders, in order; a folder that does not exist has none."""
    return [path for folder in folders for path in sorted(folder.glob("*.yaml"))]


def read_layer(path: Path) -> Layer:
    """Read a layer from its file; its id is the name of the file, and without ``calendar`` it lies on ``cn``.

    Args:
        path: a YAML file such as those in ``rules/calendars/local/``.

    Raises:
        InvalidDefinition: with every problem of the file.
    """
    return _read(path, LocalFile).layer(path.stem, "cn")


_OF_THE_FILE = ("level", "week", "calendar", "covers")


def layer_from(value: Mapping[str, Any]) -> Layer:
    """A layer given as a mapping: either the content of its file, or just ``off_days`` and ``work_days``.

    With ``week`` it is a week of its own.  Raises InvalidDefinition for anything else.
    """
    content = {key: entry for key, entry in value.items() if key != "id"}
    name = str(value.get("id", "week" if "week" in content else "local"))
    if not content.keys() & {"notices", "office_hours"}:
        kept: dict[str, Any] = {key: content.pop(key) for key in _OF_THE_FILE if key in content}
        content = {"level": "organisation", **kept, "notices": [{"notice_no": name, **content}]}
    node = read_yaml(json.dumps(content, default=str, ensure_ascii=False), name)
    return _validate(node, name, LocalFile).layer(name, None)


def _statutory(entry: StatutoryEntry) -> StatutoryText:
    days = tuple((festival, base, offset) for festival, listed in entry.days.items() for base, offset in listed)
    return StatutoryText(entry.number, entry.published, entry.in_force, days)


def _read(path: Path, model: type[M]) -> M:
    """Read a file of ``rules/calendars/NAME/``; it may not lead out of the project above by a link."""
    if (link := leaving(path, _project_of(path), path.name)) is not None:
        raise InvalidDefinition(problems=(link,))
    return _validate(read_yaml(read_text(path, name=path.name), path.name), path.name, model)


def _project_of(path: Path) -> Path:
    """The folder above ``rules/``, else that of the file."""
    return next((folder.parent for folder in path.parents if folder.name == "rules"), path.parent)


def _validate(node: Node, file: str, model: type[M]) -> M:
    try:
        return model.model_validate(node.value)
    except ValidationError as error:
        raise InvalidDefinition(problems=problems_from(error, node, file, model)) from None
