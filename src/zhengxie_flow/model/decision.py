"""Decisions: rules that turn facts into outcomes, as a default with exceptions or as a table of rows.

The policies are those of the decision tables of DMN, with ``exceptions`` beside them: the default holds unless an
exception does, and the higher layer, the higher priority, and what says so with ``over`` go first.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from zhengxie_flow.model.decision_problems import check
from zhengxie_flow.model.rule import ROW_KEYS, Rules
from zhengxie_flow.model.values import ValueType, read_value


class Decision(Rules):
    """A named question that the facts answer with one of ``outcomes``, or with a value for each of ``outputs``."""

    @model_validator(mode="after")
    def _sound(self) -> Decision:
        check(self, ROW_KEYS)
        return self

    def output_type(self, part: str) -> ValueType | None:
        """Return the type of an output, as other conditions look it up (``fee.amount``).

        Args:
            part: the name of the output; ``count`` where the decision counts the rules that hold.

        Returns:
            The type; None where the decision has no such output, or gives a list.
        """
        if self.aggregate == "count":
            return ValueType(type="int") if part == "count" else None
        if self.several and self.aggregate not in {"sum", "min", "max"}:
            return None
        return self.outputs.get(part)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The outputs that other conditions can look up."""
        return tuple(part for part in (*self.outputs, "count") if self.output_type(part) is not None)

    def output_values(self, part: str) -> tuple[Any, ...]:
        """Return every value that a rule or the default gives to an output.

        Args:
            part: the name of the output.
        """
        thens = (*(rule.then for rule in self.rules), *([self.default] if self.default is not None else []))
        return tuple(dict.fromkeys(self.outcome(then)[part] for then in thens if part in self.outputs))

    def outcome(self, then: Any) -> Any:
        """Return an outcome as it is handed on.

        Args:
            then: the outcome as a rule or the default has it.

        Returns:
            Its id, or plain values by output (decimals and dates as text).
        """
        if self.outcomes:
            return then
        values = then if isinstance(then, dict) else {next(iter(self.outputs)): then}
        return {name: read_value(kind, values[name], name) for name, kind in self.outputs.items()}
