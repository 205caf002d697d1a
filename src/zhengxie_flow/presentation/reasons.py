"""Reasons against an act as sentences: what is not met, what would settle it, and the clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from zhengxie_flow.i18n import label, labelled, named
from zhengxie_flow.needs import (
    AnyNeed,
    NeededCase,
    NeededDetail,
    NeededFact,
    NeededField,
    NeededItem,
    NeededPerson,
    NeededRole,
    NeededState,
    NeededVerdict,
)
from zhengxie_flow.presentation.citations import cited

if TYPE_CHECKING:
    from zhengxie_flow.errors import Reason
    from zhengxie_flow.presentation.labels import Labels


def reason_text(reason: Reason, lang: str, labels: Labels | None) -> str:
    """Return a reason of a refusal as text: its label and id, false or unknown, and what would settle it.

    Args:
        reason: The reason.
        lang: ``zh`` or ``en``.
        labels: The labels of the definition; None where there are none, so that ids are shown.
    """
    if labels is None:
        shown, needs = reason.id, [str(need) for need in reason.needs]
    else:
        shown, needs = labels.reason(reason.id), [need_text(need, labels) for need in reason.needs]
    value = label(f"cli.value.{reason.value}", lang)
    notes = _notes(reason, lang)
    if needs:
        notes.append(labelled("cli.needs", ("、" if lang == "zh" else ", ").join(needs), lang))
    if lang == "zh":
        return f"{shown}：{value}（{'；'.join(notes)}）" if notes else f"{shown}：{value}"
    return f"{shown}: {value} ({'; '.join(notes)})" if notes else f"{shown}: {value}"


def reason_sentence(reason: Reason, labels: Labels) -> str:
    """Return a reason as a sentence with the clause it rests on."""
    text = reason_text(reason, labels.lang, labels)
    if reason.clause is None:
        return text
    clause = cited(reason.clause, labels.compiled.definition.law, labels.lang)
    return label("sentence.with_clause", labels.lang, text=text, clause=clause)


def need_text(need: AnyNeed, labels: Labels) -> str:
    """Return what would settle a reason, by its label and id."""
    match need:
        case NeededRole():
            return labels.named("role", need)
        case NeededState():
            return labels.named("state", need)
        case NeededItem():
            return labels.named("type", need)
        case NeededVerdict():
            return named(label(f"verdict.{need}", labels.lang), need, labels.lang)
        case NeededFact() | NeededField() | NeededPerson() | NeededDetail():
            return labels.any(need)
        case NeededCase():
            return str(need)
        case _:
            assert_never(need)


def _notes(reason: Reason, lang: str) -> list[str]:
    """Notes on an act that is void or forbidden: what it would be, what is left to it, from when on it may be done."""
    notes = [] if reason.detail is None else [label(f"detail.{reason.detail}", lang)]
    if reason.left is not None and reason.unit is not None:
        unit = label(f"calendar.unit.{reason.unit}", lang)
        notes.append(label("cli.reason.left", lang, left=reason.left, unit=unit))
    if reason.day is not None:
        notes.append(label("cli.reason.day", lang, day=reason.day))
    return notes
