"""Conditions: small trees of data, never text that is parsed.

A condition has one head (``all any not done last every some count decided subcase in_state verdict parameter``) and
that head's modifiers, or is a plain mapping of one name to a test, or a bare name: a fact that must be true.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Bool, Id, Int, Model, Text, one_or_many

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
    """What a value is held against; every key given must hold.

    ``recorded`` asks of the record, not of the value: whether somebody stated one.  It is never unknown.
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


class Compare(Model):
    """A name held against a test: ``{phase: pre_decision}``; the bare name ``urgent`` means it is true."""

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


class All(Model):
    """Every one of these."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Model):
    """At least one of these."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(Model):
    """The contrary."""

    not_: Condition = Field(alias="not")


class Done(Model):
    """An act of one of these actions has happened; ``before``/``after``/``since`` place it against another act."""

    done: Ids
    where: Condition | None = None
    before: Id | None = None
    after: Id | None = None
    since: Id | None = None


class Last(Model):
    """The most recent act of an action is like this; false while there is none."""

    last: Ids
    where: Condition


class Every(Model):
    """Every item of a type (picked by ``where``) is like this; true when there is none."""

    every: Id
    where: Condition | None = None
    is_: Condition = Field(alias="is")


class Some(Model):
    """At least one item of a type (picked by ``where``) is like this."""

    some: Id
    where: Condition | None = None
    is_: Condition | None = Field(default=None, alias="is")


class Count(Model):
    """How many items of a type there are (picked by ``where``)."""

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


class Decided(Model):
    """A decision of the rules has one of these outcomes."""

    decided: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


Standing = Literal["none", "open", "completed", "withdrawn"]


class InState(Model):
    """The case is in one of these states."""

    in_state: Ids


class VerdictIs(Model):
    """Another duty stands so on that day."""

    verdict: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


class ParameterIs(Model):
    """A parameter of the rules has one of these values."""

    parameter: Annotated[dict[Id, Outcomes], Field(min_length=1, max_length=1)]


class SubcaseIs(Model):
    """How the subcases of a name stand (those that ``where`` picks by what they told).

    ``none``: there is none; ``open``: one of them has not ended; ``completed``: all have ended, one at least by doing
    what it was for; ``withdrawn``: all were withdrawn.
    """

    subcase: Annotated[
        dict[Id, Annotated[tuple[Standing, ...], BeforeValidator(one_or_many), Field(min_length=1)]],
        Field(min_length=1, max_length=1),
    ]
    where: Condition | None = None


HEADS = (
    "all", "any", "not", "done", "last", "every", "some", "count",
    "decided", "subcase", "in_state", "verdict", "parameter",
)  # fmt: skip


def _head(value: Any) -> str:
    if isinstance(value, dict):
        for head in HEADS:
            if head in value:
                return head
        return "compare"
    if isinstance(value, str | Compare):
        return "compare"
    heads: dict[Any, str] = {
        All: "all", AnyOf: "any", Not: "not", Done: "done", Last: "last", Every: "every", Some: "some", Count: "count",
        Decided: "decided", SubcaseIs: "subcase", InState: "in_state", VerdictIs: "verdict", ParameterIs: "parameter",
    }  # fmt: skip
    return heads.get(type(value), "compare")


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Done, Tag("done")]
    | Annotated[Last, Tag("last")]
    | Annotated[Every, Tag("every")]
    | Annotated[Some, Tag("some")]
    | Annotated[Count, Tag("count")]
    | Annotated[Decided, Tag("decided")]
    | Annotated[SubcaseIs, Tag("subcase")]
    | Annotated[InState, Tag("in_state")]
    | Annotated[VerdictIs, Tag("verdict")]
    | Annotated[ParameterIs, Tag("parameter")]
    | Annotated[Compare, Tag("compare")],
    Discriminator(_head),
]

for _model in (All, AnyOf, Not, Done, Last, Every, Some, SubcaseIs):
    _model.model_rebuild()
