"""Exemptions as sentences: who may lift what, until when, on what record, and what is never lifted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, cast

from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.exemption import ByClause, Exemption, Lift, OfDuty, Recorded, Replacement
from zhengxie_flow.presentation.readback.sentence import (
    CitedClauses,
    ReadStatement,
    Titled,
    either,
    entries,
    note,
    proof,
    qualified,
)
from zhengxie_flow.rules.readback import Name, Phrase, phrase, within


def exemptions(definition: Definition) -> Iterator[ReadStatement]:
    """Every exemption."""
    for ident, exemption in definition.process.exemptions.items():
        yield ReadStatement("exception", ident, exemption.law, _exemption(ident, exemption))


def _exemption(ident: str, exemption: Exemption) -> Phrase:
    lifted = tuple(map(_lift, exemption.lifts))
    when = None if exemption.when is None else phrase(exemption.when)
    if exemption.granted_by is None:
        wording = Phrase("read.exemption.by_law", {"when": when or Phrase("always"), "marks": lifted})
    else:
        act = Name("action", exemption.granted_by)
        wording = Phrase("read.exemption.granted", {"act": act, "marks": lifted})
    notes = (
        *(note("read.exemption.when", when) if exemption.granted_by is not None else ()),
        *note("read.exemption.element", None if exemption.element is None else phrase(exemption.element)),
        *note("read.exemption.before", None if exemption.before is None else Name("action", exemption.before)),
        *note("read.exemption.expires", None if exemption.expires is None else Name("fact", exemption.expires)),
        *(note("read.exemption.revoked", either("action", exemption.revoked_by)) if exemption.revoked_by else ()),
        *note("read.exemption.record", tuple(map(_recorded, exemption.must_record))),
        *proof(exemption.evidence),
        *(() if not exemption.never_lifts else
          (Phrase("read.exemption.never", {"marks": tuple(map(_lift, exemption.never_lifts))}),)),
        Phrase(f"read.exemption.{exemption.effective}"),
        *entries(exemption.interpretation),
    )  # fmt: skip
    whole = Phrase("read.duty", {"duty": Titled(exemption, ident), "said": wording, "notes": notes})
    return cast("Phrase", whole if exemption.granted_by is None else within((exemption.granted_by,), whole))


def _lift(lift: Lift) -> Phrase:
    match lift:
        case ByClause():
            wording = Phrase("read.lift.clause", {"law": CitedClauses((ClauseRef(clause=lift.clause),))})
            return qualified(None if lift.when is None else phrase(lift.when), wording)
        case OfDuty():
            wording = Phrase("read.lift.duty", {"duty": Name("duty", lift.obligation)})
            if lift.to is not None:
                wording = Phrase(
                    "read.lift.to", {"duty": Name("duty", lift.obligation), "limit": _replacement(lift.to)}
                )
            return qualified(None if lift.when is None else phrase(lift.when), wording)
        case str():
            return Phrase("read.lift.duty", {"duty": Name("duty", lift)})
        case _:
            assert_never(lift)


def _replacement(to: Replacement) -> Phrase:
    amount = to.amount
    number = Phrase("field", {"fact": Name("fact", amount.field)}) if isinstance(amount, FieldRef) else amount
    unit = Phrase(f"unit.{to.unit}") if to.unit is not None else Phrase("read.unit.own")
    parts = [Phrase(f"part.{to.key}", {"amount": Phrase("amount", {"amount": number, "unit": unit})})]
    parts += [Phrase(f"part.{to.count}")] if to.count is not None else []
    return Phrase("part", {"parts": tuple(parts)})


def _recorded(recorded: Recorded) -> Phrase:
    wording = Phrase("quoted", {"name": Name("fact", recorded.field)})
    return qualified(None if recorded.when is None else phrase(recorded.when), wording)
