"""Bodies of events: for each kind of event a type that says what it changed, and the one way to and from JSON.

The JSON form leaves out a key whose value is the default of its field; a field without a default is always written.  A
trailing underscore of a field (``from_``) is no part of its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from zhengxie_flow.model.base import Bool, Int
from zhengxie_flow.model.event_type import EventType

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a body."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(Part):
    """The state the case left (None at its opening) and the one it is in from then on."""

    from_: str | None = None
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded(Part):
    """An item that comes into the case.

    ``state`` is its first one, where its type has states; ``replaces`` the item whose place it takes, with the duties
    that count as performed because they were for that one (``carries``).
    """

    type: str
    id: str
    fields: Values
    state: str | None = None
    replaces: str | None = None
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMoved(Part):
    """An item that passes from one state of its own to another."""

    type: str
    id: str
    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEnded(Part):
    """An item that is withdrawn or replaced."""

    type: str
    id: str
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges(Part):
    """Everything an event does to items."""

    added: tuple[ItemAdded, ...] = ()
    moved: tuple[ItemMoved, ...] = ()
    ended: tuple[ItemEnded, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent(Part):
    """A case that this one lies under, as which of its subcases; ``linked``: it was taken in, not opened there."""

    case: str
    subcase: str
    linked: Bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubcaseStatus(Part):
    """How a subcase stood after one of its events: ``event`` is that event's number in the subcase."""

    name: str
    case: str
    process: str
    state: str
    final: Bool | Literal["withdrawn"]
    event: Int
    linked: Bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HashChange(Part):
    """Content hashes of the definition a case leaves and of the one it passes to."""

    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange(Part):
    """The editions a case passes between, as audits show them."""

    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginChange(Part):
    """First days in force of the two editions; None: in force without a beginning."""

    from_: DayText | None
    to: DayText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDeadline(Part):
    """A deadline as counted with one calendar, which ``calendar`` names by its content hash."""

    day: DayText | None
    earliest: DayText | None
    latest: DayText | None
    status: str
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPlace(Part):
    """Where a personal value lay: a case, an event of it, and a JSON pointer (RFC 6901) into the event's body."""

    case: str
    event: Int
    field: str


class Replacement(TypedDict, total=False):
    """The values a correction puts in the place of others; what is absent stays as it was.

    ``body`` is a whole body, of the kind of the event that is corrected.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # pydantic reads it from here

    occurred: MomentText
    by: str | None
    actor: str | None
    item: str | None
    body: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Part):
    """Base of all bodies, with the two marks any event may bear.

    ``clock`` says that the time was set by hand; ``line`` is the fingerprint of an imported line that holds personal
    values (or, once that is erased, the mark of the erasure).
    """

    clock: Literal["fixed"] | None = None
    line: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Body):
    """Base of the bodies that change the case: fields of an act, asserted facts, items, the state."""

    fields: Values | None = None
    facts: Values | None = None
    items: ItemChanges | None = None
    state: StateChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBody(Body):
    """The case begins: process, time zone, first state, and the facts and items given."""

    process: str
    zone: ZoneName
    state: StateChange
    facts: Values | None = None
    items: ItemChanges | None = None
    parent: Parent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActBody(Changes):
    """An action happened, with what it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeemedBody(Changes):
    """The law deems an act done; ``deemed_by`` names the duty, item and anchor (or the act) it follows from."""

    deemed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubcaseBody(Changes):
    """A subcase was opened or moved, or told facts (``fields``)."""

    subcase: SubcaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminedBody(Body):
    """A person asserted facts of the case, or fields of an item, with a reason and on an authority."""

    facts: Values
    reason: str
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBody(Body):
    """An action that has not happened got a date."""

    to: MomentText


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBody(Body):
    """A reason for departing from an obligation."""

    obligation: str
    reason: str
    public: Bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedBody(Body):
    """An earlier event is withdrawn (``retract``) or gets other values (``replacement``); exactly one of the two."""

    reason: str
    retract: Bool = False
    replacement: Replacement | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless it withdraws or replaces, and not both."""
        if self.retract == (self.replacement is not None):
            raise ValueError("a correction withdraws or replaces")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedBody(Body):
    """The case passes to another edition of its process."""

    definition: HashChange
    edition: EditionChange
    begins: BeginChange
    reason: str
    basis: str | None = None
    state: StateChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedBody(Body):
    """The case was taken under another."""

    parent: Parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedBody(Body):
    """Personal values of an earlier event were erased: which event, which name, every place, and why."""

    event: Int
    field: str
    places: tuple[ErasedPlace, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedBody(Body):
    """A change of the calendar moved a deadline, or made it firmer or less firm."""

    obligation: str
    old: CountedDeadline
    new: CountedDeadline
    notices: tuple[str, ...]
    moved_earlier: Bool
    advised_day_past: Bool


BODIES: Mapping[EventType, type[Body]] = {
    EventType.OPENED: OpenedBody,
    EventType.ACT: ActBody,
    EventType.DETERMINED: DeterminedBody,
    EventType.PLANNED: PlannedBody,
    EventType.EXPLAINED: ExplainedBody,
    EventType.CORRECTED: CorrectedBody,
    EventType.DEEMED: DeemedBody,
    EventType.MOVED: MovedBody,
    EventType.SUBCASE: SubcaseBody,
    EventType.LINKED: LinkedBody,
    EventType.ERASED: ErasedBody,
    EventType.RECOMPUTED: RecomputedBody,
}
"""The type of the body of each kind of event."""


class UnfitBody(ValueError):
    """A body that is not of its kind's type."""


@cache
def _adapter(kind: EventType) -> TypeAdapter[Any]:
    return TypeAdapter(BODIES[kind])


def read_body(kind: EventType, values: Mapping[str, Any]) -> Body:
    """Read the body of an event from its JSON form.

    Args:
        kind: The kind of the event, which decides the type.
        values: The body as plain JSON values; mappings are copied, so the result shares nothing that can change.

    Raises:
        UnfitBody: A key is missing, unknown, or of another type; the text names it by its JSON pointer.
    """
    try:
        body: Body = _adapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "".join(f"/{part}" for part in first["loc"])
        raise UnfitBody(f"{kind} {place or '/'}: {first['msg']}") from None
    return body


def state_of(body: Body) -> StateChange | None:
    """The change of the case's state that a body says, if it says one."""
    return body.state if isinstance(body, Changes | OpenedBody | MovedBody) else None


def facts_of(body: Body) -> Values | None:
    """The facts that a body asserts, if it asserts any."""
    return body.facts if isinstance(body, Changes | OpenedBody | DeterminedBody) else None


def items_of(body: Body) -> ItemChanges | None:
    """The items that a body adds, moves or ends, if there are any."""
    return body.items if isinstance(body, Changes | OpenedBody) else None


def parent_of(body: Body) -> Parent | None:
    """The case that a body places this one under, if it does."""
    return body.parent if isinstance(body, OpenedBody | LinkedBody) else None


def plain(part: Part) -> Values:
    """Give the JSON form of a body, or of a piece of one: the inverse of `read_body`."""
    values: Values = {}
    kind: Any = type(part)
    for name, key, default in _spelling(kind):
        value = getattr(part, name)
        if value is not default and value != default:
            values[key] = _plain(value)
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return plain(value) if isinstance(value, Part) else value


@cache
def _spelling(part: Any) -> tuple[tuple[str, str, Any], ...]:
    """Name, JSON key and default of each field; what has no default is compared with something nothing equals."""
    return tuple((each.name, each.name.rstrip("_"), _default(each.default)) for each in fields(part))


def _default(default: Any) -> Any:
    return object() if default is MISSING else default
