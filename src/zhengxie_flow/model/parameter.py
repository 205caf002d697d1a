"""Parameters: parts of limits, or values, by kind, place and date, each with the document it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.base import Id, Labelled, Model, Number, Period, Text
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition, FieldRef, Literal_
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.values import ValueType, read_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhengxie_flow.model.decision import Decision
    from zhengxie_flow.model.process import Process


class Setting(Part):
    """Value of a parameter: a part of a limit, or the ``value`` of a parameter that has a type.

    ``{field: fee.amount}`` reads the value from a fact, or from an output of a decision.
    """

    value: FieldRef | Literal_ | None = None

    @property
    def is_part(self) -> bool:
        """True where it gives a part of a limit."""
        return any(getattr(self, name) is not None for name in Part.model_fields)


class ParameterRow(Setting):
    """One value of a parameter: it counts ``when`` this holds, while it is in force."""

    id: Number
    law: Citations = ()
    basis: Text | None = None
    interpretation: Number | None = None
    in_force: Period = Period()
    when: Condition | None = None


def _setting(value: Any) -> Any:
    whole = value is None or isinstance(value, Part) or (isinstance(value, dict) and set(value) != {"field"})
    return value if whole else {"value": value}


class Parameter(Labelled):
    """Parameter left open by the law and set by the rules: the first row that holds, else the default; else unset.

    Without a ``type`` it is a part of a limit; with one it is a value of that type (a role, a choice, a number).
    """

    law: Citations = ()
    interpretation: Number | None = None
    status: Literal["text", "default", "not_in_text"] = "text"
    type: Literal["bool", "enum", "int", "decimal", "date", "text", "role"] | None = None
    of: Any = None
    rows: tuple[ParameterRow, ...] = ()
    default: Annotated[Setting | None, BeforeValidator(_setting)] = None

    @model_validator(mode="after")
    def _fits(self) -> Parameter:
        kind = self.kind
        for at, setting in (
            *((("rows", index), row) for index, row in enumerate(self.rows)),
            *([(("default",), self.default)] if self.default is not None else []),
        ):
            if setting.is_part if kind is not None else setting.value is not None:
                raise PydanticCustomError("ZX1305", "a part beside a value", {"at": list(at)})
            if kind is not None and setting.value is not None and not isinstance(setting.value, FieldRef):
                _readable(kind, setting.value, at)
        return self

    @property
    def kind(self) -> ValueType | None:
        """The type of its values; None where it gives parts of limits."""
        return None if self.type is None else ValueType(type=self.type, of=self.of)

    @property
    def values(self) -> tuple[Any, ...]:
        """Every value written in it, in order."""
        values = (setting.value for setting in self.settings)
        return tuple(dict.fromkeys(value for value in values if value is not None and not isinstance(value, FieldRef)))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The rows, and the default where there is one."""
        return (*self.rows, *([self.default] if self.default is not None else []))

    def possible_values(self, decisions: Mapping[str, Decision]) -> tuple[Any, ...]:
        """Return every value it can take: those written in it, and those an output gives that it reads.

        Args:
            decisions: the decisions whose outputs it may read.
        """
        fields = (setting.value.field for setting in self.settings if isinstance(setting.value, FieldRef))
        outputs = [(decisions.get(head), part) for head, _, part in (name.rpartition(".") for name in fields)]
        given = (decision.output_values(part) for decision, part in outputs if decision is not None)
        return tuple(dict.fromkeys((*self.values, *(value for values in given for value in values))))


def _readable(kind: ValueType, value: Any, at: tuple[str | int, ...]) -> None:
    try:
        read_value(kind, value, "value")
    except UsageError:
        raise PydanticCustomError(
            "ZX1306", "not of its type", {"given": str(value), "type": kind.type, "at": list(at)}
        ) from None


class Parameters(Model):
    """A file of parameters."""

    language: Literal[1]
    parameters: Annotated[dict[Id, Parameter], Field(min_length=1)]


def with_parameter_roles(
    process: Process, parameters: Mapping[str, Parameter], decisions: Mapping[str, Decision]
) -> Process:
    """A process whose actions with ``by_parameter`` name every role that the parameter can give."""
    roles = {
        name: action.model_copy(
            update={"by": tuple(map(str, parameters[action.by_parameter].possible_values(decisions)))}
        )
        for name, action in process.actions.items()
        if action.by_parameter is not None and action.by_parameter in parameters
    }
    return process.model_copy(update={"actions": {**process.actions, **roles}}) if roles else process
