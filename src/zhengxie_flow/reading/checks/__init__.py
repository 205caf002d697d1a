"""Checks of definitions, one a file: what could stand in a file of the right shape and still be wrong."""

from __future__ import annotations

from zhengxie_flow.reading.checks.catalogue import Check, all_checks
from zhengxie_flow.reading.checks.reference import references
from zhengxie_flow.reading.checks.runner import run

__all__ = ["Check", "all_checks", "references", "run"]
