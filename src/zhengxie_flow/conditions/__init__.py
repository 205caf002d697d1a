"""Three-valued evaluation of conditions over what a case knows."""

from zhengxie_flow.conditions.evaluate import evaluate, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.conditions.view import NOWHERE, FactValue, Scope, View

__all__ = ["NOWHERE", "FactValue", "Scope", "Trace", "View", "evaluate", "evaluate_optional"]
