"""The pure core: compile a definition, decide and evolve, judge and audit, project."""

from zhengxie_flow.engine.audit import audit, lapse, undone, view_of
from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.events.decide import Command, decide
from zhengxie_flow.engine.events.evolve import evolve, fold
from zhengxie_flow.engine.events.subcases import against_opening, tell
from zhengxie_flow.engine.judging.deadlines import deadlines

__all__ = [
    "Command",
    "CompiledProcess",
    "against_opening",
    "audit",
    "compile_process",
    "deadlines",
    "decide",
    "evolve",
    "fold",
    "lapse",
    "tell",
    "undone",
    "view_of",
]
