"""Decisions: rules that turn facts into outcomes, as a default with exceptions or as a table of rows.

The policies are those of the decision tables of DMN, with ``exceptions`` beside them: the default holds unless an
exception does, and the higher layer, the higher priority, and what says so with ``over`` go first.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from zhengxie_flow.model.decision_problems import check
from zhengxie_flow.model.rule import ROW_KEYS, Rules
from zhengxie_flow.model.values import read_value


class Decision(Rules):
    """A named question that the facts answer with one of ``outcomes``, or with a value for each of ``outputs``."""

    @model_validator(mode="after")
    def _sound(self) -> Decision:
        check(self, ROW_KEYS)
        return self

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
