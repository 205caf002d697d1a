"""The pure core: compile a definition, decide and evolve, judge and audit, project.

- `compile`, `view`: a definition ready for use, and a case at one place in time.
- `state_machine`: states of the case and of its items, ways between them, what can still be reached.
- `events`: what commands, statements and corrections lead to, and the fold of events into a case.
- `derivation`, `next_change`: the case as of a day with all that time has brought, and when time next changes it.
- `limits`: anchors, running clocks, last days; a new unit starts there.
- `exemptions`: powers to exempt and what they lift; a new rule of them starts there.
- `judging`, `audit`: the verdict on each obligation and requirement, and all of them together.
- `findings`: what no clause names; a new finding starts there.
- `editions`: which edition of a process judges what, and other readings of the law.
"""

from zhengxie_flow.engine.audit import audit
from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.derivation import DerivedCase, derive, has_receipts, receipts_of, view_of, withdrawals
from zhengxie_flow.engine.events.decide import Command, decide
from zhengxie_flow.engine.events.evolve import evolve, fold
from zhengxie_flow.engine.events.subcases import parent_updates, refusals_for_opening
from zhengxie_flow.engine.judging.deadlines import deadlines, open_work

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
    "open_work",
    "parent_updates",
    "receipts_of",
    "refusals_for_opening",
    "view_of",
    "withdrawals",
]
