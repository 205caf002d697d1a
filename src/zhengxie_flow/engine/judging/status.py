"""A duty as it is owed, and the status of one of its rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import HindsightVerdict


@dataclass(frozen=True, slots=True)
class ObligationStatus:
    """The status of a duty before force, excuses and exemptions: plain verdict, resolved limit and performing act.

    ``outcomes`` are the verdicts still possible where what nobody has determined yet would decide between them.
    """

    verdict: Verdict
    resolved: ResolvedLimit | None = None
    act: Act | None = None
    missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    hindsight: HindsightVerdict | None = None
    outcomes: tuple[Verdict, ...] = ()

    @property
    def number(self) -> int:
        """The number of the round of its limit, counted from 1."""
        return 1 if self.resolved is None else self.resolved.number

    @property
    def performed(self) -> bool:
        """True where an act performs the duty, in time or not."""
        return self.act is not None


class Owed(NamedTuple):
    """A duty as it is owed: its id, its definition, and the item it is owed for (None: the case)."""

    ident: str
    duty: Obligation
    item: Item | None
