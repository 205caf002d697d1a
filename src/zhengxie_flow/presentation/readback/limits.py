"""Time limits as sentences: the part that is counted, what changes a running clock, and what lateness means."""

from __future__ import annotations

from typing import assert_never

from zhengxie_flow.model.lapse import Deem
from zhengxie_flow.model.limit import Extension, FieldValue, Lateness, Limit, Part, Suspension
from zhengxie_flow.model.recurrence import DayOfPeriod, Recurrence
from zhengxie_flow.presentation.readback.sentence import Titled, either, names, note, qualified
from zhengxie_flow.rules.part_phrases import amount_phrase, anchor_phrase, part_phrase
from zhengxie_flow.rules.readback import Name, Phrase, phrase, within

_ORDER = ("part.after", "part.before")
"""Parts that say no more than what comes first."""


def limit_phrase(limit: Limit, duty: Titled, *, judge: tuple[str, ...] = ()) -> Phrase:
    """The sentence of the limit of an obligation.

    Args:
        limit: The limit.
        duty: The obligation.
        judge: The roles that may determine whether it was performed in good time.
    """
    return Phrase("read.limit", {"duty": duty, "limit": _length(limit), "notes": _notes(limit, judge)})


def _length(limit: Limit) -> Phrase:
    """The length of a limit, by whichever key has it."""
    if limit.every is not None:
        return _recurring(limit.every, limit)
    if limit.parts_of:
        code = "read.earliest_of" if limit.joins_first else "read.latest_of"
        return Phrase(code, {"marks": tuple(Phrase("read.joined", {"limit": _length(part), "notes": _notes(part, ())})
                                            for part in limit.parts_of)})  # fmt: skip
    if limit.choose:
        return Phrase("read.choose", {"marks": tuple(
            Phrase("read.choice.otherwise", {"part": part_phrase(limit.filled(choice))}) if choice.when is None
            else Phrase("read.choice", {"when": phrase(choice.when), "part": part_phrase(limit.filled(choice))})
            for choice in limit.choose
        )})  # fmt: skip
    if limit.parameter is not None:
        open_ = Phrase("read.limit.parameter", {"parameter": Name("parameter", limit.parameter)})
        own_part = part_phrase(limit)
        first, *rest = own_part.params["parts"]
        if first.code in _ORDER:
            params = {**open_.params, "anchor": first}
            return Phrase("part", {"parts": (Phrase("read.limit.parameter.from", params), *rest)})
        return open_ if first == Phrase("part.order") else Phrase("part", {"parts": (open_, own_part)})
    return _in_order(part_phrase(limit), limit)


def _in_order(counted: Phrase, limit: Limit) -> Phrase:
    """The part of a limit; that there is no number is said, unless a person judges the time."""
    parts = counted.params["parts"]
    if limit.timely or len(parts) != 1 or parts[0].code not in _ORDER:
        return counted
    return Phrase("part", {"parts": (Phrase("part.order_from", {"anchor": parts[0]}),)})


def _recurring(every: Recurrence, limit: Limit) -> Phrase:
    counted = part_phrase(limit)
    wording = counted.params["parts"] != (Phrase("part.order"),)
    by = (
        Phrase("read.every.day", {"month": every.by.month, "day": every.by.day})
        if isinstance(every.by, DayOfPeriod)
        else Phrase("read.every.last")
    )
    parts = (
        Phrase(f"read.every.{every.period}", {"by": by}),
        *note("read.every.named_by", None if every.named_by is None else Name("fact", every.named_by)),
        *((counted,) if wording else ()),
    )
    return Phrase("part", {"parts": parts})


def _notes(limit: Limit, judge: tuple[str, ...]) -> tuple[Phrase, ...]:
    consequence = limit.consequence
    return (
        *map(_extension, limit.extended_by),
        *map(_suspension, limit.suspended),
        *((Phrase("read.restarts", {"acts": either("action", limit.restarts_on)}),) if limit.restarts_on else ()),
        *(() if limit.occurrence is None else (Phrase(f"read.occurrence.{limit.occurrence}"),)),
        *_timely(limit, judge),
        *_late(limit.late),
        *(() if consequence is None else (Phrase("read.lapse", {"deemed": deemed_phrase(consequence)}),)),
    )


def _timely(limit: Limit, judge: tuple[str, ...]) -> tuple[Phrase, ...]:
    if not limit.timely:
        return ()
    if limit.judged_by is None:
        return (Phrase("read.timely"),)
    roles = names("role", judge) or (Phrase("read.anybody"),)
    return (Phrase("read.timely.by", {"fact": Name("fact", limit.judged_by), "roles": roles}),)


def _late(late: Lateness) -> tuple[Phrase, ...]:
    match late:
        case "breach":
            return ()
        case "lapsed" | "out_of_time":
            return (Phrase(f"read.late.{late}"),)
        case _:
            assert_never(late)


def _extension(extension: Extension) -> Phrase:
    marks = (
        *_longer(extension),
        *note("read.extension.up_to", extension.up_to),
        *note("read.extension.times", extension.times),
        Phrase(f"read.extension.before.{extension.before}"),
    )
    by, owners = names("role", extension.by), (extension.action,)
    marks = within(owners, marks)
    wording = Phrase(
        "read.extension.by" if by else "read.extension",
        {"act": Name("action", extension.action), "marks": marks, **({"roles": by} if by else {})},
    )
    return Phrase("read.sentence", {"said": qualified(within(owners, _when(extension)), wording)})


def _longer(extension: Extension) -> tuple[Phrase, ...]:
    match extension.to:
        case FieldValue():
            return (Phrase("read.extension.set", {"fact": Name("fact", extension.to.field)}),)
        case Part():
            return (Phrase("read.extension.to", {"part": part_phrase(extension.to)}),)
        case None:
            amount = extension.add if extension.add is not None else 0
            unit = extension.unit
            code = "read.extension.add.own" if unit is None else "read.extension.add"
            return (Phrase(code, {"amount": amount_phrase(amount, unit)}),)
        case _:
            assert_never(extension.to)


def _when(entry: Extension | Suspension | Deem) -> Phrase | None:
    return None if entry.when is None else phrase(entry.when)


def _suspension(suspension: Suspension) -> Phrase:
    wording = Phrase(
        "read.suspended", {"from": anchor_phrase(suspension.from_), "until": anchor_phrase(suspension.until)}
    )
    return Phrase("read.sentence", {"said": qualified(_when(suspension), wording)})


def deemed_phrase(deem: Deem) -> Phrase:
    """An act that counts as done, with its fields and the day for which it counts."""
    wording = Phrase(f"read.deemed.{deem.at}", {"act": Name("action", deem.action)})
    values = tuple(
        Phrase("gives", {"output": Name("fact", f"{deem.action}.{name}"),
                         "value": Name("value", str(value), f"{deem.action}.{name}")})
        for name, value in deem.fields.items()
    )  # fmt: skip
    wording = Phrase("read.deemed.with", {"said": wording, "values": values}) if values else wording
    return qualified(_when(deem), wording)
