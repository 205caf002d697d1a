"""Volumes of a compiled process: which one a name belongs to, and whether it binds a case on a day.

A volume counts by the day of the act: by that on which a duty was performed or, if it was not, fell due.  What lies
outside the periods of its attachment is not judged, though it is recorded like anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.engine.editions.governing import day_of, not_applicable
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict
from zhengxie_flow.model.volume import AttachedVolume
from zhengxie_flow.model.working import PassedOver


def binds(compiled: CompiledProcess, case: Case, ident: str, day: date) -> bool:
    """True where a duty is asked for on a day: it is of the process itself, or of a volume that binds the case then.

    Args:
        compiled: The definition that judges.
        case: The case.
        ident: The id of an obligation, requirement or exemption.
        day: The day of the act.
    """
    volume = compiled.volume_by_duty.get(ident)
    return volume is None or volume.binding(day, case.opened) is not None


def together(compiled: CompiledProcess, ident: str, other: str) -> bool:
    """True where two names stand in one volume, so that one may lift the other."""
    return compiled.volume_by_duty.get(ident) is compiled.volume_by_duty.get(other)


def counts_beside(compiled: CompiledProcess, ident: str, other: AttachedVolume | None) -> bool:
    """True where a duty may matter to a volume: it is of the process itself, or of that volume."""
    volume = compiled.volume_by_duty.get(ident)
    return volume is None or volume is other


def bound_day(view: CaseView, volume: AttachedVolume) -> Callable[[date], bool]:
    """The question whether a volume binds a case on a day."""
    opened = view.case.opened
    return lambda day: volume.binding(day, opened) is not None


def limited_to_periods(view: CaseView, volume: AttachedVolume, several: Iterable[Judgement]) -> Iterator[Judgement]:
    """The lines of a volume on a duty: what it does not bind is not applicable; a control is a finding at worst.

    Args:
        view: The case, by the edition that judges.
        volume: The volume of the duty.
        several: The lines as they would be if it always counted.
    """
    for line in several:
        if not _bound(view, volume, line):
            yield not_applicable(view, line)
        elif volume.kind == "control":
            yield replace(line, verdict=Verdict.FINDING if line.verdict in ADVERSE else line.verdict, force=None)
        else:
            yield line


def _bound(view: CaseView, volume: AttachedVolume, line: Judgement) -> bool:
    """True where a volume binds on the day of the act, and the last day of the duty does not lie before it."""
    passed = line.note(PassedOver)
    day = passed.passed_on if passed is not None and line.actual is None else day_of(line, view.day)
    period = volume.binding(day, view.case.opened)
    last = line.due or line.latest
    return period is not None and (last is None or last >= period.from_)
