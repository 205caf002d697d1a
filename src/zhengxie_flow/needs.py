"""Needs of a reason: what would settle it, each of a kind that says what its name names.

Each is a text, so that it stands in messages and documents by its name; a program tells them apart by their class.
"""

from __future__ import annotations

from typing import Any


class Need(str):
    """Name of something that would settle a reason.

    Example:
        >>> NeededRole("general_office") == "general_office", NeededRole("general_office").kind
        (True, 'role')
    """

    __slots__ = ()
    kind = "need"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Describe it to pydantic: a text; one that is of a kind already stays as it is."""
        from pydantic_core import core_schema

        def of_its_kind(text: str) -> str:
            return text if isinstance(text, Need) else cls(text)

        return core_schema.no_info_after_validator_function(of_its_kind, core_schema.str_schema())


class NeededFact(Need):
    """A fact of the case or of an item, or a duty that is itself unsettled, which somebody has to determine."""

    __slots__ = ()
    kind = "fact"


class NeededField(Need):
    """A field of the act that was left open."""

    __slots__ = ()
    kind = "field"


class NeededRole(Need):
    """A role: one that may act, or the one whose authority is missing."""

    __slots__ = ()
    kind = "role"


class NeededState(Need):
    """A state of the case or of an item in which the act is allowed."""

    __slots__ = ()
    kind = "state"


class NeededVerdict(Need):
    """The verdict at which the duty stands that the requirement repeats."""

    __slots__ = ()
    kind = "verdict"


class NeededDetail(Need):
    """A detail of why a power was not used as the law wants it, such as ``no_ground``."""

    __slots__ = ()
    kind = "detail"


class NeededItem(Need):
    """A type of item of which the case has none."""

    __slots__ = ()
    kind = "item"


class NeededCase(Need):
    """A case that has to end first."""

    __slots__ = ()
    kind = "case"


class NeededPerson(Need):
    """A field of the act, or another action, in which somebody else must stand than who acts."""

    __slots__ = ()
    kind = "person"


AnyNeed = (
    NeededFact
    | NeededField
    | NeededRole
    | NeededState
    | NeededVerdict
    | NeededDetail
    | NeededItem
    | NeededCase
    | NeededPerson
)
"""What would settle a reason."""

_BUILT_IN: dict[str, type[AnyNeed]] = {
    "role": NeededRole, "delegation": NeededRole, "items": NeededItem,
}  # fmt: skip


def needs_of(reason: str, value: str, names: tuple[str, ...]) -> tuple[AnyNeed, ...]:
    """Return the needs of a reason by their kinds: a built-in condition says what its names name.

    Args:
        reason: The id of the reason.
        value: ``false`` or ``unknown``.
        names: The names; those that are of a kind already stay as they are.

    Example:
        >>> [need.kind for need in needs_of("with.letter", "unknown", ("letter",))]
        ['field']
    """
    kind: type[AnyNeed] = _BUILT_IN.get(reason, NeededFact)
    if reason in ("state", "item_state") and value == "false":
        kind = NeededState
    elif reason.startswith("with."):
        kind = NeededField
    elif reason.startswith("subcases.") and reason.endswith(".many"):
        kind = NeededCase
    return tuple(name if isinstance(name, AnyNeed) else kind(name) for name in names)
