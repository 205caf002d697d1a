"""Decisions as they are written: exceptions, rows of tables, constraints, and the policy that combines them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from zhengxie_flow.model.base import Id, Int, Labelled, Number, Period, one_or_many
from zhengxie_flow.model.cell import Cell
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition, Literal_, Name
from zhengxie_flow.model.values import ValueType

Policy = Literal["exceptions", "unique", "any", "priority", "collect", "rule_order", "output_order", "first"]
Aggregate = Literal["list", "count", "sum", "min", "max"]

SEVERAL: frozenset[str] = frozenset({"collect", "rule_order", "output_order"})
"""Policies under which every rule that holds contributes to the outcome."""

MOST_ROWS = 10_000
"""Rows of one decision; a larger table is data of a register, not a rule that people read."""

Then = Literal_ | dict[Id, Literal_]
"""An outcome by its id, or a value for each of the ``outputs``."""


class Reading(Labelled):
    """Reading of an unclear rule, with the register entry behind it."""

    interpretation: Number | None = None


class Rule(Labelled):
    """One rule: where it holds, ``then`` is the outcome.

    Of rules that hold together the one of the higher ``layer`` goes first, then the higher ``priority``, then the one
    that names the other under ``over``.
    """

    id: Number
    law: Citations = ()
    reading: Reading | None = None
    when: Condition | None = None
    then: Then
    layer: Id | None = None
    priority: Int = 0
    over: Annotated[tuple[Number, ...], BeforeValidator(one_or_many)] = ()
    in_force: Period = Period()
    must_record: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()

    @property
    def tests(self) -> tuple[Condition, ...]:
        """Everything that has to hold."""
        return () if self.when is None else (self.when,)

    @property
    def never(self) -> bool:
        """True where no facts can meet it."""
        return False


class ExceptionRule(Rule):
    """One exception to the default."""

    when: Condition


ROW_KEYS = frozenset({info.alias or name for name, info in Rule.model_fields.items()})
"""Keys of a row that are not cells; no input may be called so."""


class Row(Rule):
    """One row of a table: a cell for each fact it looks at, and ``when`` for what no cell can say."""

    cells: dict[Name, Cell] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        keys = {key: inner for key, inner in value.items() if key in ROW_KEYS}
        return {**keys, "cells": {key: inner for key, inner in value.items() if key not in ROW_KEYS}}

    @property
    def tests(self) -> tuple[Condition, ...]:
        """The cells as conditions, and ``when``."""
        cells = (cell.condition(name) for name, cell in self.cells.items())
        return (*(condition for condition in cells if condition is not None), *super().tests)

    @property
    def never(self) -> bool:
        """True where a cell is ``{not: any}``."""
        return any(cell.never for cell in self.cells.values())


class Constraint(Labelled):
    """Impossible combination of facts, for which no rule has to provide."""

    id: Number
    law: Citations = ()
    impossible: Condition


class Hint(ValueType):
    """The type of an input of a table that stands on its own; a fact of the process brings its own type."""


def _outcomes(value: Any) -> Any:
    plain = isinstance(value, list | tuple) and not any(isinstance(entry, list | dict) for entry in value)
    return {entry: {} for entry in value} if plain else value


def _inputs(value: Any) -> Any:
    if isinstance(value, list | tuple):
        plain = not any(isinstance(entry, list | dict) for entry in value)
        return dict.fromkeys(value) if plain else value
    return value


def _kind(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


Kind = Annotated[Hint, BeforeValidator(_kind)]


class Rules(Labelled):
    """Decision as written: each key has its type; whether they fit together is checked by `decision_problems`."""

    language: Literal[1]
    decision: Id
    law: Citations = ()
    in_force: Period = Period()
    outcomes: Annotated[dict[str, Labelled], BeforeValidator(_outcomes)] = Field(default_factory=dict)
    outputs: dict[Id, Kind] = Field(default_factory=dict)
    policy: Policy = "exceptions"
    aggregate: Aggregate | None = None
    layers: tuple[Id, ...] = ()
    inputs: Annotated[dict[Name, Kind | None], BeforeValidator(_inputs)] = Field(default_factory=dict)
    default: Then | None = None
    exceptions: tuple[ExceptionRule, ...] = ()
    rows: Annotated[tuple[Row, ...], Field(max_length=MOST_ROWS)] = ()
    constraints: tuple[Constraint, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The exceptions, or the rows."""
        return self.exceptions or self.rows

    @property
    def rules_key(self) -> str:
        """The key they stand under."""
        return "exceptions" if self.exceptions or self.policy == "exceptions" else "rows"

    @property
    def several(self) -> bool:
        """True where every rule that holds contributes to the outcome."""
        return self.policy in SEVERAL

    def layer_of(self, rule: Rule) -> int:
        """Return the rank of the law of a rule.

        Args:
            rule: a rule of the decision.

        Returns:
            0 for the lowest layer, where a rule without a layer stands too.
        """
        return 0 if rule.layer is None else len(self.layers) - self.layers.index(rule.layer)
