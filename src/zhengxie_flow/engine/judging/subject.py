"""One obligation being judged: of which case and item, and the audit line that a status makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine.audit_line import act_ref, clause_of, edition_label
from zhengxie_flow.engine.judging.discharge import obligation_rounds, performing
from zhengxie_flow.engine.judging.force import shown_force
from zhengxie_flow.engine.judging.lateness import miss
from zhengxie_flow.engine.judging.status import ObligationStatus, Owed
from zhengxie_flow.engine.limits.anchors import placed
from zhengxie_flow.engine.limits.resolved import ResolvedLimit
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import BEFORE_ALL, Act, Item, Key
from zhengxie_flow.model.counting import Direction
from zhengxie_flow.model.process import Obligation
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.model.working import Basis, DeemedDay, Hindsight, Note


@dataclass(frozen=True, slots=True)
class Judging:
    """An obligation under judgement, as of one view of the case.

    Attributes:
        view: The case as it is looked at.
        ident: The id of the obligation.
        duty: Its definition, which an exemption may have given a shorter limit.
        item: The item it is owed for, if it is owed for each.
        trace: What its conditions needed and presumed.
        number: The round of its limit; 0 for the current one.
    """

    view: CaseView
    ident: str
    duty: Obligation
    item: Item | None
    trace: Trace
    number: int = 0

    def rounds(self) -> tuple[ObligationStatus, ...]:
        """Compare the acts with each round of the limit, before force, excuses and exemptions."""
        return obligation_rounds(self.view, Owed(self.ident, self.duty, self.item))

    def status(self) -> ObligationStatus | None:
        """The status of this round; None where it is not opened yet."""
        rounds = self.rounds()
        return rounds[self.number - 1] if self.number <= len(rounds) else None

    def status_after(self, key: Key) -> ObligationStatus | None:
        """The status of this round as it was right after a position on the timeline."""
        return self.at((key[0], key[1] + 1)).status()

    def of_round(self, status: ObligationStatus) -> Judging:
        """The same judgement of one round."""
        return self if status.number == self.number else replace(self, number=status.number)

    def at(self, key: Key) -> Judging:
        """The same obligation as of an earlier position on the timeline, with a trace of its own."""
        return replace(self, view=self.view.at(key), trace=Trace())

    def with_duty(self, duty: Obligation) -> Judging:
        """The same judgement of a changed obligation."""
        return replace(self, duty=duty)

    @property
    def scope(self) -> Scope:
        """The names that conditions of the obligation can use."""
        return Scope(item=self.item, this=self.item)

    def line(self, status: ObligationStatus, note: Note | None = None) -> Judgement:
        """The audit line that a status makes, ``note`` before its other notes."""
        duty, resolved = self.duty, status.resolved
        shown = _shown_as(resolved.direction) if resolved else None
        day = resolved.day if resolved else None
        facts = self.view.compiled.process.facts
        presumed = tuple(self.trace.presumed)
        of_facts = [entry for name in presumed if name in facts for entry in facts[name].interpretation]
        missed = miss(self.view, status.verdict, resolved, status.act)
        return Judgement(
            obligation=self.ident,
            verdict=status.verdict,
            item=self.item.id if self.item else None,
            clause=clause_of(duty.law),
            force=shown_force(duty),
            edition=edition_label(self.view.compiled),
            volume=self.view.compiled.volume_of(self.ident),
            detail=status.detail,
            due=day if shown == "due" else None,
            latest=day if shown == "latest" else None,
            earliest=day if shown == "earliest" else None,
            date_status=None if resolved is None or day is None else ("firm" if resolved.firm else "provisional"),
            anchor=resolved.anchor.reference() if resolved else None,
            actual=act_ref(status.act),
            missing=status.missing,
            needs=status.needs,
            outcomes=status.outcomes,
            waits_for=status.waits_for,
            interpretations=tuple(dict.fromkeys((*duty.entries, *of_facts))),
            presumptions=presumed,
            calendar=resolved.snapshot.calendar_hash if resolved else None,
            proof=resolved,
            notes=self._notes(status, note),
            who=duty.bearers,
            early=act_ref(self._early(resolved)),
            control=self.ident in self.view.compiled.controls,
            late_by=missed.late_by,
            early_by=missed.early_by,
            as_of=missed.as_of,
            round=status.number,
        )

    def _early(self, resolved: ResolvedLimit | None) -> Act | None:
        """The first act that came before its clock started, before a day was set for it, or before its very day."""
        if resolved is None or resolved.direction in ("backward", "earliest", "order_before"):
            return None
        anchor = resolved.began
        if anchor.day is None or not (anchor.actual or resolved.direction in ("by_date", "by")):
            return None
        if resolved.counts_early or (resolved.direction == "by" and resolved.opened is None):
            return None
        opened = (anchor.day, -1) if resolved.opened is None else resolved.opened
        acts = self._unused() if resolved.number > 1 else performing(self.view, self.duty, self.item)
        first = next(iter(acts), None)
        return first if first is not None and first.key < opened else None

    def _unused(self) -> Iterator[Act]:
        """The acts since the round before was opened that closed none."""
        rounds = self.rounds()[: self.number]
        closing = {status.act.sequence for status in rounds if status.act is not None}
        before = rounds[-2].resolved if len(rounds) > 1 else None
        since = BEFORE_ALL if before is None else placed(before.began)
        acts = performing(self.view, self.duty, self.item)
        return (act for act in acts if act.key > since and act.sequence not in closing)

    def _notes(self, status: ObligationStatus, note: Note | None) -> tuple[Note, ...]:
        """The remarks beside a verdict, ``note`` first."""
        notes: list[Note] = [] if note is None else [note]
        if status.hindsight is not None:
            notes.append(Hindsight(status.hindsight))
        if status.act is not None and (counts_for := self.view.deemed(status.act)) != status.act.day:
            notes.append(DeemedDay(counts_for))
        if self.duty.basis is not None:
            notes.append(Basis(self.duty.basis))
        return tuple(notes)


def _shown_as(direction: Direction) -> Literal["due", "latest", "earliest"] | None:
    """The key under which the day of a limit is shown; mere order after something has no day."""
    match direction:
        case "forward" | "by_date" | "by":
            return "due"
        case "backward" | "order_before":
            return "latest"
        case "minimum" | "earliest":
            return "earliest"
        case "order_after":
            return None
        case _:
            assert_never(direction)
