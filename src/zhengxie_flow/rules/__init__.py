"""Decisions: resolve them over a case, prove, compare, trace and read them back."""

from zhengxie_flow.rules.compile import Ruleset, compiled
from zhengxie_flow.rules.kinds import types_of
from zhengxie_flow.rules.resolve import resolve

__all__ = ["Ruleset", "compiled", "resolve", "types_of"]
