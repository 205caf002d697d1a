"""Parameters: parts of limits by kind, place and date, each with the document it rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from zhengxie_flow.model.base import Id, Labelled, Model, Number, Period, Text
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.limit import Part


class ParameterRow(Part):
    """One value of a parameter: it counts ``when`` this holds, while it is in force."""

    id: Number
    law: Citations = ()
    basis: Text | None = None
    interpretation: Number | None = None
    in_force: Period = Period()
    when: Condition | None = None


class Parameter(Labelled):
    """A part of a limit that rules fill in: the first row that holds, else the default; without either it is unset."""

    law: Citations = ()
    interpretation: Number | None = None
    status: Literal["text", "default", "not_in_text"] = "text"
    rows: tuple[ParameterRow, ...] = ()
    default: Part | None = None


class Parameters(Model):
    """A file of parameters."""

    language: Literal[1]
    parameters: Annotated[dict[Id, Parameter], Field(min_length=1)]
