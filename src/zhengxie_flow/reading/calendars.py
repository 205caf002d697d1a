"""Calendars by name: China from notices, packaged or a project's own; other countries from `holidays`; any week."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from zhengxie_flow.calendars.arithmetic import civil_day
from zhengxie_flow.calendars.compose import compose, layered, weekly_timeline
from zhengxie_flow.calendars.facts import Facts, Layer
from zhengxie_flow.calendars.snapshot import Snapshot
from zhengxie_flow.errors import CalendarError, NotFound, UsageError
from zhengxie_flow.reading import calendar_pack
from zhengxie_flow.reading.calendar_names import country_code, fits, looks_like_country, parse_name
from zhengxie_flow.resources import rules_dir

if TYPE_CHECKING:
    from datetime import datetime

    from zhengxie_flow.calendars.facts import Notice
    from zhengxie_flow.calendars.timeline import Timeline

__all__ = ["CalendarFiles", "Name", "Overlay", "load"]

FIRST = date(2000, 1, 1)
LAST = date(2040, 12, 31)
"""The days answered by a week of one's own."""
_ONE = timedelta(days=1)

Name: TypeAlias = "str | Mapping[str, Any]"
"""``cn``, ``cn+yanbian`` (with a layer), ``NL``, ``US-CA``, ``US+US-CA`` (holidays of one on top of another), the name
of a layer that has a week of its own, ``{country: NL, subdivision: ...}``, ``{week: [mon, ...], off_days: [...]}``."""
Overlay: TypeAlias = "Layer | str | Path | Mapping[str, Any]"
"""A layer, the name of its file in ``rules/calendars/local/``, the path of one, or its content."""


def load(
    name: Name = "cn",
    as_of: date | None = None,
    overlays: Iterable[Overlay] = (),
    *,
    root: Path | None = None,
    project: Path | None = None,
    known_at: datetime | None = None,
) -> Snapshot:
    """Load a calendar as it was known on a day.

    Args:
        name: ``cn``, with local layers ``cn+layer``, or the ISO code of another country.
        as_of: keep the notices published on or before this day; None: all.
        overlays: further layers, as values.
        root: the packaged ``rules/`` folder.
        project: another ``rules/`` folder, which adds notices and local layers.
        known_at: keep the notices that this installation had recorded by this instant.

    Returns:
        The snapshot of the calendar, known by the hash of its days.

    Raises:
        NotFound: ZX2015 no such calendar, ZX2016 no such local layer.
        CalendarError: ZX2010, no notice was known yet; ZX2017, a layer made for another calendar; ZX2061, layers whose
            lists cover no day in common.
        UsageError: ZX4016, ``name`` is neither text nor a mapping.

    Example:
        >>> from datetime import date
        >>> load("cn", date(2026, 1, 1)).is_working_day(date(2026, 10, 1))
        False
    """
    if not isinstance(name, str | Mapping):
        raise UsageError("ZX4016", name="name", given=repr(name)[:80], wanted="str")
    return CalendarFiles(root, project).snapshot(name, as_of, overlays=overlays, known_at=known_at)


class CalendarFiles:
    """All calendars of one installation; snapshots that see the same notices share their arrays.

    Files are read when the object is made; `refresh` looks again (after a notice was imported).
    """

    def __init__(self, root: Path | None = None, project: Path | None = None) -> None:
        packaged = rules_dir() if root is None else root
        self._rules = [packaged] if project is None else [packaged, project]
        self.refresh()

    def refresh(self) -> None:
        """Read the sources again; snapshots handed out stay as they are."""
        folders = tuple(dict.fromkeys(folder / "calendars" / "cn" for folder in self._rules))
        snapshots: dict[tuple[Any, ...], Snapshot] = {}
        self._composed: dict[tuple[Any, ...], Timeline] = {}
        # One assignment: a thread that asks meanwhile gets the old sources or the new, and never mixes them.
        self._state = (_china(folders, calendar_pack.digest(folders)), snapshots)

    def fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        """Return the fingerprint of the source files: it differs as soon as one is added, changed or removed.

        Returns:
            Their names, times and sizes.
        """
        folders = (folder / "calendars" / kind for folder in self._rules for kind in ("cn", "local"))
        files = (file for folder in folders if folder.is_dir() for file in os.scandir(folder))
        stats = ((file.path, file.stat()) for file in files if file.name.endswith(".yaml"))
        return tuple(sorted((path, status.st_mtime_ns, status.st_size) for path, status in stats))

    def with_notices(self, notices: Iterable[Notice]) -> CalendarFiles:
        """Return these calendars as they would be with further notices of China.

        Args:
            notices: the notices.
        """
        changed = CalendarFiles.__new__(CalendarFiles)
        snapshots: dict[tuple[Any, ...], Snapshot] = {}
        state = (self._state[0].with_notices(notices), snapshots)
        changed.__dict__.update(self.__dict__, _state=state)
        return changed

    def snapshot(
        self,
        name: Name = "cn",
        as_of: date | None = None,
        *,
        overlays: Iterable[Overlay] = (),
        known_at: datetime | None = None,
    ) -> Snapshot:
        """Return the calendar of a name as known on ``as_of``; the same question gives the same object.

        Args:
            name: as for `load`; or several, parted by commas: the first answers, and knows the others.
            as_of: keep the notices published on or before this day; None: all.
            overlays: further layers, as values; such snapshots are not kept.
            known_at: keep the notices that this installation had recorded by this instant.

        Raises:
            NotFound: ZX2015 no such calendar, ZX2016 no such local layer.
            CalendarError: ZX2010, no notice was known yet.
        """
        layers = tuple(overlays)
        as_of = None if as_of is None else civil_day(as_of)
        china, snapshots = self._state
        if layers:
            return self._make(china, name, as_of, layers, known_at)
        key = (name if isinstance(name, str) else repr(sorted(name.items())), as_of, known_at)
        if key not in snapshots:
            first, *others = name.split(",") if isinstance(name, str) else (name,)
            snapshots[key] = self._make(china, first, as_of, layers, known_at)
            if others:
                beside = {other: self.snapshot(other, as_of, known_at=known_at) for other in others}
                snapshots[key] = Snapshot(snapshots[key].timeline, as_of, beside)
        return snapshots[key]

    def standing(self, name: Name, edition: str, as_of: date) -> Callable[[date], Snapshot] | None:
        """Return the calendar as it was while it had an edition, by day; ``as_of`` is the day for which it had it.

        Found by leaving out what was recorded, or published, last; None when the files no longer lead back to it.
        """
        notices = self._state[0].notices
        instants = sorted({notice.recorded_at for notice in notices if notice.recorded_at is not None}, reverse=True)
        days = sorted({notice.known_from for notice in notices if notice.known_from > date.min}, reverse=True)
        for known_at in instants:
            before = partial(self._known_before, name, date.max, known_at - timedelta(microseconds=1))
            if self._edition(before, as_of) == edition:
                return before
        for day in days:
            before = partial(self._known_before, name, day - _ONE, None)
            if self._edition(before, as_of) == edition:
                return before
        return None

    def _known_before(self, name: Name, last: date, known_at: datetime | None, day: date) -> Snapshot:
        return self.snapshot(name, min(day, last), known_at=known_at)

    @staticmethod
    def _edition(calendar: Callable[[date], Snapshot], as_of: date) -> str | None:
        try:
            return calendar(as_of).calendar_hash
        except CalendarError:  # so early that nothing was known
            return None

    def _make(
        self, china: _China, name: Name, as_of: date | None, overlays: Sequence[Overlay], known_at: datetime | None
    ) -> Snapshot:
        if isinstance(name, Mapping) and "week" in name:
            from zhengxie_flow.reading.calendar_files import layer_from

            return Snapshot(self._on_week(layer_from(name), as_of, tuple(map(self._layer, overlays)), known_at), as_of)
        parsed = parse_name(name)
        layers = tuple(self._layer(overlay) for overlay in (*parsed.layers, *overlays))
        for layer in layers:
            if layer.base is not None and not fits(layer.base, parsed.base):
                raise CalendarError("ZX2017", layer=layer.id, wanted=layer.base, calendar=str(name))
        if parsed.is_china:
            return Snapshot(china.timeline(as_of, layers, known_at), as_of)
        week = self._week(parsed.base)
        if week is not None:
            return Snapshot(self._on_week(week, as_of, layers, known_at), as_of)
        from zhengxie_flow.reading.holidays_adapter import country_timeline

        timeline = country_timeline(parsed.country, parsed.subdivision)
        return Snapshot(self._on(timeline, as_of, layers, known_at), as_of)

    def _on_week(
        self, week: Layer, as_of: date | None, layers: tuple[Layer, ...], known_at: datetime | None
    ) -> Timeline:
        """A week of its own with its days off, and layers on top."""
        base = weekly_timeline(week.id, week.rest_days or frozenset(), FIRST, LAST)
        composed = self._on(base, as_of, (week, *layers), known_at)
        return composed if layers else replace(composed, name=week.id)

    def _on(self, base: Timeline, as_of: date | None, layers: tuple[Layer, ...], known_at: datetime | None) -> Timeline:
        """A calendar with layers on top; all days up to the next on which a notice of theirs became known share one."""
        if not layers:
            return base
        key = (base.name, _known_through(_changes(layers), as_of), known_at, _layers_key(layers))
        if key not in self._composed:
            self._composed[key] = layered(base, layers, as_of, known_at=known_at)
        return self._composed[key]

    def _week(self, name: str) -> Layer | None:
        """The layer of a name that has a week of its own."""
        path = self._layer_path(name)
        if path is None:
            return None
        from zhengxie_flow.reading.calendar_files import read_layer

        layer = read_layer(path)
        return None if layer.rest_days is None else layer

    def _layer_path(self, name: str) -> Path | None:
        paths = (folder / "calendars" / "local" / f"{name}.yaml" for folder in reversed(self._rules))
        return next((path for path in paths if name.isidentifier() and path.is_file()), None)

    def _layer(self, overlay: Overlay) -> Layer:
        if isinstance(overlay, Layer):
            return overlay
        from zhengxie_flow.reading.calendar_files import layer_from, read_layer

        if isinstance(overlay, Mapping):
            return layer_from(overlay)
        if isinstance(overlay, Path):
            return read_layer(overlay)
        path = self._layer_path(overlay)
        if path is not None:
            return read_layer(path)
        if looks_like_country(overlay):
            from zhengxie_flow.reading.holidays_adapter import country_layer

            return country_layer(*country_code(overlay))
        raise NotFound("ZX2016", layer=overlay)


def _changes(layers: tuple[Layer, ...]) -> set[date]:
    """The days on which a notice of some layers became known."""
    return {notice.known_from for layer in layers for notice in layer.notices}


def _known_through(changes: set[date], as_of: date | None) -> date | None:
    """The last of some days up to another; the day itself where there is none."""
    days = sorted(changes)
    place = bisect_right(days, as_of) if as_of else len(days)
    return days[place - 1] if place else as_of


def _layers_key(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """What tells layers apart; those of a library by their names, for they hold thousands of days."""
    return tuple(layer.id if layer.level == "library" else repr(layer) for layer in layers)


class _China:
    """The facts of one set of sources, and the timelines made of them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.notices = facts.notices
        self._timelines: dict[tuple[Any, ...], Timeline] = {}

    def with_notices(self, notices: Iterable[Notice]) -> _China:
        """These facts with further notices."""
        together = (*self._facts.notices, *notices)
        order = sorted(together, key=lambda notice: (notice.known_from, notice.amends is not None, notice.number))
        return _China(replace(self._facts, notices=tuple(order)))

    def timeline(self, as_of: date | None, layers: tuple[Layer, ...], known_at: datetime | None) -> Timeline:
        """The timeline of a day; all days up to the next on which something became known share one."""
        changes = {notice.known_from for notice in self._facts.notices}
        changes.update(text.published for text in self._facts.statutory)
        day = _known_through(changes | _changes(layers), as_of)
        key = (day, known_at, _layers_key(layers))
        if key not in self._timelines:
            self._timelines[key] = compose(self._facts, day, known_at=known_at, overlays=layers)
        return self._timelines[key]


@lru_cache(maxsize=4)
def _china(folders: tuple[Path, ...], key: str) -> _China:
    return _China(calendar_pack.load_facts(folders, key))
