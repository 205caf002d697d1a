"""How hard the property tests try: the same examples each time, or ever new ones and many more of them (`make soak`)."""

from __future__ import annotations

import os

from hypothesis import Phase, settings
from tests.support import MUTATED, SOAK, tries

os.environ.setdefault("ZHENGXIE_CACHE", "off")  # nothing is kept in the projects of the tests
PHASES = (Phase.explicit, Phase.generate) if MUTATED else tuple(Phase)  # that a mutant is noticed is enough
settings.register_profile("test", derandomize=not SOAK, deadline=None, max_examples=tries(100), phases=PHASES)
settings.load_profile("test")
