"""Decisions: rules that turn facts into outcomes, as a default with exceptions; and dated parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Id, Int, Labelled, Number, Period, Text, one_or_many
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition


class Reading(Labelled):
    """How an unclear rule is read here, with the register entry behind it."""

    interpretation: Number | None = None


class Rule(Labelled):
    """One exception to the default: ``when`` it holds, ``then`` is the outcome; the higher ``priority`` wins."""

    id: Number
    law: Citations = ()
    reading: Reading | None = None
    when: Condition
    then: Text
    priority: Int = 0
    in_force: Period = Period()
    must_record: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()


def _outcomes(value: Any) -> Any:
    plain = isinstance(value, list | tuple) and not any(isinstance(entry, list | dict) for entry in value)
    return {entry: {} for entry in value} if plain else value


class Decision(Labelled):
    """A named question the facts answer with one of ``outcomes``: the default, unless an exception holds."""

    language: Literal[1]
    decision: Id
    law: Citations = ()
    outcomes: Annotated[dict[str, Labelled], BeforeValidator(_outcomes), Field(min_length=1)]
    policy: Literal["exceptions"] = "exceptions"
    default: Text | None = None
    exceptions: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _known_outcomes(self) -> Decision:
        for given in [self.default, *(rule.then for rule in self.exceptions)]:
            if given is not None and given not in self.outcomes:
                allowed = ", ".join(self.outcomes)
                raise PydanticCustomError("ZX3001", "unknown outcome", {"given": given, "allowed": allowed})
        return self
