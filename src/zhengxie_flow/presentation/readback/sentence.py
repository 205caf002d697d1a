"""Sentences of a process read back, before they are numbered: what each is about, and its phrase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from zhengxie_flow.model.base import Labelled, Period
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.rules.readback import Name, Phrase, within

SentenceKind = Literal[
    "duty", "prohibition", "limit", "power", "exception", "judgement", "control", "reminder", "reading", "act",
    "subcase", "decision", "parameter", "fact", "item", "counting", "frame", "name",
]  # fmt: skip
"""Kinds of sentences, in the order in which they stand within a clause."""

Part = Literal["frame", "clauses", "uncited", "controls", "readings", "counting", "names"]
"""Parts: the frame, the clauses in their order, what cites none, controls, readings, counting, roles and sources."""

PARTS: Final[tuple[Part, ...]] = get_args(Part)

APART: Final[dict[SentenceKind, Part]] = {
    "frame": "frame", "control": "controls", "reminder": "controls", "reading": "readings", "counting": "counting",
    "name": "names",
}  # fmt: skip
"""Kinds that stand in a part of their own, whatever they cite."""


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """One sentence that is to be said: its kind, the id of what it is about, the clauses cited, and its phrase."""

    kind: SentenceKind
    ident: str | None
    law: tuple[ClauseRef, ...]
    phrase: Phrase

    @property
    def part(self) -> Part:
        """The part of the readback in which it stands."""
        return APART.get(self.kind, "clauses" if self.law else "uncited")


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """One numbered sentence in both languages.

    ``clause`` is the first clause it cites, ``law`` all of them, ``id`` the obligation, action, fact or entry it is
    about.
    """

    number: int
    part: Part
    clause: str | None
    law: tuple[str, ...]
    id: str | None
    kind: SentenceKind
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Titled:
    """A thing of the definition that is named by its own label; by its id where it has none."""

    element: Labelled
    ident: str


@dataclass(frozen=True, slots=True)
class CitedClauses:
    """Clauses as people cite them."""

    law: tuple[ClauseRef, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.law))


def names(family: str, idents: Iterable[str]) -> tuple[Name, ...]:
    """Return the names of several ids of a family."""
    return tuple(Name(family, ident) for ident in idents)


def either(family: str, idents: Iterable[str], of: str | None = None) -> Phrase:
    """Return several ids of a family, of which one is meant; ``of`` is what they belong to."""
    parts = tuple(Phrase("quoted", {"name": Name(family, ident, of)}) for ident in idents)
    return Phrase("or", {"parts": parts})


def conditional(when: Phrase | None, then: Phrase) -> Phrase:
    """Return a sentence, or the sentence that it holds under a condition."""
    return then if when is None else Phrase("read.if", {"when": when, "then": then})


def qualified(when: Phrase | None, wording: Phrase) -> Phrase:
    """Return a phrase with the condition under which it counts."""
    return wording if when is None else Phrase("read.where", {"said": wording, "when": when})


def in_force(period: Period) -> tuple[Phrase, ...]:
    """Return the notes of a period in force."""
    notes = []
    if period.from_ is not None:
        notes.append(Phrase("note.from", {"day": period.from_}))
    if period.to is not None:
        notes.append(Phrase("note.to", {"day": period.to}))
    return tuple(notes)


def entries(idents: Iterable[str]) -> tuple[Phrase, ...]:
    """Return the note of the register entries behind a reading."""
    listed = tuple(idents)
    return (Phrase("note.register", {"interpretation": listed}),) if listed else ()


def proof(evidence: Iterable[str], acts: tuple[str, ...] = ()) -> tuple[Phrase, ...]:
    """Return the note of the fields that prove an act of some actions."""
    listed = within(acts, names("fact", evidence))
    return (Phrase("read.evidence", {"fields": listed}),) if listed else ()


def note(code: str, value: Any, **params: Any) -> tuple[Phrase, ...]:
    """Return a note where there is something to say; ``value`` stands in it under that name."""
    return (Phrase(code, {"value": value, **params}),) if value not in (None, (), False, "") else ()
