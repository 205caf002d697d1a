"""Summary of the work of a worker, as a document."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhengxie_flow.jobs.worker import WorkDone


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSummary:
    """Summary of the work of a worker before it ended."""

    worker: str
    turns: int
    recounted: int
    ticked: int
    events: int
    failed: int
    set_aside: int
    released: int


def work_summary(worker: str, done: WorkDone, released: int) -> WorkSummary:
    """Return what a worker did.

    Args:
        worker: Its name.
        done: The counts.
        released: Jobs that were let be tried again before.
    """
    return WorkSummary(worker=worker, released=released, **asdict(done))
