"""Procedures inside a procedure: a hearing under a matter, the matters of a year under its catalogue."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from zhengxie_flow.model.base import Bool, Id, Labelled, one_or_many
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.values import ValueType

OPENED = "opened"
"""The act of the parent that a subcase was opened or taken under it."""

TOLD = "told"
"""The act of the parent that a subcase told a fact without moving."""

ProcessId = Annotated[str, Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$", max_length=200)]
"""The id of a process: its path under ``processes/``."""


class Subcase(Labelled):
    """A case of another process that belongs to a case of this one.

    ``process`` is the id of its process; ``when`` says where it is called for, ``by`` who opens it (left out: whoever
    may act at all), ``many`` that there may be several at a time.  ``with`` lists the facts of the subcase that are
    told to its parent.  ``states`` are those of its process with what is final about them; they are read from its file.

    What a subcase does, happens in its parent too: opening it is the act ``<name>.opened``, every state it reaches the
    act ``<name>.<state>``, a told fact that changes in between ``<name>.told``; the told facts are their fields.
    """

    law: Citations = ()
    process: ProcessId
    when: Condition | None = None
    by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    fields: dict[Id, ValueType] = Field(default_factory=dict, alias="with")
    many: Bool = False
    states: dict[Id, Bool | Literal["withdrawn"]] = Field(default_factory=dict)

    def acts(self, name: str) -> tuple[str, ...]:
        """The ids of the acts it brings to its parent."""
        return tuple(f"{name}.{what}" for what in (OPENED, TOLD, *self.states))
