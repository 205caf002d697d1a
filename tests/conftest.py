"""How hard the property tests try, and what is looked at in every test.

The same examples each time, or ever new ones and many more of them (`make soak`).
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import wraps
from itertools import count

from hypothesis import Phase, settings
from tests.support import MUTATED, SOAK, tries

from zhengxie_flow.engine import DerivedCase, fold
from zhengxie_flow.model.case import Case
from zhengxie_flow.ports import Definitions
from zhengxie_flow.services.folded_cases import EventSource, FoldedCases
from zhengxie_flow.services.kept_rows import Convert, KeptRows, WorkedRows, all_worked_out

os.environ.setdefault("ZHENGXIE_CACHE", "off")  # nothing is kept in the projects of the tests
PHASES = (Phase.explicit, Phase.generate) if MUTATED else tuple(Phase)  # that a mutant is noticed is enough
settings.register_profile("test", derandomize=not SOAK, deadline=None, max_examples=tries(100), phases=PHASES)
settings.load_profile("test")

_read = FoldedCases.read
_readings = count(1)
SAMPLE = 5 if SOAK else 20
"""Of so many readings of kept cases, in whatever test, one is held against a fold of all the events."""


@wraps(_read)
def _refolded(self: FoldedCases, source: EventSource, definitions: Definitions, case: str) -> Case | None:
    kept = _read(self, source, definitions, case)
    if kept is not None and next(_readings) % SAMPLE == 0:
        assert kept == fold(source.events(case)[: kept.version]), f"what was kept of {case} is not what its events give"
    return kept


FoldedCases.read = _refolded  # type: ignore[method-assign]

_work_out = KeptRows.work_out


@wraps(_work_out)
def _judged_anew(self: KeptRows, derived: DerivedCase, basis: str, convert: Convert) -> WorkedRows:
    worked = _work_out(self, derived, basis, convert)
    if worked.work is not None and next(_readings) % SAMPLE == 0:
        anew = all_worked_out(derived, convert)
        assert replace(worked, work=None) == anew, f"what was kept of {derived.case.id} is not what its judging gives"
    return worked


KeptRows.work_out = _judged_anew  # type: ignore[method-assign]
