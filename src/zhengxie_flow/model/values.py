"""Types of facts and fields, and the reading of their values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.base import Bool, Id, Labelled, Renamed, one_or_many
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.instant import has_civil_days, read_instant

LISTED = ("enum", "set")
"""Types whose values are a list."""

MAX_TEXT = 20_000
"""The longest text a field takes; longer ones belong in a document."""

TYPES = ("bool", "enum", "set", "int", "decimal", "date", "instant", "text", "document", "role", "ref", "refs")


def _choices(value: Any) -> Any:
    """Enum values as a plain list, or as a mapping with labels; both become a mapping."""
    plain = isinstance(value, list | tuple) and not any(isinstance(entry, list | dict) for entry in value)
    return {entry: {} for entry in value} if plain else value


SHOWN = 80
"""How much of a value that cannot be read is repeated in the error."""


class ValueType(Renamed):
    """Type of a fact or field, with the roles that may determine it and the value presumed until they do.

    ``countersigned_by`` names the roles of which one must say the same before a determination counts; ``complete``
    that a list of references (``refs``) has to name every item of its type.
    """

    type: Literal["bool", "enum", "set", "int", "decimal", "date", "instant", "text", "document", "role", "ref", "refs"]
    of: Annotated[dict[str, Labelled] | Id | None, BeforeValidator(_choices)] = None
    law: Citations = ()
    by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    presumed: Any = None
    interpretation: Annotated[tuple[str, ...], BeforeValidator(one_or_many)] = ()
    personal: Bool = False
    required: Bool = False
    unit: str | None = None
    countersigned_by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    complete: Bool = False

    @model_validator(mode="after")
    def _complete(self) -> ValueType:
        if self.type in {"enum", "set"} and not isinstance(self.of, dict):
            raise PydanticCustomError("ZX1114", "enum without values", {"type": self.type})
        if self.type not in {"enum", "set", "ref", "refs"} and self.of is not None:
            raise PydanticCustomError("ZX1115", "of without enum", {"type": self.type})
        if self.complete and (self.type != "refs" or not isinstance(self.of, str)):
            raise PydanticCustomError("ZX1318", "complete without refs", {})
        if self.presumed is not None:
            try:
                read_value(self, self.presumed, "presumed")
            except UsageError as error:
                params = {name: str(value) for name, value in error.params.items()}
                raise PydanticCustomError("ZX1116", "bad presumption", params) from None
        return self


class FactRef(Labelled):
    """A ``with:`` entry without a type: it names a fact of the case, and the act asserts it."""

    required: Bool = False


def _field(value: Any) -> Any:
    return {} if value is None else value


FieldSpec = Annotated[ValueType | FactRef, Field(union_mode="left_to_right"), BeforeValidator(_field)]


def read_value(kind: ValueType, value: Any, name: str) -> Any:
    """Bring a value given by a person into the plain JSON form that is kept.

    Dates and instants stay ISO text, decimals text, sets sorted lists: no floats ever reach the journal.

    Args:
        kind: the type of the field or fact.
        value: the value, as YAML, JSON or a command line has it.
        name: the name of the field or fact, for the message.

    Raises:
        UsageError: ZX4020, with the name, the type wanted and the value given.

    Example:
        >>> read_value(ValueType(type="int"), "12", "sum")
        12
        >>> read_value(ValueType(type="set", of={"b": {}, "a": {}}), ["b", "a"], "grounds")
        ['a', 'b']
    """
    try:
        return _READERS[kind.type](kind, value)
    except (ValueError, TypeError, InvalidOperation):
        allowed = tuple(kind.of) if isinstance(kind.of, dict) else ()
        shown = "…" if kind.personal else str(value)[:SHOWN]  # what is personal is not repeated anywhere
        raise UsageError("ZX4020", name=name, type=kind.type, given=shown, allowed=allowed) from None


def _bool(_: ValueType, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[value] if value in ("true", "false") else _fail()


def _enum(kind: ValueType, value: Any) -> str:
    return str(value) if isinstance(kind.of, dict) and str(value) in kind.of else _fail()


def _set(kind: ValueType, value: Any) -> list[str]:
    values, allowed = [part.strip() for part in value.split(",")] if isinstance(value, str) else value, kind.of
    chosen = set(map(str, values))
    chosen.discard("")
    return sorted(chosen) if isinstance(allowed, dict) and chosen <= allowed.keys() else _fail()


def _refs(_: ValueType, value: Any) -> list[str]:
    values = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    return sorted({_text(_, entry) for entry in values if entry != ""})


def _int(_: ValueType, value: Any) -> int:
    if isinstance(value, bool | Decimal) or (isinstance(value, float) and not value.is_integer()):
        _fail()
    return int(value)


def _decimal(_: ValueType, value: Any) -> str:
    number = Decimal(_fail() if isinstance(value, bool) else str(value))
    return str(number) if number.is_finite() else _fail()


def _date(_: ValueType, value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()


def _instant(_: ValueType, value: Any) -> str:
    moment = value if isinstance(value, datetime) else read_instant(value)
    return moment.isoformat() if moment.tzinfo is not None and has_civil_days(moment) else _fail()


def _text(_: ValueType, value: Any) -> str:
    text = str(value) if isinstance(value, str | int | Decimal) else ""
    return text if text.strip() and len(text) <= MAX_TEXT else _fail()


def _fail() -> Any:
    raise ValueError


_READERS = {
    "bool": _bool, "enum": _enum, "set": _set, "int": _int, "decimal": _decimal, "date": _date,
    "instant": _instant, "text": _text, "document": _text, "role": _text, "ref": _text, "refs": _refs,
}  # fmt: skip
