"""Three-valued evaluation of conditions over what a case knows."""

from zhengxie_flow.conditions.evaluate import evaluate, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.conditions.view import NOWHERE, Scope, Seen, View

__all__ = ["NOWHERE", "Scope", "Seen", "Trace", "View", "evaluate", "evaluate_optional"]
