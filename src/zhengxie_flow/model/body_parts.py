"""Parts of the bodies of events: changes of states and items, links between cases, counted deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from zhengxie_flow.model.base import Bool, Int
from zhengxie_flow.model.instant import has_civil_days

Values = dict[str, Any]
"""Values by the name of a fact or field, in plain JSON form: no floats; days, instants and decimals as text."""

DAY_LENGTH = len("2026-01-01")


def read_moment(text: str) -> date | datetime:
    """Parse a moment as bodies hold it.

    Args:
        text: An ISO day (``2026-03-04``), or an ISO instant with its offset.

    Raises:
        ValueError: It is neither.
    """
    if len(text) == DAY_LENGTH:
        return date.fromisoformat(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without an offset: {text}")
    if not has_civil_days(instant):
        raise ValueError(f"an instant at the end of time: {text}")
    return instant


def _moment(text: str) -> str:
    read_moment(text)
    return text


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, not a zone's name at all, or the name of a folder
        raise ValueError(f"no time zone: {name}") from error
    return name


DayText = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
"""A civil day, ISO."""

MomentText = Annotated[str, AfterValidator(_moment)]
"""A civil day or an instant with its offset, ISO."""

ZoneName = Annotated[str, AfterValidator(_zone)]
"""A time zone of the IANA database."""

_CONFIG = ConfigDict(extra="forbid", alias_generator=lambda name: name.rstrip("_"))


class BodyPart:
    """A piece of a body; no dataclass itself, so that `maker` can fill those that are."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetBack(BodyPart):
    """The clock stood before the instant recorded last in the case; ``back`` is the reason given for writing all the
    same, ``fixed`` whether the clock was set by hand.
    """

    back: str
    fixed: Bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(BodyPart):
    """The state the case left (None at its opening) and the one it is in from then on."""

    from_: str | None = None
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAddition(BodyPart):
    """An item that comes into the case.

    ``state`` is its first one, where its type has states; ``replaces`` the item whose place it takes, with the
    obligations that count as performed because they were for that one (``carries``).
    """

    type: str
    id: str
    fields: Values
    state: str | None = None
    replaces: str | None = None
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMove(BodyPart):
    """An item that passes from one state of its own to another."""

    type: str
    id: str
    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEnding(BodyPart):
    """An item that is withdrawn or replaced."""

    type: str
    id: str
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges(BodyPart):
    """Everything an event does to items."""

    added: tuple[ItemAddition, ...] = ()
    moved: tuple[ItemMove, ...] = ()
    ended: tuple[ItemEnding, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent(BodyPart):
    """Link to a parent case, with the name of the subcase; ``linked``: attached later, not opened there."""

    case: str
    subcase: str
    linked: Bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubcaseReport(BodyPart):
    """Status of a subcase after one of its events; ``event`` is that event's number in the subcase."""

    name: str
    case: str
    process: str
    state: str
    final: Bool | Literal["withdrawn"]
    event: Int
    linked: Bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HashChange(BodyPart):
    """Content hashes of the definition a case leaves and of the one it passes to."""

    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange(BodyPart):
    """The editions a case passes between, as audits show them."""

    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginChange(BodyPart):
    """First days in force of the two editions; None: in force without a beginning."""

    from_: DayText | None
    to: DayText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDeadline(BodyPart):
    """A deadline as counted with one calendar, which ``calendar`` names by its content hash."""

    day: DayText | None
    earliest: DayText | None
    latest: DayText | None
    status: str
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPlace(BodyPart):
    """Location of an erased value: a case, an event of it, and a JSON pointer (RFC 6901) into the event's body."""

    case: str
    event: Int
    field: str


class ReplacedValues(TypedDict, total=False):
    """Values that a correction replaces; a key that is absent keeps its value.

    ``body`` is a whole body, of the kind of the event that is corrected.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # pydantic reads it from here

    occurred: MomentText
    by: str | None
    actor: str | None
    item: str | None
    body: Values
