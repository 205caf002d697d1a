"""Items of a case with a life of their own: their states, and how an action moves one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Bool, Id, Model, Renamed, one_or_many
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.values import ValueType

SUCCESSOR = "successor"
"""The field of an act that ``replaces``: the id of the item that takes the place of the one it is done for."""


class State(Renamed):
    """State of a case (or of an item); ``final`` ends it, ``final: withdrawn`` ends it without its duties."""

    law: Citations = ()
    final: Bool | Literal["withdrawn"] = False


class ItemType(Renamed):
    """Type of the items of a case, over which duties quantify: a counterpart, an opinion, a session, a document.

    With ``states`` each item of the type has a life of its own; the first state is its start.
    """

    law: Citations = ()
    fields: dict[Id, ValueType] = Field(default_factory=dict)
    states: dict[Id, State] = Field(default_factory=dict)

    @property
    def start(self) -> str | None:
        """The state an item begins in: the first one written; None where the type has no states."""
        return next(iter(self.states), None)


class ItemStep(Model):
    """In which states of the item an act is allowed (left out: in any), and where it moves the item, if anywhere."""

    from_: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = Field(default=(), alias="from")
    to: Id | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _says_something(self) -> ItemStep:
        if not self.from_ and self.to is None:
            raise PydanticCustomError("ZX1311", "an item step that says nothing", {})
        return self


ItemSteps = Annotated[tuple[ItemStep, ...], BeforeValidator(one_or_many)]
