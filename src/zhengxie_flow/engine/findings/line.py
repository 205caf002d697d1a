"""The ids of findings, and the audit line that a finding makes.

An id here is written to audits and scenarios; its label is in ``i18n/messages/integrity.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zhengxie_flow.engine.audit_line import act_ref, clause_of, edition_label
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.findings import FindingNote
from zhengxie_flow.model.verdict import ActRef, Judgement, Verdict
from zhengxie_flow.model.volume import OWN

ORDER = "integrity.order"
AUTHORITY = "integrity.authority"
ANCHOR = "integrity.anchor"
FOUR_EYES = "integrity.four_eyes"
BACKDATED = "integrity.backdated"
RECEIPT = "integrity.receipt"
AFTER_CLOSE = "integrity.after_close"
DELEGATION = "integrity.delegation"
LINK = "integrity.link"
CORRECTION = "integrity.correction"
CLOCK = "integrity.clock"
IDS = frozenset(
    {ORDER, AUTHORITY, ANCHOR, FOUR_EYES, BACKDATED, RECEIPT, AFTER_CLOSE, DELEGATION, LINK, CORRECTION, CLOCK}
)
OF_RECORD = frozenset({BACKDATED, AFTER_CLOSE, LINK, CORRECTION, CLOCK})
"""Findings that the record alone shows."""


def finding(
    view: CaseView, ident: str, subject: Act | Event, note: FindingNote | None = None, **shown: Any
) -> Judgement:
    """One finding about an act or an event."""
    notes = () if note is None else (note,)
    reference = (
        act_ref(subject)
        if isinstance(subject, Act)
        else ActRef(subject.sequence, subject.day(view.case.zone), subject.action)
    )
    verdict = shown.pop("verdict", Verdict.FINDING)
    return Judgement(
        obligation=ident,
        verdict=verdict,
        item=subject.item,
        edition=edition_label(view.compiled),
        volume=shown.pop("volume", _of_act(view, subject.action)),
        actual=reference,
        notes=notes,
        **shown,
    )


def _of_act(view: CaseView, action: str | None) -> str | None:
    """The volume that defines an action; None for an action of the process itself."""
    volume = view.compiled.volume_by_action.get(action or "")
    return None if volume is None else volume.volume


def of_duty(view: CaseView, ident: str) -> str | None:
    """The volume of a duty that a finding comes from; None where the record alone shows it."""
    volume = view.compiled.volume_by_duty.get(ident)
    return None if volume is None else volume.volume


def of_fact(view: CaseView, name: str) -> str | None:
    """The volume that defines a fact of the case; None for a fact of the process itself."""
    volumes = view.compiled.definition.volumes
    return next((volume.volume for volume in volumes if name in volume.brings.get("facts", ())), None)


def unless_unbound(view: CaseView, several: Iterable[Judgement]) -> Iterator[Judgement]:
    """The findings but those by the rules of a volume that did not bind on the day of the act."""
    volumes = {volume.volume: volume for volume in view.compiled.definition.volumes}
    for line in several:
        volume = None if line.obligation in OF_RECORD else volumes.get(line.volume or "")
        if volume is None or line.actual is None or volume.binding(line.actual.date, view.case.opened) is not None:
            yield line


def about_act(
    view: CaseView, act: Act, verdict: Verdict, detail: tuple[str, ...] = (), needs: tuple[str, ...] = ()
) -> Judgement:
    """One finding about an act as such, under the id of its action and with its clause."""
    action = view.compiled.action(act.action)
    return Judgement(
        obligation=act.action,
        verdict=verdict,
        item=act.item,
        clause=clause_of(action.law),
        edition=edition_label(view.compiled),
        volume=_of_act(view, act.action) or OWN,
        detail=detail,
        actual=act_ref(act),
        needs=needs,
        who=action.by,
        is_action=True,
    )
