"""Sentences of findings about the record: what does not fit, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never, cast

from zhengxie_flow.i18n import label
from zhengxie_flow.model import findings as f
from zhengxie_flow.model.working import Delay
from zhengxie_flow.presentation.amounts import amount_text
from zhengxie_flow.presentation.changed_values import change_text
from zhengxie_flow.presentation.line_labels import LineLabels

if TYPE_CHECKING:
    from zhengxie_flow.model.counting import Unit
    from zhengxie_flow.model.verdict import Judgement


def record_sentence(line: Judgement, names: LineLabels) -> str:
    """Return the sentence of a finding, without its clause."""
    note = next((note for note in line.notes if isinstance(note, f.FindingNote)), None)
    if note is not None:
        return _of_note(note, line, names)
    if line.needs:
        key = "countersigned" if "same_actor" in line.detail else "determined"
        needs, roles = names.listed(map(names.any, line.needs)), names.roles(line.who)
        return names.say(f"sentence.record.{key}", needs=needs, detail=names.details(), roles=roles)
    about_act = line.actual is not None and line.actual.action is not None
    key = "sentence.record" if about_act else "sentence.record.event"
    return names.say(key, title=names.duty_label(), detail=names.details())


def _of_note(note: f.FindingNote, line: Judgement, names: LineLabels) -> str:  # noqa: C901, PLR0912  # one case for each
    match note:
        case f.OutOfOrder():
            return names.say("sentence.record.order", state=names.state(note.state))
        case f.ItemOutOfOrder():
            return names.say("sentence.record.order.item", state=names.state(note.item_state))
        case f.BeforeAnchor():
            return names.say("sentence.record.order.anchor", duty=names.any(note.obligation), due=note.anchor)
        case f.Gap():
            gap = _amount(note.gap, note.unit, names)
            return names.say("sentence.record.anchor", last=names.any(note.last), due=note.since, gap=gap)
        case f.NeverStated():
            last, duty = names.any(note.last), names.any(note.obligation)
            stated = names.any(note.action)
            return names.say(
                "sentence.record.never", stated=stated, last=last, since=note.since, duty=duty, due=note.due
            )
        case f.FourEyesViolation(_, other):
            return names.say("sentence.record.four_eyes", other=names.any(other), detail=names.details())
        case f.InvalidDelegation():
            roles = names.roles(() if note.role is None else (note.role,))
            return names.say("sentence.record.delegation", roles=roles, detail=names.details())
        case f.BrokenReference():
            unknown = names.listed(note.unknown or ())
            missing = names.listed(line.missing)
            return names.say("sentence.record.link", field=names.any(note.field), missing=missing, unknown=unknown)
        case f.MissingReceipt():
            missing = names.listed(map(names.quoted, line.missing))
            return names.say("sentence.record.receipt", missing=missing)
        case f.Backdated():
            gap, allowed = (_amount(days, note.unit, names) for days in (note.days, note.allowed))
            act = names.duty_label() if line.actual is None or line.actual.action is None else names.act()
            return names.say("sentence.record.backdated", act=act, due=note.recorded, gap=gap, allowed=allowed)
        case f.AfterClosing():
            return names.say("sentence.record.after_close", state=names.state(note.state), due=note.closed)
        case f.ClockBehind():
            event = "" if line.actual is None else line.actual.event
            recorded, latest = (names.instant(at) for at in (note.recorded, note.latest))
            return names.say("sentence.record.clock", event=event, recorded=recorded, latest=latest, reason=note.reason)
        case f.OpenedSubcase():
            return names.say("sentence.record", title=names.duty_label(), detail=names.details())
        case f.MilderRecord():
            return milder_text(note, line, names)
        case _:
            assert_never(note)


def milder_text(note: f.MilderRecord, line: Judgement, names: LineLabels) -> str:
    """Return the sentence of an entry that made verdicts milder."""
    return names.say(
        "sentence.record.milder",
        event=line.actual.event if line.actual is not None else "",
        entry=label(f"event.{note.entry}", names.lang),
        due=note.recorded,
        changed=note.changed or "",
        changes=names.listed(change_text(change, names.any, names.lang) for change in note.values),
        verdicts=names.listed(_milder(change, names) for change in note.verdicts),
    )


def _milder(change: f.MilderVerdict, names: LineLabels) -> str:
    """Return a line before and after, with the item it is about."""
    old, new = (label(f"verdict.{verdict}", names.lang) for verdict in (change.old, change.new or "not_applicable"))
    about = names.labels.of(change.obligation, names.line.edition) or names.any(change.obligation)
    return label("sentence.record.milder.line", names.lang, duty=about, item=change.item or "", old=old, new=new)


def _amount(days: int, unit: str, names: LineLabels) -> str:
    return amount_text(Delay(days, cast("Unit", unit)), names.lang)
