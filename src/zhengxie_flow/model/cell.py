"""Cells of a decision table: the test of one fact in one row.

A cell is a value, a list (one of these), a range, ``any``, or ``{not: <cell>}``; it is data like every condition.  Text
that looks like a piece of a program or of a spreadsheet is refused where it stands bare, because whoever wrote it
expected it to be worked out; ``{equals: "> 5"}`` says that the very text is meant.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Bool, Model
from zhengxie_flow.model.condition import Compare, Condition, Not, Test

ANY = "any"

_CODE = re.compile(
    r"""^\s*(?:[<>≤≥≠=]|!=)            # > 5, =1+1
      | ^\s*[\[\](].*\.\..*[\[\])]\s*$  # [1..5)
      | [$#]?\{.*\}                     # ${x}, {{x}}
      | \w\s*\(.*\)\s*$                 # not(5), date("2026-01-01")
      | (?:\bthen\b|\blambda\b|&&|\|\||;\s*$)
      | ^\s*-?\d+\s*(?:\.\.|[-+*/%])\s*\d+\s*$  # 1..5, 1-5
    """,
    re.VERBOSE,
)


_LONGEST_CODE = 500
"""Characters of a text that are looked at: an expression is short, and the search takes the square of them."""


def looks_like_code(text: str) -> bool:
    """Return whether a bare text reads like an expression that its author expects to be evaluated.

    Example:
        >>> looks_like_code("> 5"), looks_like_code("urgent")
        (True, False)
    """
    return _CODE.search(text[:_LONGEST_CODE]) is not None


def _plain(value: Any) -> None:
    entries = value if isinstance(value, list | tuple) else (value,)
    for index, entry in enumerate(entries):
        if isinstance(entry, str) and looks_like_code(entry):
            at = [index] if isinstance(value, list | tuple) else []
            raise PydanticCustomError("ZX3106", "code in a cell: {given}", {"given": entry, "at": at})


class Cell(Model):
    """One cell: ``any``, the contrary of another cell, or a test that the fact has to pass."""

    any_: Bool = Field(default=False, alias="any")
    not_: Cell | None = Field(default=None, alias="not")
    hold: Test | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, Cell):
            return value
        if isinstance(value, str) and value == ANY:
            return {"any": True}
        if isinstance(value, dict) and set(value) == {"not"}:
            return value
        _plain(value)
        return {"hold": value}

    def condition(self, name: str) -> Condition | None:
        """Return the cell as a condition on a fact.

        Args:
            name: the name of the fact.

        Returns:
            The condition; None where every value passes.
        """
        if self.hold is not None:
            return Compare(name=name, test=self.hold)
        if self.not_ is None:
            return None
        inner = self.not_.condition(name)
        return None if inner is None else Not.model_construct(not_=inner)

    @property
    def always(self) -> bool:
        """True where every value passes."""
        return self.any_ or (self.not_ is not None and self.not_.never)

    @property
    def never(self) -> bool:
        """True where no value passes."""
        return self.not_ is not None and self.not_.always


Cell.model_rebuild()
