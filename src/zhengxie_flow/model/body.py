"""Bodies of events: for each kind of event a type that says what it changed, and the one way to and from JSON.

The JSON form leaves out a key whose value is the default of its field; a field without a default is always written.  A
trailing underscore of a field (``from_``) is no part of its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Literal, assert_never

from pydantic import TypeAdapter, ValidationError

from zhengxie_flow.model.base import Bool, Int
from zhengxie_flow.model.body_parts import (
    BeginChange,
    BodyPart,
    ClockSetBack,
    CountedDeadline,
    DayText,
    EditionChange,
    ErasedPlace,
    HashChange,
    ItemChanges,
    MomentText,
    Parent,
    ReplacedValues,
    StateChange,
    SubcaseReport,
    Values,
    ZoneName,
)
from zhengxie_flow.model.event_type import EventType

ClockMark = Literal["fixed"] | ClockSetBack | None
"""A mark any event may bear: its time was set by hand, or lay before what its case had recorded last."""

LineMark = str | dict[str, str] | None
"""A mark of imported lines that hold personal values: a fingerprint, or once that is erased the mark of the erasure."""


class Body(BodyPart):
    """Base of all bodies; each lays out all its fields itself, the two marks too, as `maker` needs it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBody(Body):
    """The case begins: process, time zone, first state, and the facts and items given."""

    process: str
    zone: ZoneName
    state: StateChange
    facts: Values | None = None
    items: ItemChanges | None = None
    parent: Parent | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActBody(Body):
    """An action happened, with what it changed."""

    fields: Values | None = None
    facts: Values | None = None
    items: ItemChanges | None = None
    state: StateChange | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeemedBody(Body):
    """The law deems an act done; ``deemed_by`` names the obligation, item and anchor (or the act) it follows from."""

    deemed_by: str
    fields: Values | None = None
    facts: Values | None = None
    items: ItemChanges | None = None
    state: StateChange | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubcaseBody(Body):
    """A subcase was opened or moved, or asserted facts (``fields``)."""

    subcase: SubcaseReport
    fields: Values | None = None
    facts: Values | None = None
    items: ItemChanges | None = None
    state: StateChange | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminedBody(Body):
    """A person asserted facts of the case, or fields of an item, with a reason and on an authority."""

    facts: Values
    reason: str
    basis: str | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBody(Body):
    """An action that has not happened got a date."""

    to: MomentText
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBody(Body):
    """A reason for departing from an obligation."""

    obligation: str
    reason: str
    public: Bool
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedBody(Body):
    """An earlier event is withdrawn (``retract``) or gets other values (``replacement``); exactly one of the two."""

    reason: str
    retract: Bool = False
    replacement: ReplacedValues | None = None
    clock: ClockMark = None
    line: LineMark = None

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
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedBody(Body):
    """The case was taken under another."""

    parent: Parent
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedBody(Body):
    """Personal values of an earlier event were erased: which event, which name, every place, and why."""

    event: Int
    field: str
    places: tuple[ErasedPlace, ...]
    reason: str
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedBody(Body):
    """A role of the case is assigned to an office or a person (exactly one of the two), from a civil day on."""

    role: str
    from_: DayText
    office: str | None = None
    person: str | None = None
    clock: ClockMark = None
    line: LineMark = None

    def __post_init__(self) -> None:
        """Raise ValueError unless it names an office or a person, and not both."""
        if (self.office is None) == (self.person is None):
            raise ValueError("an assignment names an office or a person")


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgedBody(Body):
    """Those who owe an obligation were urged to perform it; ``due`` is its last day as it stood then."""

    obligation: str
    round: Int = 1
    due: DayText | None = None
    note: str | None = None
    clock: ClockMark = None
    line: LineMark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedBody(Body):
    """A change of the calendar moved a deadline, or made it firmer or less firm."""

    obligation: str
    old: CountedDeadline
    new: CountedDeadline
    notices: tuple[str, ...]
    moved_earlier: Bool
    advised_day_past: Bool
    round: Int = 1
    clock: ClockMark = None
    line: LineMark = None


Changes = ActBody | DeemedBody | SubcaseBody
"""A body that changes the case: fields of an act, asserted facts, items, the state."""

AnyBody = (
    OpenedBody
    | ActBody
    | DeterminedBody
    | PlannedBody
    | ExplainedBody
    | CorrectedBody
    | DeemedBody
    | MovedBody
    | SubcaseBody
    | LinkedBody
    | ErasedBody
    | AssignedBody
    | UrgedBody
    | RecomputedBody
)
"""The body of some event."""


def body_type(kind: EventType) -> type[AnyBody]:  # noqa: C901, PLR0912  # one case for each kind of event
    """Give the type of the bodies of a kind of event."""
    match kind:
        case EventType.OPENED:
            return OpenedBody
        case EventType.ACT:
            return ActBody
        case EventType.DETERMINED:
            return DeterminedBody
        case EventType.PLANNED:
            return PlannedBody
        case EventType.EXPLAINED:
            return ExplainedBody
        case EventType.CORRECTED:
            return CorrectedBody
        case EventType.DEEMED:
            return DeemedBody
        case EventType.MOVED:
            return MovedBody
        case EventType.SUBCASE:
            return SubcaseBody
        case EventType.LINKED:
            return LinkedBody
        case EventType.ERASED:
            return ErasedBody
        case EventType.ASSIGNED:
            return AssignedBody
        case EventType.URGED:
            return UrgedBody
        case EventType.RECOMPUTED:
            return RecomputedBody
        case _:
            assert_never(kind)


class UnfitBody(ValueError):
    """A body that is not of its kind's type."""


@cache
def _adapter(kind: EventType) -> TypeAdapter[Any]:
    return TypeAdapter(body_type(kind))


def read_body(kind: EventType, values: Mapping[str, Any]) -> AnyBody:
    """Read the body of an event from its JSON form.

    Args:
        kind: The kind of the event, which decides the type.
        values: The body as plain JSON values; mappings are copied, so the result shares nothing that can change.

    Raises:
        UnfitBody: A key is missing, unknown, or of another type; the text names it by its JSON pointer.
    """
    try:
        body: AnyBody = _adapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "".join(f"/{part}" for part in first["loc"])
        raise UnfitBody(f"{kind} {place or '/'}: {first['msg']}") from None
    return body


def state_of(body: Body) -> StateChange | None:
    """The change of the case's state that a body says, if it says one."""
    return body.state if isinstance(body, (ActBody, DeemedBody, SubcaseBody, OpenedBody, MovedBody)) else None


def facts_of(body: Body) -> Values | None:
    """The facts that a body asserts, if it asserts any."""
    return body.facts if isinstance(body, (ActBody, DeemedBody, SubcaseBody, OpenedBody, DeterminedBody)) else None


def items_of(body: Body) -> ItemChanges | None:
    """The items that a body adds, moves or ends, if there are any."""
    return body.items if isinstance(body, (ActBody, DeemedBody, SubcaseBody, OpenedBody)) else None


def parent_of(body: Body) -> Parent | None:
    """The case that a body places this one under, if it does."""
    return body.parent if isinstance(body, (OpenedBody, LinkedBody)) else None


def plain(part: BodyPart) -> Values:
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
    return plain(value) if isinstance(value, BodyPart) else value


@cache
def _spelling(part: Any) -> tuple[tuple[str, str, Any], ...]:
    """Name, JSON key and default of each field; what has no default is compared with something nothing equals."""
    return tuple(
        (part_field.name, part_field.name.rstrip("_"), _default(part_field.default)) for part_field in fields(part)
    )


def _default(default: Any) -> Any:
    return object() if default is MISSING else default
