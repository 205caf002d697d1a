"""Checks of definitions, a module for each subject: faults of meaning in files of the right shape."""

from __future__ import annotations

from zhengxie_flow.reading.checks.catalogue import Check, all_checks
from zhengxie_flow.reading.checks.preconditions import references

__all__ = ["Check", "all_checks", "references"]
