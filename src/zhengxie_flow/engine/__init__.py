"""The pure core: compile a definition, decide and evolve, judge and audit, project."""

from zhengxie_flow.engine.audit import audit, lapse, undone, view_of
from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.decide import Command, decide
from zhengxie_flow.engine.evolve import evolve, fold
from zhengxie_flow.engine.project import deadlines
from zhengxie_flow.engine.subcases import against_opening, tell

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
