"""A step of a count, as proofs show it; by itself, so that counting loads nothing else of the model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from zhengxie_flow.model.document import one_of


@dataclass(frozen=True, slots=True)
class CountStep:
    """A step of a count: what it did, the day it led to, and the clause that says so (None: the ordinary rule)."""

    kind: Annotated[str, one_of("nominal", "grown", "filled", "rolled", "added", "rolled_again")]
    day: dt.date
    clause: str | None = None
