"""The pure core: compile a definition, decide and evolve, judge and audit, project."""

from zhengxie_flow.engine.audit import audit
from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.derivation import DerivedCase, derive, has_receipts, receipts_of, view_of, withdrawals
from zhengxie_flow.engine.events.decide import Command, decide
from zhengxie_flow.engine.events.evolve import evolve, fold
from zhengxie_flow.engine.events.subcases import parent_updates, refusals_for_opening
from zhengxie_flow.engine.judging.deadlines import deadlines

__all__ = [
    "Command",
    "CompiledProcess",
    "DerivedCase",
    "audit",
    "compile_process",
    "deadlines",
    "decide",
    "derive",
    "evolve",
    "fold",
    "has_receipts",
    "parent_updates",
    "receipts_of",
    "refusals_for_opening",
    "view_of",
    "withdrawals",
]
