"""How hard the property tests try: the same examples each time, or ever new ones and many more of them (`make soak`)."""

from __future__ import annotations

from hypothesis import settings
from tests.support import SOAK, tries

settings.register_profile("test", derandomize=not SOAK, deadline=None, max_examples=tries(100))
settings.load_profile("test")
