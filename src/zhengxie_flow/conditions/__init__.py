"""Three-valued evaluation of conditions over what a case knows."""

from typing import TYPE_CHECKING

from zhengxie_flow.conditions.evaluate import evaluate, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.conditions.view import NOWHERE, FactValue, Scope, View
from zhengxie_flow.deprecation import deprecated_names

__all__ = ["NOWHERE", "FactValue", "Scope", "Trace", "View", "evaluate", "evaluate_optional"]

if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Seen": "FactValue"})
