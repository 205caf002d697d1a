"""The pure core: compile a definition, decide and evolve, judge and audit, project."""

from zhengxie_flow.engine.audit import apply_lapsed_limits, audit, obsolete_deemed_events, view_of
from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.events.decide import Command, decide
from zhengxie_flow.engine.events.evolve import evolve, fold
from zhengxie_flow.engine.events.subcases import parent_updates, refusals_for_opening
from zhengxie_flow.engine.judging.deadlines import deadlines

__all__ = [
    "Command",
    "CompiledProcess",
    "apply_lapsed_limits",
    "audit",
    "compile_process",
    "deadlines",
    "decide",
    "evolve",
    "fold",
    "obsolete_deemed_events",
    "parent_updates",
    "refusals_for_opening",
    "view_of",
]
