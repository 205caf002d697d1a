"""The facts a calendar is composed of: notices, statutory days, festival dates; no counting.

Days are kept as proleptic ordinals (`date.toordinal`) and runs of days as ``(first, last)``, so that a whole
calendar is read from its compiled form without making thousands of objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhengxie_flow.calendars.moments import OfficeHours

__all__ = ["LEVELS", "LOCAL", "Facts", "Layer", "Level", "Notice", "Span", "StatutoryText"]

Span: TypeAlias = tuple[int, int]
"""A run of days, both ends included."""

Level: TypeAlias = Literal["statutory", "in_lieu", "library", "country", "province", "prefecture", "organisation"]

LEVELS: tuple[Level, ...] = (
    "statutory", "in_lieu", "library", "country", "province", "prefecture", "organisation",
)  # fmt: skip
"""From the weakest to the strongest: for one date the later level wins, and within a level the later notice."""

LOCAL: frozenset[Level] = frozenset({"province", "prefecture", "organisation"})
"""The levels of local layers, whose days are settled whatever the country's notices say."""


class Notice(NamedTuple):  # made by the dozen at every start, and a tuple is made fastest
    """One instrument that changes days: a State Council notice, an amendment of one, a local notice.

    ``clears`` names make-up working days of an earlier notice that this one takes back; that is never inferred from
    its days off.  ``published`` is what the public could know, ``recorded_at`` when this installation learned it
    (None: it came with the package).  Without ``published`` (years taken from a library) a notice counts as known
    from 1 January of its year: an earlier day cannot be proved.
    """

    number: str
    year: int
    published: date | None
    off: tuple[Span, ...]
    work: tuple[int, ...] = ()
    clears: tuple[int, ...] = ()
    amends: str | None = None
    level: Level = "country"
    source: str | None = None  # library and version, where no notice was read
    occasion: tuple[str, str] | None = None  # Chinese, English
    recorded_at: datetime | None = None
    names: Mapping[int, str] | None = None  # day -> name, for calendars taken from a library
    estimated: frozenset[int] = frozenset()  # days off whose date is only estimated

    @property
    def known_from(self) -> date:
        """The first day on which an act could rely on it."""
        return self.published or date(self.year, 1, 1)


@dataclass(frozen=True, slots=True)
class StatutoryText:
    """One text of the measures on statutory days off: number, dates, and ``(festival, base, offset)`` per day.

    ``base`` is ``MM-DD`` or the name of a festival in the table of lunar dates, ``offset`` the days after it.
    """

    number: str
    published: date
    in_force: date
    days: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """Days on top of a calendar, of a region, an organisation or another country; used only where asked for."""

    id: str
    level: Level
    notices: tuple[Notice, ...]
    office_hours: tuple[OfficeHours, ...] = ()
    base: str | None = None
    """The calendar it was made for; None: any."""
    rest_days: frozenset[int] | None = None
    """The weekdays that are not worked, where it is a week of its own; Monday is 0."""
    complete_from: date | None = None
    """The first day for which its list of days is complete; earlier days are not answered.  None: it always is."""
    complete_through: date | None = None
    """The last day for which its list is complete; one more day off may come after it.  None: it always is."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about one country's calendar, notices in the order in which they became known."""

    name: str
    first: date
    notices: tuple[Notice, ...]
    statutory: tuple[StatutoryText, ...] = ()
    lunar: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # festival -> year -> day
    rest_days: frozenset[int] = frozenset({5, 6})  # weekdays, Monday is 0
