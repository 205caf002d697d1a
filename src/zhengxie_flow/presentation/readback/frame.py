"""The frame of a process as sentences: its law and sources, its editions, roles, states and general rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import ClauseRef, Incorporated, Instrument
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.edition import EditionInfo
from zhengxie_flow.model.process import Process, Role, RoleName
from zhengxie_flow.model.statement import StatementKind
from zhengxie_flow.model.volume import AttachedPeriod, AttachedVolume, duty_ids
from zhengxie_flow.presentation.readback.acts import span_phrase
from zhengxie_flow.presentation.readback.facts import state_phrase
from zhengxie_flow.presentation.readback.sentence import (
    CitedClauses,
    ReadStatement,
    Titled,
    in_force,
    names,
    note,
)
from zhengxie_flow.rules.readback import Name, Phrase, phrase


def frame(definition: Definition) -> Iterator[ReadStatement]:
    """The process as a whole: its law, editions, roles and states."""
    process = definition.process
    yield _statement_in_frame(process.process, _head(definition))
    if definition.law is not None:
        yield _statement_in_frame(definition.law.law, _source(definition.law))
        for ident, other in definition.law.incorporates.items():
            yield ReadStatement("name", ident, (), _incorporated(ident, other))
    if definition.edition is not None:
        yield _statement_in_frame(definition.edition.edition, _edition(definition.edition))
    for volume in definition.volumes:
        yield _statement_in_frame(volume.volume, _volume(definition, volume))
    for ident, role in process.roles.items():
        yield ReadStatement("name", ident, (), _role(ident, role))
    states = tuple(state_phrase(ident, state) for ident, state in process.states.items())
    yield _statement_in_frame(None, Phrase("read.states", {"marks": states}))
    kinds = (kind for kind in _KINDS if kind not in _UNLIMITED or process.statements.by(kind))
    statements = tuple(_statement(process, kind) for kind in kinds)
    yield ReadStatement("name", None, (), Phrase("read.statements", {"marks": statements}))


_KINDS: tuple[StatementKind, ...] = get_args(StatementKind)
_UNLIMITED: frozenset[StatementKind] = frozenset({"assign", "urge"})


def _statement_in_frame(ident: str | None, phrase_: Phrase) -> ReadStatement:
    return ReadStatement("frame", ident, (), phrase_)


def _head(definition: Definition) -> Phrase:
    process = definition.process
    law = process.law if definition.law is None else Titled(definition.law, process.law)
    convention = None if process.convention is None else Name("convention", process.convention)
    notes = (
        *in_force(process.in_force),
        *note("read.process.when", None if process.when is None else phrase(process.when)),
        Phrase("read.process.calendar", {"calendar": process.calendar, "zone": process.zone}),
        *note("read.process.convention", convention),
        *note("read.process.title", None if process.title is None else Name("fact", process.title)),
        Phrase("read.process.recorded"),
        *(() if process.backdated_after is None else
          (Phrase("read.process.backdated", {"span": span_phrase(process.backdated_after)}),)),
    )  # fmt: skip
    return Phrase("read.process", {"process": Titled(process, process.process), "law": law, "notes": notes})


def _source(law: Instrument) -> Phrase:
    notes = (
        *note("read.source.number", law.number),
        *note("read.source.issuer", None if law.issuer is None else Titled(law.issuer, "-")),
        *note("read.source.issued", law.issued),
        *in_force(law.in_force),
        *note("read.source.division", None if law.division is None else Titled(law.division, "-")),
        Phrase("read.source.zone", {"zone": law.zone}),
    )
    return Phrase("read.source", {"source": Titled(law, law.law), "notes": notes})


def _incorporated(ident: str, other: Incorporated) -> Phrase:
    notes = (
        *note("read.source.number", other.number),
        Phrase(f"read.source.{other.source_status}"),
        *note("read.source.cited_in", _cited_in(other)),
        *note("read.source.division", None if other.division is None else Titled(other.division, "-")),
    )
    return Phrase("read.incorporated", {"source": Titled(other, ident), "notes": notes})


def _cited_in(other: Incorporated) -> CitedClauses | None:
    """The clauses that refer to an instrument."""
    refs = tuple(ClauseRef(clause=number) for number in other.cited_in)
    return CitedClauses(refs) if refs else None


def _edition(edition: EditionInfo) -> Phrase:
    transition = edition.transition
    moved = tuple(
        Phrase("read.edition.moved", {"state": Name("state", old), "to": Name("state", new)})
        for old, new in edition.moved_states.items()
    )
    notes = (
        Phrase("note.from", {"day": edition.begins}),
        *note("read.edition.since", edition.since),
        *note("read.edition.law", CitedClauses(edition.law) if edition.law else None),
        Phrase(f"read.transition.{transition.rule}"),
        *note("read.edition.transition_law", CitedClauses(transition.law) if transition.law else None),
        *note("read.edition.by", names("role", transition.by)),
        *moved,
    )
    return Phrase(
        "read.edition",
        {
            "edition": edition.edition,
            "label": Titled(Labelled(zh=edition.zh, en=edition.en), edition.edition),
            "notes": notes,
        },
    )


def _role(ident: str, role: Role) -> Phrase:
    notes = (
        *note("read.role.law", CitedClauses(role.law) if role.law else None),
        *in_force(role.in_force),
        *(_dated(entry) for entry in role.names),
    )
    return Phrase("read.role", {"role": Titled(role, ident), "notes": notes})


def _dated(entry: RoleName) -> Phrase:
    return Phrase("read.role.name", {"name": Titled(entry, "-"), "notes": in_force(entry.in_force)})


def _statement(process: Process, kind: StatementKind) -> Phrase:
    """The roles that may make a built-in statement."""
    roles = names("role", process.statements.by(kind)) or (Phrase("read.anybody"),)
    return Phrase(f"read.statement.{kind}", {"roles": roles})


def _volume(definition: Definition, volume: AttachedVolume) -> Phrase:
    instrument = None if definition.law is None or volume.law is None else definition.law.incorporates.get(volume.law)
    notes = (
        *note("read.volume.source", None if instrument is None else Titled(instrument, volume.law or "-")),
        *(note for period in volume.periods for note in _attached(period)),
        *note("read.volume.brings", names("duty", duty_ids(volume.brings))),
        *note("read.volume.defines", names("action", volume.brings.get("defines", ()))),
    )
    return Phrase(
        f"read.volume.{volume.kind}",
        {"label": Titled(Labelled(zh=volume.zh, en=volume.en), volume.volume), "notes": notes},
    )


def _attached(period: AttachedPeriod) -> tuple[Phrase, ...]:
    """The notes of a period in which a volume counts."""
    transition = period.transition
    return (
        Phrase("read.volume.from", {"day": period.from_}),
        *note("read.volume.until", period.until),
        *note("read.volume.attached_by", CitedClauses(period.law) if period.law else None),
        Phrase(f"read.transition.{transition.rule}"),
        *note("read.edition.transition_law", CitedClauses(transition.law) if transition.law else None),
        *note("read.edition.by", names("role", transition.by)),
    )
