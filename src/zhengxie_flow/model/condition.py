"""Conditions: small trees of data, never text that is parsed.

A condition has one head (``all any not done last every some count decided subcase in_state verdict parameter``) and
that head's modifiers, or is a plain mapping of one name to a test, or a bare name: a fact that must be true.

A new head is a class here and a member of the union at the end.  It is read, reserved, walked (`Formula.children`) and
described to editors from that alone; wherever it needs a meaning of its own, the type checker asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, final, get_args

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import RESERVED, Bool, Id, Int, Model, Text, one_or_many
from zhengxie_flow.model.tree import HeadUnion, Path, mapped, parts

Ids = Annotated[tuple[Id, ...], BeforeValidator(one_or_many), Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")]
"""A fact or field; with a dot, a field of the first act of an action (``serve.received``)."""

Literal_ = Bool | Int | Decimal | Text


class FieldRef(Model):
    """The value of another field or fact, instead of a literal: ``{field: proposer}``."""

    field: Name


Operand = FieldRef | Literal_
Operands = FieldRef | tuple[Operand, ...]


def _spread(value: Any) -> Any:
    return value if isinstance(value, dict) else one_or_many(value)


Several = Annotated[Operands, BeforeValidator(_spread)]


class Test(Model):
    """Comparison of a value with operands; every key that is written must hold.

    ``recorded`` asks whether the record has a value at all, whatever it is; the answer is never unknown.
    """

    __test__ = False  # not a pytest class

    equals: Operand | None = None
    one_of: tuple[Literal_, ...] | None = None
    at_least: Operand | None = None
    at_most: Operand | None = None
    more_than: Operand | None = None
    less_than: Operand | None = None
    before: Operand | None = None
    after: Operand | None = None
    on_or_before: Operand | None = None
    on_or_after: Operand | None = None
    includes: Several | None = None
    within: Several | None = None
    differs_from: Operand | None = None
    recorded: Bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        match value:
            case dict() if set(value) == {"field"}:
                return {"equals": value}
            case dict() if not value:
                raise PydanticCustomError("ZX1120", "empty test", {})
            case list() | tuple():
                return {"one_of": value}
            case bool() | int() | str() | Decimal():
                return {"equals": value}
        return value


EQUALITY = {"equals": True, "differs_from": False}
"""Tests of all values, each with whether the same values pass it."""

NUMERIC = ("at_least", "at_most", "more_than", "less_than")
"""Tests of numbers."""

DATED = ("before", "after", "on_or_before", "on_or_after")
"""Tests of days and instants."""


class Formula(Model):
    """A node of the tree of conditions."""

    def parts(self) -> Iterator[tuple[Path, Condition]]:
        """The direct sub-conditions in order, each with its place in this one."""
        return parts(self, Formula)

    def children(self) -> tuple[Condition, ...]:
        """The direct sub-conditions in order."""
        return tuple(part for _, part in self.parts())

    def map(self, change: Callable[[Condition], Condition]) -> Self:
        """The same condition with each direct sub-condition changed; itself where none is."""
        return mapped(self, Formula, change)


class Connective(Formula):
    """Connective of conditions (``all``, ``any``, ``not``): its parts see the same names as it does."""


@final
class Compare(Formula):
    """Comparison of a named value: ``{phase: pre_decision}``; the bare name ``urgent`` means it is true."""

    name: Name
    test: Test

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        match value:
            case str():
                return {"name": value, "test": True}
            case dict() if len(value) == 1:
                ((name, test),) = value.items()
                return {"name": name, "test": test}
            case dict() if set(value) != {"name", "test"}:
                raise PydanticCustomError("ZX1121", "several keys", {"keys": ", ".join(map(str, value))})
        return value


@final
class All(Connective):
    """Every one of these."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


@final
class AnyOf(Connective):
    """At least one of these."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


@final
class Not(Connective):
    """The contrary."""

    not_: Condition = Field(alias="not")


@final
class Done(Formula):
    """An act of one of these actions has happened; ``before``/``after``/``since`` place it against another act.

    ``in_force`` asks that it has effect: it is not void, and a delegation covers the day.
    """

    done: Ids
    where: Condition | None = None
    before: Id | None = None
    after: Id | None = None
    since: Id | None = None
    in_force: Bool | None = None


@final
class Last(Formula):
    """The most recent act of an action is like this; false while there is none."""

    last: Ids
    where: Condition


@final
class Every(Formula):
    """Every item of a type (picked by ``where``) is like this; true when there is none."""

    every: Id
    where: Condition | None = None
    is_: Condition = Field(alias="is")


@final
class Some(Formula):
    """At least one item of a type (picked by ``where``) is like this."""

    some: Id
    where: Condition | None = None
    is_: Condition | None = Field(default=None, alias="is")


@final
class Count(Formula):
    """Number of items of a type, or of those that ``where`` picks."""

    count: Id
    where: Condition | None = None
    at_least: Int | None = None
    at_most: Int | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Count:
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError("ZX1122", "count without bound", {})
        return self


Outcomes = Annotated[tuple[Text, ...], BeforeValidator(one_or_many), Field(min_length=1)]


@final
class Decided(Formula):
    """A decision of the rules has one of these outcomes."""

    decided: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


Standing = Literal["none", "open", "completed", "withdrawn"]


IN_STATE = "in_state"
"""Head of the condition on the state of a case."""


@final
class InState(Formula):
    """The case is in one of these states."""

    in_state: Ids


@final
class VerdictIs(Formula):
    """Verdict on another duty, as of the day of evaluation."""

    verdict: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


@final
class ParameterIs(Formula):
    """A parameter of the rules has one of these values."""

    parameter: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


@final
class SubcaseIs(Formula):
    """Status of the subcases of a name, or of those that ``where`` picks by their facts.

    ``none``: there is none; ``open``: one of them has not ended; ``completed``: all have ended, one at least by doing
    what it was for; ``withdrawn``: all were withdrawn.
    """

    subcase: Annotated[
        dict[Id, Annotated[tuple[Standing, ...], BeforeValidator(one_or_many), Field(min_length=1)]],
        Field(min_length=1, max_length=1),
    ]
    where: Condition | None = None


_Heads = (
    All
    | AnyOf
    | Not
    | Done
    | Last
    | Every
    | Some
    | Count
    | Decided
    | SubcaseIs
    | InState
    | VerdictIs
    | ParameterIs
    | Compare
)
_BY_HEAD = HeadUnion(_Heads, Compare, "compare")
Condition = Annotated[_Heads, _BY_HEAD]
"""Any condition, told apart by its head."""

HEADS = _BY_HEAD.heads
RESERVED.update(HEADS)  # no id may be a head: ``{held: ...}`` would have two meanings

for _model in get_args(_Heads):
    _model.model_rebuild()
