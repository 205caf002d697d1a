"""Decisions: resolve them over a case, prove and compare them."""

from zhengxie_flow.rules.resolve import resolve

__all__ = ["resolve"]
