"""Base types of the language: frozen, closed models, ids, labels and citations."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"
"""English lower-case words, ``_`` inside a word, dots between levels (``a7.2.notice``)."""

RESERVED = {"this"}
"""Words of the condition language: no id may be one of them.  The heads of conditions are added where they are made."""

Int = Annotated[int, Strict()]
Bool = Annotated[bool, Strict()]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""The own number of an instrument, a register entry, a document or a rule row."""


def _id(value: Any) -> Any:
    if isinstance(value, str) and value in RESERVED:
        raise PydanticCustomError("ZX1111", "reserved id {id}", {"id": value})
    if isinstance(value, str) and not re.match(ID_PATTERN, value):
        raise PydanticCustomError("ZX1110", "bad id {id}", {"id": value, "suggestion": "-"})
    return value


Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=100), BeforeValidator(_id)]


def _whole(value: Any) -> Any:
    if isinstance(value, float | Decimal):
        raise PydanticCustomError("ZX1149", "half a unit", {"given": str(value)})
    return value


GREATEST_AMOUNT = 10_000
"""The greatest amount of units that can be written."""

Amount = Annotated[Int, Field(ge=1, le=GREATEST_AMOUNT), BeforeValidator(_whole)]
"""An amount of units of time; half a unit is a unit of its own."""


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        raise PydanticCustomError("ZX2003", "not a day: {given}", {"given": str(value)})
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("ZX2003", "not a day: {given}", {"given": value}) from None


Day = Annotated[date, BeforeValidator(_day)]
"""A civil date, written ``2026-03-04``."""


def one_or_many(value: Any) -> Any:
    """Let a single value stand for a list of one, as people write it.

    Example:
        >>> one_or_many("a"), one_or_many(["a", "b"]), one_or_many(None)
        (('a',), ['a', 'b'], None)
    """
    return value if isinstance(value, list | tuple) or value is None else (value,)


class Model(BaseModel):
    """A closed, immutable piece of a definition: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
    # Room for what a reader of the piece works out of it once.  It is no field: no copy, comparison or dump sees it.
    __slots__ = ("kept",)


class Labelled(Model):
    """Something people see by its label: Chinese always, English wherever the interface is English."""

    zh: Text | None = None
    en: Text | None = None

    def label(self, lang: str, default: str = "") -> str:
        """Return the label in a language.

        Args:
            lang: ``zh`` or ``en``.
            default: for an entry without any label.

        Returns:
            The label in the language, else in the other one, else ``default``.

        Example:
            >>> Labelled(zh="局长").label("en", "director")
            '局长'
        """
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second or default


class Renamed(Labelled):
    """Something with a name; ``was`` lists what it was called before, for files written then."""

    was: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()


class Period(Model):
    """Period in which something is in force: both days included, open where left out."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    def covers(self, day: date) -> bool:
        """Return whether a civil day lies inside.

        Example:
            >>> Period.model_validate({"from": "2026-01-01"}).covers(date(2025, 12, 31))
            False
        """
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)
